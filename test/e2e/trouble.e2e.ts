/** What a page says and does when a device or the network fails. */
import { before, describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { waitForMedia } from '@potluck/testkit/browser';
import assert from 'node:assert/strict';
import { freePorts } from '@potluck/testkit/ports';
import { startServer } from '@potluck/testkit/server';
import { openLink } from '../../packages/server/src/cli/chaos/link.ts';
import { openRoad, seeMediaAt } from './road.ts';
import { guestOf, pathOf, stage, type Guest } from './support.ts';

/** Runs in the page before its own scripts: gives tests a hand on the plug of every device. */
function holdPlugs(): void {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  const tracks: MediaStreamTrack[] = [];
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
  globalThis.__unplug = (kind) => {
    for (const track of tracks.filter((one) => one.kind === kind && one.readyState === 'live')) {
      track.stop();
      // A page that stops a track is not told so; one whose device goes away is.
      track.dispatchEvent(new Event('ended'));
    }
  };
}

/** The refusal of a user, without the question; or of the system, under the name that a test gives. */
function refuseDevices(): void {
  navigator.mediaDevices.getUserMedia = async () => {
    throw new DOMException('no', globalThis.__refusal ?? 'NotAllowedError');
  };
}

declare global {
  var __unplug: (kind: 'audio' | 'video') => void;
  var __refusal: string | undefined;
}

describe('a device', () => {
  const at = stage();

  it('that is unplugged is named, and can be used again', async () => {
    const room = at.room();
    const bob = await at.join(room, 'Bob');
    const ada = await at.prepared(room, 'Ada', holdPlugs);
    await bob.sees('Ada');
    await ada.page.evaluate(() => globalThis.__unplug('video'));
    await ada.page.getByText(/was unplugged/).waitFor();
    await bob.tile('Ada').locator('video').waitFor({ state: 'detached' });
    await ada.press('Turn camera on');
    await bob.sees('Ada');

    await ada.page.evaluate(() => globalThis.__unplug('audio'));
    // Another microphone takes its place by itself.
    await ada.page.getByRole('button', { name: 'Mute microphone' }).waitFor();
    await waitForMedia(bob, { video: 1, audio: 1 });
  });

  it('that is refused leaves a way into the call', async () => {
    const room = at.room();
    const bob = await at.join(room, 'Bob');
    const { page } = await at.open('/', 'Ada');
    await page.addInitScript(refuseDevices);
    await page.goto(`${at.server.http}/r/${encodeURIComponent(room)}`);
    await page.getByText('The browser blocks camera and microphone').waitFor();
    for (const [name, words] of [
      ['NotFoundError', 'No device found'],
      ['NotReadableError', 'Another program is using the device'],
    ] as const) {
      await page.evaluate((refusal) => (globalThis.__refusal = refusal), name);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText(words).waitFor();
    }
    await page.evaluate(() => (globalThis.__refusal = undefined));
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: 'Join now' }).click();
    await page.getByTestId('bar').waitFor();
    await bob.waitForTiles(['Bob (you)', 'Ada']);
    await bob.write('We read you');
    await page.getByText('We read you').first().waitFor();
    await page.getByRole('button', { name: 'Turn camera on' }).click();
    await page.getByText(/Camera: The browser blocks/).waitFor();
  });
});

/** Frames that a tile has shown so far. */
const framesOf = ({ tile }: Guest, name: string): Promise<number> =>
  tile(name)
    .locator('video')
    .evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames);

