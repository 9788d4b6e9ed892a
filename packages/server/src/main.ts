/** The process: arguments, signals, exit codes. Nothing else listens to signals or ends it. */
import process from 'node:process';
import debug from 'debug';
import { readFlags } from './config/flags.ts';
import { loadConfig } from './config/load.ts';
import { showConfig, showHelp } from './config/show.ts';
import { showProblems } from './config/source.ts';
import { exitCodes, Running } from './running.ts';
import { serverVersion } from './version.ts';

async function main(): Promise<number | undefined> {
  const args = process.argv.slice(2);
  const commandLine = readFlags(args[0] === 'start' ? args.slice(1) : args);
  if (commandLine.help) return say(showHelp(serverVersion));
  if (commandLine.version) return say(serverVersion);

  const result = await loadConfig({ commandLine, env: process.env, folder: process.cwd() });
  if (result.kind === 'refused') {
    process.stderr.write(`${showProblems(result.problems)}\n`);
    return exitCodes.badConfiguration;
  }
  if (commandLine.printConfig) return say(showConfig(result.config, result.sources));

  const running = new Running((code) => process.exit(code));
  process.on('SIGINT', () => running.stop('SIGINT'));
  process.on('SIGTERM', () => running.stop('SIGTERM'));
  process.on('uncaughtException', (error) => running.fail(error));
  process.on('unhandledRejection', (error) => running.report(error));
  // Whoever read our output may go away (`| head`); that is no reason to end calls.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

  const output = {
    isTerminal: process.stdout.isTTY,
    colors: hasColors(),
    write,
    terminal: { input: process.stdin, output: process.stdout },
    env: process.env,
  };
  // mediasoup and Express print through this package what DEBUG asks for; our log does that.
  debug.disable();
  // Loaded only now: help and complaints about the configuration are there at once.
  const { startServer } = await import('./start.ts');
  const started = await startServer(result, output, running);
  if (started.kind === 'failed') {
    process.stderr.write(`Potluck did not start: ${started.reason}\n`);
    return exitCodes.failed;
  }
  process.title = started.title;
  return undefined;
}

function write(text: string): void {
  process.stdout.write(text);
}

function say(text: string): number {
  write(`${text}\n`);
  return exitCodes.ok;
}

/** https://no-color.org and its counterpart. */
function hasColors(): boolean {
  if (process.env['NO_COLOR']) return false;
  return process.env['FORCE_COLOR'] ? true : process.stdout.isTTY && process.stdout.hasColors();
}

const code = await main();
if (code !== undefined) process.exit(code);
