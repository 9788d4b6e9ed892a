import { silentLog, systemClock, type Clock, type Logger } from '@potluck/kernel';

export const exitCodes = { ok: 0, failed: 1, badConfiguration: 2 } as const;

/** 128 and the signal's number, as shells say it. */
const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;
export type StopSignal = keyof typeof signalNumbers;

/** Supervisors often kill after 10 s, and ours promises 5. */
const stopWithinMs = 4_500;

/**
 * Ctrl-C under `npm start` arrives twice: from the terminal, which sends it to every process, and from npm, which passes
 * it on. Only what comes later than this is a second wish.
 */
export const sameSignalMs = 400;

type Stoppable = { close(reason: string): Promise<void> };

type State = { kind: 'starting' } | { kind: 'running'; app: Stoppable } | { kind: 'stopping'; since: number };

/** Decides what a signal or a failure means in each state of the process, and with which code it ends. */
export class Running {
  readonly #exit: (code: number) => void;
  #state: State = { kind: 'starting' };
  readonly #clock: Clock;
  #log: Logger = silentLog;

  constructor(exit: (code: number) => void, clock: Clock = systemClock) {
    this.#exit = exit;
    this.#clock = clock;
  }

  logTo(log: Logger): void {
    this.#log = log;
  }

  started(app: Stoppable): void {
    this.#state = { kind: 'running', app };
  }

  /** The first time: everyone is told, everything ends in order. A second time, or while starting: the end, at once. */
  stop(signal: StopSignal): void {
    if (this.#state.kind === 'stopping' && this.#clock.now() - this.#state.since < sameSignalMs) return;
    if (this.#state.kind !== 'running') {
      this.#log.warn('stopped at once', { signal });
      this.#exit(128 + signalNumbers[signal]);
      return;
    }
    this.#log.info('stopping', { signal });
    this.#shutDown(this.#state.app, 'the server restarts', exitCodes.ok);
  }

  /** Ends the server as the console asks for it. */
  finish(): void {
    if (this.#state.kind === 'running') this.#shutDown(this.#state.app, 'the server stops', exitCodes.ok);
  }

  /**
   * Something was thrown that nobody caught. What it interrupted may be half done, so this process is not to be trusted
   * any longer: it ends in order, with a code on which clients return and supervisors start it again.
   */
  fail(error: unknown): void {
    this.#log.error('unexpected error, stopping', { error });
    if (this.#state.kind === 'running') this.#shutDown(this.#state.app, 'the server restarts', exitCodes.failed);
    else if (this.#state.kind === 'starting') this.#exit(exitCodes.failed);
  }

  /**
   * A promise was rejected and nobody looked. Nobody waited for it either, so nothing was interrupted; ending every call
   * for it would be the greater damage. It is a bug all the same, and logged as one.
   */
  report(error: unknown): void {
    this.#log.error('a rejection that nobody handled', { error });
  }

  #shutDown(app: Stoppable, reason: string, code: number): void {
    this.#state = { kind: 'stopping', since: this.#clock.now() };
    const cancelDeadline = this.#clock.after(stopWithinMs, () => {
      this.#log.error('could not stop in order in time', { withinMs: stopWithinMs });
      this.#exit(exitCodes.failed);
    });
    app.close(reason).then(
      () => {
        cancelDeadline();
        this.#log.info('stopped');
        this.#exit(code);
      },
      (error: unknown) => {
        this.#log.error('failed while stopping', { error });
        this.#exit(exitCodes.failed);
      },
    );
  }
}
