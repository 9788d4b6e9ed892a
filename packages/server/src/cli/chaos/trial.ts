import { AppError } from '@potluck/kernel';
import type { Room } from '../../room/room.ts';
import { openBot, type Bot } from './bot.ts';
import { evidenceOf } from './evidence.ts';
import { longestGap } from './gaps.ts';
import { brokenNow } from './invariants.ts';
import { openLink } from './link.ts';
import { planOf, showStep, type PlanOptions, type Step } from './plan.ts';
import { seeded } from './random.ts';
import { loadRtc, openSources } from './rtc.ts';
import { openTrialServer, type TrialServer } from './server.ts';

export type TrialOptions = PlanOptions & {
  readonly standby: boolean;
  /** Wait before each step until every bot has its standby: for measuring, not for chaos. */
  readonly patient?: boolean;
  /** How long all may take to be well again, in milliseconds. */
  readonly healWithinMs: number;
  readonly say: (line: string) => void;
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

export type Report = {
  readonly seed: number;
  readonly outcomes: readonly Outcome[];
  readonly rejections: readonly string[];
  readonly warnings: ReadonlyMap<string, number>;
  /** Tiles that were without a track for a moment though their owner sent. */
  readonly blanks: number;
  /** What was left in the server when everybody had gone. */
  readonly leaks: readonly string[];
  /** The longest gaps of a while in which nothing was done. */
  readonly quiet: { readonly audioGap: number; readonly videoGap: number };
};

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Carries out a plan on a server and bots of its own. */
export async function runTrial(options: TrialOptions): Promise<Report> {
  const rtc = loadRtc();
  const server = await openTrialServer(options);
  const sources = openSources(rtc);
  const warnings = new Map<string, number>();
  const rejections: string[] = [];
  const onRejection = (error: unknown) =>
    void rejections.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.on('unhandledRejection', onRejection);
  const bots: Bot[] = [];
  const names = ['anna', 'bob', 'carl', 'dora', 'emil', 'fred', 'gina', 'hugo'];
  try {
    const onWarned = (text: string) =>
      void warnings.set(text.replace(/[\w-]{20,}/g, '…'), (warnings.get(text) ?? 0) + 1);
    // A link costs delays of its own: only where something is to happen on it.
    const linked = planOf(options).some(({ kind }) => kind === 'loss' || kind === 'lag');
    for (let index = 0; index < options.bots; index++) {
      const { port, mediaPorts } = server;
      const random = seeded(options.seed + index);
      const link = linked ? await openLink(`127.0.1.${index + 1}`, mediaPorts, random) : undefined;
      bots.push(await openBot(names[index] ?? `bot${index}`, { rtc, sources, port, onWarned, link }));
    }
    const trial = new Trial(server, bots, options);
    const report = await trial.run();
    const blanks = bots.reduce((sum, bot) => sum + bot.watch.blanks, 0);
    await Promise.all(bots.map((bot) => bot.close()));
    bots.length = 0;
    return { seed: options.seed, ...report, rejections, warnings, blanks, leaks: await leaksOf(server) };
  } finally {
    await Promise.all(bots.map((bot) => bot.close()));
    sources.close();
    process.off('unhandledRejection', onRejection);
    await server.close();
  }
}

class Trial {
  readonly #server: TrialServer;
  readonly #bots: readonly Bot[];
  readonly #options: TrialOptions;
  readonly #started = performance.now();
  readonly #chats: Promise<unknown>[] = [];
  readonly #sent: string[] = [];

  constructor(server: TrialServer, bots: readonly Bot[], options: TrialOptions) {
    this.#server = server;
    this.#bots = bots;
    this.#options = options;
  }

  async run(): Promise<Pick<Report, 'outcomes' | 'quiet'>> {
    const first = await this.#heal(performance.now(), 30_000);
    if (first.length > 0) throw new AppError('internal', `the trial does not begin: ${first.join('; ')}`);
    const calm = performance.now();
    await pause(3000);
    const quiet = this.#gaps(calm, performance.now());
    const outcomes: Outcome[] = [];
    for (const [index, step] of planOf(this.#options).entries()) {
      if (this.#options.signal?.aborted) break;
      const outcome = await this.#do(step);
      outcomes.push(outcome);
      const { healedMs, audioGap, videoGap, broken } = outcome;
      const result = broken.length > 0 ? `BROKEN: ${broken.join('; ')}` : `well after ${Math.round(healedMs)} ms`;
      const gaps = `audio ${Math.round(audioGap)} ms, video ${Math.round(videoGap)} ms`;
      this.#options.say(`${index + 1}. ${showStep(step)}: ${result}; longest gaps: ${gaps}`);
      if (broken.length > 0) break;
    }
    return { outcomes, quiet };
  }

  async #do(step: Step): Promise<Outcome> {
    await pause(step.pauseMs);
    if (this.#options.patient === true) await this.#untilReady();
    for (const bot of this.#bots) bot.watch.trim(performance.now() - 1000);
    const at = performance.now();
    await this.#act(step);
    // What came before the step says nothing about after it; a dead worker's sockets hold a few packets.
    const acted = performance.now();
    await pause(150);
    const broken = await this.#heal(acted + 100, this.#options.healWithinMs);
    if (broken.length > 0) for (const line of await evidenceOf(this.#bots, this.#room)) this.#options.say(line);
    const healed = performance.now();
    // Some more, for what looks well and is not.
    await pause(50);
    const gaps = this.#gaps(at - 50, performance.now(), step);
    if (step.kind === 'drain') this.#server.app.fabric.undrainWorker(step.worker);
    return { step, at: at - this.#started, healedMs: healed - at, ...gaps, broken };
  }

  async #act(step: Step): Promise<void> {
    switch (step.kind) {
      case 'kill':
        return this.#signal(step.worker, 'SIGKILL');
      case 'stop':
        return this.#signal(step.worker, 'SIGSTOP');
      case 'twice':
        this.#signal(step.worker, 'SIGKILL');
        await pause(step.ms);
        return this.#signal(step.next, 'SIGKILL');
      case 'drain':
        // Refused while the other worker is down.
        await this.#server.app.fabric.drainWorker(step.worker).catch(() => undefined);
        return undefined;
      case 'restart':
        return this.#server.restart().then(() => this.#notePort());
      case 'cut':
        return this.#bot(step.bot).proxy.cut(step.ms);
      case 'delay':
        return this.#bot(step.bot).proxy.delay(step.ms / 4, step.ms);
      case 'loss':
        return this.#bot(step.bot).link?.lose(step.share, step.ms);
      case 'lag':
        return this.#bot(step.bot).link?.lag(step.byMs, step.ms);
      case 'mute':
        return this.#bot(step.bot).toggleMute();
      case 'rejoin':
        return this.#bot(step.bot).rejoin();
      case 'chat': {
        const text = `message ${this.#sent.length + 1}`;
        this.#sent.push(text);
        this.#chats.push(this.#bot(step.bot).room.sendChat(text));
        return undefined;
      }
    }
  }

  #notePort(): void {
    if (this.#server.app.httpPort !== this.#server.port) throw new AppError('internal', 'the port changed');
  }

  /** The worker of this number, or one that runs; for measuring: one that carries something. */
  #signal(index: number, signal: NodeJS.Signals): void {
    const running = this.#server.app.fabric.workers().filter(({ state }) => state === 'running');
    const busy = running.find(({ consumers }) => consumers > 0);
    const worker = (this.#options.patient === true ? busy : running.find((one) => one.index === index)) ?? running[0];
    if (worker?.pid !== undefined) process.kill(worker.pid, signal);
  }

  #bot(index: number): Bot {
    const bot = this.#bots[index];
    if (bot === undefined) throw new AppError('internal', `no bot ${index}`);
    return bot;
  }

  get #room(): Room | undefined {
    return [...this.#server.app.registry.rooms.values()].find(({ id }) => id === 'chaos');
  }

  async #untilReady(): Promise<void> {
    const until = performance.now() + 10_000;
    const ready = () =>
      [...(this.#room?.members.values() ?? [])].every(
        ({ transports }) =>
          [...transports.values()].filter((held) => held.role === 'standby' && held.connected).length === 2,
      );
    while (!ready() && performance.now() < until) await pause(50);
    await pause(500);
  }

  async #heal(since: number, withinMs: number): Promise<readonly string[]> {
    const until = performance.now() + withinMs;
    for (;;) {
      const said = (this.#room?.chat.history ?? []).map(({ text }) => text).slice(-100);
      const broken = brokenNow(this.#bots, said, this.#room?.media.summary(), since);
      if (broken.length === 0) {
        await Promise.all(this.#chats);
        const late = this.#sent.slice(-50).filter((text) => said.filter((one) => one === text).length !== 1);
        if (late.length === 0) return [];
        broken.push(`not said once: ${late.join(', ')}`);
      }
      if (performance.now() > until) return broken;
      await pause(30);
    }
  }

  #gaps(from: number, to: number, step?: Step): { audioGap: number; videoGap: number } {
    const longest = (source: 'microphone' | 'camera') =>
      Math.max(
        0,
        ...this.#bots.flatMap((bot) =>
          this.#bots
            .filter((other) => other !== bot && !(source === 'microphone' && other.muted))
            .filter((other) => !this.#concerned(step, bot, other, source))
            .map((other) => longestGap(bot.watch.of(`${other.name} ${source}`), from, to)),
        ),
      );
    return { audioGap: longest('microphone'), videoGap: longest('camera') };
  }

  /** Whether this silence is what the step asked for. */
  #concerned(step: Step | undefined, bot: Bot, other: Bot, source: string): boolean {
    if (step?.kind === 'rejoin') return [bot, other].includes(this.#bot(step.bot));
    return step?.kind === 'mute' && source === 'microphone' && other === this.#bot(step.bot);
  }
}

/** Rooms close when the last has left: then nothing is there any more. */
async function leaksOf({ app }: TrialServer): Promise<string[]> {
  const until = performance.now() + 5000;
  while (app.registry.rooms.size > 0 && performance.now() < until) await pause(50);
  const left = app.fabric.workers().flatMap(({ index, routers, transports, producers, consumers }) =>
    Object.entries({ routers, transports, producers, consumers })
      .filter(([, count]) => count !== 0)
      .map(([what, count]) => `worker ${index}: ${count} ${what}`),
  );
  return app.registry.rooms.size === 0 ? left : [...left, `${app.registry.rooms.size} rooms`];
}
