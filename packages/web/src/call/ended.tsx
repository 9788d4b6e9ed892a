import type { EndedReason } from '@potluck/client';
import {
  LogOut,
  RefreshCw,
  ServerOff,
  ShieldX,
  TriangleAlert,
  UserX,
  Copy as CopyIcon,
  DoorClosed,
  Hourglass,
  KeyRound,
  Lock,
  Ticket,
  TicketX,
  Users,
  type LucideIcon,
} from 'lucide-react';
import { useText } from '../i18n/text.tsx';
import { goTo } from '../routes/location.ts';
import { Button } from '../ui/button.tsx';
import { AppHeader } from '../ui/app-header.tsx';
import './ended.css';

const icons: { readonly [reason in EndedReason]: LucideIcon } = {
  left: LogOut,
  kicked: UserX,
  banned: UserX,
  denied: DoorClosed,
  passwordNeeded: KeyRound,
  tokenNeeded: Ticket,
  tokenExpired: TicketX,
  tokenForOtherRoom: TicketX,
  tokenRefused: TicketX,
  locked: Lock,
  full: Users,
  rateLimited: Hourglass,
  busy: Hourglass,
  replaced: CopyIcon,
  roomClosed: DoorClosed,
  serverStopping: RefreshCw,
  unreachable: ServerOff,
  refused: ShieldX,
  unsupported: TriangleAlert,
  internal: TriangleAlert,
};

/** Coming back makes no sense where it was refused on purpose. */
const mayRejoin: ReadonlySet<EndedReason> = new Set([
  'left',
  'kicked',
  'denied',
  'locked',
  'full',
  'rateLimited',
  'busy',
  'replaced',
  'roomClosed',
  'serverStopping',
  'unreachable',
  'refused',
  'internal',
]);
/** The server's own words, which are English, help those who run it where ours cannot know the reason. */
const showsMessage: ReadonlySet<EndedReason> = new Set(['refused', 'busy', 'unreachable', 'unsupported', 'internal']);

/** Why the call is over, and what can be done next. */
export function Ended({
  reason,
  message,
  onRejoin,
  onBack,
}: {
  reason: EndedReason;
  message: string;
  onRejoin(): void;
  onBack(): void;
}) {
  const { ended } = useText();
  const Icon = icons[reason];
  const { title, help } = ended[reason];
  return (
    <div className="ended" data-testid="ended" data-reason={reason}>
      <AppHeader />
      <main>
        <span className="ended-plate">
          <Icon size={40} aria-hidden="true" />
        </span>
        <h1>{title}</h1>
        <p>{help}</p>
        {showsMessage.has(reason) && message !== '' && (
          <details className="ended-message">
            <summary>{ended.details}</summary>
            <p lang="en">{message}</p>
          </details>
        )}
        <div className="ended-ways">
          {mayRejoin.has(reason) && (
            <Button
              tone="primary"
              size="large"
              onPress={reason === 'left' ? onBack : onRejoin}
              autoFocus
              testId="rejoin"
            >
              {reason === 'replaced' ? ended.useHere : ended.rejoin}
            </Button>
          )}
          <Button size="large" onPress={() => goTo('/')} testId="to-home">
            {ended.home}
          </Button>
        </div>
      </main>
    </div>
  );
}
