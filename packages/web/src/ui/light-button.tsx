import type { ReactNode } from 'react';
import type { Tone } from './button.tsx';
import './button.css';

type LightButtonProps = {
  /** Its name for everybody: read aloud, and shown by the browser when pointed at. */
  label: string;
  icon: ReactNode;
  tone?: Tone;
  onPress(): void;
  testId?: string;
};

/** An icon button of the browser's own: where there are many of them, and in windows that the component library does not know. */
export function LightButton({ label, icon, tone = 'quiet', onPress, testId }: LightButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      data-tone={tone}
      data-testid={testId}
      aria-label={label}
      title={label}
      onClick={onPress}
    >
      {icon}
    </button>
  );
}
