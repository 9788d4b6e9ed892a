import { useText } from '../i18n/text.tsx';
import { LogoMark } from './logo.tsx';
import './waiting.css';

/** The whole page while something is on its way. */
export function Waiting({ text }: { text?: string }) {
  const { common } = useText();
  return (
    <main className="waiting" role="status">
      <LogoMark size={56} />
      <p>{text ?? common.loading}</p>
    </main>
  );
}
