import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps } from 'react-aria-components/Button';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import './button.css';

export type Tone = 'primary' | 'plain' | 'quiet' | 'danger';

type TextButtonProps = Omit<ButtonProps, 'className' | 'style'> & {
  tone?: Tone;
  size?: 'medium' | 'large';
  icon?: ReactNode;
  children?: ReactNode;
  testId?: string;
};

export function Button({ tone = 'plain', size = 'medium', icon, children, testId, ...props }: TextButtonProps) {
  return (
    <AriaButton {...props} className="button" data-tone={tone} data-size={size} data-testid={testId}>
      {icon}
      {children}
    </AriaButton>
  );
}

type IconButtonProps = Omit<ButtonProps, 'className' | 'style' | 'aria-label'> & {
  /** Its name for everybody: read aloud, and shown when pointed at. */
  label: string;
  icon: ReactNode;
  tone?: Tone;
  /** Drawn as switched on. */
  active?: boolean;
  shortcut?: string;
  badge?: number;
  /** Off where there are many: a tooltip costs more than its button. */
  tooltip?: boolean;
  testId?: string;
};

export function IconButton({
  label,
  icon,
  tone = 'quiet',
  active = false,
  shortcut,
  badge,
  tooltip = true,
  testId,
  ...props
}: IconButtonProps) {
  const button = (
    <AriaButton
      {...props}
      aria-label={label}
      className="icon-button"
      data-tone={tone}
      data-active={active || undefined}
      data-testid={testId}
    >
      {icon}
      {badge !== undefined && badge > 0 && <span className="badge">{badge > 99 ? '99+' : badge}</span>}
    </AriaButton>
  );
  if (!tooltip) return button;
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      {button}
      <Tooltip className="tooltip" offset={8}>
        {label}
        {shortcut !== undefined && <kbd>{shortcut}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