describe('the whole network of one side', () => {
  const ports = [0, 0];
  const media: { workers: number; webRtcServerPort: number } = { workers: 2, webRtcServerPort: 0 };
  before(async () => {
    media.webRtcServerPort = await freePorts(2);
    ports.forEach((_, index) => (ports[index] = media.webRtcServerPort + index));
  });
  const at = stage({ media });

  /** Somebody whose signalling goes over a road, and whose media go over a link. */
  async function joinOver(room: string, displayName: string, address: string, base?: string): Promise<Guest> {
    const page = await at.open('/icon.svg', displayName, base);
    await page.page.addInitScript(seeMediaAt, address);
    await page.page.goto((base ?? at.server.http) + pathOf(room, displayName));
    await page.page.getByTestId('bar').waitFor();
    return guestOf(page, displayName);
  }

  it('that is lost for ten seconds leaves the last picture standing, says so, and comes back without a reload; signalling alone stops no media', async (t) => {
    await using road = await openRoad(at.server.http);
    const link = await openLink('127.0.1.1', ports, Math.random);
    t.after(() => link.close());
    const room = at.room();
    const bob = await at.join(room, 'Bob');
    const [ada, cleo] = await Promise.all([
      joinOver(room, 'Ada', '127.0.1.1', road.base),
      // Her media go another way, which stays.
      at.knock(room, 'Cleo', '', road.base),
    ]);
    const see = () =>
      Promise.all([ada.sees('Bob'), ada.sees('Cleo'), bob.sees('Ada'), bob.sees('Cleo'), cleo.sees('Bob')]);
    await see();
    await ada.page.evaluate(() => Object.assign(window, { sameDocument: true }));
    link.lose(1, 10_000);
    road.cut();
    const lostAt = performance.now();
    const gone = (ms: number) =>
      waitFor(() => performance.now() - lostAt > ms, { what: `${ms} ms`, timeoutMs: ms + 5000 });
    const words = [ada, cleo].map(({ page }) => page.getByText('Connection lost. Reconnecting…'));
    const marks = ['Ada', 'Cleo'].map((name) => bob.tile(name).getByText('Reconnecting…'));
    await Promise.all([...words, ...marks].map((one) => one.waitFor()));
    await Promise.all([cleo.sees('Bob'), bob.sees('Cleo')]);
    // Long after the last packet that was on its way: what is seen is a picture that stands.
    await gone(5000);
    const stood = await framesOf(ada, 'Bob');
    assert.ok(stood > 0);
    await at.picture('a network that is lost whole');
    await gone(9500);
    assert.equal(await framesOf(ada, 'Bob'), stood);
    for (const [guest, name] of [
      [ada, 'Bob'],
      [bob, 'Ada'],
    ] as const) {
      const width = await guest
        .tile(name)
        .locator('video')
        .evaluate((video: HTMLVideoElement) => video.videoWidth);
      assert.ok(width > 0, `${guest.name} has lost the last picture of ${name}`);
    }
    await gone(10_000);
    road.mend();
    await see();
    t.diagnostic(`pictures move again ${Math.round(performance.now() - lostAt - 10_000)} ms after the network is back`);
    await Promise.all([...words, ...marks].map((one) => one.waitFor({ state: 'detached' })));
    await Promise.all([ada, bob, cleo].map((guest) => waitForMedia(guest, { video: 2, audio: 2 })));
    assert.equal(await ada.page.evaluate(() => 'sameDocument' in window), true);
    for (const guest of [ada, cleo]) {
      await guest.write(`${guest.name} is still here`);
      await bob.reads(`${guest.name} is still here`);
    }
    await bob.write('So am I');
    await Promise.all([ada.reads('So am I'), cleo.reads('So am I')]);
    await bob.waitForTiles(['Bob (you)', 'Ada', 'Cleo']);
  });

  it('that loses much of what it carries is said on the tile, with whose it is', async (t) => {
    const link = await openLink('127.0.1.2', ports, Math.random);
    t.after(() => link.close());
    const room = at.room();
    const bob = await at.join(room, 'Bob');
    const ada = await joinOver(room, 'Ada', '127.0.1.2');
    await Promise.all([ada.sees('Bob'), bob.sees('Ada')]);
    link.lose(0.2, 60_000);
    const said = ({ tile }: Guest, name: string, words: RegExp) =>
      tile(name).getByRole('button', { name: words }).waitFor();
    await Promise.all([
      said(ada, 'Bob', /Your download is slow/),
      said(ada, 'Ada (you)', /Your upload is slow/),
      said(bob, 'Ada', /Their upload is slow/),
    ]);
    await at.picture('a line that loses a fifth');
  });
});

describe('a server that restarts', () => {
  const at = stage();

  it('is waited for, and everybody comes back by themselves', async () => {
    const first = await startServer();
    await using second = await startServer();
    await using road = await openRoad(first.http);
    const room = at.room();
    const ada = await at.knock(room, 'Ada', '', road.base);
    const bob = await at.knock(room, 'Bob', '', road.base);
    await Promise.all([ada.sees('Bob'), bob.sees('Ada')]);
    await first[Symbol.asyncDispose]();
    road.cut();
    await ada.page.getByTestId('banner').getByText('Connection lost. Reconnecting…').waitFor();
    road.mend(second.http);
    await Promise.all([ada.sees('Bob'), bob.sees('Ada')]);
    await ada.page.getByText('Connection lost. Reconnecting…').waitFor({ state: 'detached' });
    await ada.waitForTiles(['Ada (you)', 'Bob']);
  });
});

describe('the other side', () => {
  const at = stage({ rooms: { graceSeconds: 4, reconnectingAfterSeconds: 1 } });

  it('that is cut off is waited for in its place, then gone', async () => {
    await using road = await openRoad(at.server.http);
    const room = at.room();
    const ada = await at.join(room, 'Ada');
    await at.knock(room, 'Bob', '', road.base);
    await ada.sees('Bob');
    road.cut();
    await ada.tile('Bob').getByText('Reconnecting…').waitFor();
    await ada.waitForTiles(['Ada (you)']);
    await ada.page.getByText('Bob left').waitFor();
  });

  it('whose tab is killed leaves no picture behind', async () => {
    const room = at.room();
    const [ada, bob] = await Promise.all([at.join(room, 'Ada'), at.join(room, 'Bob')]);
    await ada.sees('Bob');
    const debug = await bob.page.context().newCDPSession(bob.page);
    const crashed = new Promise((done) => bob.page.once('crash', done));
    // Never answered: there is nobody left to answer.
    debug.send('Page.crash').catch(() => {});
    await crashed;
    await ada.waitForTiles(['Ada (you)']);
    await ada.page.getByText('Bob left').waitFor();
  });
});
