#!/usr/bin/env node
// Plain JavaScript for any Node from 18 on: finds a Node that can run the rest, and hands over to it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Node 24.12 is the first that runs TypeScript without a flag and without a warning. */
const needed = { major: 24, minor: 12 };

/** The commands; each is a program of its own. What is no command belongs to `start`. */
const commands = new Map([
  ['start', '../src/main.ts'],
  ['connect', '../src/cli/connect.ts'],
  ['exec', '../src/cli/exec.ts'],
  ['engine', '../src/cli/engine.ts'],
  ['token', '../src/cli/token.ts'],
  ['broadcast', '../src/cli/broadcast.ts'],
  ['listen', '../src/cli/listen.ts'],
  ['chaos', '../src/cli/chaos.ts'],
  ['load', '../src/cli/load.ts'],
]);

/** @param {string} version like `24.21.0` */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > needed.major || (major === needed.major && minor >= needed.minor);
}

/** A Node that an npm package brought along, looked for in every `node_modules` above this file. */
function findNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const named = process.env['POTLUCK_NODE'];
  if (named) return existsSync(named) ? named : undefined;
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', '.bin', name);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

const [first, ...rest] = process.argv.slice(2);
const isCommand = first !== undefined && commands.has(first);
if (first !== undefined && !isCommand && !first.startsWith('-')) {
  console.error(`potluck: "${first}" is not a command; allowed: ${[...commands.keys()].join(', ')}`);
  process.exit(2);
}
const program = fileURLToPath(new URL(commands.get(isCommand ? first : 'start') ?? '', import.meta.url));
const args = isCommand ? rest : process.argv.slice(2);

/**
 * Where Node keeps what it made of the TypeScript, so that the next start need not: half the time to start, and some 25 MiB less,
 * since the compiler is never loaded. Beside the built worker; a folder that cannot be written costs nothing but that.
 */
const compiled = async () => {
  const { cacheFolder } = await import('../../engine/src/cache.mjs');
  return join(cacheFolder(), 'compiled');
};

/**
 * How the server's Node is started. When a crowd joins, V8 lets its young generation grow to 128 MiB and keeps them; with 8 the
 * server takes a third less memory then. With 4 it would take no less, 9 MiB less when idle, and an eighth more CPU in a storm of v3 clients.
 */
const serverFlags = ['--max-semi-space-size=8'];
const isServer = !isCommand || first === 'start';

/** What the operator says about it, on the command line or in NODE_OPTIONS, counts. */
const saysHowToStart = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].some((argument) =>
  /semi[-_]space/u.test(argument),
);
const flags = isServer && !saysHowToStart ? serverFlags : [];
/**
 * Each thread that compiles or collects for V8 has a heap of its own in glibc, and keeps what it once took: in a storm of
 * v3 clients 6 MiB. The operator's word counts here, too.
 */
const allocator = isServer ? { MALLOC_ARENA_MAX: '2' } : {};
const env = { NODE_COMPILE_CACHE: await compiled(), ...allocator, ...process.env };

if (isNewEnough(process.versions.node)) {
  // V8 takes such flags only when it starts: this process becomes a Node that has them, and keeps its id and its terminal.
  if (flags.length > 0 && process.execve !== undefined && process.platform !== 'win32')
    process.execve(process.execPath, [process.execPath, ...process.execArgv, ...flags, program, ...args], env);
  module.enableCompileCache(env.NODE_COMPILE_CACHE);
  process.argv = [process.execPath, program, ...args];
  await import(new URL(`file://${program}`).href);
} else {
  const node = findNode();
  if (node === undefined) {
    console.error(
      `potluck: needs Node ${needed.major}.${needed.minor} or newer, this is ${process.versions.node}. ` +
        'Type `npm install` in the project, which brings one, or name one in POTLUCK_NODE.',
    );
    process.exit(1);
  }
  const child = spawn(node, [...flags, program, ...args], { stdio: 'inherit', env });
  // A terminal sends Ctrl-C to both; the server takes signals that come together for one.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`potluck: cannot run ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
