import type { KeyboardEvent, ReactNode } from 'react';
import type { Tone } from './button.tsx';
import './button.css';

type LightButtonProps = {
  /** Its name for everybody: read aloud, and shown by the browser when pointed at. */
  label: string;
  icon: ReactNode;
  tone?: Tone;
  onPress(at: HTMLElement): void;
  /** It opens a menu, which is open now or not. */
  opensMenu?: boolean;
  testId?: string;
};

/** An icon button of the browser's own: where there are many of them, and in windows that the component library does not know. */
export function LightButton({ label, icon, tone = 'quiet', onPress, opensMenu, testId }: LightButtonProps) {
  const press = (at: HTMLElement) => {
    // Where focus goes back to: not every browser focuses a button that is clicked.
    if (opensMenu !== undefined) at.focus();
    onPress(at);
  };
  const arrow = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    press(event.currentTarget);
  };
  return (
    <button
      type="button"
      className="icon-button"
      data-tone={tone}
      data-testid={testId}
      aria-label={label}
      title={label}
      onClick={({ currentTarget }) => press(currentTarget)}
      {...(opensMenu !== undefined && { 'aria-haspopup': 'menu', 'aria-expanded': opensMenu, onKeyDown: arrow })}
    >
      {icon}
    </button>
  );
}
