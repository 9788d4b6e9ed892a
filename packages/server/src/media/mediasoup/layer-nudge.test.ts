import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Tasks } from '@potluck/kernel';
import { FakeClock } from '@potluck/testkit';
import { LayerNudge, type LayeredConsumer } from './layer-nudge.ts';

function start(changes: Partial<LayeredConsumer> = {}) {
  const clock = new FakeClock();
  const failures: unknown[] = [];
  const nudge = new LayerNudge(clock, new Tasks((_, error) => failures.push(error)));
  const asked: string[] = [];
  const consumer = {
    type: 'simulcast' as const,
    closed: false,
    paused: false,
    producerPaused: false,
    currentLayers: undefined as LayeredConsumer['currentLayers'],
    pause: async () => void asked.push('pause'),
    resume: async () => void asked.push('resume'),
    ...changes,
  };
  nudge.watch(consumer);
  return { clock, nudge, consumer, asked, failures };
}

describe('LayerNudge', () => {
  it('resumes a consumer again that got no layer, but not for ever', () => {
    const { clock, asked } = start();
    clock.advance(149);
    assert.deepEqual(asked, []);
    clock.advance(1);
    assert.deepEqual(asked, ['pause', 'resume']);
    clock.advance(10_000);
    assert.equal(asked.length, 6);
    assert.equal(clock.waiting, 0);
  });

  it('leaves one alone that has a layer, is paused or has ended', () => {
    const settled = [
      { currentLayers: { spatialLayer: 0 } },
      { paused: true },
      { producerPaused: true },
      { closed: true },
      { type: 'simple' as const },
    ];
    for (const changes of settled) {
      const { clock, asked } = start(changes);
      clock.advance(10_000);
      assert.deepEqual([asked, clock.waiting], [[], 0]);
    }
  });

  it('has no timer left when it is closed', () => {
    const { clock, nudge, asked } = start();
    nudge.close();
    clock.advance(10_000);
    assert.deepEqual([asked, clock.waiting], [[], 0]);
  });
});
