import type { RoomMediaSummary } from '../../media/fabric.ts';
import type { Bot } from './bot.ts';

/** What must be so again soon after everything that goes wrong: what is not, in words. */
export function brokenNow(
  bots: readonly Bot[],
  chat: readonly string[],
  media: RoomMediaSummary | undefined,
  since: number,
): string[] {
  const others = (bot: Bot) => bots.filter((other) => other !== bot);
  const broken = bots.flatMap((bot) => {
    const { state } = bot.room;
    const roster = state.participants.map(({ id }) => String(id)).toSorted();
    const expected = others(bot)
      .map(({ name }) => name)
      .toSorted();
    return [
      ...(state.connection.kind === 'connected' ? [] : [`${bot.name} is ${state.connection.kind}`]),
      ...(roster.join() === expected.join() ? [] : [`${bot.name} sees ${roster.join(', ')}`]),
      ...others(bot).flatMap((other) => missingOf(bot, other, since)),
      ...chatOf(bot, chat),
    ];
  });
  // Each receives the sound and the picture of each other, once.
  const consumers = bots.length * (bots.length - 1) * 2;
  const producers = bots.length * 2;
  if (media === undefined) return [...broken, 'the server has no room'];
  if (media.consumers !== consumers) broken.push(`${media.consumers} consumers, not ${consumers}`);
  if (media.producers !== producers) broken.push(`${media.producers} producers, not ${producers}`);
  if (media.transports > bots.length * 4) broken.push(`${media.transports} transports for ${bots.length} bots`);
  return broken;
}

function missingOf(bot: Bot, other: Bot, since: number): string[] {
  const tracks = bot.room.state.participants.find(({ id }) => id === other.name)?.tracks ?? [];
  const sources = tracks
    .map(({ source }) => source)
    .toSorted()
    .join();
  if (sources !== 'camera,microphone') return [`${bot.name} has of ${other.name}: ${sources || 'nothing'}`];
  const paused = tracks.find(({ source }) => source === 'microphone')?.paused === true;
  if (paused !== other.muted) return [`${bot.name} takes ${other.name} for ${paused ? 'muted' : 'unmuted'}`];
  const wanted = other.muted ? ['camera'] : ['camera', 'microphone'];
  return wanted
    .filter((source) => (bot.watch.of(`${other.name} ${source}`).at(-1) ?? 0) < since)
    .map((source) => `${bot.name} gets no ${source} of ${other.name}`);
}

/** Every message once, in the order of the server. */
function chatOf(bot: Bot, said: readonly string[]): string[] {
  const seen = bot.room.state.chat.map(({ text }) => text).slice(-said.length);
  const doubled = seen.length !== new Set(seen).size;
  const same = said.length === 0 || seen.join() === said.join();
  return [
    ...(doubled ? [`${bot.name} has chat twice`] : []),
    ...(same ? [] : [`${bot.name} has chat ${seen.join()}, not ${said.join()}`]),
  ];
}
