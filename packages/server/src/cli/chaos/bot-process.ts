import { fork, type ChildProcess } from 'node:child_process';
import { constants, getPriority, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { AppError, isErrorCode } from '@potluck/kernel';
import type { AnswerMessage, BotOrders, OrderName } from './bot-orders.ts';

const main = fileURLToPath(new URL(`./bot-main${import.meta.filename.slice(-3)}`, import.meta.url));
const keptLines = 20;
const stopWithinMs = 3000;
/** A tenth of the share of a core. */
const yielding = 10;

/** How a process of bots ended that was not told to. */
export type Crash = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last that it complained about. */
  readonly said: string;
};

/**
 * Bots in a process of their own: what they compute does not hold up the server, and what kills them (libwebrtc is
 * native code) leaves somebody to tell of it. Ends with us.
 */
export class BotProcess {
  readonly bots: readonly string[];
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #said: string[] = [];
  readonly #ready = Promise.withResolvers<unknown>();
  readonly #ended = Promise.withResolvers<void>();
  #lastId = 0;
  #closing = false;
  #crash: Crash | undefined;

  constructor(bots: readonly string[], onCrash: (crash: Crash) => void) {
    this.bots = bots;
    this.#ready.promise.catch(() => {});
    this.#waiting.set(0, this.#ready);
    this.#child = fork(main, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said.push(...text.split('\n').filter((line) => line.trim() !== ''));
      this.#said.splice(0, this.#said.length - keptLines);
    });
    this.#child.on('message', (message: AnswerMessage) => this.#answered(message));
    // An order that is on its way when it dies: its end is told by `exit`.
    this.#child.on('error', () => {});
    this.#child.on('exit', (code, signal) => {
      this.#ended.resolve();
      const gone = new AppError('unavailable', `the process of ${bots.join(', ')} has ended (${signal ?? code})`);
      if (!this.#closing) {
        this.#crash = { code, signal, said: this.#said.join('\n') };
        onCrash(this.#crash);
      }
      for (const { reject } of this.#waiting.values()) reject(gone);
      this.#waiting.clear();
    });
  }

  get crash(): Crash | undefined {
    return this.#crash;
  }

  /** Rejects with `unavailable` when the process has ended, or ends before it has answered. */
  async order<O extends OrderName>(
    bot: string,
    order: O,
    ...args: Parameters<BotOrders[O]>
  ): Promise<Awaited<ReturnType<BotOrders[O]>>> {
    await this.#ready.promise;
    if (!this.#child.connected) throw new AppError('unavailable', `the process of ${bot} has ended`);
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#child.send({ id, bot, order, args }, () => {});
    return (await waiting.promise) as Awaited<ReturnType<BotOrders[O]>>;
  }

  /** From now on it leaves the cores to others. */
  yieldToOthers(): void {
    const { pid } = this.#child;
    if (pid !== undefined) setPriority(pid, Math.min(constants.priority.PRIORITY_LOW, getPriority() + yielding));
  }

  /** Its bots leave first. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), stopWithinMs);
    await Promise.allSettled(this.bots.map((bot) => this.order(bot, 'close')));
    if (this.#child.connected) this.#child.disconnect();
    await this.#ended.promise;
    clearTimeout(kill);
  }

  #answered(message: AnswerMessage): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (!('error' in message)) waiting?.resolve(message.value);
    else waiting?.reject(new AppError(isErrorCode(message.code) ? message.code : 'internal', message.error));
  }
}
