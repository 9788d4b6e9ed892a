import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { request as httpsRequest } from 'node:https';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { FakeFabric, fakeWorker } from '@potluck/testkit';
import { WebSocket } from 'ws';
import { openApp } from './app.ts';
import { ConfigSchema, type ConfigFile } from './config/schema.ts';
import { selfSigned } from './edge/certificate.ts';
import { silentLog } from '@potluck/kernel';
import { openLog } from './watch/log.ts';

type Answer = { status: number | undefined; headers: IncomingHttpHeaders; body: string };

async function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const outgoing = send(url, { headers, method, rejectUnauthorized: false, agent: false });
  outgoing.end();
  const [response] = await once(outgoing, 'response');
  const chunks: Buffer[] = await response.toArray();
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() };
}

describe('openApp', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'potluck-app-'));
    await mkdir(join(folder, 'web', 'assets'), { recursive: true });
    await writeFile(join(folder, 'web', 'index.html'), '<!doctype html><title>the app</title>');
    await writeFile(join(folder, 'web', 'assets', 'app-3f2a.js'), 'export {};');
    await writeFile(join(folder, 'web', 'icon.svg'), '<svg/>');
    await writeFile(join(folder, 'secret.txt'), 'hush');
  });
  after(() => rm(folder, { recursive: true }));

  async function started(changes: ConfigFile = {}, webFolder = join(folder, 'web')) {
    const config = ConfigSchema.parse({
      ...changes,
      https: { port: 0, listenIp: '127.0.0.1', ...changes.https },
      http: { port: 0, ...changes.http },
      data: { folder: join(folder, 'data') },
    });
    const lines: string[] = [];
    const log = openLog({ pattern: '*', format: 'json', colors: false, write: (line) => lines.push(line) });
    const fabric = new FakeFabric();
    const app = await openApp(config, log, { openFabric: async () => fabric, webFolder });
    return {
      app,
      fabric,
      lines,
      http: `http://127.0.0.1:${app.httpPort}`,
      https: `https://127.0.0.1:${app.httpsPort}`,
      [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
    };
  }

  it('serves the web app: pages for addresses, files with the right caching, nothing outside its folder', async () => {
    await using server = await started();
    const page = await ask(`${server.https}/r/kitchen?roomId=x`, { Accept: 'text/html' });
    assert.deepEqual([page.status, page.headers['cache-control']], [200, 'no-cache']);
    assert.match(page.body, /the app/u);
    assert.equal((await ask(`${server.http}/`, { 'Sec-Fetch-Mode': 'navigate' })).status, 200);
    const asset = await ask(`${server.http}/assets/app-3f2a.js`);
    assert.equal(asset.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal((await ask(`${server.http}/icon.svg`)).headers['cache-control'], 'no-cache');
    for (const path of [
      '/assets/gone.js',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%5c..%5csecret.txt',
      '/.env',
    ]) {
      const answer = await ask(`${server.http}${path}`, { Accept: 'text/html' });
      assert.ok(answer.status === 404 || answer.status === 403 || answer.status === 400, `${path}: ${answer.status}`);
      assert.doesNotMatch(answer.body, /hush|at .*\.js:/u);
    }
  });

  it('answers unknown API paths with a problem document and others with plain text', async () => {
    await using server = await started();
    const api = await ask(`${server.https}/api/nothing`, { Accept: 'text/html' });
    assert.equal(api.headers['content-type'], 'application/problem+json; charset=utf-8');
    assert.partialDeepStrictEqual(JSON.parse(api.body), {
      type: '/problems/not_found',
      status: 404,
      instance: '/api/nothing',
    });
    const other = await ask(`${server.https}/nothing.txt`, {}, 'POST');
    assert.deepEqual([other.status, other.headers['content-type']], [404, 'text/plain; charset=utf-8']);
  });

  it('says so when the web app is not built', async () => {
    await using server = await started({}, join(folder, 'nowhere'));
    const page = await ask(`${server.http}/`, { Accept: 'text/html' });
    assert.equal(page.status, 503);
    assert.match(page.body, /not built yet/u);
  });

  it('lets pages load from here alone', async () => {
    await using server = await started();
    const { headers } = await ask(`${server.https}/`, { Accept: 'text/html', Host: 'meet.example.org:4443' });
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'/u);
    assert.match(policy, /connect-src 'self' ws:\/\/meet\.example\.org:4443 wss:\/\/meet\.example\.org:4443/u);
    assert.deepEqual(policy.match(/https?:/gu), null);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['strict-transport-security'], undefined);
    assert.equal(headers['x-powered-by'], undefined);
    const evil = await ask(`${server.http}/`, { Accept: 'text/html', Host: "x;script-src 'unsafe-inline'" });
    assert.match(String(evil.headers['content-security-policy']), /connect-src 'self' 'self'/u);
  });

  it('tells its health', async () => {
    await using server = await started();
    const well = await ask(`${server.http}/health`);
    assert.deepEqual([well.status, JSON.parse(well.body).ok], [200, true]);
    server.fabric.workerInfos = [fakeWorker(0, { state: 'dead' })];
    const ill = await ask(`${server.http}/health`);
    assert.equal(ill.status, 503);
    assert.deepEqual(JSON.parse(ill.body).reasons, ['no media worker is running']);
  });

  it('takes WebSockets on both ports, and says goodbye with 1012 when it closes', async () => {
    const server = await started();
    const closed: Promise<unknown[]>[] = [];
    const urls = [`wss://127.0.0.1:${server.app.httpsPort}`, `ws://127.0.0.1:${server.app.httpPort}`];
    for (const [index, url] of urls.entries()) {
      const socket = new WebSocket(`${url}/?roomId=r&peerId=p${index}`, 'protoo', { rejectUnauthorized: false });
      closed.push(once(socket, 'close'));
      const [first] = await once(socket, 'message');
      assert.equal(JSON.parse(String(first)).method, 'mediasoup-version');
    }
    assert.equal(server.app.registry.rooms.size, 1);
    await server.app.close('the server restarts');
    for (const [code, reason] of await Promise.all(closed)) {
      assert.deepEqual([code, String(reason)], [1012, 'the server restarts']);
    }
    assert.equal(server.fabric.openRooms.length, 0);
    await assert.rejects(ask(`${server.http}/health`));
  });

  it('answers a request that would upgrade to something else as if it did not', async () => {
    await using server = await started();
    const answer = await ask(`${server.http}/health`, { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c' });
    assert.equal(answer.status, 200);
  });

  it('speaks TLS 1.2 and 1.3 and nothing older', async () => {
    await using server = await started();
    const speak = async (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') => {
      const socket = connectTls({
        port: server.app.httpsPort,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        minVersion: version,
        maxVersion: version,
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
      const outcome = await once(socket, 'secureConnect').then(
        () => socket.getProtocol(),
        () => 'refused',
      );
      socket.destroy();
      return outcome;
    };
    assert.deepEqual(
      [await speak('TLSv1.1'), await speak('TLSv1.2'), await speak('TLSv1.3')],
      ['refused', 'TLSv1.2', 'TLSv1.3'],
    );
  });

  it('names the port that is taken and the setting to change, and leaves nothing open', async () => {
    const blocker = createTcpServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as AddressInfo;
    await assert.rejects(started({ https: { port } }), {
      message: `Port ${port} for HTTPS is already in use by another program; stop that one or choose another port with --port or POTLUCK_PORT (or PROTOO_LISTEN_PORT).`,
    });
    await assert.rejects(started({ http: { port } }), {
      message: `Port ${port} for HTTP on this machine is already in use by another program; stop that one or choose another port with --http-port or POTLUCK_HTTP_PORT.`,
    });
    blocker.close();
  });

  it('uses a given certificate, sends HSTS with it, and names the file that it cannot read', async () => {
    const { cert, key } = await selfSigned(join(folder, 'given'), ['localhost'], silentLog);
    const [certificateFile, privateKeyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await Promise.all([writeFile(certificateFile, cert), writeFile(privateKeyFile, key)]);
    await using server = await started({ https: { certificateFile, privateKeyFile } });
    const { headers } = await ask(`${server.https}/health`);
    assert.equal(headers['strict-transport-security'], 'max-age=31536000');
    await assert.rejects(started({ https: { certificateFile: '/gone.pem', privateKeyFile } }), {
      message: /^The certificate \/gone\.pem cannot be read \(ENOENT.*\); set another with --certificate-file\.$/u,
    });
    await assert.rejects(started({ https: { certificateFile: join(folder, 'secret.txt'), privateKeyFile } }), {
      message: /cannot be used together/u,
    });
  });
});
