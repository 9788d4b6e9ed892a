import type { BotLook, BotOrders, BotPlace, OrderName } from './bot-orders.ts';
import { BotProcess, type Crash } from './bot-process.ts';

const names = [
  'anna',
  'bob',
  'carl',
  'dora',
  'emil',
  'fred',
  'gina',
  'hugo',
  'ida',
  'jan',
  'kira',
  'leo',
  'mona',
  'nils',
];

const maxCrashes = 20;
const perProcess = 4;

export type CrewOptions = {
  readonly bots: number;
  /** The first so many have a process each; default 4. The others share processes. */
  readonly alone?: number | undefined;
  readonly placeOf: (index: number) => BotPlace;
  readonly onCrash: (names: readonly string[], crash: Crash) => void;
};

/** One bot, wherever it runs. */
export type RemoteBot = {
  readonly name: string;
  order<O extends OrderName>(order: O, ...args: Parameters<BotOrders[O]>): Promise<Awaited<ReturnType<BotOrders[O]>>>;
};

/** All bots of a trial, in processes of their own. A process that dies is followed by another, whose bots join again. */
export class Crew {
  readonly bots: readonly RemoteBot[];
  readonly #options: CrewOptions;
  readonly #processes = new Map<string, BotProcess>();
  readonly #reviving = new Set<Promise<unknown>>();
  #crashes = 0;
  #closed = false;

  constructor(options: CrewOptions) {
    this.#options = options;
    const { bots, alone = 4 } = options;
    const all = Array.from({ length: bots }, (_, index) => names[index] ?? `bot${index}`);
    for (const name of all.slice(0, alone)) this.#start([name]);
    for (let at = alone; at < bots; at += perProcess) this.#start(all.slice(at, at + perProcess));
    this.bots = all.map((name) => ({
      name,
      order: (order, ...args) => this.#processOf(name).order(name, order, ...args),
    }));
  }

  /** They join one after the other. */
  async join(): Promise<void> {
    for (const [index, bot] of this.bots.entries()) await bot.order('open', this.#options.placeOf(index));
  }

  /** How each stands; `undefined` for one that has just died. */
  looks(): Promise<(BotLook | undefined)[]> {
    return Promise.all(this.bots.map((bot) => bot.order('look').catch(() => undefined)));
  }

  /** Idempotent. All leave. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#reviving);
    await Promise.all([...new Set(this.#processes.values())].map((process) => process.close()));
  }

  #start(group: readonly string[]): void {
    const process = new BotProcess(group, (crash) => {
      this.#options.onCrash(group, crash);
      // What dies again and again is not to be repaired by repeating it.
      if (!this.#closed && ++this.#crashes < maxCrashes) this.#revive(group);
    });
    // Those in a crowd are there for the server to have them: on machines of their own they would hold up nobody here.
    if (group.length > 1) process.yieldToOthers();
    for (const name of group) this.#processes.set(name, process);
  }

  #revive(group: readonly string[]): void {
    this.#start(group);
    const opening = this.bots
      .map((bot, index) => ({ bot, index }))
      .filter(({ bot }) => group.includes(bot.name))
      .map(({ bot, index }) => bot.order('open', this.#options.placeOf(index)));
    const revived: Promise<unknown> = Promise.allSettled(opening).finally(() => this.#reviving.delete(revived));
    this.#reviving.add(revived);
  }

  #processOf(name: string): BotProcess {
    const process = this.#processes.get(name);
    if (process === undefined) throw new Error(`invariant broken: no process for ${name}`);
    return process;
  }
}
