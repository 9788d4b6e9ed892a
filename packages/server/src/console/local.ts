import type { ConsoleDeps } from './deps.ts';
import { ConsoleSession, type SessionDeps } from './session.ts';
import { openLocalTerminal, type LocalStreams } from './terminal/local-terminal.ts';

const ctrlC = 0x03;
const enter = 0x0d;

/**
 * The console in the terminal where the server was started. While it is left we still hold the terminal: a Ctrl-C of the
 * terminal itself would reach every process of its group, and the workers would end before anyone in a call was told.
 */
export class LocalConsole {
  readonly #deps: ConsoleDeps;
  readonly #sessionDeps: SessionDeps;
  readonly #streams: LocalStreams;
  #giveBack: () => void = () => {};
  #closed = false;

  constructor(deps: ConsoleDeps, sessionDeps: SessionDeps, streams: LocalStreams) {
    this.#deps = deps;
    this.#sessionDeps = sessionDeps;
    this.#streams = streams;
    this.#open();
  }

  /** Gives the terminal back. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#giveBack();
  }

  #open(): void {
    const session = new ConsoleSession(this.#sessionDeps, openLocalTerminal(this.#streams), {
      greeting: 'Console: help lists the commands, Tab completes, Ctrl-D leaves it, Ctrl-C stops the server.',
      farewell: 'The console is closed, the server goes on. Enter opens it again, Ctrl-C stops the server.',
      onInterrupt: { kind: 'confirm', question: () => stopQuestion(this.#deps), stop: () => this.#deps.requestStop() },
      left: () => this.#wait(),
    });
    const unguard = this.#streams.screen.guard(session);
    this.#giveBack = () => {
      unguard();
      session.close('');
    };
  }

  #wait(): void {
    if (this.#closed) return;
    const terminal = openLocalTerminal(this.#streams);
    terminal.events.on('input', (bytes) => {
      if (bytes.includes(ctrlC)) this.#deps.requestStop();
      else if (bytes.includes(enter)) {
        terminal.end(0, '');
        this.#open();
      }
    });
    this.#giveBack = () => terminal.end(0, '');
  }
}

function stopQuestion({ registry: { rooms } }: ConsoleDeps): string {
  const peers = [...rooms.values()].reduce((sum, room) => sum + room.peerCount, 0);
  const inside = peers === 0 ? '' : ` ${peers} ${peers === 1 ? 'peer is' : 'peers are'} in a call.`;
  return `Stop the server?${inside}`;
}
