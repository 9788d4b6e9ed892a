export type ReadinessDeps = {
  /** Changes whenever the server begins anew with us. */
  readonly era: () => number;
  readonly ended: () => boolean;
  readonly linked: () => boolean;
};

/** When there is somebody to ask: the room is entered. It may be so again and again. */
export class Readiness {
  readonly #deps: ReadinessDeps;
  #entered = pending();

  constructor(deps: ReadinessDeps) {
    this.#deps = deps;
  }

  /** Resolves when the room is entered (again); rejects when the call ended. */
  get promise(): Promise<void> {
    return this.#entered.promise;
  }

  /** The room is to be entered again. */
  reopen(): void {
    this.#entered = pending();
  }

  entered(): void {
    this.#entered.resolve();
  }

  ended(error: Error): void {
    this.#entered.reject(error);
  }

  /** Repeats a request that means the same twice, until a server that knows us has answered it. */
  async persist<T>(ask: () => Promise<T>): Promise<T> {
    const { era, ended, linked } = this.#deps;
    for (;;) {
      await this.promise;
      const asked = era();
      try {
        return await ask();
      } catch (error) {
        if (ended() || (asked === era() && linked())) throw error;
      }
    }
  }

  /** For what every entry repeats: a server that forgot us is told by the next one. */
  async wish(ask: () => Promise<unknown>): Promise<void> {
    const { era, ended } = this.#deps;
    await this.promise;
    const asked = era();
    try {
      await ask();
    } catch (error) {
      if (ended() || asked === era()) throw error;
    }
  }
}

/** Whoever asks gets the failure; if nobody does, it is no unhandled rejection. */
function pending(): PromiseWithResolvers<void> {
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {});
  return ready;
}
