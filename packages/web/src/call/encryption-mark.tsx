import { LockKeyhole } from 'lucide-react';
import { useText } from '../i18n/text.tsx';
import { useCall } from './context.tsx';

/** Says that sound and picture of this call are encrypted end to end. */
export function EncryptionMark() {
  const { call } = useText();
  const { encrypted } = useCall();
  if (!encrypted) return null;
  return (
    <span className="encryption-mark" title={call.encryptedHelp} data-testid="encryption-mark">
      <LockKeyhole size={14} aria-hidden="true" />
      {call.encrypted}
      <span className="sr-only">{call.encryptedHelp}</span>
    </span>
  );
}
