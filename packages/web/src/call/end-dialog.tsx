import { useText } from '../i18n/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useCall } from './context.tsx';
import './door.css';

/** Asks once more before everybody is put out. */
export function EndDialog({ onClose }: { onClose(): void }) {
  const { endForAll } = useText();
  const { actions } = useCall();
  return (
    <Dialog title={endForAll.title} onClose={onClose} testId="end-dialog">
      <div className="door">
        <p>{endForAll.help}</p>
        <div className="door-ways">
          <Button
            tone="danger"
            onPress={() => actions.moderate((moderation) => moderation.endForAll())}
            testId="end-for-all"
          >
            {endForAll.end}
          </Button>
          <Button onPress={onClose}>{endForAll.cancel}</Button>
        </div>
      </div>
    </Dialog>
  );
}
