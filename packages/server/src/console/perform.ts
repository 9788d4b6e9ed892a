import { AppError, systemClock, withTimeout } from '@potluck/kernel';
import type { CommandDeps } from './deps.ts';
import { jsonError, jsonResult, showError, showResult } from './render/render.ts';
import type { Outcome, Result } from './result.ts';
import { parseLine, runCommand } from './run.ts';
import type { Terminal } from './terminal/terminal.ts';

/** What a shell sees of a command. */
export const statuses = { ok: 0, failed: 1, misused: 2 } as const;

type LiveOutcome = Extract<Outcome, { kind: 'live' }>;

/** What there is around the command: a console has it all, a single command from a script has none. */
export type Stage = {
  terminal: Terminal;
  /** Rejects when the operator does not want to wait any longer. */
  interrupted?: Promise<never>;
  live?: (live: LiveOutcome) => Promise<void>;
  repl?: () => Promise<void>;
  quit?: () => void;
};

/** A worker that hangs does not answer. */
const answerWithinMs = 10_000;

/** Carries out one line and shows what comes of it. Resolves with its status; never rejects. */
export async function perform(line: string, deps: CommandDeps, stage: Stage): Promise<number> {
  const { terminal } = stage;
  let json = /(?:^|\s)--json(?:\s|$)/u.test(line);
  try {
    const parsed = parseLine(line);
    if (parsed === undefined) return statuses.ok;
    json = parsed.json;
    const work = withTimeout(runCommand(parsed, deps), answerWithinMs, `the command ${parsed.command.name}`);
    const outcome = await Promise.race([work, ...(stage.interrupted ? [stage.interrupted] : [])]);
    await present(outcome, json, stage);
    return statuses.ok;
  } catch (error) {
    terminal.writeError(json ? jsonError(error) : showError(error, terminal));
    return error instanceof AppError && error.code === 'bad_request' ? statuses.misused : statuses.failed;
  }
}

async function present(outcome: Outcome, json: boolean, stage: Stage): Promise<void> {
  const { terminal } = stage;
  const write = (result: Result) => terminal.write(json ? jsonResult(result) : showResult(result, terminal));
  switch (outcome.kind) {
    case 'result':
      return write(outcome.result);
    case 'live':
      if (stage.live && !json) return stage.live(outcome);
      return write(await Promise.race([sampleOnce(outcome), ...(stage.interrupted ? [stage.interrupted] : [])]));
    case 'repl':
      if (stage.repl) return stage.repl();
      throw new AppError('bad_request', 'the REPL needs a terminal: type it in the console');
    case 'quit':
      return stage.quit?.();
    default:
      return outcome satisfies never;
  }
}

/** Rates are known from the second look on. */
async function sampleOnce({ sample, everyMs }: LiveOutcome): Promise<Result> {
  await sample();
  const { promise, resolve } = Promise.withResolvers<void>();
  systemClock.after(everyMs, resolve);
  await promise;
  return sample();
}
