import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { messageOf } from '@potluck/kernel';
import {
  SetupError,
  buildWorker,
  choices,
  findMediasoup,
  inspectCache,
  isChoice,
  keepChoice,
  locateWorker,
  prebuiltWorker,
} from '@potluck/engine';
import { describeEngine, toText } from './describe.ts';

/** What the command needs of its process. */
export type Deps = {
  env: NodeJS.ProcessEnv;
  /** A Node.js that runs TypeScript. */
  node: string;
  out: (text: string) => void;
  error: (text: string) => void;
};

const statuses = { ok: 0, failed: 1, misused: 2 };

const usage = `Usage: potluck engine [--json]             shows which media worker is in use
       potluck engine build                builds it from source into the cache, tests it
       potluck engine use tuned            the worker built here, as it is meant to be
       potluck engine use plain            the same without its batching of UDP sends
       potluck engine use prebuilt         the one that mediasoup's install step downloaded
       potluck engine use auto             the first that there is
       potluck engine bench [--full] [--out FOLDER]  CPU per forwarded packet, tuned against plain
What MEDIASOUP_WORKER_BIN names goes before every choice. A server that runs keeps its worker until it is restarted.`;

class Misuse extends Error {}

/** Carries out `potluck engine …`; resolves with the exit status. */
export async function runEngine(args: string[], deps: Deps): Promise<number> {
  try {
    const { values, positionals } = read(args);
    const [verb = 'show', ...rest] = positionals;
    if (values.help) deps.out(usage);
    else if (verb === 'show' && rest.length === 0) show(values.json, deps);
    else if (verb === 'build' && rest.length === 0) await build(deps);
    else if (verb === 'use') choose(rest, deps);
    else if (verb === 'bench' && rest.length === 0) return await bench(values, deps);
    else throw new Misuse(`"${positionals.join(' ')}" is not known; allowed: build, use, bench, or nothing`);
    return statuses.ok;
  } catch (error) {
    return explainTo(deps, error);
  }
}

function explainTo(deps: Deps, error: unknown): number {
  const message = messageOf(error);
  deps.error(`potluck engine: ${message}`);
  if (error instanceof Misuse) {
    deps.error(`\n${usage}`);
    return statuses.misused;
  }
  if (error instanceof SetupError) {
    for (const line of error.tail) deps.error(`  ${line}`);
    if (error.remedy !== undefined) deps.error(`  Try: ${error.remedy}`);
  }
  return statuses.failed;
}

function read(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        full: { type: 'boolean', default: false },
        out: { type: 'string' },
      },
    });
  } catch (error) {
    throw new Misuse(messageOf(error));
  }
}

function show(json: boolean, { env, out }: Deps): void {
  const description = describeEngine(env);
  out(json ? JSON.stringify(description, undefined, 2) : toText(description));
}

async function build({ node, out, error }: Deps): Promise<void> {
  const mediasoup = installedMediasoup();
  if (inspectCache({ mediasoup }).kind === 'trusted') return out('The worker is built already, from this very recipe.');
  let last = '';
  const report = ({ what, fraction }: { what: string; fraction?: number }) => {
    const tenths = fraction === undefined ? '' : ` ${Math.floor(fraction * 10) * 10} %`;
    if (`${what}${tenths}` !== last) error((last = `${what}${tenths}`));
  };
  const worker = await buildWorker({ mediasoup, node, report, warn: (text) => error(`Note: ${text}`) });
  out(`Built and tested: ${worker.bin}`);
}

function choose([choice, ...more]: string[], { env, out }: Deps): void {
  if (more.length > 0 || (choice !== 'auto' && !isChoice(choice))) {
    throw new Misuse(`use "${[choice, ...more].join(' ')}" is not known; allowed: ${choices.join(', ')}, auto`);
  }
  const mediasoup = installedMediasoup();
  if (choice === 'prebuilt' && !existsSync(prebuiltWorker(mediasoup))) {
    throw new SetupError(`mediasoup ${mediasoup.version} has no prebuilt worker here.`, {
      remedy: 'npm rebuild mediasoup --foreground-scripts, where GitHub can be reached',
    });
  }
  if ((choice === 'tuned' || choice === 'plain') && inspectCache({ env, mediasoup }).kind !== 'trusted') {
    throw new SetupError('No worker has been built here yet from this recipe.', { remedy: 'npx potluck engine build' });
  }
  keepChoice(choice === 'auto' ? undefined : choice, env);
  out(
    choice === 'auto'
      ? 'From the next start on: the first worker that there is.'
      : `From the next start on: ${choice}.`,
  );
  const named = env['MEDIASOUP_WORKER_BIN'];
  if (named) out(`MEDIASOUP_WORKER_BIN is set and goes before it: ${named}`);
}

async function bench({ full, out: folder }: { full: boolean; out?: string | undefined }, deps: Deps): Promise<number> {
  const program = fileURLToPath(new URL('../../../../../bench/packet-cost/run.ts', import.meta.url));
  if (!existsSync(program))
    throw new SetupError('The bench is not part of this installation; it needs a clone of Potluck.');
  if (!locateWorker({ env: deps.env }))
    throw new SetupError('There is no worker yet.', { remedy: 'npx potluck engine build' });
  const args = [program, ...(full ? [] : ['--quick']), ...(folder === undefined ? [] : ['--out', folder])];
  const child = spawn(deps.node, args, { stdio: 'inherit', env: deps.env });
  await once(child, 'exit');
  return child.exitCode ?? statuses.failed;
}

function installedMediasoup() {
  const mediasoup = findMediasoup();
  if (!mediasoup) throw new SetupError('The npm package mediasoup is not installed.', { remedy: 'npm install' });
  return mediasoup;
}
