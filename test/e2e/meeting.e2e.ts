/** What a meeting offers beside picture, sound and chat: places, keys, hands, names, numbers. One room for several tests. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { waitForMedia } from '@potluck/testkit/browser';
import { joinV3, openV3 } from '@potluck/testkit/v3-client';
import { stage, type Guest } from './support.ts';

/** Share of the table that a tile covers. */
async function share(guest: Guest, name: string): Promise<number> {
  const area = async (box: { width: number; height: number } | null) => (box?.width ?? 0) * (box?.height ?? 0);
  const [own, whole] = [guest.tile(name), guest.page.getByRole('list', { name: 'Participants' })];
  return (await area(await own.boundingBox())) / (await area(await whole.boundingBox()));
}

const covers = (guest: Guest, name: string, atLeast: number): Promise<unknown> =>
  waitFor(async () => (await share(guest, name)) >= atLeast, { what: `${name} to cover ${atLeast} of the table` });

declare global {
  /** How many wake locks are held. */
  var __held: { locks: number } | undefined;
}

/** Runs in the page before its own scripts: a screen with sound, where there is no screen. */
function pretendScreen(): void {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 1280;
    canvas.height = 720;
    const pen = canvas.getContext('2d');
    let turn = 0;
    setInterval(() => {
      if (pen === null) return;
      pen.fillStyle = `hsl(${(turn += 20)} 60% 50%)`;
      pen.fillRect(0, 0, 1280, 720);
    }, 100);
    const context = new AudioContext();
    const tone = context.createOscillator();
    const out = context.createMediaStreamDestination();
    tone.connect(out);
    tone.start();
    return new MediaStream([...canvas.captureStream(10).getVideoTracks(), ...out.stream.getAudioTracks()]);
  };
}

