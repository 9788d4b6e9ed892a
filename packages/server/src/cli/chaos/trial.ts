import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@potluck/kernel';
import type { Room } from '../../room/room.ts';
import type { Crash } from './bot-process.ts';
import { carryOut, type Stage } from './carry-out.ts';
import { Crew, type RemoteBot } from './crew.ts';
import { evidenceOf } from './evidence.ts';
import { longestOf } from './gaps.ts';
import { brokenNow } from './invariants.ts';
import { Messages } from './messages.ts';
import { now } from './now.ts';
import { planOf, showStep, type PlanOptions, type Step } from './plan.ts';
import { loadRtc } from './rtc.ts';
import { openTrialServer, type TrialServer } from './server.ts';

export type TrialOptions = PlanOptions & {
  readonly standby: boolean;
  /** Wait before each step until every bot has its standby: for measuring, not for chaos. */
  readonly patient?: boolean;
  /** How long all may take to be well again, in milliseconds. */
  readonly healWithinMs: number;
  readonly say: (line: string) => void;
  /** What is about to be done: for a log that tells how far it came, whatever ends it. */
  readonly note?: (line: string) => void;
  readonly signal?: AbortSignal;
};

export type Outcome = {
  readonly step: Step;
  /** Milliseconds since the trial began. */
  readonly at: number;
  /** Until everything was as it should be. */
  readonly healedMs: number;
  /** Longest silence and longest still picture at any receiver, in milliseconds. */
  readonly audioGap: number;
  readonly videoGap: number;
  /** What was not well when the time was over. */
  readonly broken: readonly string[];
};

/** A process of bots that ended by itself. A signal: libwebrtc, which is native code. A code: an error that nobody caught. */
export type BotCrash = Crash & { readonly bots: readonly string[]; /** 1-based. */ readonly step: number };

export type Report = {
  readonly seed: number;
  readonly outcomes: readonly Outcome[];
  readonly rejections: readonly string[];
  readonly warnings: ReadonlyMap<string, number>;
  /** Tiles that were without a track for a moment though their owner sent. */
  readonly blanks: number;
  /** What was left in the server when everybody had gone. */
  readonly leaks: readonly string[];
  readonly crashes: readonly BotCrash[];
  /** The longest gaps of a while in which nothing was done. */
  readonly quiet: { readonly audioGap: number; readonly videoGap: number };
};

/** Carries out a plan on a server and bots of its own. */
export async function runTrial(options: TrialOptions): Promise<Report> {
  // Says so at once where it is not there.
  loadRtc();
  const server = await openTrialServer(options);
  const rejections: string[] = [];
  const onRejection = (error: unknown) =>
    void rejections.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.on('unhandledRejection', onRejection);
  const trial = new Trial(server, options);
  try {
    const report = await trial.run();
    const looks = (await trial.crew.looks()).filter((look) => look !== undefined);
    await trial.crew.close();
    const leaks = await leaksOf(server);
    return {
      seed: options.seed,
      ...report,
      rejections: [...rejections, ...looks.flatMap((look) => look.rejections)],
      warnings: new Map(looks.flatMap((look) => look.warnings)),
      blanks: looks.reduce((sum, look) => sum + look.blanks, 0),
      leaks,
    };
  } finally {
    await trial.crew.close();
    process.off('unhandledRejection', onRejection);
    await server.close();
  }
}

class Trial {
  readonly #server: TrialServer;
  readonly crew: Crew;
  readonly #options: TrialOptions;
  readonly #started = now();
  readonly #messages = new Messages();
  readonly #stage: Stage;
  readonly #crashes: BotCrash[] = [];
  readonly #muted = new Set<RemoteBot>();
  #step = 0;

  constructor(server: TrialServer, options: TrialOptions) {
    this.#server = server;
    this.#options = options;
    const bot = (index: number) => this.#bot(index);
    this.#stage = { server, bot, messages: this.#messages, onlyBusy: options.patient === true };
    // A link costs delays of its own: only where something is to happen on it.
    const linked = planOf(options).some(({ kind }) => kind === 'loss' || kind === 'lag');
    const { port, mediaPorts } = server;
    this.crew = new Crew({
      bots: options.bots,
      placeOf: (index) => ({
        port,
        roomId: 'chaos',
        link: linked ? { address: `127.0.1.${index + 1}`, ports: mediaPorts, seed: options.seed + index } : undefined,
      }),
      onCrash: (names, crash) => this.#crashed(names, crash),
    });
  }

