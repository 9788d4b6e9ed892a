import { AppError } from './errors.ts';

/** Time as a dependency, so that tests can move it. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fn` once after `ms`; returns what cancels it. */
  after(ms: number, fn: () => void): () => void;
};

/** Real time: `Date.now` and timers, which keep a Node process alive until they are cancelled or due. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, fn) => {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after so many milliseconds. Cannot be called off: for waits after which the caller looks anew. */
export const elapsed = (ms: number, clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });

/** Rejects with `timeout` if `work` takes longer than `ms`. The work itself is not stopped: close what it may still bring. */
export function withTimeout<T>(work: Promise<T>, ms: number, what: string, clock: Clock = systemClock): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const cancel = clock.after(ms, () => reject(new AppError('timeout', `${what} took longer than ${ms} ms`)));
  work.then(resolve, reject).finally(cancel);
  return promise;
}
