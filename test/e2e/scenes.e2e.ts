/**
 * Screens that take a while to come to in a real call, from the scenes of the picture book: judged as the others are, in
 * English by day, then the same screen in Chinese by night.
 */
import { describe, it } from 'node:test';
import { endings, manyReadings, screens, type Scene } from '../../scripts/pictures/scenes.ts';
import { judge } from './judge.ts';
import { sceneStage } from './scene-stage.ts';

/** Of the people and files of the scenes. */
const names =
  /Mara|Ada Lovelace|Bo\b|Chidi Anagonye|Élodie Durand|Fatima Zahra|Grace Hopper|Hedy Lamarr|Sam Okafor|Yusuf Demir|Zed the Loud|toasted-fennel-\w+|agenda of .*pdf|\w[\w ]*\.(xlsx|docx|zip|txt|png|mp4)|照片\.zip|kbit\/s|\bkB\b|FaceTime HD Camera|the server said so|Chrome|Edge|Firefox|Safari/;
const judged = [
  'blur', 'preview-refused', 'lobby', 'password', 'files', 'files-own', 'people', 'moderation', 'moderated', 'end', 'encrypted', 'key-needed',
  'door', 'throttle', 'weak', 'left',
]; // prettier-ignore
const parts = {
  screens: screens.filter(({ name }) => judged.includes(name)),
  endings,
} as const;

describe('scenes', () => {
  const at = sceneStage();

  for (const [part, scenes] of Object.entries(parts)) {
    it(`are fit for all, in both languages and themes: ${part}`, async () => {
      const { page, close } = await at.open({ name: part });
      const show = async ({ query, press = [], happens, awaits }: Scene, language: string, theme: string) => {
        await page.goto(at.addressOf(`lang=${language}&theme=${theme}&${query}`));
        await page.locator('#root > *').first().waitFor();
        for (const id of press) await page.getByTestId(id).first().click();
        // Plots are judged without a past, too.
        if (awaits !== undefined && awaits !== manyReadings) await page.waitForFunction(awaits);
        if (happens) await page.evaluate('happen()');
      };
      for (const scene of scenes) {
        await show(scene, 'en', 'light');
        await judge(page, scene.name, names);
        // What has been said stays as it was said.
        if (scene.happens) await show(scene, 'zh', 'dark');
        else await page.evaluate(`restyle('zh', 'dark')`);
        await page.locator('html[lang="zh-CN"][data-theme="dark"]').waitFor({ state: 'attached' });
        await judge(page, `${scene.name}, in Chinese by night`, names);
      }
      await close();
    });
  }
});
