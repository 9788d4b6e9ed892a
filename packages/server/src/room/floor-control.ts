import { Emitter, type Clock } from '@potluck/kernel';
import type { ProducerId } from '@potluck/protocol';
import type { AudioLevel } from '../media/fabric.ts';
import { needsFloor, passFloor, type Voice } from './floor.ts';
import type { Publication } from './publication.ts';

/** Louder than this, in dBov, is speech and not a room. */
const speechVolume = -55;
/** What somebody who claims to speak counts for until it is measured. */
const claimedVolume = -40;
/** Whoever spoke within so many milliseconds is not put out for being silent. */
const holdMs = 3000;
/** How long a claim counts that the engine's levels do not confirm, and for how long then no other is believed. */
const proofWithinMs = 2000;
const disbeliefMs = 10_000;

type Entry = {
  readonly publication: Publication;
  activeAt: number;
  volume: number;
  claim: { readonly at: number; readonly activeBefore: number } | undefined;
  deafUntil: number;
  /** Whoever comes counts as heard until told otherwise. */
  toldHeard: boolean;
};

export type FloorEvents = {
  /** Others are forwarded from now on. */
  changed: [];
  /** Whether a microphone is forwarded, told when that is news. */
  heard: [publication: Publication, heard: boolean];
};

/** Keeps the floor of one room: who of many is heard (RFC 4582 calls it so). Decides by `floor.ts`, tells what changed. */
export class FloorControl {
  readonly events: Emitter<FloorEvents>;
  /** Microphones forwarded at most. */
  readonly places: number;
  readonly #clock: Clock;
  readonly #entries = new Map<ProducerId, Entry>();
  #holders: ReadonlySet<ProducerId> = new Set();

  constructor(places: number, clock: Clock, report?: (error: unknown) => void) {
    this.places = places;
    this.#clock = clock;
    this.events = new Emitter(report);
  }

  /** Whose sound is forwarded. */
  get holders(): ReadonlySet<ProducerId> {
    return this.#holders;
  }

  /** A microphone is there. */
  add(publication: Publication): void {
    if (!needsFloor(publication)) return;
    this.#entries.set(publication.id, {
      publication,
      activeAt: publication.paused ? 0 : this.#clock.now(),
      volume: -127,
      claim: undefined,
      deafUntil: 0,
      toldHeard: true,
    });
    this.#pass();
  }

  remove(id: ProducerId): void {
    if (this.#entries.delete(id)) this.#pass();
  }

  /** It goes on as another one, in its place. */
  replace(before: ProducerId, publication: Publication): void {
    const entry = this.#entries.get(before);
    if (entry === undefined) return this.add(publication);
    this.#entries.delete(before);
    this.#entries.set(publication.id, { ...entry, publication, toldHeard: true });
    if (this.#holders.has(before)) this.#holders = new Set([...this.#holders, publication.id]);
    this.#pass();
  }

  /** It was muted or unmuted. */
  pauseChanged({ id, paused }: Publication): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    if (!paused) entry.activeAt = this.#clock.now();
    this.#pass();
  }

  /** What the engine measured. */
  hear(levels: readonly AudioLevel[]): void {
    const now = this.#clock.now();
    for (const { producerId, volume } of levels) {
      const entry = this.#entries.get(producerId);
      if (entry === undefined || volume < speechVolume) continue;
      entry.activeAt = now;
      entry.volume = volume;
      entry.claim = undefined;
    }
    this.#pass();
  }

  /**
   * Its sender says that it speaks, before the engine has measured it. Believed for a moment: whoever claims without
   * being heard is silent again, and is not believed for a while.
   */
  claim(id: ProducerId): void {
    const entry = this.#entries.get(id);
    const now = this.#clock.now();
    if (entry === undefined || entry.publication.paused || now < entry.deafUntil || entry.claim !== undefined) return;
    entry.claim = { at: now, activeBefore: entry.activeAt };
    entry.activeAt = now;
    entry.volume = claimedVolume;
    this.#pass();
  }

  #pass(): void {
    const now = this.#clock.now();
    for (const entry of this.#entries.values()) disbelieve(entry, now);
    const before = this.#holders;
    const after = passFloor(Array.from(this.#entries.values(), voiceOf), before, now, { places: this.places, holdMs });
    this.#holders = after;
    if (after.size !== before.size || [...after].some((id) => !before.has(id))) this.events.emit('changed');
    for (const [id, entry] of this.#entries) {
      const heard = after.has(id);
      if (heard === entry.toldHeard) continue;
      entry.toldHeard = heard;
      this.events.emit('heard', entry.publication, heard);
    }
  }
}

const voiceOf = ({ publication: { id, paused }, activeAt, volume }: Entry): Voice => ({
  id,
  muted: paused,
  activeAt,
  volume,
});

function disbelieve(entry: Entry, now: number): void {
  const { claim } = entry;
  if (claim === undefined || now - claim.at <= proofWithinMs) return;
  entry.claim = undefined;
  entry.activeAt = claim.activeBefore;
  entry.deafUntil = now + disbeliefMs;
}
