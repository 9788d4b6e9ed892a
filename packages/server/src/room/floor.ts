import type { ProducerId } from '@potluck/protocol';
import type { Publication } from './publication.ts';

/** Decides whose sound is forwarded where a room has more open microphones than may be heard. Pure. */

/** A microphone, as the floor sees it. */
export type Voice = {
  readonly id: ProducerId;
  readonly muted: boolean;
  /** When it was last heard to speak, was unmuted, or claimed to speak, in milliseconds of the room's clock. */
  readonly activeAt: number;
  /** In dBov, as last measured while it spoke. */
  readonly volume: number;
};

export type FloorRules = {
  /** Microphones forwarded at most. */
  readonly places: number;
  /** Whoever was active within so many milliseconds is not put out for being silent. */
  readonly holdMs: number;
};

/** Whoever was active so shortly before, in milliseconds, wants a place now. */
const claimMs = 1000;
/** How much louder, in dB, one must be than a holder who speaks too. */
const louderBy = 6;

/**
 * Who has the floor now. Places go first to those who speak, then to open microphones, then to muted ones, each time to
 * the one active last: as long as there are places for all, nothing is ever switched. Who has a place keeps it until
 * somebody else speaks; then whoever is muted loses it first, and after that whoever has been silent for longest.
 */
export function passFloor(
  voices: readonly Voice[],
  present: ReadonlySet<ProducerId>,
  now: number,
  { places, holdMs }: FloorRules,
): Set<ProducerId> {
  if (voices.length <= places) return new Set(voices.map(({ id }) => id));
  const holders = new Map(voices.filter(({ id }) => present.has(id)).map((voice) => [voice.id, voice]));
  const surplus = holders.size > places ? [...holders.values()].toSorted(mostActive).slice(places) : [];
  for (const voice of surplus) holders.delete(voice.id);
  const outside = voices.filter(({ id }) => !present.has(id)).toSorted(mostActive);
  let losers = losersAmong(holders.values(), now, holdMs);
  for (const voice of outside) {
    if (holders.size >= places) {
      // Open ones come first: from here on nobody wants a place.
      if (voice.muted) break;
      const speaks = now - voice.activeAt <= claimMs;
      const { quietest } = losers;
      const drowned =
        speaks && quietest !== undefined && voice.volume >= quietest.volume + louderBy ? quietest : undefined;
      const loser = (speaks ? losers.toSpeech : losers.toPatience) ?? drowned;
      if (loser === undefined) continue;
      holders.delete(loser.id);
    }
    holders.set(voice.id, voice);
    losers = losersAmong(holders.values(), now, holdMs);
  }
  return new Set(holders.keys());
}

/** Who of the holders would go first: for somebody who speaks, for an open microphone that waits, or for being drowned. */
type Losers = { toSpeech: Voice | undefined; toPatience: Voice | undefined; quietest: Voice | undefined };

/** Worked out once for each set of holders, not for each of a crowd that wants a place. */
function losersAmong(holders: Iterable<Voice>, now: number, holdMs: number): Losers {
  const losers: Losers = { toSpeech: undefined, toPatience: undefined, quietest: undefined };
  const weaker = (voice: Voice, than: Voice | undefined) => than === undefined || mostActive(voice, than) >= 0;
  for (const voice of holders) {
    const rests = now - voice.activeAt > holdMs;
    if ((voice.muted || rests) && weaker(voice, losers.toSpeech)) losers.toSpeech = voice;
    if (voice.muted && rests && weaker(voice, losers.toPatience)) losers.toPatience = voice;
    if (losers.quietest === undefined || voice.volume < losers.quietest.volume) losers.quietest = voice;
  }
  return losers;
}

/** Open before muted, then the one active last. */
const mostActive = (a: Voice, b: Voice): number => Number(a.muted) - Number(b.muted) || b.activeAt - a.activeAt;

/** What a screen sounds like is part of the picture; everything else with sound is a voice among others. */
export const needsFloor = ({ kind, source }: Pick<Publication, 'kind' | 'source'>): boolean =>
  kind === 'audio' && source !== 'screen-audio';
