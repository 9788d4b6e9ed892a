import type { RemoteBot } from './crew.ts';

/** How many of the last messages are looked at: the chat that a client sees is bounded, too. */
const looked = 50;

/** What bots were told to say: each message must be in the room's chat exactly once, whatever goes wrong meanwhile. */
export class Messages {
  readonly #texts: string[] = [];
  #orders: Promise<PromiseSettledResult<unknown>[]>[] = [];

  /** Has a bot say the next one. It may have to wait for its connection: nobody waits for it here. */
  say(bot: Pick<RemoteBot, 'order'>): void {
    const text = `message ${this.#texts.length + 1}`;
    this.#texts.push(text);
    this.#orders.push(Promise.allSettled([bot.order('sendChat', text)]));
  }

  /** Resolves when the bots have said what they were told since the last time; rejects with the first failure. */
  async settled(): Promise<void> {
    const orders = this.#orders;
    this.#orders = [];
    const failure = (await Promise.all(orders)).flat().find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  notSaidOnce(said: readonly string[]): string[] {
    return this.#texts.slice(-looked).filter((text) => said.filter((one) => one === text).length !== 1);
  }
}
