import { locateWorker } from '@potluck/engine';
import debug from 'debug';
import { openApp } from './app.ts';
import { banner } from './banner.ts';
import type { LoadResult } from './config/load.ts';
import type { Config } from './config/schema.ts';
import type { Running } from './running.ts';
import { serverVersion } from './version.ts';
import { openLog, type Log } from './watch/log.ts';

export type Output = { isTerminal: boolean; colors: boolean; write: (text: string) => void };
export type Started = { kind: 'started'; title: string } | { kind: 'failed'; reason: string };

/** Starts the server and says in order what it does. Whatever prevents it becomes one sentence. */
export async function startServer(
  { config, warnings }: Extract<LoadResult, { kind: 'loaded' }>,
  output: Output,
  running: Running,
): Promise<Started> {
  // The `debug` package, under mediasoup and Express, would print by itself what DEBUG asks for; our log does.
  debug.disable();
  const log = openLog({ ...config.log, format: formatOf(config, output), colors: output.colors, write: output.write });
  running.logTo(log.root);
  for (const warning of warnings) log.root.warn(warning);
  logSettings(config, log);
  try {
    const app = await openApp(withWorker(config), log);
    running.started(app);
    const { local, others } = app.links;
    if (formatOf(config, output) === 'human')
      output.write(banner(app.links, { qrCode: config.log.qrCode && output.isTerminal }));
    else log.root.info('open for calls', { local, others });
    return { kind: 'started', title: `potluck: ${app.httpsPort}, ${plural(config.media.workers, 'worker')}` };
  } catch (error) {
    log.root.debug('start failed', { error });
    return { kind: 'failed', reason: sentence(error) };
  }
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
  return found === undefined ? config : { ...config, media: { ...config.media, workerBin: found.bin } };
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What went wrong, without a stack; several failures as one. */
function sentence(error: unknown): string {
  if (error instanceof SuppressedError) return sentence(error.suppressed);
  return error instanceof Error ? error.message : String(error);
}
