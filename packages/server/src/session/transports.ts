import { AppError } from '@potluck/kernel';
import { ownTransport } from '../room/own.ts';
import { closeTransport, connectTransport, openTransport, restartIce } from '../room/transports.ts';
import type { ConnectedContext, HandlerMap } from './dispatch.ts';

/** Possible before and after joining. */
export const transports = {
  getRouterRtpCapabilities: (_input, { room }) => room.media.rtpCapabilities,

  createWebRtcTransport: (input, { room, member, services: { settings } }) =>
    openTransport(
      room,
      member,
      { producing: input.producing ?? false, consuming: input.consuming ?? false },
      {
        forceTcp: input.forceTcp ?? false,
        sctp: input.sctpCapabilities ?? false,
        maxIncomingBitrate: settings.maxIncomingBitrate,
        reportDownlink: true,
        iceConsentTimeoutMs: settings.iceConsentTimeoutMs,
      },
    ),

  async connectWebRtcTransport(input, { room, member }) {
    await connectTransport(room, member, input.transportId, input.dtlsParameters);
    return {};
  },

  restartIce: (input, { room, member }) => restartIce(room, member, input.transportId),

  closeTransport(input, { room, member }) {
    closeTransport(room, member, input.transportId);
    return {};
  },

  leave(_input, { afterAnswer, leave }) {
    afterAnswer(leave);
    return {};
  },

  async applyNetworkThrottle({ secret, ...options }, { room, services: { throttle } }) {
    if (throttle === undefined) throw new AppError('forbidden', 'this server has no throttle secret');
    await throttle.apply(room.id, secret, options);
    return {};
  },

  async resetNetworkThrottle({ secret }, { room, services: { throttle } }) {
    if (throttle === undefined) throw new AppError('forbidden', 'this server has no throttle secret');
    await throttle.reset(room.id, secret);
    return {};
  },

  async getTransportStats({ transportId }, { room, member }) {
    return statsOf(room.media.stats({ kind: 'transport', id: ownTransport(member, transportId) }));
  },
} satisfies HandlerMap<ConnectedContext>;

/** The engine's own objects, as they are. */
export const statsOf = async (stats: Promise<object[]>) => (await stats).map((stat) => ({ ...stat }));
