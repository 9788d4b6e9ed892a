import { newId, type AppError } from '@potluck/kernel';
import { isLoopbackHost } from '../../edge/address.ts';
import { LoadClient, type ClientRole } from './client.ts';
import { packetMs, type Talk } from './media/sender.ts';
import type { LoadOptions } from './options.ts';
import { makeCertificate } from './rtc/dtls/certificate.ts';
import { Ticker } from './ticker.ts';

/** How long somebody talks before it is the next one's turn. */
const turnMs = 4_000;
/** Bits per second of the largest picture when nothing else is asked for: what the SDK gives 720p. */
const usualBitrate = 1_400_000;

/** All clients of a run. */
export class Crowd {
  readonly ticker = new Ticker();
  readonly clients: LoadClient[] = [];
  readonly #options: LoadOptions;
  /** Everything comes so many times slower, in packets as long as ever: for benchmarks of many streams on a small machine. */
  slowMotion = 1;
  readonly #run = newId().slice(0, 6);
  #closed = false;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  /** Lets them in, so many a second; resolves when each is in or has failed, or when `signal` aborts. */
  async enter(signal: AbortSignal): Promise<void> {
    const { publishers, subscribers, people, rate, speakers } = this.#options;
    const certificate = await makeCertificate();
    const roles = [
      ...Array.from<ClientRole>({ length: publishers }).fill('publisher'),
      ...Array.from<ClientRole>({ length: people }).fill('person'),
      ...Array.from<ClientRole>({ length: subscribers }).fill('subscriber'),
    ];
    const begun = performance.now();
    const entering: Promise<unknown>[] = [];
    for (const [index, role] of roles.entries()) {
      const waitMs = rate === 0 ? 0 : begun + (index * 1000) / rate - performance.now();
      if (waitMs > 0) await pause(waitMs, signal);
      if (signal.aborted || this.#closed) break;
      const client = new LoadClient(
        {
          ...this.#options,
          certificate,
          name: `load-${this.#run}-${index + 1}`,
          role,
          insecure: this.#options.insecure || isLoopbackHost(this.#options.url.hostname),
          talks: inTurns({ index, senders: publishers + people, speakers, slowMotion: this.slowMotion }),
          fps: this.#options.fps / this.slowMotion,
          audioPacketMs: packetMs * this.slowMotion,
          bitrateOf: (asked) => (asked * this.#options.bitrate) / usualBitrate / this.slowMotion,
        },
        this.ticker,
      );
      this.clients.push(client);
      entering.push(client.room.joined.catch((error: AppError) => error));
    }
    await Promise.race([Promise.all(entering), aborted(signal)]);
  }

  /** Idempotent. Everybody leaves. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all(this.clients.map((client) => client.close()));
  }
}

/** So many talk at a time, of all who can, and everybody in turn. */
export function inTurns(of: { index: number; senders: number; speakers: number; slowMotion: number }): Talk {
  const { index, senders, speakers, slowMotion } = of;
  return (nowMs) => {
    const turn = Math.floor(nowMs / (turnMs * slowMotion));
    return (index - turn * speakers + senders * 1e9) % senders < speakers;
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    return signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Ends early when `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    return undefined;
  });
}
