import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProducerId } from '@potluck/protocol';
import { mergeLevels, pickDominant, type Voices } from './speakers.ts';

const [ann, bob] = [ProducerId.parse('ann'), ProducerId.parse('bob')];
const voices = (id: ProducerId, volume: number | undefined, dominant = true): Voices => ({
  levels: volume === undefined ? [] : [{ producerId: id, volume }],
  dominant: dominant ? id : undefined,
});

describe('Speakers of a room on several routers', () => {
  it('are listed together, loudest first', () => {
    assert.deepEqual(mergeLevels([voices(ann, -40), voices(bob, -20)]), [
      { producerId: bob, volume: -20 },
      { producerId: ann, volume: -40 },
    ]);
  });

  it('have one who dominates: the loudest of those who dominate their router', () => {
    assert.equal(pickDominant([voices(ann, -40), voices(bob, -20)], undefined), bob);
    assert.equal(pickDominant([voices(ann, -40), voices(bob, -20, false)], undefined), ann);
    assert.equal(pickDominant([], ann), undefined);
  });

  it('keep the floor until somebody is clearly louder, or they fall silent', () => {
    assert.equal(pickDominant([voices(ann, -24), voices(bob, -20)], ann), ann);
    assert.equal(pickDominant([voices(ann, -30), voices(bob, -20)], ann), bob);
    assert.equal(pickDominant([voices(ann, undefined), voices(bob, -60)], ann), bob);
  });
});
