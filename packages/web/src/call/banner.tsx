import { LoaderCircle } from 'lucide-react';
import { useText } from '../i18n/text.tsx';
import { useRoom } from './context.tsx';
import './banner.css';

/** What is being done about a lost connection. */
export function Banner() {
  const { connection: words } = useText();
  const connection = useRoom((state) => state.connection);
  const lost = connection.kind === 'reconnecting';
  return (
    <div className="banner" role="status" data-shown={lost || undefined} data-testid="banner">
      {lost && (
        <p>
          <LoaderCircle size={18} className="spin" aria-hidden="true" />
          <strong>{words[connection.what]}</strong>
          {connection.attempt > 1 && <span>({words.attempt(connection.attempt)})</span>}
          <span className="banner-more">{words.pictureHolds}</span>
        </p>
      )}
    </div>
  );
}
