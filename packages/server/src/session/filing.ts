import type { HandlerMap, JoinedContext } from './dispatch.ts';

/** Files that peers send each other: the server only introduces them. */
export const filing = {
  offerFile: (file, { room, member }) => {
    const { displayName = '' } = member.state.profile;
    return room.files.offer({ ...file, peerId: member.id, displayName, offeredAt: room.clock.now() });
  },

  withdrawFile({ fileId }, { room, member }) {
    room.files.withdraw(member.id, fileId);
    return {};
  },

  fetchFile({ fileId, transferId }, { room, member }) {
    room.files.fetch(member.id, fileId, transferId);
    return {};
  },

  reportFile({ transferId, ...report }, { room, member }) {
    room.files.report(member.id, transferId, report);
    return {};
  },

  endFile({ transferId, reason }, { room, member }) {
    room.files.end(member.id, transferId, reason);
    return {};
  },
} satisfies HandlerMap<JoinedContext>;
