import { join } from 'node:path';
import type { ReadStream, WriteStream } from 'node:tty';
import { messageOf } from '@potluck/kernel';
import { locateWorker } from '@potluck/engine';
import { openApp, type App } from './app.ts';
import { tokenLink } from './access/link.ts';
import { banner } from './banner.ts';
import type { LoadResult } from './config/load.ts';
import type { Config } from './config/schema.ts';
import { openConsole, type Console } from './console/console.ts';
import { socketFolders } from './console/socket/place.ts';
import { isForeground } from './console/terminal/local-terminal.ts';
import { Screen } from './console/terminal/screen.ts';
import { tlsFilesOf } from './edge/front.ts';
import type { Inspector } from './media/inspect.ts';
import { openInspector } from './media/mediasoup/inspector.ts';
import type { Running } from './running.ts';
import { serverVersion } from './version.ts';
import { openLog, type Log } from './watch/log.ts';

export type Output = {
  isTerminal: boolean;
  colors: boolean;
  write: (text: string) => void;
  /** For the console in the server's own terminal; both ends must be one. */
  terminal?: { input: ReadStream; output: WriteStream };
  env: { readonly [name: string]: string | undefined };
};
type Loaded = Extract<LoadResult, { kind: 'loaded' }>;
export type Started = { kind: 'started'; title: string } | { kind: 'failed'; reason: string };

/** A working day. */
const hostLinkSeconds = 12 * 3_600;

/** Starts the server and says in order what it does. Whatever prevents it becomes one sentence. */
export async function startServer(loaded: Loaded, output: Output, running: Running): Promise<Started> {
  const { config, warnings } = loaded;
  // Log lines and the line that is typed at the console share the terminal.
  const screen = new Screen(output.write);
  const log = openLog({ ...config.log, format: formatOf(config, output), colors: output.colors, write: screen.write });
  running.logTo(log.root);
  for (const warning of warnings) log.root.warn(warning);
  logSettings(config, log);
  // Before the first worker: it follows what is born.
  const inspector = openInspector();
  try {
    const app = await openApp(withWorker(config), log);
    const ends: (() => Promise<void>)[] = [];
    running.started({
      close: async (reason) => {
        app.fabric.retire();
        for (const end of ends) await end();
        await app.close(reason);
        inspector.close();
      },
    });
    const { local, others } = app.links;
    const hostLink = await tellAccess(app, log);
    if (formatOf(config, output) === 'human')
      screen.write(
        banner(app.links, {
          qrCode: config.log.qrCode && output.isTerminal,
          selfSigned: tlsFilesOf(config) === undefined,
          mode: app.accessMode.mode,
          hostLink,
        }),
      );
    else log.root.info('open for calls', { local, others, ...(hostLink !== undefined && { hostLink }) });
    const operators = await openOperators(loaded, output, { app, log, inspector, screen, running });
    ends.push(() => operators.close());
    return { kind: 'started', title: `potluck: ${app.httpsPort}, ${plural(config.media.workers, 'worker')}` };
  } catch (error) {
    log.root.debug('start failed', { error });
    return { kind: 'failed', reason: sentence(error) };
  }
}

/** Says who may enter and why. Where a host must let guests in, the operator gets a link that makes its holder one. */
async function tellAccess({ access, accessMode, links }: App, log: Log): Promise<string | undefined> {
  const { mode, because, exposed } = accessMode;
  if (exposed) log.root.warn('anyone on the internet may enter', { access: mode, because });
  else log.root.info('access', { mode, because });
  if (mode !== 'guests') return undefined;
  const wish = {
    room: '*',
    role: 'host',
    lifetimeSeconds: Math.min(hostLinkSeconds, access.maxLifetimeSeconds),
  } as const;
  return tokenLink(links, (await access.issue(wish)).token);
}

type ConsoleParts = { app: App; log: Log; inspector: Inspector; screen: Screen; running: Running };

function openOperators(
  { config, sources }: Loaded,
  { terminal, colors, env }: Output,
  { app, log, inspector, screen, running }: ConsoleParts,
): Promise<Console> {
  const wanted = config.console.interactive && terminal?.input.isTTY && terminal.output.isTTY && isForeground();
  return openConsole(
    {
      registry: app.registry,
      fabric: app.fabric,
      inspector,
      logFilter: log,
      settings: { config, sources },
      log: log.root,
      requestStop: () => running.finish(),
    },
    {
      socketFolders: socketFolders(env, config.data.folder),
      port: app.httpsPort,
      historyFolder: join(config.data.folder, 'console'),
      ...(wanted && { local: { ...terminal, screen, colors } }),
    },
  );
}

function logSettings({ media }: Config, log: Log): void {
  log.root.info(`Potluck ${serverVersion}`, {
    workers: media.workers,
    DEBUG: log.pattern,
    workerLogLevel: media.logLevel,
    workerLogTags: media.logTags.join(' '),
  });
}

const formatOf = ({ log }: Config, { isTerminal }: Output): 'human' | 'json' =>
  log.format === 'auto' ? (isTerminal ? 'human' : 'json') : log.format;

/** The worker that the set-up found or built, unless one is named. */
function withWorker(config: Config): Config {
  if (config.media.workerBin !== undefined) return config;
  const found = locateWorker();
  // mediasoup gives the worker this process's environment; what the operator set stays.
  for (const [name, value] of Object.entries(found?.env ?? {})) process.env[name] ??= value;
  return found === undefined ? config : { ...config, media: { ...config.media, workerBin: found.bin } };
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What went wrong, without a stack; several failures as one. */
function sentence(error: unknown): string {
  if (error instanceof SuppressedError) return sentence(error.suppressed);
  return messageOf(error);
}
