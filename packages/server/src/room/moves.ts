import { elapsed, type Clock } from '@potluck/kernel';

/** Between one group and the next, in milliseconds. Who receives takes up all that moved with one SDP exchange. */
const everyMs = { send: 100, receive: 250 };
const smallestGroup = 5;
/** However many there are, all have begun after so many groups. */
const mostGroups = 20;
/** More than that have no time to wait for all the others: what they sent before ends after some seconds. */
const mostInStep = 40;
/** How long who has moved what it sends waits for the others to do the same. */
const patienceMs = 2000;

/** Lets a few at a time go. All at once would have every client make and every worker open all that there is in one moment. */
class Turns {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #members: () => number;
  #groupAt = -Infinity;
  #inGroup = 0;

  constructor(clock: Clock, everyGroupMs: number, members: () => number) {
    this.#clock = clock;
    this.#everyMs = everyGroupMs;
    this.#members = members;
  }

  /** Resolves when it is the next one's turn. */
  async next(): Promise<void> {
    const now = this.#clock.now();
    if (now >= this.#groupAt + this.#everyMs) this.#open(now);
    else if (this.#inGroup >= Math.max(smallestGroup, Math.ceil(this.#members() / mostGroups))) {
      this.#open(this.#groupAt + this.#everyMs);
    }
    this.#inGroup += 1;
    const waitMs = this.#groupAt - now;
    if (waitMs > 0) await elapsed(waitMs, this.#clock);
  }

  #open(at: number): void {
    this.#groupAt = at;
    this.#inGroup = 0;
  }
}

/** Of one member. Ends in any case. */
export type Move = {
  /** Whether all send elsewhere before anybody receives elsewhere: then every track is taken up once. */
  readonly inStep: boolean;
  /** Resolves when it may move what it sends. */
  sendTurn(): Promise<void>;
  /** Resolves when it may move what it receives, now that it sends elsewhere. */
  receiveTurn(): Promise<void>;
  /** Idempotent. It has moved, or does not. */
  end(): void;
};

/** The members of a room that are on their way to other transports. */
export class Moves {
  readonly #clock: Clock;
  readonly #turns: { readonly send: Turns; readonly receive: Turns };
  readonly #moving = new Set<Move>();
  /** Those who do not send elsewhere yet, and those who wait for them. */
  readonly #behind = new Set<Move>();
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock, members: () => number) {
    this.#clock = clock;
    this.#turns = {
      send: new Turns(clock, everyMs.send, members),
      receive: new Turns(clock, everyMs.receive, members),
    };
  }

  /** Somebody moves. */
  get busy(): boolean {
    return this.#moving.size > 0;
  }

  begin(): Move {
    const few = () => this.#moving.size <= mostInStep;
    const move: Move = {
      get inStep() {
        return few();
      },
      sendTurn: () => this.#turns.send.next(),
      receiveTurn: async () => {
        this.#sends(move);
        await this.#all();
        await this.#turns.receive.next();
      },
      end: () => {
        this.#moving.delete(move);
        this.#sends(move);
      },
    };
    this.#moving.add(move);
    this.#behind.add(move);
    return move;
  }

  #sends(move: Move): void {
    this.#behind.delete(move);
    if (this.#behind.size > 0) return;
    for (const go of this.#waiting) go();
    this.#waiting.clear();
  }

  /** Resolves when all send elsewhere, or have had their time. */
  async #all(): Promise<void> {
    if (this.#behind.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    const cancel = this.#clock.after(patienceMs, resolve);
    await promise;
    cancel();
    this.#waiting.delete(resolve);
  }
}
