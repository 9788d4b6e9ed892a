import { useText } from '../i18n/text.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { shortcutKeys } from './shortcuts.ts';
import './shortcuts.css';

/** The help sheet of keys. */
export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  const { shortcuts } = useText();
  const names = ['mute', 'camera', 'share', 'chat', 'people', 'hand', 'layout', 'stats', 'help'] as const;
  return (
    <Dialog title={shortcuts.title} onClose={onClose} testId="shortcuts-dialog">
      <dl className="shortcuts">
        {names.map((name) => (
          <div key={name}>
            <dt>{shortcuts[name]}</dt>
            <dd>
              <kbd>{shortcutKeys[name].toUpperCase()}</kbd>
            </dd>
          </div>
        ))}
        <div>
          <dt>{shortcuts.talk}</dt>
          <dd>
            <kbd>{shortcuts.space}</kbd>
          </dd>
        </div>
      </dl>
    </Dialog>
  );
}
