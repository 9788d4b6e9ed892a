/** What the address asks for: end-to-end encryption, a film for a camera, a bad network, faces. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { waitForMedia } from '@potluck/testkit/browser';
import { stage } from './support.ts';

const secret = 'right-to-shape';

describe('parameters of the address', () => {
  const at = stage({ rooms: { networkThrottleSecret: secret } });

  it('e2eKey: those with the key see each other, the others are told why they do not', async () => {
    const room = at.room();
    const bob = await at.join(room, 'Bob', '#e2eKey=borscht%20%26%20rye');
    const ada = await at.join(room, 'Ada', '&e2eKey=borscht%20%26%20rye');
    await Promise.all([ada.sees('Bob'), bob.sees('Ada')]);
    await waitForMedia(bob, { video: 1, audio: 1 });
    await bob.page.getByTestId('encryption-mark').getByText('End-to-end encrypted').first().waitFor();

    // The key is nowhere where a server could see it, and everywhere where it is needed.
    assert.equal(new URL(ada.page.url()).searchParams.has('e2eKey'), false);
    assert.equal(new URLSearchParams(new URL(ada.page.url()).hash.slice(1)).get('e2eKey'), 'borscht & rye');
    await ada.page.getByTestId('invite').click();
    assert.match((await ada.page.getByTestId('invite-link').textContent()) ?? '', /#e2eKey=borscht/u);
    await ada.page.keyboard.press('Escape');

    const eve = await at.join(room, 'Eve', '#e2eKey=other');
    await eve.tile('Ada').getByText('Encrypted with another key, or not at all').waitFor();
    await ada.tile('Eve').getByText('Encrypted with another key, or not at all').waitFor();
    const guest = await at.join(room, 'Guest');
    await guest.tile('Ada').getByText('Encrypted: open the whole link, with its key').waitFor();
    for (const other of [eve, guest]) assert.equal(await other.tile('Ada').locator('video').count(), 0);
    assert.equal(await guest.page.getByTestId('encryption-mark').count(), 0);
    await Promise.all([ada.sees('Bob'), bob.sees('Ada')]);
    assert.ok(!at.server.logLines.some((line) => line.includes('borscht')));
  });

  it('externalVideo: a film plays in place of camera and microphone', async () => {
    const room = at.room();
    const ada = await at.join(room, 'Ada', '&externalVideo=true');
    const bob = await at.join(room, 'Bob');
    await bob.sees('Ada');
    await waitForMedia(bob, { video: 1, audio: 1 });
    const width = () =>
      bob
        .tile('Ada')
        .locator('video')
        .evaluate((video: HTMLVideoElement) => video.videoWidth / video.videoHeight);
    assert.ok(Math.abs((await width()) - 640 / 360) < 0.05);
    await ada.press('Turn camera off');
    await bob.tile('Ada').locator('video').waitFor({ state: 'detached' });
    await ada.press('Turn camera on');
    await bob.sees('Ada');
  });

  it('throttleSecret: the form stands in the statistics, and a wrong secret is refused in words', async () => {
    const room = at.room();
    const ada = await at.join(room, 'Ada', '&info=true&throttleSecret=wrong');
    const form = ada.page.getByTestId('throttle');
    await form.waitFor();
    await form.getByLabel('Loss, %').fill('101');
    assert.equal(await form.getByTestId('throttle-apply').isDisabled(), true);
    await form.getByLabel('Loss, %').fill('1');
    await form.getByTestId('throttle-apply').click();
    await ada.page.getByText(/The server did not do it: /u).waitFor();
    const bob = await at.join(room, 'Bob', '&info=true');
    await bob.page.getByTestId('statistics-dialog').waitFor();
    assert.equal(await bob.page.getByTestId('throttle').count(), 0);
  });

  it('faceDetection: boxes where the browser finds faces, words where it cannot', async () => {
    const cannot = 'This browser cannot find faces in pictures.';
    // Just as this browser is: Debian's has no detector. There is no face before the fake camera, so that one would find none.
    const plain = await at.join('plain', 'Plain', '&faceDetection=true');
    const has = await plain.page.evaluate(() => 'FaceDetector' in window);
    if (!has) await plain.page.getByText(cannot).waitFor();
    const unable = await at.open('/', 'Unable');
    await unable.page.addInitScript(
      'window.FaceDetector = class { detect = () => Promise.reject(new Error("unavailable")) }',
    );
    await unable.page.goto(`${at.server.http}/r/useless?displayName=Unable&faceDetection=true`);
    await unable.page.getByText(cannot).waitFor();
    const able = await at.open('/', 'Able');
    await able.page.addInitScript(() => {
      class FaceDetector {
        detect = async () => [{ boundingBox: { x: 10, y: 10, width: 50, height: 50 } }];
      }
      Object.assign(window, { FaceDetector });
    });
    await able.page.goto(`${at.server.http}/r/faces?displayName=Able&faceDetection=true`);
    await able.page.getByTestId('face').waitFor();
  });

  it('consumerReplicas: who opens the room gets copies of each stream', async () => {
    const room = at.room();
    const ada = await at.join(room, 'Ada', '&consumerReplicas=2');
    await at.join(room, 'Bob');
    await ada.sees('Bob');
    await waitForMedia(ada, { video: 3, audio: 1 });
    // Only one of three same voices is played, and only what is played has energy.
    await waitFor(
      async () => (await ada.inbound()).filter(({ kind, packets }) => kind === 'audio' && packets > 10).length === 3,
      { what: 'three copies of the voice' },
    );
  });
});
