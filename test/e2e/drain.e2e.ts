import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { stage, type Guest } from './support.ts';

type Shown = { at: number; frames: number };

/**
 * When the tile of that name showed a picture, from now on, by the compositor's clock and count: it shows them also while
 * the page's own thread works out SDP and hears of none. And its tracks.
 */
async function watch({ page }: Guest, label: string): Promise<() => Promise<{ longestGap: number; tracks: number }>> {
  const tile = page.getByRole('listitem', { name: label, exact: true }).locator('video');
  await tile.evaluate((video: HTMLVideoElement) => {
    const seen = Object.assign(video, { shown: [] as Shown[], trackIds: new Set<string>() });
    const note = (_: number, { presentationTime, presentedFrames }: VideoFrameCallbackMetadata) => {
      seen.shown.push({ at: presentationTime, frames: presentedFrames });
      const [track] = (video.srcObject as MediaStream | null)?.getVideoTracks() ?? [];
      if (track !== undefined) seen.trackIds.add(track.id);
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  });
  return () =>
    tile.evaluate((video: HTMLVideoElement) => {
      const { shown, trackIds } = video as HTMLVideoElement & { shown: Shown[]; trackIds: Set<string> };
      const gaps = shown.slice(1).map(({ at, frames }, index) => {
        const before = shown[index]!;
        // Another track begins to count anew: how many were shown between is not known.
        const between = frames > before.frames ? frames - before.frames : 1;
        return (at - before.at) / between;
      });
      return {
        longestGap: Math.max(...gaps, performance.now() - (shown.at(-1)?.at ?? 0)),
        tracks: trackIds.size,
      };
    });
}

describe('a worker that is drained', () => {
  const at = stage();

  it('is left by every page without a pause in the picture', async (t) => {
    const roomId = at.room();
    const ada = await at.join(roomId, 'Ada');
    const bob = await at.join(roomId, 'Bob');
    await Promise.all([ada.sees('Bob'), bob.sees('Ada')]);
    const { fabric, registry } = at.server.app;
    const media = () => [...registry.rooms.values()][0];
    const ready = () =>
      [...(media()?.members.values() ?? [])].every(
        ({ transports }) =>
          [...transports.values()].filter(({ role, connected }) => role === 'standby' && connected).length === 2,
      );
    await waitFor(ready, { what: 'a standby for both' });
    const quiet = await Promise.all([watch(ada, 'Bob'), watch(bob, 'Ada')]);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const before = await Promise.all(quiet.map((end) => end()));
    const busy = fabric.workers().find(({ consumers }) => consumers > 0);
    assert.ok(busy);
    const watching = await Promise.all([watch(ada, 'Bob'), watch(bob, 'Ada')]);
    const drained = await fabric.drainWorker(busy.index);
    const after = await Promise.all(watching.map((end) => end()));
    assert.deepEqual(drained, { moved: 4, ended: 0 });
    const show = (gaps: { longestGap: number }[]) => gaps.map(({ longestGap }) => Math.round(longestGap)).join(' and ');
    t.diagnostic(`longest time without a picture: ${show(before)} ms before, ${show(after)} ms while drained`);
    assert.ok(
      after.every(({ tracks }) => tracks >= 2),
      'another track is shown',
    );
    // A machine with no time to spare paints late, whatever is received.
    assert.ok(
      after.every(({ longestGap }) => longestGap < 1500),
      show(after),
    );
    await Promise.all([ada.sees('Bob'), bob.sees('Ada')]);
  });
});
