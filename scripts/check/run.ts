import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

export type Step = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Told when it begins; for steps that take a while. */
  readonly about?: string;
  /** Its output ends with the counts of `node --test`; none at all is a failure. */
  readonly runsTests: boolean;
  /** There is nothing of this kind yet. */
  readonly empty: boolean;
  readonly timeoutMs: number;
};

export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

export type Result = {
  readonly step: Step;
  readonly kind: 'passed' | 'failed' | 'empty';
  readonly counts: Counts;
  readonly ms: number;
  /** What a reader needs to see of a failure. */
  readonly output: string;
};

const none: Counts = { passed: 0, failed: 0, skipped: 0 };

/** Runs one step to its end, or to its time limit. Never rejects. */
export async function runStep(step: Step): Promise<Result> {
  if (step.empty) return { step, kind: 'empty', counts: none, ms: 0, output: '' };
  const started = performance.now();
  const { code, output, timedOut, error } = await runCommand(step);
  const counts = step.runsTests ? countsOf(output) : none;
  const complaint = complaintOf({ step, code, counts, timedOut, error });
  return {
    step,
    kind: complaint === undefined ? 'passed' : 'failed',
    counts,
    ms: performance.now() - started,
    output: complaint === undefined ? '' : `${step.runsTests ? failuresOf(output) : output}\n${complaint}`,
  };
}

type Outcome = { code: number | null; output: string; timedOut: boolean; error: Error | undefined };

function runCommand({ command, args, timeoutMs }: Step): Promise<Outcome> {
  const { promise, resolve: end } = Promise.withResolvers<Outcome>();
  // Its own process group, so that a step that hangs ends with everything it started.
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  let timedOut = false;
  const stop = () => {
    if (child.pid !== undefined) killGroup(child.pid);
  };
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, timeoutMs);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const finish = (code: number | null, error?: Error) => {
    clearTimeout(timer);
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    end({ code, output: Buffer.concat(chunks).toString(), timedOut, error });
  };
  child.once('error', (error) => finish(null, error));
  child.once('close', (code) => finish(code));
  return promise;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It ended in this moment.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The counts that the spec reporter of `node --test` ends with. */
export function countsOf(output: string): Counts {
  const count = (name: string) => Number(output.match(new RegExp(`^ℹ ${name} (\\d+)$`, 'm'))?.[1] ?? 0);
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped') + count('todo'),
  };
}

/** The part of the spec reporter's output that repeats the failures with their reasons. */
export function failuresOf(output: string): string {
  const start = output.indexOf('✖ failing tests:');
  const lines = output.split('\n');
  const leftovers = lines.filter((line) => line.includes('but still open:'));
  if (start !== -1) return [...leftovers, output.slice(start)].join('\n');
  // The runner never came to its summary: what had failed until then, and where it stood.
  const failed = lines.filter((line) => line.includes('✖'));
  return [...failed, ...lines.slice(-30)].join('\n');
}

function complaintOf({
  step,
  code,
  counts,
  timedOut,
  error,
}: Omit<Outcome, 'output'> & { step: Step; counts: Counts }): string | undefined {
  if (error) return `could not be started: ${error.message}`;
  if (timedOut) return `stopped after ${step.timeoutMs / 1000} s`;
  if (code !== 0) return `exit code ${code}`;
  if (counts.failed > 0) return `${counts.failed} failed`;
  if (step.runsTests && counts.passed === 0) return 'no test was run';
  return undefined;
}
