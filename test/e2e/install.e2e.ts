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

  it('asks no other host for anything, under a policy that would not let it', async () => {
    const asked = new Set<string>();
    const { page } = await at.open('/', 'Ada');
    page.on('request', (request) => asked.add(new URL(request.url()).host));
    page.on('websocket', (socket) => asked.add(new URL(socket.url()).host));
    const policy = (await page.reload())?.headers()['content-security-policy'] ?? '';
    assert.match(policy, /default-src 'none';/);
    const scripts = policy.split(';').find((one) => one.startsWith('script-src '));
    assert.equal(scripts, "script-src 'self' 'wasm-unsafe-eval'");
    assert.doesNotMatch(policy, /\*|https?:/);
    await page.getByTestId('new-meeting').click();
    await page.getByLabel('Your name').fill('Ada');
    await page.getByTestId('join').click();
    await page.getByTestId('bar').waitFor();
    await page.getByTestId('invite').click();
    await page.getByTestId('copy-link').waitFor();
    assert.deepEqual([...asked], [new URL(at.server.http).host]);
    assert.deepEqual(at.complaints, []);
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
