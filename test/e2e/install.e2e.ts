/** The app as something that is installed: what browsers ask for, and a start without a network. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stage } from './support.ts';

describe('the app', () => {
  const at = stage();

  it('can be installed: browsers find nothing missing, and every icon has the size it says', async () => {
    const { page } = await at.open('/', 'Ada');
    await page.evaluate(() => navigator.serviceWorker.ready);
    const debug = await page.context().newCDPSession(page);
    const { installabilityErrors } = await debug.send('Page.getInstallabilityErrors');
    // Pages of tests are those of a private window, from which nothing is installed.
    const errors = installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito');
    assert.deepEqual(errors, []);
    const { errors: mistakes, data } = await debug.send('Page.getAppManifest');
    assert.deepEqual(mistakes, []);
    const { icons } = JSON.parse(data ?? '{}') as { icons: { src: string; sizes: string; purpose?: string }[] };
    assert.ok(icons.some(({ purpose }) => purpose === 'maskable'));
    for (const { src, sizes } of icons.filter((icon) => icon.sizes !== 'any')) {
      const found = await page.evaluate(async (path) => {
        const bitmap = await createImageBitmap(await (await fetch(path)).blob());
        return `${bitmap.width}x${bitmap.height}`;
      }, src);
      assert.equal(found, sizes, src);
    }
  });

  it('opens without a network once it has been opened with one', async () => {
    const { page } = await at.open('/', 'Ada');
    await page.evaluate(() => navigator.serviceWorker.ready);
    // The worker keeps what it sees being loaded.
    await page.reload();
    await page.getByTestId('new-meeting').waitFor();
    await page.context().setOffline(true);
    await page.reload();
    await page.getByTestId('new-meeting').waitFor();
  });
});
