import type { Socket } from 'node:net';
import { join } from 'node:path';
import { AppError, Tasks } from '@potluck/kernel';
import type { ConsoleDeps } from './deps.ts';
import { openHistory } from './history.ts';
import { LocalConsole } from './local.ts';
import { perform } from './perform.ts';
import { ConsoleSession, type SessionDeps } from './session.ts';
import { greetClient, type Attached } from './socket/attached-terminal.ts';
import { listenForConsoles, type Listening } from './socket/listen.ts';
import { ensurePrivate } from './socket/place.ts';
import type { LocalStreams } from './terminal/local-terminal.ts';

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

const farewell = 'The server is stopping.';

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
  const open = new Map<Attached, (words: string) => void>();

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
      open.set(attached, (words) => session.close(words));
    } else {
      open.set(attached, (words) => terminal.end(1, words));
      log.debug('console command', { command });
      tasks.spawn('carry out a command', performOnly(attached, command));
    }
  };
  const performOnly = async ({ terminal }: Attached, command: string): Promise<void> =>
    terminal.end(await perform(command, deps, { terminal, interrupted: stopped.promise }), '');

  /** Those that have not said who they are: somebody who only looks whether we live, mostly. */
  const silent = new Set<Socket>();
  const onSocket = (socket: Socket): void => {
    silent.add(socket);
    socket.on('close', () => silent.delete(socket));
    greetClient(socket, log, (attached) => {
      silent.delete(socket);
      onAttached(attached);
    });
  };
  const listening = await listen(options, deps, onSocket);
  const local = options.local && new LocalConsole(deps, sessionDeps, options.local);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    local?.close();
    const closed = listening?.close();
    for (const socket of silent) socket.destroy();
    for (const end of open.values()) end(farewell);
    stopped.reject(new AppError('unavailable', farewell));
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

async function listen(
  options: ConsoleOptions,
  deps: ConsoleDeps,
  onSocket: (socket: Socket) => void,
): Promise<Listening | undefined> {
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
