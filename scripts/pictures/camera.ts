import { openBrowser } from '@potluck/testkit/browser';
import { waitFor } from '@potluck/testkit';
import type { Page } from 'playwright-core';
import type { Scene, Size } from './scenes.ts';
import { serveScenes } from './site.ts';

/** Takes pictures of scenes. */
export type Camera = AsyncDisposable & {
  /** As PNG: one picture for each size and theme of a scene in one language. */
  take(scene: Scene, language: string, sizes: readonly Size[], themes: readonly string[]): Promise<Shot[]>;
  /** A blank page of the same browser. */
  readonly desk: Page;
};
export type Shot = { readonly size: Size; readonly theme: string; readonly png: Buffer };

export async function openCamera(): Promise<Camera> {
  const site = await serveScenes();
  const browser = await openBrowser();
  const { page } = await browser.open('about:blank', { name: 'scenes' });
  const { page: desk } = await browser.open('about:blank', { name: 'desk' });
  return {
    desk,
    async take(scene, language, sizes, themes) {
      const shots: Shot[] = [];
      await page.goto(`${site.base}?lang=${language}&${scene.query}`);
      if (scene.awaits !== undefined) await page.waitForFunction(scene.awaits);
      for (const [index, size] of sizes.entries()) {
        await page.setViewportSize(size);
        if (scene.once === undefined || index === 0) await press(page, scene);
        for (const theme of themes) {
          await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
          await settle(page);
          if (scene.happens) await page.evaluate('happen()');
          // What rises and fades is taken at its height.
          await settle(page, scene.happens ? 600 : undefined);
          shots.push({ size, theme, png: await page.screenshot() });
        }
        if (scene.press !== undefined && scene.once === undefined) await page.keyboard.press('Escape');
      }
      return shots;
    },
    async [Symbol.asyncDispose]() {
      await browser[Symbol.asyncDispose]();
      await site[Symbol.asyncDispose]();
    },
  };
}

async function press(page: Page, { press: ids = [] }: Scene): Promise<void> {
  for (const id of ids) {
    const button = page.getByTestId(id).first();
    if (await button.isVisible()) await button.click();
  }
}

/** Letters are loaded, pictures are there, and nothing moves any more, or it has moved for `forMs`. */
async function settle(page: Page, forMs = Infinity): Promise<void> {
  const still = (most: number) =>
    document.fonts.status === 'loaded' &&
    [...document.querySelectorAll('video')].every(({ videoWidth }) => videoWidth > 0) &&
    document
      .getAnimations()
      .every(
        ({ playState, effect, currentTime }) =>
          playState !== 'running' || effect?.getTiming().iterations === Infinity || Number(currentTime ?? 0) > most,
      );
  await page.locator('#root > *').first().waitFor();
  // A new size is known to the page after a frame, and to what it has laid out after another.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined)))),
  );
  await waitFor(() => page.evaluate(still, forMs), { what: 'a screen at rest', timeoutMs: 20_000, everyMs: 50 });
}
