import { locateWorker } from '@potluck/engine';
import { silentLog, type Logger } from '@potluck/kernel';
import { RoomId, type TransportId } from '@potluck/protocol';
import { fakeRtpParameters } from '@potluck/testkit';
import { freePorts } from '@potluck/testkit/ports';
import type { RoomMedia } from '../../packages/server/src/media/fabric.ts';
import type { ChoosePlacement } from '../../packages/server/src/media/mediasoup/placement.ts';
import { openFabric, type FabricOptions, type LocalFabric } from '../../packages/server/src/media/mediasoup/pool.ts';
import type { MediaSettings } from '../../packages/server/src/media/settings.ts';

export const roomId = RoomId.parse('kitchen');

async function testSettings(changes: Partial<MediaSettings> = {}): Promise<MediaSettings> {
  const workers = changes.workers ?? 1;
  return {
    workers,
    workerBin: locateWorker()?.bin,
    log: { logLevel: 'error', logTags: [] },
    dtlsCertificateFile: undefined,
    dtlsPrivateKeyFile: undefined,
    listenIp: '127.0.0.1',
    announcedAddresses: [],
    useWebRtcServer: true,
    webRtcServerPort: await freePorts(workers),
    rtcMinPort: 40_000,
    rtcMaxPort: 49_999,
    initialAvailableOutgoingBitrate: 1_000_000,
    minOutgoingBitrate: 200_000,
    maxSctpMessageSize: 262_144,
    measureEveryMs: 1000,
    ...changes,
  };
}

/** Use with `await using`: the workers end with the test. */
export async function testFabric(
  changes: Partial<MediaSettings> = {},
  options: FabricOptions & { log?: Logger } = {},
): Promise<LocalFabric> {
  return openFabric(await testSettings(changes), options.log ?? silentLog, options);
}

export const webRtc = {
  forceTcp: false,
  sctp: true,
  maxIncomingBitrate: 0,
  reportDownlink: false,
  iceConsentTimeoutMs: 20_000,
};

export const openTransport = async (room: RoomMedia): Promise<TransportId> =>
  (await room.openWebRtcTransport(webRtc)).id;

/** A producer as a browser would make it, without media. */
export const produceOn = (room: RoomMedia, transportId: TransportId, kind: 'audio' | 'video' = 'video') =>
  room.produce(transportId, { kind, rtpParameters: fakeRtpParameters(kind), paused: false });

export const consumeOn = (
  room: RoomMedia,
  transportId: TransportId,
  producerId: Awaited<ReturnType<typeof produceOn>>['id'],
) =>
  room.consume(transportId, {
    producerId,
    rtpCapabilities: room.rtpCapabilities,
    paused: true,
    enableRtx: true,
    ignoreDtx: true,
  });

/** Each transport on the next worker. */
export const alternate = (): ChoosePlacement => {
  let count = 0;
  return ({ workers, near, awayFrom }) => {
    const allowed = workers.filter(({ index }) => index !== awayFrom);
    return near ?? allowed[count++ % allowed.length]?.index;
  };
};
