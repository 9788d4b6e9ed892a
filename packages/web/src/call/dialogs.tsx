import { lazy, Suspense } from 'react';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { useText } from '../i18n/text.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { EndDialog } from './end-dialog.tsx';
import { DoorDialog } from './door-dialog.tsx';
import { ReactionRow } from './reaction-menu.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { useCall, useUi } from './context.tsx';

const StatisticsDialog = lazy(async () => ({
  default: (await import('../stats/statistics-dialog.tsx')).StatisticsDialog,
}));

/** The one window that is open, if any. */
export function CallDialogs() {
  const dialog = useUi((ui) => ui.dialog);
  const { reactions } = useText();
  const { actions } = useCall();
  const close = () => actions.show(undefined);
  if (dialog === 'invite') return <InviteDialog onClose={close} />;
  if (dialog === 'settings') return <SettingsDialog onClose={close} />;
  if (dialog === 'reactions') {
    return (
      <Dialog title={reactions.title} onClose={close}>
        <div className="reaction-row">
          <ReactionRow />
        </div>
      </Dialog>
    );
  }
  if (dialog === 'door') return <DoorDialog onClose={close} />;
  if (dialog === 'end') return <EndDialog onClose={close} />;
  if (dialog === 'shortcuts') return <ShortcutsDialog onClose={close} />;
  if (dialog === 'statistics') {
    return (
      <Suspense>
        <StatisticsDialog onClose={close} />
      </Suspense>
    );
  }
  return null;
}
