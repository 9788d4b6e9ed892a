import type { types } from 'mediasoup';
import type { Clock, Tasks } from '@potluck/kernel';
import { asking } from './faults.ts';

/** What this needs of a consumer. */
export type LayeredConsumer = Pick<
  types.Consumer,
  'type' | 'closed' | 'paused' | 'producerPaused' | 'currentLayers' | 'pause' | 'resume'
>;

/** Long enough for the key frame that the engine asks for by itself. */
const lookAfterMs = 150;
/** Of a path that is too narrow for any layer nothing comes, however often one asks. */
const tries = 3;

/**
 * The engine chooses the layer of a consumer when it is resumed, and then once a second. A stream that has just begun has
 * no layer to choose, until a frame of its lowest temporal layer has come: whoever is resumed before that would wait for
 * a second. Here it is resumed again.
 */
export class LayerNudge {
  readonly #clock: Clock;
  readonly #tasks: Tasks;
  readonly #waiting = new Map<LayeredConsumer, { dueAt: number; left: number }>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, tasks: Tasks) {
    this.#clock = clock;
    this.#tasks = tasks;
  }

  /** It was resumed. */
  watch(consumer: LayeredConsumer): void {
    if (consumer.type === 'simple' || consumer.type === 'pipe' || consumer.currentLayers) return;
    this.#waiting.set(consumer, { dueAt: this.#clock.now() + lookAfterMs, left: tries });
    this.#arm();
  }

  close(): void {
    this.#waiting.clear();
    this.#cancel?.();
  }

  #arm(): void {
    if (this.#waiting.size > 0) this.#cancel ??= this.#clock.after(lookAfterMs, () => this.#look());
  }

  #look(): void {
    this.#cancel = undefined;
    const now = this.#clock.now();
    for (const [consumer, wait] of this.#waiting) {
      const settled = consumer.closed || consumer.paused || consumer.producerPaused || consumer.currentLayers;
      if (settled || wait.left === 0) this.#waiting.delete(consumer);
      else if (wait.dueAt <= now) {
        wait.left -= 1;
        wait.dueAt = now + lookAfterMs;
        this.#tasks.spawn('nudge consumer', nudge(consumer));
      }
    }
    this.#arm();
  }
}

/** Both go to the engine at once: nothing comes in between. */
async function nudge(consumer: LayeredConsumer): Promise<void> {
  await asking('nudge consumer', () => Promise.all([consumer.pause(), consumer.resume()]));
}
