/** Every screen, in both languages, as axe-core judges it: nothing serious, nothing critical. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { pathOf, stage } from './support.ts';

declare global {
  var axe: { run(options: RunOptions): Promise<AxeResults> };
}

const script = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

async function judge(page: Page, screen: string): Promise<void> {
  // What is still moving has no colours to judge.
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity)); // prettier-ignore
  await page.evaluate(script);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help} ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`).join('\n')}`,
    );
  assert.deepEqual(grave, [], screen);
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
});
