import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useText } from '../i18n/text.tsx';
import { IconButton } from './button.tsx';
import './dialog.css';

type DialogProps = { title: string; wide?: boolean; onClose(): void; children: ReactNode; testId?: string };

/** A window over the page; a sheet on phones. */
export function Dialog({ title, wide = false, onClose, children, testId }: DialogProps) {
  const { common } = useText();
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className="modal" data-wide={wide || undefined}>
        <AriaDialog className="dialog" data-testid={testId}>
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <IconButton label={common.close} icon={<X size={20} />} onPress={onClose} testId="close-dialog" />
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
