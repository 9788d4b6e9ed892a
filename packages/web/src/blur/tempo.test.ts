import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Tempo } from './tempo.ts';

const run = (tempo: Tempo, frames: number, ms: number) =>
  Array.from({ length: frames }, () => tempo.note(ms)).includes(true);

describe('Tempo', () => {
  it('is content with 20 frames a second', () => assert.equal(run(new Tempo(), 1000, 50), false));
  it('gives up at 10, not before it is sure', () => {
    const tempo = new Tempo();
    assert.equal(run(tempo, 89, 100), false);
    assert.equal(run(tempo, 1, 100), true);
  });
  it('says early that it gets slow', () => {
    const tempo = new Tempo();
    run(tempo, 30, 100);
    assert.equal(tempo.slow, true);
    run(tempo, 30, 10);
    assert.equal(tempo.slow, false);
  });
  it('forgives a hiccup', () => {
    const tempo = new Tempo();
    assert.equal(run(tempo, 60, 200), false);
    assert.equal(run(tempo, 30, 10), false);
    assert.equal(run(tempo, 60, 200), false);
  });
});
