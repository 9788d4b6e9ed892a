/** Maps an event name to its argument tuple: `{ joined: [peer: Peer]; closed: [] }`. */
export type EventMap = { [event: string]: unknown[] };
export type Unsubscribe = () => void;

type Listener<Args extends unknown[]> = (...args: Args) => void;

/** A typed emitter. Listeners run synchronously, in order, but those that were removed or added meanwhile; one that throws is reported and does not silence the rest. */
export class Emitter<E extends EventMap> {
  readonly #listeners = Object.create(null) as { [K in keyof E]?: Set<Listener<E[K]>> };
  readonly #report: (error: unknown) => void;

  /** `report` gets what a listener threw; without it the error is rethrown on a microtask, so that it is never lost. */
  constructor(report?: (error: unknown) => void) {
    this.#report =
      report ??
      ((error) =>
        queueMicrotask(() => {
          throw error;
        }));
  }

  on<K extends keyof E>(event: K, listener: Listener<E[K]>): Unsubscribe {
    const listeners = (this.#listeners[event] ??= new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Like `on`, for the next emission only. */
  once<K extends keyof E>(event: K, listener: Listener<E[K]>): Unsubscribe {
    const off = this.on(event, (...args) => {
      off();
      listener(...args);
    });
    return off;
  }

  emit<K extends keyof E>(event: K, ...args: E[K]): void {
    const listeners = this.#listeners[event];
    if (listeners === undefined) return;
    for (const listener of [...listeners]) {
      // Removed by one before it: its owner may have ended.
      if (!listeners.has(listener)) continue;
      try {
        listener(...args);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  /** How many listeners an event has, or all events together: for leak checks. */
  count(event?: keyof E): number {
    if (event !== undefined) return this.#listeners[event]?.size ?? 0;
    return Object.keys(this.#listeners).reduce((sum, name) => sum + this.count(name), 0);
  }
}
