import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

declare global {
  var axe: { run(options: RunOptions): Promise<AxeResults> };
}

const script = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** Names, units and formats that are the same in every language, and what the tests themselves typed. */
const sameEverywhere =
  /Potluck|English|https?:\S*|localhost\S*|Table \d+|Ada|Bob|Hello|VP8|VP9|H264|AV1|opus|[kM]b\/s|\bms\b|\bMB\b/g;

/** Words in Latin letters that a page shows, or has read aloud. Names of devices are the system's. */
function latinWords(ignored: string): string[] {
  const skipped = '[lang="en"], [data-testid$="-select"], script, style, noscript, kbd, textarea, option, .plate';
  const texts: string[] = [];
  for (const one of document.body.querySelectorAll('*')) {
    if (one.closest(skipped) !== null) continue;
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) texts.push(one.getAttribute(name) ?? '');
    for (const node of one.childNodes) if (node instanceof Text) texts.push(node.data);
  }
  return texts.filter((text) => /[a-z]{2}/i.test(text.replaceAll(new RegExp(ignored, 'g'), '')));
}

/** What is still moving has neither colours nor a place to judge. */
export async function rested(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity),
  );
}

/** Nothing serious as axe-core sees it; in Chinese no words in Latin letters but names, and what `names` says. */
export async function judge(page: Page, screen: string, names = /(?!)/): Promise<void> {
  await rested(page);
  await page.evaluate(script);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help} ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`).join('\n')}`,
    );
  assert.deepEqual(grave, [], screen);
  if ((await page.evaluate(() => document.documentElement.lang)) === 'zh-CN')
    assert.deepEqual(
      await page.evaluate(latinWords, `${names.source}|${sameEverywhere.source}`),
      [],
      `${screen}: English in Chinese`,
    );
}
