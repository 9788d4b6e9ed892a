/** A call in a frame of somebody else's page. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { stage } from './support.ts';

describe('an embedded call', () => {
  let site: Server;
  let origin = '';
  let html = '';
  before(async () => {
    site = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end(html));
    const listening = Promise.withResolvers<void>();
    site.listen(0, '127.0.0.1', listening.resolve);
    await listening.promise;
    origin = `http://localhost:${(site.address() as AddressInfo).port}`;
    https.frameAncestors = [origin];
  });
  after(() => site.close());
  /** Filled in before the stage opens its server. */
  const https: { frameAncestors: string[] } = { frameAncestors: [] };
  const at = stage({ https });

  it('tells its page what happens and does what it asks', async () => {
    const room = at.room();
    html = `<!doctype html><script type="module" src="${at.server.http}/embed.js"></script>
      <potluck-room room="${room}" name="Ada" style="height:600px"></potluck-room><ol></ol>
      <script>
        for (const name of ['joined', 'microphone', 'participants', 'ended'])
          document.querySelector('potluck-room').addEventListener(name, ({ detail }) => {
            const line = document.createElement('li');
            line.textContent = name + ' ' + JSON.stringify(detail);
            document.querySelector('ol').append(line);
          });
      </script>`;
    const { page } = await at.open('/', 'site', origin);
    await page.getByText('participants {"count":1}').waitFor();
    const bob = await at.join(room, 'Bob');
    await bob.sees('Ada');
    await page.getByText('participants {"count":2}').waitFor();
    const ask = (call: string) => page.evaluate(`document.querySelector('potluck-room').${call}`);
    await ask('setMicrophone(false)');
    await page.getByText('microphone {"on":false}').waitFor();
    await ask('leave()');
    await page.getByText('ended {"reason":"left"}').waitFor();
    await bob.waitForTiles(['Bob (you)']);
  });

  it('is led from the example page', async () => {
    const room = at.room();
    const example = await readFile(new URL('../../examples/embedding/index.html', import.meta.url), 'utf8');
    html = example.replaceAll('http://localhost:4480', at.server.http).replaceAll('office-hours', room);
    const { page } = await at.open('/', 'example', origin);
    await page.getByText('participants {"count":1}').waitFor();
    const inCall = page.frameLocator('potluck-room iframe');
    await inCall.getByRole('listitem', { name: 'Visitor (you)' }).locator('video').waitFor();
    await page.getByRole('button', { name: 'Mute', exact: true }).click();
    await inCall.getByRole('button', { name: 'Unmute microphone' }).waitFor();
    await page.getByText('microphone {"on":false}').waitFor();
    await page.getByRole('button', { name: 'Unmute' }).click();
    await inCall.getByRole('button', { name: 'Mute microphone' }).waitFor();
    await page.getByRole('button', { name: 'Camera off' }).click();
    await inCall.getByRole('button', { name: 'Turn camera on' }).waitFor();
    await inCall.getByRole('listitem', { name: 'Visitor (you)' }).locator('video').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByText('ended {"reason":"left"}').waitFor();
  });

  it('needs no script of ours: a plain frame and messages do', async () => {
    const room = at.room();
    const query = `displayName=Ada&embed=${encodeURIComponent(origin)}`;
    html = `<!doctype html><iframe src="${at.server.http}/r/${encodeURIComponent(room)}?${query}"
      allow="camera ${at.server.http}; microphone ${at.server.http}" style="width:800px;height:500px"></iframe><ol></ol>
      <script>
        addEventListener('message', ({ origin, data }) => {
          if (origin !== '${at.server.http}') return;
          const line = document.createElement('li');
          line.textContent = JSON.stringify(data);
          document.querySelector('ol').append(line);
        });
      </script>`;
    const { page } = await at.open('/', 'plain', origin);
    const say = (message: string) =>
      page.evaluate(`frames[0].postMessage({ potluck: ${message} }, '${at.server.http}')`);
    await page.getByText('{"potluck":{"event":"participants","count":1}}').waitFor();
    await say('{ command: "camera", on: false }');
    await page.getByText('{"potluck":{"event":"camera","on":false}}').waitFor();
    await say('{ command: "no such thing" }');
    await say('{ command: "leave" }');
    await page.getByText('{"potluck":{"event":"ended","reason":"left"}}').waitFor();
  });

  it('says so where the page around it does not pass on camera and microphone', async () => {
    html = `<!doctype html><iframe src="${at.server.http}/r/${encodeURIComponent(at.room())}"
      style="width:900px;height:600px"></iframe>`;
    const { page } = await at.open('/', 'closed', origin);
    // The browser itself refuses: no stub.
    await page.frameLocator('iframe').getByText('The browser blocks camera and microphone').waitFor();
  });

  it('is framed by nobody who is not allowed', async () => {
    html = `<!doctype html><iframe src="${at.server.http}/r/x"></iframe>`;
    await at.open('/', 'stranger', origin.replace('localhost', '127.0.0.1'));
    const refused = () => at.complaints.some((said) => said.startsWith('stranger') && said.includes('frame-ancestors'));
    await waitFor(refused, { what: 'the refusal of the frame' });
  });
});
