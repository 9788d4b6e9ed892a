import type { CaptureError } from '@potluck/client';
import { TriangleAlert } from 'lucide-react';
import { useText } from '../i18n/text.tsx';
import { Button } from '../ui/button.tsx';
import './capture-problem.css';

/** Why a device gives nothing, and what to do about it. */
export function CaptureProblem({
  code,
  what,
  onRetry,
}: {
  code: CaptureError['code'];
  what?: 'camera' | 'microphone' | undefined;
  onRetry?: () => void;
}) {
  const { capture, common } = useText();
  const { title, help } = capture[code];
  return (
    <div className="capture-problem" role="alert" data-testid="capture-problem" data-code={code}>
      <TriangleAlert size={20} aria-hidden="true" />
      <div>
        <p className="capture-problem-title">{what === undefined ? title : `${capture[what]}: ${title}`}</p>
        <p>{help}</p>
      </div>
      {onRetry !== undefined && <Button onPress={onRetry}>{common.tryAgain}</Button>}
    </div>
  );
}
