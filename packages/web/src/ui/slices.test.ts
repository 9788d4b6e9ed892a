import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Slices } from './slices.ts';

function build() {
  let time = 0;
  const frames: (() => void)[] = [];
  const done: string[] = [];
  const slices = new Slices({ now: () => time, soon: (run) => frames.push(run) });
  const add = (name: string, ms: number) =>
    slices.add(() => {
      time += ms;
      done.push(name);
    });
  const frame = () => frames.splice(0).forEach((run) => run());
  return { add, frame, frames, done };
}

describe('Slices', () => {
  it('does little work at once', () => {
    const { add, done } = build();
    add('a', 1);
    add('b', 1);
    assert.deepEqual(done, ['a', 'b']);
  });

  it('spreads much work over frames, in order', () => {
    const { add, frame, frames, done } = build();
    for (const name of 'abcdef') add(name, 3);
    assert.deepEqual(done, ['a', 'b']);
    frame();
    assert.deepEqual(done, ['a', 'b', 'c', 'd']);
    add('g', 3);
    frame();
    frame();
    assert.deepEqual(done.join(''), 'abcdefg');
    frame();
    assert.equal(frames.length, 0);
  });

  it('forgets what is taken back', () => {
    const { add, frame, done } = build();
    add('a', 9);
    const takeBack = add('b', 1);
    takeBack();
    frame();
    assert.deepEqual(done, ['a']);
  });
});
