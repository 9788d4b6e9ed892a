import type { Locator, Page } from 'playwright-core';

/** What somebody does in the call, as the keyboard and the mouse do it; `shown` resolves when it is there. */
export type Step = { readonly what: string; act(): Promise<unknown>; shown?(): Promise<unknown> };

/** In this order: each begins where the one before ends. */
export function stepsOf(page: Page): Step[] {
  const at = (id: string) => page.getByTestId(id);
  const gone = (id: string) => at(id).first().waitFor({ state: 'detached' });
  const there = (id: string) => at(id).first().waitFor();
  const press = (id: string) => pressAt(page, id);
  const key = (name: string) => page.keyboard.press(name);
  return [
    { what: 'open the chat', act: () => press('chat'), shown: () => there('chat-input') },
    { what: 'type a letter', act: () => key('a') },
    { what: 'type another', act: () => key('b') },
    { what: 'send', act: () => key('Enter') },
    { what: 'close the chat', act: () => press('close-panel'), shown: () => gone('chat-input') },
    { what: 'open the people', act: () => press('people'), shown: () => there('people-search') },
    { what: 'close the people', act: () => press('close-panel'), shown: () => gone('people-search') },
    ...[1, 2, 3, 4].map(() => ({ what: 'next layout', act: () => key('l') })),
    // Somebody who stays, also in a busy room.
    { what: 'pin', act: () => pressAt(page, page.locator('[data-peer="peer5"]'), 2) },
    { what: 'unpin', act: () => pressAt(page, page.locator('[data-peer="peer5"]'), 2) },
    { what: 'mute', act: () => press('microphone') },
    { what: 'unmute', act: () => press('microphone') },
    { what: 'open the menu', act: () => press('more'), shown: () => there('more-menu') },
    { what: 'close the menu', act: () => key('Escape'), shown: () => gone('more-menu') },
    { what: 'open the reactions', act: () => press('react'), shown: () => page.locator('.reaction-row').waitFor() },
    {
      what: 'close the reactions',
      act: () => key('Escape'),
      shown: () => page.locator('.reaction-row').waitFor({ state: 'detached' }),
    },
    { what: 'open the invitation', act: () => press('invite'), shown: () => there('invite-link') },
    { what: 'close the invitation', act: () => key('Escape'), shown: () => gone('invite-link') },
    { what: 'open the statistics', act: () => key('i'), shown: () => there('close-dialog') },
    { what: 'close the statistics', act: () => key('Escape'), shown: () => gone('close-dialog') },
  ];
}

/** When it does not fit on one page any more. */
export const pagingOf = (page: Page): Step[] => [
  { what: 'next page', act: () => pressAt(page, 'next-page') },
  { what: 'page before', act: () => pressAt(page, 'previous-page') },
];

/** Nothing looks around in the page between the pointer's coming and its press: that would be measured too. */
export async function pressAt(page: Page, what: string | Locator, clicks = 1): Promise<void> {
  const box = await (typeof what === 'string' ? page.getByTestId(what).first() : what).boundingBox();
  if (box === null) throw new Error(`there is no ${String(what)} to press`);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  // What pointing at it changes is on screen before.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.evaluate(() => globalThis.__watched.begin());
  await page.mouse.click(x, y, { clickCount: clicks, delay: 60 });
}
