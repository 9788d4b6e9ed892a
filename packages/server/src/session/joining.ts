import { participant, peerInfo } from './describe.ts';
import type { ConnectedContext, HandlerMap } from './dispatch.ts';

/** Before the room sees the peer. */
export const joining = {
  join(input, { room, member }) {
    room.join(member, {
      displayName: input.displayName,
      device: input.device,
      rtpCapabilities: input.rtpCapabilities,
      sctp: input.sctpCapabilities ?? false,
    });
    const others = room.joined().filter((other) => other !== member);
    // v3 order: peers first, broadcasters after.
    const sorted = [...others.filter(({ kind }) => kind === 'peer'), ...others.filter(({ kind }) => kind !== 'peer')];
    return { peers: sorted.map(peerInfo) };
  },

  enter(input, { room, member }) {
    room.join(member, {
      displayName: input.displayName,
      device: input.device,
      rtpCapabilities: input.rtpCapabilities,
      sctp: input.sctpCapabilities ?? false,
    });
    return {
      participants: room
        .joined()
        .filter((other) => other !== member)
        .map(participant),
      chat: [...room.chat.history],
      room: { id: room.id, startedAt: room.startedAt },
      now: Date.now(),
    };
  },
} satisfies HandlerMap<ConnectedContext>;
