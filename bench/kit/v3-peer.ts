import type { ConsumerInfo, WebRtcTransportInfo } from '@potluck/protocol';
import { openV3, type V3Client } from '@potluck/testkit/v3-client';
import { Device, type types } from 'mediasoup-client';
import type { TrackSender } from '../../packages/server/src/cli/load/media/sender.ts';
import { loadHandler, type HandlerOptions } from '../../packages/server/src/cli/load/rtc/handler.ts';
import { LoadTrack } from '../../packages/server/src/cli/load/rtc/track.ts';
import type { IncomingStream } from '../../packages/server/src/cli/load/rtp/incoming.ts';
import type { Ticker } from '../../packages/server/src/cli/load/ticker.ts';

/** A client the plain way of mediasoup-demo v3, with real media: one step after the other, and everything is consumed. */
export class V3Peer {
  readonly streams: IncomingStream[] = [];
  readonly senders: TrackSender[] = [];
  readonly #client: V3Client;
  readonly #device: Device;
  #receiving: types.Transport | undefined;

  constructor(client: V3Client, options: HandlerOptions, ticker: Ticker) {
    this.#client = client;
    const handlerFactory = loadHandler(options, {
      onTick: (tick) => ticker.add(tick),
      sending: (sender) => this.senders.push(sender),
      receiving: (stream) => this.streams.push(stream),
      stateChanged: () => {},
    });
    this.#device = new Device({ handlerFactory });
  }

  async join(displayName: string, receives = true): Promise<void> {
    const client = this.#client;
    await this.#device.load({ routerRtpCapabilities: await client.request('getRouterRtpCapabilities') });
    const sending = this.#device.createSendTransport(await this.#open(true));
    this.#wire(sending);
    if (receives) {
      this.#receiving = this.#device.createRecvTransport(await this.#open(false));
      this.#wire(this.#receiving);
    }
    client.answer = async (method, data: ConsumerInfo) => {
      if (method === 'newConsumer') await this.#consume(data);
      return { data: {} };
    };
    await client.request('join', {
      displayName,
      device: { flag: 'chrome', name: 'Chrome', version: '156' },
      ...(receives && { rtpCapabilities: this.#device.recvRtpCapabilities }),
    });
    for (const kind of ['audio', 'video'] as const) {
      // As the demo's app sends: three layers.
      const encodings = [150_000, 450_000, 1_400_000].map((maxBitrate, index) => ({
        maxBitrate,
        scaleResolutionDownBy: 4 >> index,
        scalabilityMode: 'L1T3',
      }));
      const track = new LoadTrack(kind, { width: 1280, height: 720 }).asTrack();
      await sending.produce({ track, stopTracks: false, ...(kind === 'video' && { encodings }) });
    }
  }

  async leave(): Promise<void> {
    await this.#client.leave();
    this.#receiving?.close();
  }

  async #open(producing: boolean): Promise<types.TransportOptions> {
    const choice = { forceTcp: false, producing, consuming: !producing };
    return (await this.#client.request('createWebRtcTransport', choice)) as types.TransportOptions &
      WebRtcTransportInfo;
  }

  #wire(transport: types.Transport): void {
    const transportId = transport.id;
    transport.on('connect', ({ dtlsParameters }, done, fail) => {
      this.#client.request('connectWebRtcTransport', { transportId, dtlsParameters }).then(() => done(), fail);
    });
    transport.on('produce', ({ kind, rtpParameters }, done, fail) => {
      const asking = this.#client.request('produce', { transportId, kind, rtpParameters, appData: {} });
      asking.then(({ id }: { id: string }) => done({ id }), fail);
    });
  }

  async #consume({ id, producerId, kind, rtpParameters }: ConsumerInfo): Promise<void> {
    await this.#receiving?.consume({ id, producerId, kind, rtpParameters: rtpParameters as types.RtpParameters });
  }
}

/** `receives: false`: only sends. */
export async function joinV3Peer(
  { base, roomId, peerId, receives = true }: { base: string; roomId: string; peerId: string; receives?: boolean },
  options: HandlerOptions,
  ticker: Ticker,
) {
  const peer = new V3Peer(await openV3(base, { roomId, peerId }), options, ticker);
  await peer.join(peerId, receives);
  return peer;
}
