import { join } from 'node:path';
import { AppError, Tasks } from '@potluck/kernel';
import type { ConsoleDeps } from './deps.ts';
import { openHistory } from './history.ts';
import { perform } from './perform.ts';
import { ConsoleSession, type SessionDeps } from './session.ts';
import { greetClient, type Attached } from './socket/attached-terminal.ts';
import { listenForConsoles, type Listening } from './socket/listen.ts';
import { ensurePrivate } from './socket/place.ts';
import { openLocalTerminal, type LocalStreams } from './terminal/local-terminal.ts';

export type ConsoleOptions = {
  /** Folders for the socket, the best first; see `socketFolders`. */
  socketFolders: readonly string[];
  /** Names the socket: the HTTPS port of this server. */
  port: number;
  /** Where the history is kept. */
  historyFolder: string;
  /** The server's own terminal, if the console is wanted there. */
  local?: LocalStreams;
};

export type Console = {
  /** Where others attach; `undefined` where no socket could be opened. */
  readonly socketPath: string | undefined;
  /** How many are attached through the socket. */
  readonly attached: number;
  /** Tells everyone that the server stops, and gives their terminals back. Idempotent. */
  close(): Promise<void>;
};

const farewells = {
  stopping: 'The server is stopping.',
  local:
    'The console is closed, the server goes on. Ctrl-C stops it; `npm run connect` opens a console in another terminal.',
};

/** Opens the console: its socket and, if wanted, the server's own terminal. Whatever fails is logged, not thrown. */
export async function openConsole(deps: ConsoleDeps, options: ConsoleOptions): Promise<Console> {
  const log = deps.log.child('console');
  const tasks = new Tasks((task, error) => log.warn('background task failed', { task, error }));
  await ensurePrivate(options.historyFolder).catch((error: unknown) => log.warn('no console history', { error }));
  const sessionDeps: SessionDeps = {
    commands: deps,
    tasks,
    history: await openHistory(join(options.historyFolder, 'history'), tasks),
    replHistoryFile: join(options.historyFolder, 'repl-history'),
  };
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => {});
  /** Ends each of them, in words. */
  const open = new Map<Attached, (farewell: string) => void>();

  const onAttached = (attached: Attached): void => {
    const { terminal, command } = attached;
    terminal.events.on('lost', () => open.delete(attached));
    if (command === undefined) {
      log.info('console attached', { attached: open.size + 1 });
      const session = new ConsoleSession(sessionDeps, terminal, {
        greeting: 'Potluck console: help lists the commands, Tab completes, Ctrl-D leaves.',
        farewell: '',
        onInterrupt: { kind: 'leave' },
      });
      open.set(attached, (farewell) => session.close(farewell));
    } else {
      open.set(attached, (farewell) => terminal.end(1, farewell));
      log.info('console command', { command });
      tasks.spawn('carry out a command', performOnly(attached, command));
    }
  };
  const performOnly = async ({ terminal }: Attached, command: string): Promise<void> =>
    terminal.end(await perform(command, deps, { terminal, interrupted: stopped.promise }), '');

  const listening = await listen(options, deps, (socket) => greetClient(socket, log, onAttached));
  const local = options.local && openLocal(sessionDeps, deps, options.local);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    local?.close();
    const closed = listening?.close();
    for (const end of open.values()) end(farewells.stopping);
    stopped.reject(new AppError('unavailable', farewells.stopping));
    await closed;
    await tasks.idle();
  };
  return {
    socketPath: listening?.path,
    get attached() {
      return open.size;
    },
    close: () => (closing ??= close()),
  };
}

type OnSocket = Parameters<typeof listenForConsoles>[0]['onSocket'];

async function listen(options: ConsoleOptions, deps: ConsoleDeps, onSocket: OnSocket): Promise<Listening | undefined> {
  const log = deps.log.child('console');
  try {
    const { socketFolders: folders, port } = options;
    const listening = await listenForConsoles({ folders, port, onSocket }, log);
    log.debug('console socket open', { path: listening.path });
    return listening;
  } catch (error) {
    log.warn('no console can be attached', { error });
    return undefined;
  }
}

/** The console in the terminal where the server was started. */
function openLocal(sessionDeps: SessionDeps, deps: ConsoleDeps, streams: LocalStreams): { close(): void } {
  const session = new ConsoleSession(sessionDeps, openLocalTerminal(streams), {
    greeting: 'Console: help lists the commands, Tab completes, Ctrl-D leaves it, Ctrl-C stops the server.',
    farewell: farewells.local,
    onInterrupt: { kind: 'confirm', question: () => stopQuestion(deps), stop: () => deps.requestStop() },
  });
  const unguard = streams.screen.guard(session);
  return {
    close: () => {
      unguard();
      session.close('');
    },
  };
}

function stopQuestion({ registry: { rooms } }: ConsoleDeps): string {
  const peers = [...rooms.values()].reduce((sum, room) => sum + room.peerCount, 0);
  const inside = peers === 0 ? '' : ` ${peers} ${peers === 1 ? 'peer is' : 'peers are'} in a call.`;
  return `Stop the server?${inside}`;
}
