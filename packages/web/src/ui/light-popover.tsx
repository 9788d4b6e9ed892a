import { use, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { OverlayTriggerStateContext } from 'react-aria-components/Dialog';
import { Popover, type PopoverProps } from 'react-aria-components/Popover';

type LightPopoverProps = Pick<PopoverProps, 'className' | 'placement' | 'offset'> & { children: ReactNode };

/**
 * What a button opens next to it. The page behind is covered, not made inert: that would work out the style of every
 * element of a call anew, twice.
 */
export function LightPopover({ children, ...props }: LightPopoverProps) {
  return (
    <Popover {...props} isNonModal>
      <Cover />
      {children}
    </Popover>
  );
}

/** Takes the press beside a popover that closes it, so that nothing else is pressed with it. */
function Cover() {
  const state = use(OverlayTriggerStateContext);
  return createPortal(
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- keys close by Escape
    <div className="popover-cover" data-testid="popover-cover" onClick={() => state?.close()} />,
    document.body,
  );
}
