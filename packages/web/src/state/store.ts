import type { Unsubscribe } from '@potluck/kernel';

/** A value that views can follow. */
export type Store<T> = { get(): T; set(next: T): void; subscribe(listener: () => void): Unsubscribe };

export function createStore<T>(initial: T, changed?: (next: T) => void): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      changed?.(next);
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
