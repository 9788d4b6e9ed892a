import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askTogether } from './ask-together.ts';

type States = { microphone: PermissionState; camera: PermissionState };

/** A browser's devices: what is asked for of them, what it cannot give, and what it would ask its user about. */
function devices(without: readonly string[] = [], states?: States) {
  const asked: MediaStreamConstraints[] = [];
  const ask = askTogether(
    async (constraints = {}) => {
      asked.push(constraints);
      const missing = without.find((kind) => kind in constraints);
      if (missing !== undefined) {
        throw Object.assign(new Error(`no ${missing}`), states && { name: 'NotAllowedError' });
      }
      return { id: Object.keys(constraints).join() } as MediaStream;
    },
    async (kind) => states?.[kind] ?? 'unknown',
  );
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

  it('does not ask again what the user has just refused, but for what was not asked about', async () => {
    const askedAfter = async (states: States, without: string) => {
      const { ask, asked } = devices([without], states);
      const both = await Promise.allSettled([ask({ audio: true }), ask({ video: true })]);
      return [asked.slice(1), both.map(({ status }) => status)];
    };
    const [sound, picture] = [{ audio: true }, { video: true }];
    const [had, refused] = ['fulfilled', 'rejected'];
    assert.deepEqual(await askedAfter({ microphone: 'prompt', camera: 'prompt' }, 'video'), [[], [refused, refused]]);
    assert.deepEqual(await askedAfter({ microphone: 'granted', camera: 'prompt' }, 'video'), [[sound], [had, refused]]);
    // Nobody was asked about the microphone.
    const blocked = await askedAfter({ microphone: 'prompt', camera: 'denied' }, 'video');
    assert.deepEqual(blocked, [
      [sound, picture],
      [had, refused],
    ]);
  });

  it('asks at once for what nothing else comes with, and for a second one of a kind by itself', async () => {
    const { ask, asked } = devices();
    await ask({ audio: true });
    await Promise.all([ask({ video: { width: 1 } }), ask({ video: { width: 2 } })]);
    assert.deepEqual(asked, [{ audio: true }, { video: { width: 1 } }, { video: { width: 2 } }]);
  });
});
