/** What many people at once do to the page, in a room that is made up: who speaks, comes and goes at will. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import type { Page } from 'playwright-core';
import { sceneStage } from './scene-stage.ts';

type Fake = {
  readonly state: { readonly participants: readonly { readonly id: string; readonly displayName: string }[] };
  change(next: object): void;
  readonly events: { emit(name: string, event: unknown): void };
};
declare global {
  var fake: Fake;
  var __tones: { played: number[]; later(): void };
}

describe('a full room', () => {
  const scenes = sceneStage();
  const open = async (query: string, size: { width: number; height: number }, script?: () => void): Promise<Page> => {
    const { page } = await scenes.open({ name: query, ...size });
    if (script !== undefined) await page.addInitScript(script);
    await page.goto(scenes.addressOf(query));
    await page.getByTestId('tile').first().waitFor();
    return page;
  };
  /** Which tile is where. */
  const places = (page: Page) =>
    page
      .getByTestId('tile')
      .evaluateAll((tiles: HTMLElement[]) =>
        tiles.map(({ dataset, style }) => `${dataset['peer']} ${style.transform}`),
      );
  const speaks = (page: Page, id: string) =>
    page.evaluate((peerId) => fake.change({ activeSpeaker: peerId, speaking: [{ peerId, volume: -20 }] }), id);

  it('brings whoever speaks into view in the place of one who is silent; nobody else moves', async () => {
    const page = await open('people=30&chat=off&cameras=off', { width: 640, height: 480 });
    await page.getByTestId('next-page').waitFor();
    const before = await places(page);
    assert.ok(before.length > 4 && before.length < 30, `a page of several: ${before.length}`);
    await speaks(page, 'peer29');
    await page.locator('[data-peer="peer29"]').waitFor();
    const then = await places(page);
    const moved = then.filter((place) => !before.includes(place));
    assert.equal(then.length, before.length);
    assert.equal(moved.length, 1, `only one is new: ${moved.join(', ')}`);
    assert.match(moved[0] ?? '', /^peer29 /);

    // Whoever is in view stays where they are, whoever speaks how often.
    for (const id of ['peer1', 'peer29', 'peer2', 'peer1', 'peer4']) {
      await speaks(page, id);
      await page.locator(`[data-peer="${id}"][data-speaking]`).waitFor();
      assert.deepEqual(await places(page), then, `${id} speaks`);
    }
    // One more from outside does not push out those who have just spoken.
    await speaks(page, 'peer28');
    await page.locator('[data-peer="peer28"]').waitFor();
    const last = await places(page);
    for (const id of ['peer1', 'peer2', 'peer4', 'peer29', 'me'])
      assert.ok(last.includes(then.find((place) => place.startsWith(`${id} `)) ?? ''), `${id} stays`);
    await page.close();
  });

  it('says in one line who comes and in one who goes, never more than three at a time', async () => {
    const page = await open('people=30&chat=off&cameras=off', { width: 1280, height: 800 });
    const notices = page.getByTestId('notices').locator('.notice');
    await page.evaluate(() => {
      for (const one of fake.state.participants.slice(0, 20)) fake.events.emit('participantJoined', one);
      for (const one of fake.state.participants.slice(0, 5)) fake.events.emit('participantLeft', one);
    });
    await notices.nth(1).waitFor();
    assert.deepEqual(await notices.allTextContents(), [
      'Sofía, Tove and 18 others joined',
      '王小明, Élodie Durand and 3 others left',
    ]);
    await page.evaluate(() => {
      const [one] = fake.state.participants;
      for (const text of ['One', 'Two', 'Three', 'Four'])
        fake.events.emit('chatReceived', { id: text, peerId: one?.id, displayName: one?.displayName, text, sentAt: 0 });
    });
    await page.getByText('Four').waitFor();
    assert.equal(await notices.count(), 3);
    // They go by themselves.
    await notices.first().waitFor({ state: 'detached', timeout: 15_000 });
    await page.close();
  });

  /** Notes that are played, in hertz; time as chimes see it can be moved on. */
  const listen = () => {
    const now = performance.now.bind(performance);
    let ahead = 0;
    performance.now = () => now() + ahead;
    globalThis.__tones = { played: [], later: () => (ahead += 5000) };
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (this: OscillatorNode, when?: number) {
      // The hum of the made-up microphone starts without a time.
      if (when !== undefined) globalThis.__tones.played.push(Math.round(this.frequency.value));
      start.call(this, when);
    };
  };
  const heard = (page: Page, ...happened: readonly (readonly [name: string, event: unknown])[]): Promise<number[]> =>
    page.evaluate((events) => {
      globalThis.__tones.later();
      globalThis.__tones.played = [];
      for (const [name, event] of events) fake.events.emit(name, event);
      return globalThis.__tones.played;
    }, happened);
  const ada = { id: 'peer1', displayName: 'Ada', tracks: [] };
  const written = { id: 'x', peerId: 'peer1', displayName: 'Ada', text: 'Hello', sentAt: 0 };

  it('chimes for who comes, who goes and what is written, while that is wished for', async () => {
    const page = await open('people=4&chat=off&cameras=off', { width: 1280, height: 800 }, listen);
    assert.deepEqual(await heard(page, ['participantJoined', ada]), [523, 784], 'up for who comes');
    assert.deepEqual(await heard(page, ['participantLeft', ada]), [784, 523], 'down for who goes');
    assert.deepEqual(await heard(page, ['chatReceived', written]), [659], 'one for a message');
    const many = Array.from({ length: 5 }, () => ['chatReceived', written] as const);
    assert.deepEqual(await heard(page, ...many), [659], 'one for five at once');
    assert.deepEqual(await heard(page, ['chatReceived', { ...written, peerId: 'me' }]), [], 'none for one’s own');
    await page.getByTestId('chat').click();
    await page.getByTestId('chat-input').waitFor();
    assert.deepEqual(await heard(page, ['chatReceived', written]), [], 'none while the chat is open');
    await page.getByTestId('more').click();
    await page.getByTestId('menu-settings').click();
    await page.getByRole('switch', { name: 'Sounds' }).press('Space');
    assert.deepEqual(await heard(page, ['participantJoined', ada]), [], 'none when they are switched off');
    await page.close();
  });

  it('does not chime where somebody comes or goes all the time', async () => {
    const page = await open('people=12&chat=off&cameras=off', { width: 1280, height: 800 }, listen);
    assert.deepEqual(await heard(page, ['participantJoined', ada]), []);
    assert.deepEqual(await heard(page, ['chatReceived', written]), [659]);
    await page.close();
  });

  it('has windows that keep the focus, hide what is behind, and give the focus back', async () => {
    const page = await open('people=4&chat=off&cameras=off', { width: 1280, height: 800 });
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? '');
    const inside = () => page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null);
    await page.getByTestId('invite').click();
    const dialog = page.getByRole('dialog', { name: 'Invite' });
    await dialog.waitFor();
    await waitFor(inside, { what: 'the focus to be in the window' });
    assert.equal(await page.getByRole('button', { name: 'Leave' }).count(), 0, 'hidden from screen readers');
    for (const key of ['Tab', 'Tab', 'Tab', 'Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab']) {
      await page.keyboard.press(key);
      assert.ok(await inside(), `${key} stays inside`);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await waitFor(async () => (await focused()) === 'invite', { what: 'the focus to be back' });
    assert.equal(await page.getByRole('button', { name: 'Leave' }).count(), 1);
    // A press beside it closes it, and presses nothing else.
    await page.getByTestId('invite').click();
    await dialog.waitFor();
    await page.mouse.click(60, 300);
    await dialog.waitFor({ state: 'detached' });
    await page.close();
  });

  it('has one menu for all people: opened by arrow key, closed by Escape, focus where it was', async () => {
    const page = await open('people=9&panel=people&chat=off&cameras=off', { width: 1280, height: 800 });
    const button = page.getByRole('button', { name: 'Options for Bo' });
    await button.focus();
    await page.keyboard.press('ArrowDown');
    const menu = page.getByRole('menu', { name: 'Options for Bo' });
    await menu.waitFor();
    assert.equal(await button.getAttribute('aria-expanded'), 'true');
    await waitFor(
      () =>
        menu
          .getByRole('menuitem')
          .first()
          .evaluate((item) => item === document.activeElement),
      {
        what: 'the first entry to have the focus',
      },
    );
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    await waitFor(() => button.evaluate((one) => one === document.activeElement), { what: 'the focus to be back' });
    assert.equal(await button.getAttribute('aria-expanded'), 'false');
    await button.press('Enter');
    await page.getByRole('menuitem', { name: 'Pin' }).click();
    await menu.waitFor({ state: 'detached' });
    await page.locator('[data-peer="peer2"]').getByRole('button', { name: 'Unpin' }).waitFor();
    await page.close();
  });
});
