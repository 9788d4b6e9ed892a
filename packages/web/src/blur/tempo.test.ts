import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Tempo, type Span } from './tempo.ts';

const span = (went: number, rest: Partial<Span> = {}): Span => ({ ms: 2000, came: 60, went, workedMs: 500, ...rest });
const run = (tempo: Tempo, ...spans: Span[]) => spans.map((one) => tempo.note(one)).includes(true);
const times = (count: number, one: Span) => Array.from({ length: count }, () => one);

describe('Tempo', () => {
  it('is content with 20 frames a second', () => assert.equal(run(new Tempo(), ...times(50, span(40))), false));
  it('gives up at 8, not before it is sure', () => {
    const tempo = new Tempo();
    assert.equal(run(tempo, ...times(2, span(16))), false);
    assert.equal(tempo.note(span(16)), true);
  });
  it('says early that it gets slow', () => {
    const tempo = new Tempo();
    tempo.note(span(16));
    assert.equal(tempo.slow, true);
    tempo.note(span(50));
    assert.equal(tempo.slow, false);
  });
  it('forgives a hiccup', () => {
    assert.equal(run(new Tempo(), ...times(2, span(16)), span(50), ...times(2, span(16))), false);
  });
  it('does not blame itself for a camera that is slow in the dark', () => {
    assert.equal(run(new Tempo(), ...times(9, span(16, { came: 16 }))), false);
    assert.equal(run(new Tempo(), ...times(9, span(0, { came: 0, workedMs: 0 }))), false);
  });
  it('goes by its own work where the browser does not count what the camera gives', () => {
    assert.equal(run(new Tempo(), ...times(9, span(16, { came: undefined, workedMs: 900 }))), false);
    assert.equal(run(new Tempo(), ...times(9, span(16, { came: undefined, workedMs: 1900 }))), true);
  });
});
