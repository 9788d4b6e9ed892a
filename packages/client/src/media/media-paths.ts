import { AppError, Emitter, type Clock } from '@potluck/kernel';
import type { NoticeData } from '@potluck/protocol';
import type { types } from 'mediasoup-client';
import type { JoinOptions } from '../api.ts';
import type { Call } from '../signal/api.ts';
import type { Recovery } from '../state/initial.ts';
import type { loadDevice, MediaDevice } from './device.ts';
import { Path } from './path.ts';
import type { Receiving } from './receiving.ts';
import type { Sending } from './sending.ts';

export type MediaPathsDeps = {
  call: Call;
  sending: Sending;
  receiving: Receiving;
  loadDevice: typeof loadDevice;
  clock: Clock;
};

type Welcome = NoticeData<'welcome'>;
type Direction = 'send' | 'receive';

/** The two directions of media: the device that makes their transports, and who gets each new one. */
export class MediaPaths {
  readonly events = new Emitter<{
    repairing: [recovery: Recovery | undefined];
    warned: [error: AppError];
  }>();
  readonly #deps: MediaPathsDeps;
  readonly #options: JoinOptions;
  readonly #paths: { readonly [D in Direction]: Path<types.Transport> };
  readonly #repairs: { [D in Direction]?: Recovery | undefined } = {};
  #device: { media: MediaDevice; key: string } | undefined;

  constructor(deps: MediaPathsDeps, options: JoinOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#paths = { send: this.#path('send'), receive: this.#path('receive') };
  }

  /** Learns what room and browser have in common. Rejects with `unsupported` where WebRTC is missing. */
  async prepare({ routerRtpCapabilities, iceServers }: Welcome): Promise<MediaDevice> {
    const key = JSON.stringify([routerRtpCapabilities, iceServers]);
    if (this.#device?.key === key) return this.#device.media;
    const media = await this.#deps.loadDevice(this.#options.runtime ?? {}, routerRtpCapabilities, iceServers);
    this.#device = { media, key };
    return media;
  }

  /** Begins with the transports that the server has prepared. */
  use({ sendTransport, receiveTransport }: Welcome): void {
    if (sendTransport !== undefined) this.#paths.send.use(sendTransport);
    if (receiveTransport !== undefined) this.#paths.receive.use(receiveTransport);
  }

  /** The server lost the path of this transport. */
  distrust(transportId: string): void {
    for (const path of Object.values(this.#paths)) {
      if (path.transport?.id === transportId) path.distrust('broken');
    }
  }

  /** The network just changed. */
  check(): void {
    for (const path of Object.values(this.#paths)) path.check();
  }

  close(): void {
    for (const path of Object.values(this.#paths)) path.close();
  }

  #path(direction: Direction): Path<types.Transport> {
    const { call, clock, sending, receiving } = this.#deps;
    const { dataChannels = true, forceTcp = false } = this.#options;
    const build = (info: Parameters<MediaDevice['openSend']>[0]) => {
      if (this.#device === undefined) throw new AppError('internal', 'a transport before the device');
      const { media } = this.#device;
      return direction === 'send' ? media.openSend(info) : media.openReceive(info);
    };
    const path = new Path<types.Transport>({ direction, call, build, dataChannels, forceTcp, clock });
    path.events.on('opened', (transport) => {
      const onBroken = () => path.distrust('lost');
      if (direction === 'receive') return receiving.use(transport, onBroken, dataChannels);
      sending.use({ transport, codecs: this.#device?.media.sendCodecs ?? [] }, onBroken);
    });
    path.events.on('repairing', (recovery) => this.#repaired(direction, recovery));
    path.events.on('repaired', () => this.#repaired(direction, undefined));
    path.events.on('warned', (error) => this.events.emit('warned', error));
    return path;
  }

  #repaired(direction: Direction, recovery: Recovery | undefined): void {
    this.#repairs[direction] = recovery;
    this.events.emit('repairing', this.#repairs.send ?? this.#repairs.receive);
  }
}
