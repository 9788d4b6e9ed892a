import { unlessGone, type Tasks } from '@potluck/kernel';

type Turned = { pause(): Promise<void>; resume(): Promise<void> };

/** Lets something flow while somebody needs it. It begins closed, told to the engine or not. */
export class Valve {
  readonly #of: Turned;
  readonly #tasks: Tasks;
  #users = 0;

  constructor(of: Turned, tasks: Tasks) {
    this.#of = of;
    this.#tasks = tasks;
  }

  get open(): boolean {
    return this.#users > 0;
  }

  /** Each needs it once. */
  need(): void {
    this.#users += 1;
    if (this.#users === 1) this.#turn(this.#of.resume());
  }

  /** Give back what `need` took. */
  release(): void {
    this.#users -= 1;
    if (this.#users === 0) this.#turn(this.#of.pause());
  }

  /** What ends meanwhile need not be turned. */
  #turn(turning: Promise<void>): void {
    this.#tasks.spawn('turn pipe', unlessGone(turning));
  }
}
