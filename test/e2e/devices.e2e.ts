/** Camera, microphone and speaker: tried before the call, changed in it, remembered. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { waitFor } from '@potluck/testkit';
import { waitForMedia } from '@potluck/testkit/browser';
import { stage } from './support.ts';

/** Chooses the last entry of a list of devices; gives back its name. */
async function chooseLast(page: Page, kind: 'camera' | 'microphone'): Promise<string> {
  await page.getByTestId(`${kind}-select`).click();
  const last = page.getByRole('option').last();
  const name = (await last.textContent()) ?? '';
  await last.click();
  return name;
}

/** Runs in the page before its own scripts: keeps what is played that stands in no document. */
function keepPlayers(): void {
  const { play } = HTMLMediaElement.prototype;
  globalThis.__played = [];
  HTMLMediaElement.prototype.play = function () {
    if (!this.isConnected) globalThis.__played?.push(this);
    return play.call(this);
  };
}

declare global {
  var __played: HTMLMediaElement[] | undefined;
}

describe('devices', () => {
  const at = stage();

  it('are tried before the call, and name and choice are remembered', async () => {
    const { page } = await at.open('/', 'Ada');
    await page.addInitScript(keepPlayers);
    await page.reload();
    await page.getByTestId('new-meeting').click();
    await page.locator('.preview-picture video').waitFor();
    const bar = page.getByRole('img', { name: 'Microphone level' }).locator('.level-bar');
    const level = () => bar.evaluate((one) => Number(one.style.getPropertyValue('--level')));
    await waitFor(async () => (await level()) > 0, { what: 'the level to move' });
    await page.getByTestId('test-speaker').click();
    await page.waitForFunction(() => globalThis.__played?.some(({ currentTime }) => currentTime > 0.1));
    const camera = await chooseLast(page, 'camera');
    await page.getByTestId('camera-select').getByText(camera).waitFor();
    await page.getByTestId('toggle-microphone').click();
    await page.getByLabel('Your name').fill('Ada Lovelace');
    await page.getByTestId('join').click();
    await page.getByTestId('bar').waitFor();
    await page.getByRole('button', { name: 'Unmute microphone' }).waitFor();
    const room = new URL(page.url()).pathname;

    await page.goto(at.server.http);
    const recent = page.getByRole('link').filter({ hasText: decodeURIComponent(room.replace('/r/', '')) });
    await recent.click();
    await page.getByTestId('join').waitFor();
    assert.equal(await page.getByLabel('Your name').inputValue(), 'Ada Lovelace');
    await page.getByTestId('camera-select').getByText(camera).waitFor();
    await page.getByRole('button', { name: 'Unmute microphone' }).waitFor();
    await page.goto(at.server.http);
    await page.getByRole('button', { name: /^Forget / }).click();
    await recent.waitFor({ state: 'detached' });
  });

  it('are changed in the call, through noise suppression too, and the others go on seeing and hearing', async () => {
    const room = at.room();
    const [bob, ada] = await Promise.all([at.join(room, 'Bob'), at.join(room, 'Ada')]);
    await bob.sees('Ada');
    await ada.choose('settings');
    for (const kind of ['camera', 'microphone'] as const) {
      const name = await chooseLast(ada.page, kind);
      await ada.page.getByText(`Now using “${name}”`).waitFor();
    }
    await Promise.all([bob.sees('Ada'), waitForMedia(bob, { video: 1, audio: 1 })]);
    const worklets: string[] = [];
    ada.page.on('request', (request) => worklets.push(request.url()));
    const suppress = ada.page.getByTestId('noise-suppression').getByText('Noise suppression');
    await suppress.click();
    await waitFor(() => worklets.some((url) => url.includes('.wasm')), { what: 'the model to be fetched' });
    await waitForMedia(bob, { video: 1, audio: 1 });
    await suppress.click();
    await waitForMedia(bob, { video: 1, audio: 1 });
    await ada.press('Close');
    assert.deepEqual(at.complaints, []);
  });

  it('are given to secure pages only, which is said; a browser that makes no calls is told so at once', async () => {
    const room = encodeURIComponent(at.room());
    const insecure = await at.open('/', 'insecure');
    await insecure.page.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }));
    await insecure.page.goto(`${at.server.http}/r/${room}`);
    await insecure.page.getByText('This page is not secure').waitFor();
    await insecure.page.getByLabel('Your name').fill('Ada');
    await insecure.page.getByTestId('join').click();
    await insecure.page.getByTestId('bar').waitFor();
    const old = await at.open('/', 'old');
    await old.page.addInitScript(() => Object.defineProperty(window, 'RTCPeerConnection', { value: undefined }));
    await old.page.goto(`${at.server.http}/r/${room}`);
    await old.page.getByText('This browser cannot make video calls').waitFor();
    assert.equal(await old.page.getByTestId('join').isDisabled(), true);
  });
});
