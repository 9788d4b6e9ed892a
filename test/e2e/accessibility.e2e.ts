/**
 * Every screen, in both languages, as axe-core judges it: nothing serious, nothing critical. In Chinese nothing is left in
 * English; on a phone everything is large enough for a finger.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import type { Page } from 'playwright-core';
import { judge, rested } from './judge.ts';
import { pathOf, stage } from './support.ts';

/** Buttons, links and fields that are smaller than `smallest` pixels either way (WCAG 2.2, 2.5.8). Links in a sentence may be. */
function tooSmall({ where, smallest }: { where: string; smallest: number }): string[] {
  return [...document.querySelectorAll(where)]
    .map((one) => ({ one, box: (one.closest('label') ?? one).getBoundingClientRect() }))
    .filter(
      ({ one, box }) =>
        one.checkVisibility() &&
        !one.matches('[tabindex="-1"]') &&
        box.width > 1 &&
        Math.min(box.width, box.height) < smallest - 0.5,
    )
    .map(({ one, box }) => `${one.outerHTML.slice(0, 120)} is ${box.width}×${box.height}`);
}

/** What reaches over the edges of the screen; the page itself, if it has to be scrolled sideways. */
function beyondTheEdges(where: string): string[] {
  const over = [...document.querySelectorAll(where)].filter((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return one.checkVisibility() && (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1);
  });
  const { clientWidth, scrollWidth } = document.documentElement;
  return [...(scrollWidth > clientWidth ? ['the page'] : []), ...over.map((one) => one.outerHTML.slice(0, 100))];
}

describe('screens', () => {
  const at = stage();
  for (const language of ['en', 'zh-CN']) {
    const open = (path: string) => at.open(path, language, at.server.http, { language });

    it(`are fit for all before and after the call, in ${language}`, async () => {
      const { page } = await open('/');
      await page.getByTestId('new-meeting').waitFor();
      await judge(page, 'home');
      const room = at.room();
      await page.goto(`${at.server.http}/r/${encodeURIComponent(room)}`);
      await page.getByTestId('join').waitFor();
      await judge(page, 'preview');
      await page.goto(at.server.http + pathOf(room, 'Ada'));
      await page.getByTestId('leave').click();
      await page.getByTestId('ended').waitFor();
      await judge(page, 'ended');
    });

    it(`are fit for all in the call, in ${language}`, async () => {
      const room = at.room();
      const { page } = await open(pathOf(room, 'Ada'));
      await page.getByTestId('bar').waitFor();
      await judge(page, 'alone');
      const bob = await at.join(room, 'Bob');
      await bob.write('Hello https://example.org');
      await page.getByTestId('tile').nth(1).waitFor();
      await page.getByTestId('chat').click();
      await page.getByTestId('chat-message').waitFor();
      await judge(page, 'chat');
      await page.getByTestId('people').click();
      await page.getByTestId('person').nth(1).waitFor();
      await judge(page, 'people');
      await page.getByTestId('close-panel').click();
      await page.getByTestId('invite').click();
      await judge(page, 'invite');
      await page.getByTestId('close-dialog').click();
      for (const dialog of ['door', 'settings', 'statistics', 'shortcuts']) {
        await page.getByTestId('more').click();
        await page.getByTestId(`menu-${dialog}`).waitFor();
        if (dialog === 'door') await judge(page, 'menu');
        await page.getByTestId(`menu-${dialog}`).click();
        await page.getByTestId('close-dialog').waitFor();
        await judge(page, dialog);
        await page.getByTestId('close-dialog').click();
      }
    });
  }

  it('fit on a phone, upright and on its side', async () => {
    const room = at.room();
    const { page } = await at.open('/', 'Ada', at.server.http, { width: 360, height: 740 });
    /** Nothing of this reaches over the edges of the screen, and nothing has to be scrolled to sideways. */
    const fits = async (screen: string, where: string) => {
      for (const [width, height] of [
        [740, 360],
        [360, 740],
      ] as const) {
        await page.setViewportSize({ width, height });
        await rested(page);
        // Tiles learn of the new size with a later frame, and move there.
        let beyond: string[] = [];
        await waitFor(async () => (beyond = await page.evaluate(beyondTheEdges, where)).length === 0, {
          what: () => `${screen} to fit on ${width}×${height}; beyond it are ${beyond.join(', ')}`,
        });
      }
    };
    await page.getByTestId('new-meeting').waitFor();
    await fits('home', '[data-testid="new-meeting"], [data-testid="enter-room"], header *');
    await page.goto(`${at.server.http}/r/${encodeURIComponent(room)}`);
    await page.getByTestId('join').waitFor();
    await fits('preview', '[data-testid="join"], .preview-toggles *, .preview-picture');
    await page.goto(at.server.http + pathOf(room, 'Ada'));
    await page.getByTestId('alone').waitFor();
    await fits('call', '[data-testid="tile"], [data-testid="alone"] *, [data-testid="bar"] *');
    await page.getByTestId('chat').click();
    await page.getByTestId('chat-input').waitFor();
    await fits('chat', '.panel, .composer *');
    await page.getByTestId('close-panel').click();
    await page.getByTestId('more').click();
    await page.getByTestId('menu-statistics').click();
    await page.getByTestId('close-dialog').waitFor();
    await fits('statistics', '.modal, .dialog-head *');
  });

  it('have room for fingers, on a narrow phone', async () => {
    const any = 'button, a[href]:not(p a), input, textarea, summary, [role="menuitem"], [role="option"]';
    const fits = async (page: Page, screen: string, where: string, smallest: number) =>
      assert.deepEqual(await page.evaluate(tooSmall, { where, smallest }), [], screen);
    const { page } = await at.open('/', 'Ada', at.server.http, { width: 360, height: 740 });
    await page.getByTestId('new-meeting').waitFor();
    await fits(page, 'home', any, 24);
    await fits(page, 'home', '[data-testid="new-meeting"], [data-testid="enter-room"], header button', 44);
    const room = at.room();
    await page.goto(`${at.server.http}/r/${encodeURIComponent(room)}`);
    await page.getByTestId('join').waitFor();
    await fits(page, 'preview', any, 24);
    await fits(page, 'preview', '[data-testid="join"], .preview-toggles button', 44);
    await page.goto(at.server.http + pathOf(room, 'Ada'));
    await page.getByTestId('bar').waitFor();
    await fits(page, 'call', any, 24);
    await fits(page, 'call', '[data-testid="bar"] button', 44);
    await page.getByTestId('chat').click();
    await page.getByTestId('chat-input').waitFor();
    await fits(page, 'chat', any, 24);
    await page.getByTestId('close-panel').click();
    await page.getByTestId('more').click();
    await page.getByTestId('menu-people').waitFor();
    await fits(page, 'menu', '[role="menuitem"]', 40);
    await page.getByTestId('menu-people').click();
    await page.getByTestId('person').waitFor();
    await fits(page, 'people', any, 24);
    await page.getByTestId('close-panel').click();
    for (const dialog of ['settings', 'reactions', 'invite']) {
      await page.getByTestId('more').click();
      await page.getByTestId(`menu-${dialog === 'reactions' ? 'react' : dialog}`).click();
      await page.getByTestId('close-dialog').waitFor();
      await fits(page, dialog, any, 24);
      await page.getByTestId('close-dialog').click();
    }
  });
});
