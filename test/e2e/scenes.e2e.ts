/**
 * Screens that take a while to come to in a real call, from the scenes of the picture book: judged as the others are, in
 * English by day, and some in Chinese by night.
 */
import { after, before, describe, it } from 'node:test';
import { openBrowser, type TestBrowser } from '@potluck/testkit/browser';
import { endings, screens } from '../../scripts/pictures/scenes.ts';
import { serveScenes } from '../../scripts/pictures/site.ts';
import { judge } from './judge.ts';

/** Of the people and files of the scenes. */
const names =
  /Mara|Ada Lovelace|Bo\b|Chidi Anagonye|Élodie Durand|Fatima Zahra|Grace Hopper|Hedy Lamarr|Sam Okafor|Yusuf Demir|Zed the Loud|toasted-fennel-\w+|agenda of .*pdf|\w[\w ]*\.(xlsx|docx|zip|txt|png|mp4)|照片\.zip|kbit\/s|\bkB\b|FaceTime HD Camera|the server said so/;
const both = ['blur', 'preview-refused', 'lobby', 'password', 'files', 'files-own', 'people'];
const english = ['moderation', 'moderated', 'end', 'encrypted', 'key-needed', 'door', 'throttle', 'weak', 'left'];
const named = (wanted: readonly string[]) => screens.filter(({ name }) => wanted.includes(name));
const looks = [
  { language: 'en', theme: 'light', scenes: [...named([...both, ...english]), ...endings.slice(0, 2)] },
  { language: 'zh', theme: 'dark', scenes: named(both) },
] as const;

describe('scenes', () => {
  let site: Awaited<ReturnType<typeof serveScenes>> | undefined;
  let browser: TestBrowser | undefined;
  before(async () => {
    [site, browser] = await Promise.all([serveScenes(), openBrowser()]);
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
  });

  for (const { language, theme, scenes } of looks) {
    it(`are fit for all, in ${language}, ${theme}`, async () => {
      const { page, close } = await browser!.open('about:blank', { name: language });
      for (const { name, query, press = [], happens } of scenes) {
        await page.goto(`${site?.base}?lang=${language}&theme=${theme}&${query}`);
        await page.locator('#root > *').first().waitFor();
        for (const id of press) await page.getByTestId(id).first().click();
        if (happens) await page.evaluate('happen()');
        await judge(page, name, names);
      }
      await close();
    });
  }
});
