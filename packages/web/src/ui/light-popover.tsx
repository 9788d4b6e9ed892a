import { use, type ReactNode, type RefObject } from 'react';
import { createPortal } from 'react-dom';
import { OverlayTriggerStateContext } from 'react-aria-components/Dialog';
import { Popover, type PopoverProps } from 'react-aria-components/Popover';

type LightPopoverProps = Pick<PopoverProps, 'className' | 'placement' | 'offset'> & {
  children: ReactNode;
  /** Without a trigger around it: what it opens next to, and how it is closed. It is open as long as it is there. */
  at?: { readonly element: RefObject<HTMLElement | null>; close(): void };
};

/**
 * What a button opens next to it. The page behind is covered, not made inert: that would work out the style of every
 * element of a call anew, twice.
 */
export function LightPopover({ children, at, ...props }: LightPopoverProps) {
  const state = use(OverlayTriggerStateContext);
  const own =
    at === undefined
      ? {}
      : { isOpen: true, triggerRef: at.element, onOpenChange: (open: boolean) => !open && at.close() };
  return (
    <Popover {...props} {...own} isNonModal>
      <Cover onPress={() => (at === undefined ? state?.close() : at.close())} />
      {children}
    </Popover>
  );
}

/** Takes the press beside a popover that closes it, so that nothing else is pressed with it. */
function Cover({ onPress }: { onPress(): void }) {
  return createPortal(
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- keys close by Escape
    <div className="popover-cover" data-testid="popover-cover" onClick={onPress} />,
    document.body,
  );
}
