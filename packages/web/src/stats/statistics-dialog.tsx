import { useText } from '../i18n/text.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Numbers of the call, as they are measured. */
export function StatisticsDialog({ onClose }: { onClose(): void }) {
  const { stats } = useText();
  return (
    <Dialog title={stats.title} wide onClose={onClose} testId="statistics-dialog">
      <p>{stats.none}</p>
    </Dialog>
  );
}
