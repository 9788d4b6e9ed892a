import { parseArgs } from 'node:util';
import { AppError, messageOf } from '@potluck/kernel';
import { stepKinds, type StepKind } from './plan.ts';

export const chaosUsage = `potluck chaos: starts a server, joins it with bots, and lets things go wrong by a seeded plan.

  --seed N        which plan; the same seed repeats it (default: by the clock)
  --steps N       how many steps (default 100)
  --bots N        participants, 2 to 8 (default 3)
  --workers N     media workers, 1 to 8 (default 2)
  --only A,B      only these kinds of steps: ${stepKinds.join(', ')}
  --no-standby    without warm standby
  --patient       wait before each step until every standby is up: for measuring
  --svg FILE      write a timeline picture
  --log FILE      append every line at once, and each step as it begins
  --help          this

Exit code 1 when an invariant broke. Needs libwebrtc for Node (npm package @roamhq/wrtc) and the SDK of this project.`;

export function readChaosOptions(args: string[]) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      allowNegative: true,
      options: {
        seed: { type: 'string' },
        steps: { type: 'string', default: '100' },
        bots: { type: 'string', default: '3' },
        workers: { type: 'string', default: '2' },
        only: { type: 'string' },
        standby: { type: 'boolean', default: true },
        patient: { type: 'boolean', default: false },
        svg: { type: 'string' },
        log: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new AppError('bad_request', messageOf(error));
  }
  if (values.help) return undefined;
  const { standby, patient, svg, log } = values;
  return {
    seed: values.seed === undefined ? Date.now() % 100_000 : whole('seed', values.seed, 0, 2 ** 32 - 1),
    steps: whole('steps', values.steps, 1, 100_000),
    bots: whole('bots', values.bots, 2, 8),
    workers: whole('workers', values.workers, 1, 8),
    kinds: values.only === undefined ? undefined : kindsOf(values.only),
    standby,
    patient,
    svg,
    log,
  };
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new AppError('bad_request', `--${name} is "${text}"; allowed: a whole number from ${min} to ${max}`);
}

function kindsOf(text: string): StepKind[] {
  return text.split(',').map((name) => {
    const kind = stepKinds.find((one) => one === name.trim());
    if (kind === undefined) throw new AppError('bad_request', `--only has "${name}"; allowed: ${stepKinds.join(', ')}`);
    return kind;
  });
}
