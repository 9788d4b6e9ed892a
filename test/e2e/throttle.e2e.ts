/** The network made bad from the app, on a wire between two network namespaces: the machine's own network is not touched. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { findChromium, openBrowser, type TestPage } from '@potluck/testkit/browser';
import { runCommand } from '@potluck/testkit/ffmpeg';
import { freshWebApp } from '../../scripts/setup/web.mjs';
import { openNamespaces, rateSteps, whyNot } from '../broadcasters/namespaces.ts';
import { guestOf, pathOf } from './support.ts';

const skip = await whyNot(rateSteps);

/** Bits per second that come in over a second. */
async function rateOf({ inbound }: TestPage): Promise<number> {
  const count = async () => (await inbound()).reduce((sum, { bytes }) => sum + bytes, 0);
  const [first, begun] = [await count(), performance.now()];
  await waitFor(() => performance.now() - begun > 1000, { what: 'a second' });
  return (8000 * ((await count()) - first)) / (performance.now() - begun);
}

describe('throttleSecret', { skip }, () => {
  it('slows what the server sends to everyone, and stops when it is told', async (t) => {
    await freshWebApp();
    await using namespaces = await openNamespaces('potluck-e2e');
    const { inside, outside } = namespaces;
    const folder = await mkdtemp(join(tmpdir(), 'potluck-throttle-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const chromium = join(folder, 'chromium');
    await writeFile(chromium, `#!/bin/sh\nexec ip netns exec ${outside.name} '${findChromium()}' "$@"\n`);
    await chmod(chromium, 0o755);
    const settings = ['--network-throttle-secret', 'pepper', '--data-folder', folder, '--workers', '1'];
    const program = fileURLToPath(new URL('../../packages/server/bin/potluck.mjs', import.meta.url));
    const server = [program, 'start', ...settings];
    const start = ['netns', 'exec', inside.name, process.execPath, ...server];
    await using running = runCommand(start, { program: 'ip' });
    await waitFor(() => running.output().includes(`https://${inside.address}:4443`), { what: () => running.output() });

    await using browser = await openBrowser({ executablePath: chromium });
    const open = async (name: string, query = '') => {
      const path = pathOf('kitchen', name, query);
      return guestOf(await browser.open(`https://${inside.address}:4443${path}`, { name }), name);
    };
    const bob = await open('Bob');
    const ada = await open('Ada', '&info=true&throttleSecret=pepper');
    await Promise.all([ada.sees('Bob'), bob.sees('Ada')]);
    const rates = async () => (await rateOf(bob)) + (await rateOf(ada));
    const limit = 80_000;
    const before = await waitFor(async () => ((rate) => rate > 2 * limit && rate)(await rates()), {
      what: 'more than the limit',
    });

    const form = ada.page.getByTestId('throttle');
    await form.getByLabel('Up, kbit/s').fill(String(limit / 1000));
    await form.getByTestId('throttle-apply').click();
    await form.getByText('The network of this server is slowed now.').waitFor();
    const slowed = await waitFor(async () => ((rate) => rate <= limit && rate)(await rates()), {
      what: 'no more than the limit',
    });
    await form.getByTestId('throttle-reset').click();
    await form.getByText('For tests: slows the media').waitFor();
    const after = await waitFor(async () => ((rate) => rate > 1.5 * limit && rate)(await rates()), {
      what: 'the end of the limit',
      timeoutMs: 60_000,
    });
    t.diagnostic([before, slowed, after].map((rate) => `${Math.round(rate / 1000)} kbit/s`).join(', then '));
    await Promise.all([ada.sees('Bob'), bob.sees('Ada')]);
  });
});