describe('a meeting', () => {
  const at = stage();

  it('places tiles as each one likes: pinned, by speaker, with a sidebar, without oneself, on pages, on the whole screen', async () => {
    const room = at.room();
    const ada = await at.join(room, 'Ada');
    await at.join(room, 'Bob');
    await at.join(room, 'Carol');
    await ada.waitForTiles(['Ada (you)', 'Bob', 'Carol']);
    await ada.tile('Carol').hover();
    await ada.tile('Carol').getByTestId('pin').click();
    await covers(ada, 'Carol', 0.5);
    await ada.tile('Carol').dblclick();
    await waitFor(async () => (await share(ada, 'Carol')) < 0.5, { what: 'Carol to be unpinned' });

    await ada.choose('sidebar');
    await ada.waitForTiles(['Ada (you)', 'Bob', 'Carol']);
    const largest = async () => Math.max(await share(ada, 'Bob'), await share(ada, 'Carol'));
    await waitFor(async () => (await largest()) >= 0.5, { what: 'one of the others to be large' });
    await ada.choose('speaker');
    await waitFor(async () => (await ada.tiles()).length === 2, { what: 'only the speaker and oneself' });
    await ada.page.getByTestId('more').click();
    assert.equal(await ada.page.getByTestId('menu-speaker').getAttribute('aria-checked'), 'true');
    await ada.page.getByTestId('menu-grid').click();

    await ada.choose('settings');
    await ada.page.getByTestId('hide-self').click();
    await ada.press('Close');
    await ada.waitForTiles(['Bob', 'Carol']);
    await ada.choose('settings');
    await ada.page.getByTestId('hide-self').click();
    await ada.press('Close');

    await ada.page.setViewportSize({ width: 260, height: 300 });
    await waitFor(async () => (await ada.tiles()).length < 3, { what: 'a first page' });
    const first = await ada.tiles();
    await ada.page.getByTestId('next-page').click();
    await waitFor(async () => (await ada.tiles()).every((name) => !first.includes(name)), { what: 'another page' });
    await ada.page.setViewportSize({ width: 1000, height: 700 });
    await ada.waitForTiles(['Ada (you)', 'Bob', 'Carol']);

    await ada.choose('full-screen');
    await ada.page.waitForFunction(() => document.fullscreenElement !== null);
    await ada.choose('full-screen');
    await ada.page.waitForFunction(() => document.fullscreenElement === null);
  });

  it('is led by keys: one to mute, space to speak while it is held, one for the list of keys', async () => {
    const room = at.room();
    const [ada, bob] = await Promise.all([at.join(room, 'Ada'), at.join(room, 'Bob')]);
    const silent = bob.tile('Ada').getByRole('img', { name: 'Microphone off' });
    await bob.sees('Ada');
    await ada.page.keyboard.press('m');
    await silent.waitFor();
    await ada.page.keyboard.down(' ');
    await silent.waitFor({ state: 'detached' });
    await ada.page.keyboard.up(' ');
    await silent.waitFor();
    await ada.page.keyboard.press('?');
    await ada.page.getByTestId('shortcuts-dialog').getByText('Hold to speak while muted').waitFor();
    await ada.page.keyboard.press('Escape');
    // Letters that are typed are no keys of the call.
    await ada.page.keyboard.press('c');
    await ada.page.getByTestId('chat-input').pressSequentially('mmm');
    await ada.page.getByRole('button', { name: 'Unmute microphone' }).waitFor();
  });

  it('closes a menu with Escape or a press beside it, which presses nothing else', async () => {
    const { page } = await at.join(at.room(), 'Ada');
    const more = page.getByTestId('more').first();
    const menu = page.getByTestId('more-menu');
    const mute = page.getByRole('button', { name: 'Mute microphone', exact: true });
    const place = await mute.boundingBox();
    assert.ok(place);
    await more.click();
    await menu.waitFor();
    await page.mouse.click(place.x + place.width / 2, place.y + place.height / 2);
    await menu.waitFor({ state: 'detached' });
    await mute.waitFor();
    // Focus returns one animation frame after the menu has gone.
    const focused = page.locator('[data-testid="more"]:focus');
    await focused.waitFor();
    await more.click();
    await page.getByRole('menuitem').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    await focused.waitFor();
    await page.keyboard.press('Enter');
    await menu.waitFor();
    await page.keyboard.press('Tab');
    await menu.waitFor({ state: 'detached' });
  });

  it('shows hands, reactions and new names to all', async () => {
    const room = at.room();
    const [ada, bob] = await Promise.all([at.join(room, 'Ada'), at.join(room, 'Bob')]);
    await bob.sees('Ada');
    await ada.press('Raise hand');
    await bob.page.getByText('Ada raised a hand').waitFor();
    const hand = bob.tile('Ada').getByRole('img', { name: 'Hand raised' });
    await hand.waitFor();
    await ada.press('Lower hand');
    await hand.waitFor({ state: 'detached' });
    await ada.press('React');
    await ada.page.getByRole('button', { name: '🎉' }).click();
    await bob.tile('Ada').getByText('🎉').waitFor();
    await ada.page.keyboard.press('Escape');

    await ada.page.getByTestId('people').click();
    await ada.page.getByTestId('rename').click();
    await ada.page.getByTestId('rename-input').fill('Ada Lovelace');
    await ada.page.getByTestId('rename-save').click();
    await bob.waitForTiles(['Bob (you)', 'Ada Lovelace']);
  });

  it('finds one of many by name, however it is spelt', async () => {
    const room = at.room();
    const ada = await at.join(room, 'Ada');
    const names = ['Zoë', 'Bob', 'Carol', 'Dan', 'Eve', 'Finn'];
    for (const displayName of names)
      await joinV3(await openV3(at.server.wss, { roomId: room, peerId: `old-${displayName}` }), { displayName });
    await ada.page.getByTestId('people').click();
    await ada.page.getByTestId('person').nth(6).waitFor();
    await ada.page.getByTestId('people-search').fill('zoe');
    await waitFor(async () => (await ada.page.getByTestId('person').count()) === 1, { what: 'one to be found' });
    await ada.page.getByTestId('person').getByText('Zoë').waitFor();
    await ada.page.getByTestId('people-search').fill('nobody at all');
    await ada.page.getByText('Nobody of that name.').waitFor();
  });

  it('invites with a link that says when it is copied, plots what is measured, and speaks another language at once', async () => {
    const room = at.room();
    const ada = await at.join(room, 'Ada');
    await ada.page.getByTestId('invite').click();
    const link = await ada.page.getByTestId('invite-link').textContent();
    assert.equal(link, `${at.server.http}/r/${encodeURIComponent(room)}`);
    await ada.page.getByTestId('copy-link').click();
    await ada.page.getByTestId('copy-link').getByText('Copied').waitFor();
    await ada.page.getByRole('img', { name: 'QR code of the invite link' }).waitFor();
    await ada.press('Close');

    await ada.page.keyboard.press('i');
    const stream = ada.page.locator('[data-testid="stream"][data-source="camera"]');
    await stream.getByRole('img', { name: /^Bitrate: [\d.]+ [kM]b\/s$/ }).waitFor();
    await waitFor(async () => ((await stream.locator('polyline').first().getAttribute('points')) ?? '').split(' ').length > 2, { what: 'a plot' }); // prettier-ignore
    await stream.getByText(/^\d+×\d+$/).waitFor();
    await ada.press('Close');

    await ada.choose('settings');
    await ada.page.getByTestId('settings-theme').click();
    await ada.page.getByRole('option', { name: 'Dark' }).click();
    await ada.page.waitForFunction(() => getComputedStyle(document.documentElement).colorScheme === 'dark');
    await ada.page.getByTestId('settings-language').click();
    await ada.page.getByRole('option', { name: '中文' }).click();
    await ada.page.getByRole('button', { name: '关闭', exact: true }).click();
    await ada.page.getByRole('button', { name: '静音' }).waitFor();
    await ada.page.locator('html[lang="zh-CN"]').waitFor();
  });

  it('shows several screens at once, first and large, each with its sound', async () => {
    const room = at.room();
    const carol = await at.join(room, 'Carol');
    for (const name of ['Ada', 'Bob']) {
      const sharing = await at.prepared(room, name, pretendScreen);
      await sharing.press('Share screen');
    }
    await Promise.all([carol.sees('Ada’s screen'), carol.sees('Bob’s screen')]);
    await waitForMedia(carol, { video: 4, audio: 4 });
    const [screen, camera] = await Promise.all([share(carol, 'Ada’s screen'), share(carol, 'Ada')]);
    assert.ok(screen > 4 * camera, `a screen covers ${screen} of the table, a camera ${camera}`);
  });

  it('floats over other windows with who speaks, oneself and three buttons', async () => {
    const room = at.room();
    const [ada, bob] = await Promise.all([at.join(room, 'Ada'), at.join(room, 'Bob')]);
    await Promise.all([ada.sees('Bob'), bob.sees('Ada')]);
    await ada.choose('float');
    const inFloating = (act: string) =>
      ada.page.evaluate(`(() => { const { document } = documentPictureInPicture.window; return ${act}; })()`);
    await waitFor(() => inFloating(`document.querySelectorAll('video').length === 2 && [...document.querySelectorAll('video')].every((one) => one.videoWidth > 0)`).catch(() => false), { what: 'two pictures in a window of their own' }); // prettier-ignore
    assert.equal(await inFloating(`document.querySelector('figcaption').textContent`), 'Bob');
    // Styles arrived: the bar lies below the picture.
    await waitFor(() => inFloating(`document.defaultView.getComputedStyle(document.querySelector('footer')).display === 'flex'`), { what: 'styles' }); // prettier-ignore
    await inFloating(`document.querySelector('[aria-label="Mute microphone"]').click()`);
    await bob.tile('Ada').getByRole('img', { name: 'Microphone off' }).waitFor();
    await inFloating(`document.querySelector('[aria-label="Turn camera off"]').click()`);
    await bob.tile('Ada').locator('video').waitFor({ state: 'detached' });
    await ada.choose('float');
    await waitFor(() => ada.page.evaluate(() => globalThis.documentPictureInPicture?.window === null), {
      what: 'the window to be closed',
    });
    await ada.choose('float');
    await waitFor(() => inFloating(`document.querySelector('[aria-label="Leave"]') !== null`).catch(() => false), { what: 'the window again' }); // prettier-ignore
    await inFloating(`document.querySelector('[aria-label="Leave"]').click()`);
    await ada.page.getByTestId('ended').waitFor();
    await waitFor(() => ada.page.evaluate(() => globalThis.documentPictureInPicture?.window === null), {
      what: 'the window to be closed',
    });
  });

  it('moves nothing for who wants less motion, keeps the screen awake until it is over, and hears who talks while muted', async () => {
    const ada = await at.prepared(at.room(), 'Ada', () => {
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (constraints) => {
        if (!constraints?.audio) return open(constraints);
        const context = new AudioContext();
        const tone = context.createOscillator();
        const out = context.createMediaStreamDestination();
        tone.connect(out);
        tone.start();
        return out.stream;
      };
      const held = { locks: 0 };
      globalThis.__held = held;
      Object.defineProperty(navigator, 'wakeLock', {
        value: {
          request: async () => {
            held.locks += 1;
            return { release: async () => void (held.locks -= 1) };
          },
        },
      });
    });
    await ada.page.emulateMedia({ reducedMotion: 'reduce' });
    const seconds = await ada.tile('Ada (you)').evaluate((one) => getComputedStyle(one).transitionDuration);
    assert.ok(
      seconds.split(', ').every((one) => Number.parseFloat(one) < 0.001),
      `tiles move for ${seconds}`,
    );
    await ada.page.waitForFunction(() => globalThis.__held?.locks === 1);
    await ada.press('Mute microphone');
    await ada.page.getByText('You seem to be talking, but your microphone is off.').waitFor();
    await ada.press('Leave');
    await ada.page.waitForFunction(() => globalThis.__held?.locks === 0);
  });
});
