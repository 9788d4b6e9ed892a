import type { ReactNode } from 'react';
import { useText } from '../i18n/text.tsx';
import { LogoMark } from './logo.tsx';
import './waiting.css';

type WaitingProps = {
  /** Where it lasts: what is being waited for. */
  title?: string;
  text?: string;
  help?: string;
  /** A way out. */
  children?: ReactNode;
};

/** The whole page while something is on its way. */
export function Waiting({ title, text, help, children }: WaitingProps) {
  const { common } = useText();
  return (
    <main className="waiting">
      <LogoMark size={56} />
      <div className="waiting-words" role="status">
        {title !== undefined && <h1>{title}</h1>}
        <p>{text ?? common.loading}</p>
        {help !== undefined && <p className="waiting-help">{help}</p>}
      </div>
      {children}
    </main>
  );
}
