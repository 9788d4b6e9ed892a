import { AppError } from './errors.ts';

/** Owns everything that must end when its holder ends. Closing is synchronous, once, last-in first-out. */
export class Scope implements Disposable {
  readonly #disposers = new Set<() => void>();
  #reason: string | undefined;

  get closed(): boolean {
    return this.#reason !== undefined;
  }

  get reason(): string | undefined {
    return this.#reason;
  }

  /** Runs `dispose` on close, or now if already closed. Returns a function that forgets it. */
  add(dispose: () => void): () => void {
    if (this.closed) dispose();
    else this.#disposers.add(dispose);
    return () => this.#disposers.delete(dispose);
  }

  close(reason: string): void {
    if (this.closed) return;
    this.#reason = reason;
    const errors: unknown[] = [];
    for (const dispose of [...this.#disposers].toReversed()) {
      try {
        dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    this.#disposers.clear();
    if (errors.length > 0) throw new AggregateError(errors, `errors while closing (${reason})`);
  }

  [Symbol.dispose](): void {
    this.close('disposed');
  }
}

/** Ties something that is still being made to a scope: if the scope closed meanwhile, it is closed on arrival. */
export async function adopt<T extends { close(reason: string): void }>(scope: Scope, making: Promise<T>): Promise<T> {
  const made = await making;
  scope.add(() => made.close(scope.reason ?? 'scope closed'));
  if (scope.closed) throw new AppError('unavailable', `closed while waiting: ${scope.reason}`);
  return made;
}
