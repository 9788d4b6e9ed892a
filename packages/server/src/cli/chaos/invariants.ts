import type { RoomMediaSummary } from '../../media/fabric.ts';
import type { BotLook } from './bot-orders.ts';

/** A bot as it stands; without a look its process has just died. */
export type Standing = { readonly name: string; readonly look: BotLook | undefined };
type Present = { readonly name: string; readonly look: BotLook };

/** What must be so again soon after everything that goes wrong: what is not, in words. */
export function brokenNow(
  bots: readonly Standing[],
  chat: readonly string[],
  media: RoomMediaSummary | undefined,
  since: number,
): string[] {
  const present = bots.flatMap(({ name, look }) => (look === undefined ? [] : [{ name, look }]));
  const broken = bots.filter(({ look }) => look === undefined).map(({ name }) => `the process of ${name} is gone`);
  for (const bot of present) {
    const { connection, participants } = bot.look;
    const others = present.filter((other) => other !== bot);
    const roster = participants.map(({ id }) => id).toSorted();
    const expected = bots
      .map(({ name }) => name)
      .filter((name) => name !== bot.name)
      .toSorted();
    if (connection !== 'connected') broken.push(`${bot.name} is ${connection}`);
    if (roster.join() !== expected.join()) broken.push(`${bot.name} sees ${roster.join(', ')}`);
    broken.push(...others.flatMap((other) => missingOf(bot, other, since)), ...chatOf(bot, chat));
  }
  // Each receives the sound and the picture of each other, once.
  const consumers = bots.length * (bots.length - 1) * 2;
  const producers = bots.length * 2;
  if (media === undefined) return [...broken, 'the server has no room'];
  if (media.consumers !== consumers) broken.push(`${media.consumers} consumers, not ${consumers}`);
  if (media.producers !== producers) broken.push(`${media.producers} producers, not ${producers}`);
  if (media.transports > bots.length * 4) broken.push(`${media.transports} transports for ${bots.length} bots`);
  return broken;
}

function missingOf(bot: Present, other: Present, since: number): string[] {
  const tracks = bot.look.participants.find(({ id }) => id === other.name)?.tracks ?? [];
  const sources = tracks
    .map(({ source }) => source)
    .toSorted()
    .join();
  if (sources !== 'camera,microphone') return [`${bot.name} has of ${other.name}: ${sources || 'nothing'}`];
  const { muted } = other.look;
  const paused = tracks.find(({ source }) => source === 'microphone')?.paused === true;
  if (paused !== muted) return [`${bot.name} takes ${other.name} for ${paused ? 'muted' : 'unmuted'}`];
  const wanted = muted ? ['camera'] : ['camera', 'microphone'];
  return wanted
    .filter((source) => (bot.look.last[`${other.name} ${source}`] ?? 0) < since)
    .map((source) => `${bot.name} gets no ${source} of ${other.name}`);
}

/** Every message once, in the order of the server. */
function chatOf({ name, look }: Present, said: readonly string[]): string[] {
  const seen = look.chat.slice(-said.length);
  const doubled = seen.length !== new Set(seen).size;
  const same = said.length === 0 || seen.join() === said.join();
  return [
    ...(doubled ? [`${name} has chat twice`] : []),
    ...(same ? [] : [`${name} has chat ${seen.join()}, not ${said.join()}`]),
  ];
}
