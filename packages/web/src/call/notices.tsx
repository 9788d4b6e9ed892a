import { useText } from '../i18n/text.tsx';
import type { Texts } from '../i18n/texts.ts';
import { useStore } from '../state/use-store.ts';
import { useCall } from './context.tsx';
import { Button } from '../ui/button.tsx';
import type { Notice, Offer } from './notice-board.ts';
import './notices.css';

/** Short messages over the tiles, read aloud politely. */
export function Notices() {
  const texts = useText();
  const { notices } = useCall();
  const shown = useStore(notices.notices);
  return (
    <div className="notices" role="status" aria-live="polite" data-testid="notices">
      {shown.map((notice) => (
        <p key={notice.id} className="notice" data-tone={notice.kind === 'text' ? notice.tone : 'plain'}>
          <span className="notice-text">{wordsOf(notice, texts)}</span>
          {notice.kind === 'text' && notice.offer !== undefined && (
            <OfferButton offer={notice.offer} onDone={() => notices.dismiss(notice.id)} />
          )}
        </p>
      ))}
    </div>
  );
}

function OfferButton({ offer, onDone }: { offer: Offer; onDone(): void }) {
  const press = () => {
    offer.run();
    onDone();
  };
  return (
    <Button onPress={press} testId="notice-offer">
      {offer.label}
    </Button>
  );
}

const named = 2;

function wordsOf(notice: Notice, { notices }: Texts): string {
  if (notice.kind === 'text') return notice.text;
  const { names } = notice;
  // Three names fit; of more the first two stand for all.
  const shown = names.length > named + 1 ? names.slice(-named) : names;
  return notices[notice.kind](shown, names.length - shown.length);
}
