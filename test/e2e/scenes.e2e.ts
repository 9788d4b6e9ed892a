/**
 * Screens that take a while to come to in a real call, from the scenes of the picture book: judged as the others are, in
 * English by day and in Chinese by night.
 */
import { after, before, describe, it } from 'node:test';
import { openBrowser, type TestBrowser } from '@potluck/testkit/browser';
import { endings, screens } from '../../scripts/pictures/scenes.ts';
import { serveScenes } from '../../scripts/pictures/site.ts';
import { judge } from './judge.ts';

/** Of the people and files of the scenes. */
const names =
  /Mara|Ada Lovelace|Bo\b|Chidi Anagonye|Élodie Durand|Fatima Zahra|Grace Hopper|Hedy Lamarr|Sam Okafor|Yusuf Demir|Zed the Loud|toasted-fennel-\w+|agenda of .*pdf|\w[\w ]*\.(xlsx|docx|zip|txt|png|mp4)|照片\.zip|kbit\/s|\bkB\b|FaceTime HD Camera|the server said so/;
const wanted = ['blur', 'preview-refused', 'lobby', 'password', 'people', 'files', 'files-own', 'moderation', 'moderated', 'end', 'encrypted', 'key-needed', 'door', 'throttle', 'weak', 'left'] as const; // prettier-ignore
const scenes = [...screens.filter(({ name }) => wanted.some((one) => one === name)), ...endings.slice(0, 2)];

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

  for (const [language, theme] of [
    ['en', 'light'],
    ['zh', 'dark'],
  ] as const) {
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
