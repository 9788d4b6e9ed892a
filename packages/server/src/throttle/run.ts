import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppError, systemCodeOf } from '@potluck/kernel';

/** Runs a program to its end and resolves with what it printed. */
export type Run = (command: readonly string[]) => Promise<string>;

const execute = promisify(execFile);
const withinMs = 10_000;

/** Rejects with `unavailable` and what the program said, or what it lacks. */
export const runProgram: Run = async ([program = '', ...args]) => {
  try {
    const { stdout } = await execute(program, args, { timeout: withinMs });
    return stdout;
  } catch (error) {
    throw new AppError('unavailable', explain([program, ...args], error), { cause: error });
  }
};

function explain(command: readonly string[], error: unknown): string {
  const [program = ''] = command;
  if (!(error instanceof Error)) return `${program} failed`;
  if (systemCodeOf(error) === 'ENOENT') {
    return `network throttling needs the program ${program} (Linux, package iproute2)`;
  }
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  if (/not permitted|permission denied/iu.test(said)) {
    return 'network throttling needs a server that runs as root, or with the capability CAP_NET_ADMIN';
  }
  if (/qdisc kind is unknown|failed to find specified qdisc/iu.test(said) && command.includes('netem')) {
    return 'delay and loss need the kernel module sch_netem, which is not here; limits of the rate work without it';
  }
  return `network throttling failed: ${program} said: ${said.split('\n')[0] || error.message.split('\n')[0]}`;
}
