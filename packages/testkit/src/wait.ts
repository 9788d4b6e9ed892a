import type { Emitter, EventMap } from '@potluck/kernel';

export type WaitOptions = {
  /** Default 20 s. */
  timeoutMs?: number;
  /** Completes «waited in vain for …»; a function is asked at the end and can say what was there instead. */
  what: string | (() => string);
  /** Default 20 ms. */
  everyMs?: number;
};

/** The test's own clock: real time, also where the code under test has a fake one. */
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Resolves with the first value of `condition` that is neither false, null nor undefined. Rejects after the deadline. */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 20_000, what, everyMs = 20 }: WaitOptions,
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + timeoutMs;
  let thrown: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== false && value !== null && value !== undefined) return value as NonNullable<Exclude<T, false>>;
      thrown = undefined;
    } catch (error) {
      thrown = error;
    }
    if (performance.now() > deadline) {
      const text = typeof what === 'function' ? what() : what;
      throw new Error(`waited ${timeoutMs} ms in vain for ${text}`, { ...(thrown !== undefined && { cause: thrown }) });
    }
    await pause(everyMs);
  }
}

/** Resolves with the arguments of the next `event`, or of the next one that `matches`. */
export function nextEvent<E extends EventMap, K extends keyof E>(
  emitter: Emitter<E>,
  event: K,
  { timeoutMs = 20_000, matches = () => true }: { timeoutMs?: number; matches?: (...args: E[K]) => boolean } = {},
): Promise<E[K]> {
  const { promise, resolve, reject } = Promise.withResolvers<E[K]>();
  const off = emitter.on(event, (...args) => {
    if (matches(...args)) resolve(args);
  });
  const timer = setTimeout(
    () => reject(new Error(`waited ${timeoutMs} ms in vain for the event ${String(event)}`)),
    timeoutMs,
  );
  return promise.finally(() => {
    off();
    clearTimeout(timer);
  });
}

/** Rejects if `work` is not done in time: no test hangs without saying where. */
export async function within<T>(what: string, work: Promise<T>, timeoutMs = 20_000): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} took longer than ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lets everything that is already due on the event loop happen: promises, immediates, one turn of input. */
export const settle = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
