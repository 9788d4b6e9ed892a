import { after, before } from 'node:test';
import { openBrowser, type PageOptions, type TestBrowser, type TestPage } from '@potluck/testkit/browser';
import { serveScenes } from '../../scripts/pictures/site.ts';

/** The scenes of the picture book and a browser for the tests of a suite. Pages are the test's own to close. */
export function sceneStage() {
  let site: Awaited<ReturnType<typeof serveScenes>> | undefined;
  let browser: TestBrowser | undefined;
  before(async () => {
    [site, browser] = await Promise.all([serveScenes(), openBrowser()]);
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
  });
  return {
    open: (options: PageOptions): Promise<TestPage> => browser!.open('about:blank', options),
    /** Where the scene of that query is. */
    addressOf: (query: string): string => `${site?.base}?${query}`,
  };
}
