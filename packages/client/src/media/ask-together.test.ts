import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askTogether } from './ask-together.ts';

/** A browser's devices: what is asked for of them, and what it cannot give. */
function devices(without: readonly string[] = []) {
  const asked: MediaStreamConstraints[] = [];
  const ask = askTogether(async (constraints = {}) => {
    asked.push(constraints);
    const missing = without.find((kind) => kind in constraints);
    if (missing !== undefined) throw new Error(`no ${missing}`);
    return { id: Object.keys(constraints).join() } as MediaStream;
  });
  return { asked, ask };
}

describe('askTogether', () => {
  it('asks once for what is asked for in one turn, with the wishes of each', async () => {
    const { ask, asked } = devices();
    const streams = await Promise.all([ask({ audio: { echoCancellation: true } }), ask({ video: { width: 640 } })]);
    assert.deepEqual(asked, [{ audio: { echoCancellation: true }, video: { width: 640 } }]);
    assert.deepEqual([streams[0]?.id, streams[1]?.id], ['audio,video', 'audio,video']);
  });

  it('asks one by one for what cannot be had together', async () => {
    const { ask, asked } = devices(['video']);
    const [sound, picture] = await Promise.allSettled([ask({ audio: true }), ask({ video: true })]);
    assert.deepEqual(asked, [{ audio: true, video: true }, { audio: true }, { video: true }]);
    assert.equal(sound?.status === 'fulfilled' && sound.value.id, 'audio');
    assert.match(String(picture?.status === 'rejected' && picture.reason), /no video/);
  });

  it('asks at once for what nothing else comes with, and for a second one of a kind by itself', async () => {
    const { ask, asked } = devices();
    await ask({ audio: true });
    await Promise.all([ask({ video: { width: 1 } }), ask({ video: { width: 2 } })]);
    assert.deepEqual(asked, [{ audio: true }, { video: { width: 1 } }, { video: { width: 2 } }]);
  });
});
