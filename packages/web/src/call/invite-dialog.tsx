import { Check, Copy, Share2 } from 'lucide-react';
import { useMemo } from 'react';
import { encode } from 'uqr';
import { useText } from '../i18n/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useCall, useLink } from './context.tsx';
import { useCopied } from './use-copied.ts';
import './invite.css';

/** The link of the room, to copy, to share, to scan. */
export function InviteDialog({ onClose }: { onClose(): void }) {
  const { invite } = useText();
  const { roomId } = useCall();
  const link = useLink();
  const [copied, copy] = useCopied(link);
  const canShare = 'share' in navigator;
  return (
    <Dialog title={invite.title} onClose={onClose} testId="invite-dialog">
      <div className="invite">
        <p>{invite.help}</p>
        <p className="invite-link" data-testid="invite-link">
          {link}
        </p>
        <div className="invite-ways">
          <Button
            tone="primary"
            icon={copied ? <Check size={18} /> : <Copy size={18} />}
            onPress={copy}
            testId="copy-link"
          >
            {copied ? invite.copied : invite.copy}
          </Button>
          {canShare && (
            <Button
              icon={<Share2 size={18} />}
              onPress={() => void navigator.share({ title: `Potluck: ${roomId}`, url: link }).catch(() => {})}
            >
              {invite.share}
            </Button>
          )}
        </div>
        <span className="sr-only" role="status">
          {copied ? invite.copied : ''}
        </span>
        <QrCode text={link} label={invite.qr} />
        <p>{invite.scan}</p>
        {!link.startsWith(window.location.origin) && <p className="invite-note">{invite.otherAddress}</p>}
      </div>
    </Dialog>
  );
}

function QrCode({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => {
    const { data, size: modules } = encode(text, { ecc: 'M', border: 2 });
    const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
    return { path: squares.join(''), size: modules };
  }, [text]);
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#25211b" />
    </svg>
  );
}
