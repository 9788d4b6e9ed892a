import { AppError } from '@potluck/kernel';

/** What a fake was asked, and what it is to do with the next calls. */
export class FakeCalls<Method extends string> {
  /** Everything that was asked, in order, also what failed. */
  readonly list: { readonly method: string; readonly args: readonly unknown[] }[] = [];
  readonly #failures = new Map<Method, Error[]>();
  readonly #holds = new Map<Method, Promise<void>>();

  /** How often a method was called. */
  count(method: string): number {
    return this.list.filter((call) => call.method === method).length;
  }

  /** The next call of this method rejects. */
  failNext(method: Method, error: Error = new AppError('internal', `${method} was told to fail`)): void {
    this.#failures.set(method, [...(this.#failures.get(method) ?? []), error]);
  }

  /** Calls of this method wait until the returned function is called. */
  hold(method: Method): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#holds.set(method, promise);
    return () => {
      this.#holds.delete(method);
      resolve();
    };
  }

  note(method: string, ...args: unknown[]): void {
    this.list.push({ method, args });
  }

  /** Resolves when nothing holds the method. */
  async released(method: Method): Promise<void> {
    await this.#holds.get(method);
  }

  /** Throws what this call was told to fail with. */
  failIfTold(method: Method): void {
    const failure = this.#failures.get(method)?.shift();
    if (failure) throw failure;
  }
}
