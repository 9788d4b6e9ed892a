import type { Clock } from '@potluck/kernel';
import type { types } from 'mediasoup-client';

export type FlowingConsumer = Partial<Pick<types.Consumer, 'getStats' | 'closed'>> & {
  readonly kind: 'audio' | 'video';
};

const lookEveryMs = 25;
/** A muted microphone sends nothing: then it is what it is. */
const patienceMs = 1500;

/** Resolves when a consumer has given its first picture or sound, or does not within the time that this takes. */
export async function untilFlowing(consumer: FlowingConsumer, clock: Clock): Promise<void> {
  const until = clock.now() + patienceMs;
  while (clock.now() < until && consumer.closed !== true && consumer.getStats !== undefined) {
    if (await flows(consumer)) return;
    await new Promise<void>((resolve) => clock.after(lookEveryMs, resolve));
  }
}

type Counts = { type?: string; framesDecoded?: number; packetsReceived?: number; jitterBufferEmittedCount?: number };
/** Samples of sound that have been played out before it counts as flowing: 100 ms, so that the buffer has settled. */
const settledSamples = 4800;

/** Whether anything has come of it. */
export async function flows(consumer: FlowingConsumer): Promise<boolean> {
  try {
    const stats = await consumer.getStats?.();
    const counts = [...(stats?.values() ?? [])] as Counts[];
    return counts.some(({ type, framesDecoded = 0, packetsReceived = 0, jitterBufferEmittedCount }) => {
      if (type !== 'inbound-rtp') return false;
      if (consumer.kind === 'video') return framesDecoded > 1;
      return packetsReceived > 0 && (jitterBufferEmittedCount ?? settledSamples) >= settledSamples;
    });
  } catch {
    // Closed meanwhile: nobody waits for it any more.
    return true;
  }
}