  async run(): Promise<Pick<Report, 'outcomes' | 'quiet' | 'crashes'>> {
    await this.crew.join();
    const first = await this.#heal(now(), 30_000);
    if (first.length > 0) throw new AppError('internal', `the trial does not begin: ${first.join('; ')}`);
    const calm = now();
    await pause(3000);
    const quiet = await this.#gaps(calm, now());
    const outcomes: Outcome[] = [];
    for (const [index, step] of planOf(this.#options).entries()) {
      if (this.#options.signal?.aborted) break;
      this.#step = index + 1;
      this.#options.note?.(`step ${index + 1} begins: ${showStep(step)}`);
      const outcome = await this.#do(step);
      outcomes.push(outcome);
      const { healedMs, audioGap, videoGap, broken } = outcome;
      const result = broken.length > 0 ? `BROKEN: ${broken.join('; ')}` : `well after ${Math.round(healedMs)} ms`;
      const gaps = `audio ${Math.round(audioGap)} ms, video ${Math.round(videoGap)} ms`;
      this.#options.say(`${index + 1}. ${showStep(step)}: ${result}; longest gaps: ${gaps}`);
      if (broken.length > 0) break;
    }
    return { outcomes, quiet, crashes: this.#crashes };
  }

  async #do(step: Step): Promise<Outcome> {
    await pause(step.pauseMs);
    if (this.#options.patient === true) await this.#untilReady();
    await Promise.allSettled(this.#bots.map((bot) => bot.order('trim', now() - 1000)));
    const at = now();
    await carryOut(step, this.#stage).catch((error: unknown) => this.#unlessCrashed(error));
    // What came before the step says nothing about after it; a dead worker's sockets hold a few packets.
    const acted = now();
    await pause(150);
    const broken = await this.#heal(acted + 100, this.#options.healWithinMs);
    if (broken.length > 0) for (const line of await evidenceOf(this.#bots, this.#room)) this.#options.say(line);
    const healed = now();
    // Some more, for what looks well and is not.
    await pause(50);
    const gaps = await this.#gaps(at - 50, now(), step);
    if (step.kind === 'drain') this.#server.app.fabric.undrainWorker(step.worker);
    return { step, at: at - this.#started, healedMs: healed - at, ...gaps, broken };
  }

  get #bots(): readonly RemoteBot[] {
    return this.crew.bots;
  }

  #bot(index: number): RemoteBot {
    const bot = this.#bots[index];
    if (bot === undefined) throw new AppError('internal', `no bot ${index}`);
    return bot;
  }

  get #room(): Room | undefined {
    return [...this.#server.app.registry.rooms.values()].find(({ id }) => id === 'chaos');
  }

  async #untilReady(): Promise<void> {
    const until = now() + 10_000;
    const ready = () =>
      [...(this.#room?.members.values() ?? [])].every(
        ({ transports }) =>
          [...transports.values()].filter((held) => held.role === 'standby' && held.connected).length === 2,
      );
    while (!ready() && now() < until) await pause(50);
    await pause(500);
  }

  async #heal(since: number, withinMs: number): Promise<readonly string[]> {
    const until = now() + withinMs;
    for (;;) {
      const said = (this.#room?.chat.history ?? []).map(({ text }) => text).slice(-100);
      const looks = await this.crew.looks();
      this.#muted.clear();
      for (const [index, look] of looks.entries()) if (look?.muted) this.#muted.add(this.#bot(index));
      const bots = this.#bots.map(({ name }, index) => ({ name, look: looks[index] }));
      const broken = brokenNow(bots, said, this.#room?.media.summary(), since);
      if (broken.length === 0) {
        await this.#messages.settled().catch((error: unknown) => this.#unlessCrashed(error));
        const late = this.#messages.notSaidOnce(said);
        if (late.length === 0) return [];
        broken.push(`not said once: ${late.join(', ')}`);
      }
      if (now() > until) return broken;
      await pause(30);
    }
  }

  async #gaps(from: number, to: number, step?: Step): Promise<{ audioGap: number; videoGap: number }> {
    const measured = await Promise.all(this.#bots.map((bot) => bot.order('gaps', from, to).catch(() => undefined)));
    const heard = this.#bots.map(({ name }, index) => ({ name, gaps: measured[index]?.gaps }));
    const longest = (source: 'microphone' | 'camera') =>
      longestOf(source, heard, to - from, (receiver, sender) => {
        const [bot, other] = [this.#bots[receiver], this.#bots[sender]];
        if (bot === undefined || other === undefined || this.#concerned(step, bot, other, source)) return false;
        return source === 'camera' || !this.#muted.has(other);
      });
    return { audioGap: longest('microphone'), videoGap: longest('camera') };
  }

  #crashed(bots: readonly string[], crash: Crash): void {
    this.#crashes.push({ ...crash, bots, step: this.#step });
    const { signal, code, said } = crash;
    const how = signal === null ? `code ${code}` : signal;
    this.#options.say(
      `step ${this.#step}, seed ${this.#options.seed}: the process of ${bots.join(', ')} ended by ${how}; it joins again`,
    );
    if (said !== '') this.#options.say(said);
  }

  /** What was ordered of a process that died is done by nobody; what else goes wrong is an error of the trial. */
  #unlessCrashed(error: unknown): void {
    if (AppError.from(error).code !== 'unavailable' || this.#crashes.at(-1)?.step !== this.#step) throw error;
  }

  /** Whether this silence is what the step asked for. */
  #concerned(step: Step | undefined, bot: RemoteBot, other: RemoteBot, source: string): boolean {
    if (step?.kind === 'rejoin') return [bot, other].includes(this.#bot(step.bot));
    return step?.kind === 'mute' && source === 'microphone' && other === this.#bot(step.bot);
  }
}

/** Rooms close when the last has left: then nothing is there any more. */
async function leaksOf({ app }: TrialServer): Promise<string[]> {
  const until = now() + 5000;
  while (app.registry.rooms.size > 0 && now() < until) await pause(50);
  const left = app.fabric.workers().flatMap(({ index, routers, transports, producers, consumers }) =>
    Object.entries({ routers, transports, producers, consumers })
      .filter(([, count]) => count !== 0)
      .map(([what, count]) => `worker ${index}: ${count} ${what}`),
  );
  return app.registry.rooms.size === 0 ? left : [...left, `${app.registry.rooms.size} rooms`];
}
