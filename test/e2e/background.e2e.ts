/** The background is blurred where it is wished for, and the plain camera is back when it is not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestPage } from '@potluck/testkit/browser';
import { waitFor } from '@potluck/testkit';
import { stage, type Guest } from './support.ts';

/**
 * How sharp the own picture is: the mean difference of neighbouring pixels. Chromium's fake camera is nobody's face, so
 * that all of it is background.
 */
const sharpness = ({ page }: TestPage, within: string): Promise<number> =>
  page
    .locator(`${within} video`)
    .first()
    .evaluate((video: HTMLVideoElement) => {
      const [width, height] = [320, 180];
      const context = new OffscreenCanvas(width, height).getContext('2d')!;
      context.drawImage(video, 0, 0, width, height);
      const { data } = context.getImageData(0, 0, width, height);
      let sum = 0;
      for (let at = 4; at < data.length; at += 4) sum += Math.abs(data[at + 1]! - data[at - 3]!);
      return sum / (width * height);
    });

/** Frames a second that the own tile shows. */
const rate = ({ page }: TestPage, within: string): Promise<number> =>
  page
    .locator(`${within} video`)
    .first()
    .evaluate(async (video: HTMLVideoElement) => {
      const count = () => video.getVideoPlaybackQuality().totalVideoFrames;
      const [first, begun] = [count(), performance.now()];
      await new Promise((resolve) => setTimeout(resolve, 3000));
      return (1000 * (count() - first)) / (performance.now() - begun);
    });

const switchBlur = async ({ page }: TestPage) => {
  await page.getByTestId('more').last().click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page.getByTestId('background-blur').getByText('Blur my background').click();
  await page.keyboard.press('Escape');
};

declare let MediaStreamTrackProcessor: new (init: object) => { readonly readable: ReadableStream<VideoFrame> };

describe('background blur', () => {
  const at = stage();
  const own = '[data-self="true"]';
  const others = '[data-testid="tile"]:not([data-self])';

  /** Answers how sharp it was before. */
  const blur = async (ada: Guest, bob: Guest): Promise<number> => {
    const plain = await sharpness(ada, own);
    await switchBlur(ada);
    await waitFor(async () => (await sharpness(ada, own)) < plain / 2, { what: 'the blur', timeoutMs: 60_000 });
    await bob.sees('Ada');
    await waitFor(async () => (await sharpness(bob, others)) < plain / 1.5, {
      what: 'Bob to see it',
      timeoutMs: 60_000,
    });
    return plain;
  };

  /** Nothing is left of it. */
  const unblur = async (ada: TestPage, plain: number) => {
    await switchBlur(ada);
    await waitFor(async () => (await sharpness(ada, own)) > plain / 1.5, {
      what: 'the plain camera',
      timeoutMs: 30_000,
    });
    await waitFor(() => ada.page.workers().length === 0, { what: 'the worker to end' });
  };

  it('is fetched by those who use it, changes the preview, and is remembered', async () => {
    const page = await at.open(`/r/${encodeURIComponent(at.room())}`, 'Ada');
    const asked: string[] = [];
    page.page.on('request', (request) => asked.push(request.url()));
    await page.page.locator('.preview-picture video').waitFor();
    const plain = await sharpness(page, '.preview-picture');
    assert.equal(
      asked.some((url) => url.includes('tflite')),
      false,
    );
    const button = page.page.getByTestId('toggle-blur');
    await button.click();
    await waitFor(async () => (await sharpness(page, '.preview-picture')) < plain / 2, {
      what: 'the blur',
      timeoutMs: 60_000,
    });
    assert.ok(asked.some((url) => url.includes('.tflite')));
    assert.ok(
      asked.every(
        (url) => new URL(url, page.page.url()).origin === new URL(page.page.url()).origin || url.startsWith('blob:'),
      ),
    );
    await button.click();
    await waitFor(async () => (await sharpness(page, '.preview-picture')) > plain / 1.5, {
      what: 'the plain camera',
      timeoutMs: 30_000,
    });
    await button.click();
    await page.page.reload();
    await page.page.locator('.preview-picture video').waitFor({ timeout: 60_000 });
    await waitFor(async () => (await sharpness(page, '.preview-picture')) < plain / 2, {
      what: 'the blur again',
      timeoutMs: 60_000,
    });
    assert.deepEqual(at.complaints, []);
  });

  it('is switched in the call, and leaves nothing behind', async () => {
    const room = at.room();
    const [ada, bob] = await Promise.all([at.join(room, 'Ada'), at.join(room, 'Bob')]);
    await bob.sees('Ada');
    const plain = await blur(ada, bob);
    process.stdout.write(`# ${(await rate(ada, own)).toFixed(1)} frames a second\n`);
    await unblur(ada, plain);
    await bob.sees('Ada');
  });

  it('goes over a canvas where frames do not come as streams', async () => {
    const room = at.room();
    const ada = await at.prepared(room, 'Ada', () => {
      for (const name of ['MediaStreamTrackProcessor', 'MediaStreamTrackGenerator'])
        Object.defineProperty(globalThis, name, { value: undefined });
    });
    const bob = await at.join(room, 'Bob');
    await bob.sees('Ada');
    const plain = await blur(ada, bob);
    await unblur(ada, plain);
  });

  it('switches itself off, and says so, where too few pictures come out', async () => {
    const room = at.room();
    const ada = await at.prepared(room, 'Ada', () => {
      // A machine with other things to do: most pictures of the camera never reach the blur.
      const Plain = MediaStreamTrackProcessor;
      MediaStreamTrackProcessor = class {
        readonly readable: ReadableStream<VideoFrame>;
        constructor(init: object) {
          let last = 0;
          const few = new TransformStream<VideoFrame, VideoFrame>({
            transform(frame, controller) {
              const now = performance.now();
              if (now - last < 250) return frame.close();
              last = now;
              controller.enqueue(frame);
            },
          });
          this.readable = new Plain(init).readable.pipeThrough(few);
        }
      };
    });
    const plain = await sharpness(ada, own);
    await switchBlur(ada);
    await waitFor(async () => (await sharpness(ada, own)) < plain / 2, { what: 'the blur', timeoutMs: 60_000 });
    await ada.page.getByText('this computer is too slow for it').waitFor({ timeout: 30_000 });
    await waitFor(async () => (await sharpness(ada, own)) > plain / 1.5, {
      what: 'the plain camera',
      timeoutMs: 30_000,
    });
    await waitFor(() => ada.page.workers().length === 0, { what: 'the worker to end' });
    await ada.page.reload();
    await ada.page.getByTestId('bar').waitFor();
    await ada.page.locator(`${own} video`).waitFor();
    await waitFor(async () => (await sharpness(ada, own)) > plain / 1.5, { what: 'a plain camera, remembered' });
  });
});
