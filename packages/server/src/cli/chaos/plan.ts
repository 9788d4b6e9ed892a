import { seeded } from './random.ts';

/** One thing that goes wrong, or that somebody does meanwhile. */
export type Step = { readonly pauseMs: number } & (
  | { readonly kind: 'kill' | 'stop' | 'drain'; readonly worker: number }
  /** Two workers, or the same one again, killed so soon after one another that nothing is ready for the second. */
  | { readonly kind: 'twice'; readonly worker: number; readonly next: number; readonly ms: number }
  | { readonly kind: 'cut' | 'delay'; readonly bot: number; readonly ms: number }
  /** On the way of a bot's media: packets get lost (`share`), or take longer (`byMs`). */
  | { readonly kind: 'loss'; readonly bot: number; readonly share: number; readonly ms: number }
  | { readonly kind: 'lag'; readonly bot: number; readonly byMs: number; readonly ms: number }
  | { readonly kind: 'chat' | 'mute' | 'rejoin'; readonly bot: number }
  | { readonly kind: 'restart' }
);
export type StepKind = Step['kind'];

/** How often each comes, relative to the others. */
const weights: { readonly [K in StepKind]: number } = {
  chat: 24,
  cut: 22,
  mute: 14,
  kill: 14,
  drain: 9,
  delay: 9,
  rejoin: 4,
  loss: 6,
  lag: 6,
  twice: 4,
  stop: 3,
  restart: 1,
};
export const stepKinds = Object.keys(weights) as StepKind[];

export type PlanOptions = {
  readonly seed: number;
  readonly steps: number;
  readonly bots: number;
  readonly workers: number;
  /** Only these; default all. */
  readonly kinds?: readonly StepKind[] | undefined;
};

/** What happens, in order. The same seed gives the same plan. */
export function planOf({ seed, steps, bots, workers, kinds = stepKinds }: PlanOptions): Step[] {
  const random = seeded(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const possible = kinds.filter((kind) => workers > 1 || kind !== 'drain');
  const total = possible.reduce((sum, kind) => sum + weights[kind], 0);
  return Array.from({ length: steps }, () => {
    let at = random() * total;
    const kind = possible.find((one) => (at -= weights[one]) < 0) ?? 'chat';
    const bot = below(bots);
    const worker = below(workers);
    const ms = 100 + below(2900);
    const pauseMs = 20 + below(300);
    switch (kind) {
      case 'kill':
      case 'stop':
      case 'drain':
        return { kind, worker, pauseMs };
      case 'twice':
        return { kind, worker, next: below(workers), ms: ms >> 2, pauseMs };
      case 'cut':
      case 'delay':
        return { kind, bot, ms, pauseMs };
      case 'loss':
        return { kind, bot, share: (1 + below(10)) / 10, ms, pauseMs };
      case 'lag':
        return { kind, bot, byMs: 20 + below(480), ms, pauseMs };
      case 'restart':
        return { kind, pauseMs };
      default:
        return { kind, bot, pauseMs };
    }
  });
}

export const showStep = (step: Step): string => {
  if (step.kind === 'twice') return `kill worker ${step.worker}, and worker ${step.next} ${step.ms} ms later`;
  if (step.kind === 'loss') return `lose ${step.share * 100} % of bot ${step.bot} for ${step.ms} ms`;
  if (step.kind === 'lag') return `lag bot ${step.bot} by ${step.byMs} ms for ${step.ms} ms`;
  if ('worker' in step) return `${step.kind} worker ${step.worker}`;
  if (step.kind === 'cut' || step.kind === 'delay') return `${step.kind} bot ${step.bot} for ${step.ms} ms`;
  return 'bot' in step ? `${step.kind} bot ${step.bot}` : step.kind;
};
