import { lazy, Suspense } from 'react';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { useCall, useUi } from './context.tsx';

const StatisticsDialog = lazy(async () => ({
  default: (await import('../stats/statistics-dialog.tsx')).StatisticsDialog,
}));

/** The one window that is open, if any. */
export function CallDialogs() {
  const { dialog } = useUi();
  const { actions } = useCall();
  const close = () => actions.show(undefined);
  if (dialog === 'invite') return <InviteDialog onClose={close} />;
  if (dialog === 'settings') return <SettingsDialog onClose={close} />;
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
