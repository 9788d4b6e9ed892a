/** A process of bots: does what its parent orders, ends with it. See `bot-process.ts`. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { AppError } from '@potluck/kernel';
import { openBot, type Bot } from './bot.ts';
import type { AnswerMessage, BotOrders, BotPlace, OrderMessage } from './bot-orders.ts';
import { longestGap } from './gaps.ts';
import { openLink } from './link.ts';
import { now } from './now.ts';
import { seeded } from './random.ts';
import { loadRtc, openSources } from './rtc.ts';

const rtc = loadRtc();
const sources = openSources(rtc);
const bots = new Map<string, Bot>();
const warnings = new Map<string, number>();
const rejections: string[] = [];
const stalls = monitorEventLoopDelay({ resolution: 5 });
stalls.enable();
process.on('unhandledRejection', (error) => {
  rejections.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
});

const botOf = (name: string): Bot => {
  const bot = bots.get(name);
  if (bot === undefined) throw new AppError('not_found', `no bot ${name} in this process`);
  return bot;
};

type Orders = { [O in keyof BotOrders]: (name: string, ...args: Parameters<BotOrders[O]>) => ReturnType<BotOrders[O]> };

const orders: Orders = {
  async open(name, place: BotPlace) {
    const { port, link, roomId, tiles, sounds } = place;
    const onWarned = (text: string) => {
      const kind = text.replace(/[\w-]{20,}/g, '…');
      warnings.set(kind, (warnings.get(kind) ?? 0) + 1);
    };
    const relay = link && (await openLink(link.address, link.ports, seeded(link.seed)));
    bots.set(name, await openBot(name, { rtc, sources, port, onWarned, link: relay, roomId, tiles, sounds }));
  },
  async look(name) {
    const { room, watch, muted } = botOf(name);
    const { connection, participants, chat } = room.state;
    const [first] = bots.keys();
    return {
      connection: connection.kind,
      muted,
      participants: participants.map(({ id, tracks }) => ({
        id,
        tracks: tracks.map(({ source, paused }) => ({ source, paused })),
      })),
      chat: chat.map(({ text }) => text),
      last: Object.fromEntries([...watch.times].map(([key, times]) => [key, times.at(-1) ?? 0])),
      blanks: watch.blanks,
      // Of the process: told by one of its bots.
      warnings: name === first ? [...warnings] : [],
      rejections: name === first ? rejections : [],
    };
  },
  async trim(name, before) {
    stalls.reset();
    botOf(name).watch.trim(before);
  },
  async gaps(name, from, to) {
    const { times } = botOf(name).watch;
    const gaps = Object.fromEntries([...times].map(([key, seen]) => [key, longestGap(seen, from, to)]));
    return { gaps, stalled: stalls.max / 1e6 };
  },
  rejoin: (name) => botOf(name).rejoin(),
  toggleMute: (name) => botOf(name).toggleMute(),
  sendChat: async (name, text) => void (await botOf(name).room.sendChat(text)),
  cut: async (name, ms) => botOf(name).proxy.cut(ms),
  delay: async (name, byMs, forMs) => botOf(name).proxy.delay(byMs, forMs),
  lose: async (name, share, forMs) => botOf(name).link?.lose(share, forMs),
  lag: async (name, byMs, forMs) => botOf(name).link?.lag(byMs, forMs),
  async evidence(name) {
    return (await botOf(name).room.stats()).map((one) => `  ${name}: ${JSON.stringify(one)}`);
  },
  async close(name) {
    const bot = bots.get(name);
    bots.delete(name);
    await bot?.close();
  },
};

async function answerTo({ id, bot, order, args }: OrderMessage): Promise<AnswerMessage> {
  try {
    // What `BotOrders` says of one end holds for the other.
    const act = orders[order] as (name: string, ...rest: readonly unknown[]) => Promise<unknown>;
    return { id, value: await act(bot, ...args) };
  } catch (error) {
    const { code, message, cause } = AppError.from(error);
    return { id, code, error: cause instanceof Error ? `${message}: ${cause.stack}` : message };
  }
}

process.on('message', (message: OrderMessage) => {
  answerTo(message).then(
    (answer) => process.connected && process.send?.(answer),
    () => {},
  );
});
// Ctrl-C in a terminal reaches us, too: the parent decides.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0, value: now() } satisfies AnswerMessage);
