import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '@potluck/kernel';
import type {
  BroadcasterStatus,
  MediaKind,
  PeerId,
  ProducerId,
  RoomId,
  RtpCapabilities,
  RtpParameters,
  TransportId,
} from '@potluck/protocol';
import type { Answer, ServerApi } from './server-api.ts';

export type PlainTransport = { id: TransportId; ip: string; port: number; rtcpPort?: number };

const lookEveryMs = 1_000;
/** A server that restarts is back sooner, but without us. */
const patienceMs = 10_000;

export type Newcomer = {
  readonly id: PeerId;
  readonly name: string;
  /** The program behind it. */
  readonly device: string;
  readonly rtpCapabilities?: RtpCapabilities;
};

/** Enters a room, which opens if need be. */
export async function enterRoom(api: ServerApi, roomId: RoomId, newcomer: Newcomer): Promise<Presence> {
  const { id, name, device, rtpCapabilities } = newcomer;
  const body = { id, displayName: name, device: { name: device }, ...(rtpCapabilities && { rtpCapabilities }) };
  const { secret } = await api.call('createBroadcaster', { params: { roomId }, body });
  api.useSecret(secret);
  return new Presence(api, { roomId, broadcasterId: id });
}

/** Our broadcaster in a room, from entering to leaving. */
export class Presence {
  readonly #api: ServerApi;
  readonly #params: { readonly roomId: RoomId; readonly broadcasterId: PeerId };
  readonly #transports = new Set<TransportId>();

  constructor(api: ServerApi, params: { roomId: RoomId; broadcasterId: PeerId }) {
    this.#api = api;
    this.#params = params;
  }

  async openPlainTransport({ rtcpMux }: { rtcpMux: boolean }): Promise<PlainTransport> {
    const answer = await this.#api.call('createTransport', {
      params: this.#params,
      body: { type: 'plain', comedia: true, rtcpMux },
    });
    if (!('port' in answer)) throw new AppError('internal', 'the server did not give a plain transport');
    this.#transports.add(answer.id);
    return answer;
  }

  async produce(transportId: TransportId, kind: MediaKind, rtpParameters: RtpParameters): Promise<void> {
    const params = { ...this.#params, transportId };
    await this.#api.call('createProducer', { params, body: { kind, rtpParameters } });
  }

  consume(transportId: TransportId, producerId: ProducerId): Promise<Answer<'createConsumer'>> {
    return this.#api.call('createConsumer', { params: { ...this.#params, transportId }, query: { producerId } });
  }

  status(): Promise<BroadcasterStatus> {
    return this.#api.call('getBroadcaster', { params: this.#params });
  }

  /**
   * Looks at ourselves on the server about once a second. Resolves when `signal` stops it, or with `lost` when our
   * transports are gone (their worker died); rejects when we are not in the room any more, or nobody answers for long.
   */
  async watch(
    signal: AbortSignal,
    onStatus: (status: BroadcasterStatus, bitsPerSecond: number) => void,
  ): Promise<'stopped' | 'lost'> {
    let answeredAt = performance.now();
    let before: { bytes: number; at: number } | undefined;
    while (!signal.aborted) {
      try {
        const status = await this.status();
        const at = performance.now();
        answeredAt = at;
        if (signal.aborted) break;
        if (status.transports.length < this.#transports.size) {
          this.#transports.clear();
          return 'lost';
        }
        const bytes = status.transports.reduce((sum, one) => sum + one.bytesReceived + one.bytesSent, 0);
        onStatus(status, before === undefined ? 0 : ((bytes - before.bytes) * 8000) / (at - before.at));
        before = { bytes, at };
      } catch (error) {
        const patient = error instanceof AppError && error.code === 'unavailable';
        if (!patient) throw lostPlace(error);
        if (performance.now() - answeredAt > patienceMs)
          throw new AppError('unavailable', `the server is gone: ${error.message}`);
      }
      await wait(lookEveryMs, undefined, { signal }).catch(() => {});
    }
    return 'stopped';
  }

  /** Never rejects: a server that is gone has forgotten us already. */
  async leave(): Promise<void> {
    await this.#api.call('deleteBroadcaster', { params: this.#params }).catch(() => {});
  }
}

function lostPlace(error: unknown): AppError {
  if (error instanceof AppError && error.code === 'not_found') {
    return new AppError('unavailable', 'the server has put us out of the room');
  }
  return AppError.from(error);
}

/** `1:02:03`, or `2:03`. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
