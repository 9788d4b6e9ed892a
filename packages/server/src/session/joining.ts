import { AppError, withTimeout } from '@potluck/kernel';
import type { Input } from '@potluck/protocol';
import { may, permissionsOf, standingOf } from '../room/policy.ts';
import { participant, peerInfo } from './describe.ts';
import type { ConnectedContext, HandlerMap } from './dispatch.ts';

/** A v3 client knows no lobby: its `join` is kept waiting, for less than its own time limit (22.5 s). */
const v3WaitMs = 20_000;

/** Before the room sees the peer. */
export const joining = {
  join(input, context) {
    try {
      return joinedAnswer(context, input);
    } catch (error) {
      if (AppError.from(error).code !== 'waiting') throw error;
      return letIn(context).then(() => joinedAnswer(context, input));
    }
  },

  enter(input, context) {
    const { room, member } = context;
    const { role, permissions, mayAdmit } = enterRoom(context, input, input.password);
    return {
      participants: room
        .joined()
        .filter((other) => other !== member)
        .map(participant),
      chat: [...room.chat.history],
      files: room.files.offers,
      maxFileBytes: room.limits.maxFileBytes,
      room: { id: room.id, startedAt: room.startedAt, ...room.door.rules },
      role,
      permissions,
      waiting: mayAdmit ? room.door.waiting : [],
      now: room.clock.now(),
    };
  },
} satisfies HandlerMap<ConnectedContext>;

function joinedAnswer(context: ConnectedContext, input: Input<'join'>) {
  enterRoom(context, input);
  const others = context.room.joined().filter((other) => other !== context.member);
  // v3 order: peers first, broadcasters after.
  const sorted = [...others.filter(({ kind }) => kind === 'peer'), ...others.filter(({ kind }) => kind !== 'peer')];
  return { peers: sorted.map(peerInfo) };
}

/** Passes the door and joins, in one step. Throws what the peer is told if it may not, or not yet. */
function enterRoom(context: ConnectedContext, input: Input<'join'> | Input<'enter'>, password?: string) {
  const { room, member, address, kept } = context;
  // Who was in before a restart is in again: with its role, past the lobby.
  const grant = kept === undefined ? context.grant : { ...context.grant, role: kept.role, invited: true };
  if (member.state.kind !== 'connected') throw new AppError('conflict', 'already joined');
  const displayName = grant.displayName ?? input.displayName;
  try {
    room.door.pass({ peerId: member.id, displayName: displayName ?? '', address, grant, password });
  } catch (error) {
    if (AppError.from(error).code === 'waiting') room.events.emit('lobbyChanged');
    throw error;
  }
  room.join(member, {
    displayName,
    device: input.device,
    rtpCapabilities: input.rtpCapabilities,
    sctp: input.sctpCapabilities ?? false,
    standing: standingOf(grant.role ?? 'speaker', grant),
    firstVideos: 'firstVideos' in input ? input.firstVideos : undefined,
    handRaisedAt: kept?.handRaisedAt,
  });
  if (kept !== undefined) room.missing.delete(member.id);
  // Joining may have made it host.
  const standing = member.profile?.standing ?? standingOf('viewer', grant);
  return { role: standing.role, permissions: permissionsOf(standing), mayAdmit: may(standing, 'admit') };
}

/** Resolves when somebody lets this peer in. Rejects when nobody does in time, or it leaves. */
async function letIn({ room, member }: ConnectedContext): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const forget = [
    room.events.on('lobbyDecided', (peerId, admitted) => {
      if (peerId !== member.id) return;
      if (admitted) resolve();
      else reject(new AppError('forbidden', 'nobody let you in'));
    }),
    room.events.on('lobbyChanged', () => {
      if (member.state.kind === 'closed') reject(new AppError('unavailable', member.state.reason));
    }),
  ];
  try {
    await withTimeout(promise, v3WaitMs, 'waiting to be let in', room.clock);
  } finally {
    forget.forEach((off) => off());
  }
}
