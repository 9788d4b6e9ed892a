import { elapsed, type Clock, type Tasks } from '@potluck/kernel';
import type { types } from 'mediasoup-client';

export type FlowTransport = Pick<types.Transport, 'closed' | 'getStats'>;
export type FlowConsumer = Pick<types.Consumer, 'kind' | 'rtpParameters'> & { readonly closed?: boolean };

type Waiting = { readonly consumer: FlowConsumer; readonly until: number; readonly resolve: () => void };

const lookEveryMs = 25;

/** Waits for the first picture or sound of consumers. One report of a transport serves all that wait on it. */
export class Flows {
  readonly #clock: Clock;
  readonly #tasks: Tasks;
  readonly #waiting = new Map<FlowTransport, Set<Waiting>>();

  constructor(clock: Clock, tasks: Tasks) {
    this.#clock = clock;
    this.#tasks = tasks;
  }

  /** Resolves when it flows, has ended, or has had its time, in milliseconds. */
  until(transport: FlowTransport, consumer: FlowConsumer, patienceMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const known = this.#waiting.get(transport);
    const waiting = known ?? new Set<Waiting>();
    waiting.add({ consumer, until: this.#clock.now() + patienceMs, resolve });
    if (known === undefined) {
      this.#waiting.set(transport, waiting);
      this.#tasks.spawn('wait for media', this.#look(transport, waiting));
    }
    return promise;
  }

  async #look(transport: FlowTransport, waiting: Set<Waiting>): Promise<void> {
    for (;;) {
      const begun = await begunOn(transport);
      for (const one of waiting) {
        const ended = transport.closed || one.consumer.closed === true;
        if (!ended && this.#clock.now() < one.until && !begun(one.consumer)) continue;
        waiting.delete(one);
        one.resolve();
      }
      if (waiting.size === 0) break;
      await elapsed(lookEveryMs, this.#clock);
    }
    this.#waiting.delete(transport);
  }
}

type Counts = {
  type?: string;
  ssrc?: number;
  framesDecoded?: number;
  packetsReceived?: number;
  jitterBufferEmittedCount?: number;
};
/** Samples of sound that have been played out before it counts as flowing: 100 ms, so that the buffer has settled. */
const settledSamples = 4800;

/** Of which consumers on a transport something has come. */
export async function begunOn(transport: FlowTransport): Promise<(consumer: FlowConsumer) => boolean> {
  const counts = new Map<number | undefined, Counts>();
  try {
    const report = await transport.getStats();
    report.forEach((stat: Counts) => stat.type === 'inbound-rtp' && counts.set(stat.ssrc, stat));
  } catch {
    // Closed meanwhile, or an engine that does not count: nothing is known of it.
  }
  return ({ kind, rtpParameters }) => {
    const found = counts.get(rtpParameters.encodings?.[0]?.ssrc);
    if (found === undefined) return false;
    const { framesDecoded = 0, packetsReceived = 0, jitterBufferEmittedCount = settledSamples } = found;
    // The second picture: from here on they follow each other.
    return kind === 'video' ? framesDecoded > 1 : packetsReceived > 0 && jitterBufferEmittedCount >= settledSamples;
  };
}
