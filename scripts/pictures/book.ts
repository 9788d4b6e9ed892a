import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { screens } from './scenes.ts';

/** Writes the page that shows the sheets. */
export async function writeBook(folder: string): Promise<void> {
  const pages = screens.map(({ name, title }) => `## ${title}\n\n![${title}](${name}.webp)`);
  const text = `# Every screen of the web app

Made by \`npm run pictures\` from the app itself with drawn people, and looked at before it is committed. Each sheet shows one screen at
360, 768, 1280 and 1920 pixels and on a phone on its side, light and dark, in English and Chinese.

## Tables of 1, 2, 3, 5, 9, 16 and 49

![Tables by day](tiles-light.webp)

![Tables by night](tiles-dark.webp)

${pages.join('\n\n')}

## Other endings

![Other endings](endings.webp)
`;
  await writeFile(join(folder, 'README.md'), text);
}
