import { AppError } from '@potluck/kernel';
import type { Grant, HttpInput, HttpOutput, HttpRouteName, RoomId } from '@potluck/protocol';
import type { Access } from '../../access/access.ts';
import type { Broadcaster } from '../../room/broadcaster.ts';
import type { Broadcasting } from '../../room/broadcasting.ts';
import { addressGroup, isLoopback, plainAddress } from '../address.ts';
import { peersFor, statusOf } from './describe.ts';

export type Caller = {
  /** Of `Authorization: Bearer …`: before a broadcaster is there a token or key of the server, then its secret. */
  readonly credential: string | undefined;
  readonly address: string;
};

export type HttpHandlers = {
  readonly [N in HttpRouteName]: (input: HttpInput<N>, caller: Caller) => Promise<HttpOutput<N>>;
};

export type HandlerDeps = {
  readonly broadcasting: Broadcasting;
  readonly access: Pick<Access, 'grantOverHttp'>;
};

export function broadcasterHandlers({ broadcasting, access }: HandlerDeps): HttpHandlers {
  const find = (
    { roomId, broadcasterId }: HttpInput<'getBroadcaster'>['params'],
    { credential }: Caller,
  ): Broadcaster => broadcasting.find(roomId, broadcasterId, credential);
  const grantOf = (roomId: RoomId, { credential, address }: Caller): Promise<Grant> =>
    access.grantOverHttp(credential, roomId, addressGroup(address));

  return {
    async getRoom({ params }, caller) {
      await grantOf(params.roomId, caller);
      return broadcasting.rtpCapabilities(params.roomId);
    },

    async createBroadcaster({ params, body: { id, displayName, device, rtpCapabilities } }, caller) {
      const grant = await grantOf(params.roomId, caller);
      const newcomer = { id, displayName, device: { flag: 'broadcaster', ...device }, rtpCapabilities };
      const { address } = caller;
      const { broadcaster, secret } = await broadcasting.create(params.roomId, newcomer, { grant, address });
      return { peers: peersFor(broadcaster, rtpCapabilities), secret };
    },

    getBroadcaster: async ({ params }, caller) => statusOf(find(params, caller)),

    async deleteBroadcaster({ params }, caller) {
      broadcasting.remove(find(params, caller));
    },

    async createTransport({ params, body }, caller) {
      const broadcaster = find(params, caller);
      if (body.type === 'webrtc') return broadcaster.openWebRtcTransport({ sctp: body.sctpCapabilities ?? false });
      return broadcaster.openPlainTransport({ rtcpMux: body.rtcpMux, comedia: body.comedia });
    },

    async connectTransport({ params, body: { dtlsParameters, ip, port, rtcpPort } }, caller) {
      const broadcaster = find(params, caller);
      if (dtlsParameters !== undefined) return broadcaster.connectWebRtc(params.transportId, dtlsParameters);
      if (ip === undefined || port === undefined) throw new AppError('bad_request', 'dtlsParameters is missing');
      if (!sameHost(ip, caller.address)) {
        // Otherwise anyone could have media sent to somebody who never asked for it.
        throw new AppError('forbidden', `media may be sent to the caller only, whose address is ${caller.address}`);
      }
      const remote = { ip, port, ...(rtcpPort !== undefined && { rtcpPort }) };
      return broadcaster.connectPlain(params.transportId, remote);
    },

    async createProducer({ params, body }, caller) {
      return { id: await find(params, caller).produce(params.transportId, body) };
    },

    async createConsumer({ params, query: { producerId } }, caller) {
      const { id, kind, rtpParameters, type } = await find(params, caller).consume(params.transportId, producerId);
      return { id, producerId, kind, rtpParameters, type };
    },

    async createDataProducer({ params, body }, caller) {
      return { id: await find(params, caller).produceData(params.transportId, body) };
    },

    async createDataConsumer({ params, body }, caller) {
      const broadcaster = find(params, caller);
      const { id, sctpStreamParameters } = await broadcaster.consumeData(params.transportId, body.dataProducerId);
      return { id, streamId: sctpStreamParameters.streamId };
    },
  };
}

/** A caller on this machine may have asked by another of its loopback addresses. */
function sameHost(left: string, right: string): boolean {
  return plainAddress(left) === plainAddress(right) || (isLoopback(left) && isLoopback(right));
}
