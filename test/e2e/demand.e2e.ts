/** What nobody sees is not encoded, and comes back at once: in Chromium, with its own encoder. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { stage, type Guest } from './support.ts';

const activeLayers = async (guest: Guest) => (await guest.outbound()).filter(({ active }) => active).length;

const waitForLayers = (guest: Guest, wanted: (count: number) => boolean, what: string) =>
  waitFor(async () => wanted(await activeLayers(guest)), { what, timeoutMs: 30_000, everyMs: 100 });

/** From the moment that layers are switched on again: how long until a frame is encoded, and what kind of frame. */
function watchReturn(guest: Guest) {
  return guest.page.evaluate(async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const set = RTCRtpSender.prototype.setParameters;
    RTCRtpSender.prototype.setParameters = function (...args) {
      if (args[0].encodings.some(({ active }) => active)) resolve();
      return set.apply(this, args);
    };
    const sum = async () => {
      const layers = await globalThis.__potluckOutbound();
      const add = (name: 'framesEncoded' | 'keyFramesEncoded') => layers.reduce((all, layer) => all + layer[name], 0);
      return { frames: add('framesEncoded'), keyFrames: add('keyFramesEncoded') };
    };
    const before = await sum();
    await promise;
    const began = performance.now();
    for (;;) {
      const now = await sum();
      const ms = performance.now() - began;
      if (now.frames > before.frames) return { ms, keyFrames: now.keyFrames - before.keyFrames };
      if (ms > 20_000) throw new Error('nothing was encoded');
      await new Promise(requestAnimationFrame);
    }
  });
}

describe('a camera that nobody sees', () => {
  const at = stage();

  it('is not encoded, and begins with a key frame as soon as somebody comes', async (t) => {
    const room = at.room();
    const ada = await at.join(room, 'Ada');
    await ada.sees('Ada (you)');
    await waitForLayers(ada, (count) => count > 0, 'Ada to send');
    await waitForLayers(ada, (count) => count === 0, 'Ada to stop sending');
    const returning = watchReturn(ada);
    const bob = await at.join(room, 'Bob');
    const { ms, keyFrames } = await returning;
    t.diagnostic(`encoded again ${Math.round(ms)} ms after it was switched on`);
    assert.ok(keyFrames > 0, 'a key frame comes first');
    await bob.sees('Ada');
    // Ada is told nothing of all this.
    await ada.sees('Ada (you)');
    assert.equal(await ada.page.getByRole('listitem', { name: 'Bob' }).count(), 1);
  });

  it('is encoded no larger than anybody sees it', async () => {
    const room = at.room();
    const ada = await at.join(room, 'Ada');
    const bob = await at.join(room, 'Bob');
    await bob.sees('Ada');
    const all = await waitFor(() => activeLayers(ada), { what: 'layers' });
    await bob.page.setViewportSize({ width: 320, height: 260 });
    await waitForLayers(ada, (count) => count === 1, 'one layer');
    await bob.sees('Ada');
    await bob.page.setViewportSize({ width: 1000, height: 700 });
    await waitForLayers(ada, (count) => count === all, 'all layers');
    await bob.sees('Ada');
  });
});
