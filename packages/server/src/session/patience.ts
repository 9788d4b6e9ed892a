import { closeCodes, systemClock, type Clock } from '@potluck/kernel';
import type { Session } from './session.ts';
import type { Wire } from './wire.ts';

/** How long somebody may be connected without joining, in milliseconds. */
export type Patience = {
  /** Until the first message. */
  readonly firstMessageMs: number;
  /** Until it has joined; a browser may ask its user for the camera before. */
  readonly joinMs: number;
  /** In the lobby. */
  readonly lobbyMs: number;
};

/** Ends a session that holds its place and does not come in. */
export function endIdlers(
  session: Session,
  wire: Wire,
  { firstMessageMs, joinMs, lobbyMs }: Patience,
  clock: Clock = systemClock,
): void {
  const { room, member } = session;
  const since = clock.now();
  let heard = false;
  const off = wire.events.on('received', () => {
    heard = true;
  });
  const waits = () => room.door.waiting.some(({ peerId }) => peerId === member.id);
  const end = (message: string) => {
    if (!session.joined) session.end(closeCodes.policy, 'refused', message);
  };
  const look = (): (() => void) => {
    const left = (waits() ? lobbyMs : joinMs) - (clock.now() - since);
    if (left > 0) return clock.after(left, again);
    end(waits() ? 'nobody let you in' : 'did not join in time');
    return () => {};
  };
  const again = () => {
    cancelJoin = look();
  };
  const cancelFirst = clock.after(firstMessageMs, () => {
    if (!heard) end('said nothing');
  });
  let cancelJoin = clock.after(joinMs, again);
  session.onClose(() => {
    off();
    cancelFirst();
    cancelJoin();
  });
  const offJoined = room.events.on('memberJoined', (joined) => {
    if (joined !== member) return;
    cancelFirst();
    cancelJoin();
  });
  session.onClose(offJoined);
}
