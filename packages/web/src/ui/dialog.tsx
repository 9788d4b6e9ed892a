import { X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { Overlay } from 'react-aria/Overlay';
import { useOverlay } from 'react-aria/useOverlay';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { useText } from '../i18n/text.tsx';
import { IconButton } from './button.tsx';
import { hideOutside } from './hide-outside.ts';
import './dialog.css';

type DialogProps = { title: string; wide?: boolean; onClose(): void; children: ReactNode; testId?: string };

/**
 * A window over the page; a sheet on phones. It keeps the focus, gives it back, and closes with Escape or a press beside
 * it. The page behind is covered and hidden from screen readers, not made inert: that would work out the style of every
 * element of a call anew, twice.
 */
export function Dialog(props: DialogProps) {
  return (
    <Overlay>
      <Covering {...props} />
    </Overlay>
  );
}

function Covering({ title, wide = false, onClose, children, testId }: DialogProps) {
  const { common } = useText();
  const cover = useRef<HTMLDivElement>(null);
  const modal = useRef<HTMLDivElement>(null);
  const { overlayProps } = useOverlay({ isOpen: true, isDismissable: true, onClose }, modal);
  useEffect(() => (cover.current === null ? undefined : hideOutside(cover.current)), []);
  return (
    <div ref={cover} className="overlay">
      <div className="overlay-veil" />
      <div {...overlayProps} ref={modal} className="modal" data-wide={wide || undefined}>
        <AriaDialog className="dialog" data-testid={testId}>
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <IconButton
              label={common.close}
              icon={<X size={20} />}
              onPress={onClose}
              // Escape would close it first, and the window only when pressed again.
              tooltip={false}
              testId="close-dialog"
            />
          </header>
          {children}
        </AriaDialog>
      </div>
    </div>
  );
}
