import { useText } from '../i18n/text.tsx';
import { LogoMark } from './logo.tsx';
import './waiting.css';

/** The whole page while something is on its way. */
export function Waiting({ text, help }: { text?: string; help?: string }) {
  const { common } = useText();
  return (
    <main className="waiting" role="status">
      <LogoMark size={56} />
      <p>{text ?? common.loading}</p>
      {help !== undefined && <p className="waiting-help">{help}</p>}
    </main>
  );
}
