import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProducerId } from '@potluck/protocol';
import { passFloor, type Voice } from './floor.ts';

const now = 1_000_000;
const rules = { places: 3, holdMs: 3000 };
const id = (name: string) => ProducerId.parse(name);
const set = (...names: string[]) => new Set(names.map(id));

/** Active so many milliseconds ago. */
const voice = (name: string, agoMs: number, rest: Partial<Voice> = {}): Voice => ({
  id: id(name),
  muted: false,
  activeAt: now - agoMs,
  volume: -30,
  ...rest,
});
const muted = { muted: true };
const floor = (voices: Voice[], present: Set<ProducerId>) => [...passFloor(voices, present, now, rules)].toSorted();

describe('passFloor', () => {
  it('is everyone while there are places for all, muted ones too', () => {
    assert.deepEqual(floor([voice('a', 0), voice('b', 9e5, muted), voice('c', 5000)], set()), ['a', 'b', 'c']);
  });

  it('gives free places to open microphones first, then to the muted one that was active last', () => {
    const voices = [voice('a', 90_000, muted), voice('b', 50_000, muted), voice('c', 60_000), voice('d', 70_000)];
    assert.deepEqual(floor(voices, set()), ['b', 'c', 'd']);
  });

  it('lets nobody lose a place to somebody who is silent', () => {
    const voices = [voice('a', 90_000), voice('b', 80_000), voice('c', 70_000), voice('d', 4000)];
    assert.deepEqual(floor(voices, set('a', 'b', 'c')), ['a', 'b', 'c']);
  });

  it('takes the place of the muted one for somebody who speaks, then of the one silent for longest', () => {
    const speaker = voice('d', 0);
    const withMuted = [voice('a', 90_000), voice('b', 1000, muted), voice('c', 70_000), speaker];
    assert.deepEqual(floor(withMuted, set('a', 'b', 'c')), ['a', 'c', 'd']);
    const allOpen = [voice('a', 90_000), voice('b', 95_000), voice('c', 70_000), speaker];
    assert.deepEqual(floor(allOpen, set('a', 'b', 'c')), ['a', 'c', 'd']);
  });

  it('holds the place of whoever has just spoken, unless somebody much louder speaks', () => {
    const holders = [voice('a', 2000), voice('b', 500, { volume: -50 }), voice('c', 100)];
    assert.deepEqual(floor([...holders, voice('d', 0, { volume: -45 })], set('a', 'b', 'c')), ['a', 'b', 'c']);
    assert.deepEqual(floor([...holders, voice('d', 0, { volume: -44 })], set('a', 'b', 'c')), ['a', 'c', 'd']);
  });

  it('gives the place of whoever has been muted for a while to an open microphone that waits', () => {
    const voices = (mutedFor: number) => [
      voice('a', 9000),
      voice('b', mutedFor, muted),
      voice('c', 9000),
      voice('d', 9e4),
    ];
    assert.deepEqual(floor(voices(2000), set('a', 'b', 'c')), ['a', 'b', 'c']);
    assert.deepEqual(floor(voices(4000), set('a', 'b', 'c')), ['a', 'c', 'd']);
  });

  it('never gives more places than there are, and forgets who is gone', () => {
    const voices = [voice('a', 0), voice('b', 0), voice('c', 0), voice('d', 0), voice('e', 0)];
    assert.equal(floor(voices, set('a', 'b', 'c', 'd', 'e')).length, 3);
    assert.deepEqual(floor(voices.slice(1), set('a', 'b', 'c')), ['b', 'c', 'd']);
  });
});
