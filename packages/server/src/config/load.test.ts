import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Environment } from './environment.ts';
import { readFlags } from './flags.ts';
import { loadConfig, type LoadResult } from './load.ts';
import { showConfig } from './show.ts';

describe('loadConfig', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'potluck-config-'));
  });
  after(() => rm(folder, { recursive: true }));

  const load = (args: string[] = [], env: Environment = {}, where = folder) =>
    loadConfig({ commandLine: readFlags(args), env, folder: where });
  const loaded = (result: LoadResult) => {
    if (result.kind === 'loaded') return result;
    assert.fail(JSON.stringify(result.problems));
  };
  const problems = (result: LoadResult) => {
    if (result.kind === 'loaded') assert.fail('it was loaded');
    return result.problems.map(({ where, what }) => `${where}: ${what}`);
  };
  const file = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return { [Symbol.asyncDispose]: () => rm(join(folder, name)) };
  };

  it('needs nothing', async () => {
    const { config, warnings } = loaded(await load());
    assert.equal(config.https.port, 4443);
    assert.equal(config.media.workers, availableParallelism());
    assert.equal(config.log.pattern, '*INFO* *WARN* *ERROR*');
    assert.deepEqual(warnings, []);
  });

  it('takes flags over the environment over the file over the default', async () => {
    await using _ = await file(
      'potluck.config.json',
      '{ "https": { "port": 1 }, "http": { "port": 1 }, "media": { "workers": 1 } }',
    );
    const { config, sources } = loaded(await load(['--port', '3'], { POTLUCK_PORT: '2', POTLUCK_HTTP_PORT: '2' }));
    assert.deepEqual([config.https.port, config.http.port, config.media.workers], [3, 2, 1]);
    assert.deepEqual(sources.get('http.port'), { kind: 'environment', name: 'POTLUCK_HTTP_PORT' });
    assert.deepEqual(sources.get('media.workers'), { kind: 'file', file: 'potluck.config.json' });
  });

  it('reads a TypeScript file', async () => {
    const define = JSON.stringify(import.meta.resolve('./define.ts'));
    await using _ = await file(
      'potluck.config.ts',
      `import { defineConfig } from ${define};\nconst port: number = 8443;\nexport default defineConfig({ https: { port } });\n`,
    );
    assert.equal(loaded(await load()).config.https.port, 8443);
  });

  it('reads every variable of the demo server', async () => {
    const { config } = loaded(
      await load([], {
        PROTOO_LISTEN_PORT: '8443',
        HTTPS_CERT_FULLCHAIN: '/c.pem',
        HTTPS_CERT_PRIVKEY: 'k.pem',
        WORKER_CERT_FULLCHAIN: '/wc.pem',
        WORKER_CERT_PRIVKEY: '/wk.pem',
        MEDIASOUP_LISTEN_IP: '127.0.0.1',
        MEDIASOUP_ANNOUNCED_IP: '203.0.113.7, media.example.org',
        MEDIASOUP_USE_WEBRTC_SERVER: 'false',
        MEDIASOUP_MIN_PORT: '2000',
        MEDIASOUP_MAX_PORT: '2020',
        MEDIASOUP_WORKER_BIN: '/bin/worker',
        DEBUG: '*mediasoup*',
        INTERACTIVE: '0',
        NETWORK_THROTTLE_SECRET: 'hush',
        DOMAIN: 'meet.example.org',
        LOG_FORMAT: 'json',
      }),
    );
    assert.deepEqual([config.https.port, config.https.domain], [8443, 'meet.example.org']);
    assert.deepEqual([config.https.certificateFile, config.https.privateKeyFile], ['/c.pem', join(folder, 'k.pem')]);
    const { workers: _workers, logLevel: _level, logTags: _tags, ...media } = config.media;
    assert.partialDeepStrictEqual(media, {
      dtlsCertificateFile: '/wc.pem',
      dtlsPrivateKeyFile: '/wk.pem',
      listenIp: '127.0.0.1',
      announcedAddresses: ['203.0.113.7', 'media.example.org'],
      useWebRtcServer: false,
      rtcMinPort: 2000,
      rtcMaxPort: 2020,
      workerBin: '/bin/worker',
    });
    assert.deepEqual([config.log.pattern, config.log.format], ['*mediasoup*', 'json']);
    assert.equal(config.console.interactive, false);
    assert.equal(config.rooms.networkThrottleSecret, 'hush');
  });

  it('lists all problems at once, each with its place and what is allowed', async () => {
    await using _ = await file(
      'potluck.config.mjs',
      'export default { https: { prot: 1, port: "x" }, medai: {}, log: 7 };',
    );
    assert.deepEqual(
      problems(
        await load(['--workers=many', '--prot', '3', '--certificate-file', 'c.pem', 'extra'], {
          MEDIASOUP_MIN_PORT: '50000',
          MEDIASOUP_LISTEN_IP: 'eth0',
        }),
      ),
      [
        'file potluck.config.mjs: https.prot: is not known; did you mean port?',
        'file potluck.config.mjs: medai: is not known; did you mean media? Allowed: https, http, sockets, media, rooms, access, broadcasters, log, console, data',
        'file potluck.config.mjs: log: must be an object of settings',
        'flag --prot: is not known; did you mean --port?',
        'extra: is not a flag; flags begin with --',
        'file potluck.config.mjs (https.port): "x" is not allowed; allowed: a port number from 0 (any free one) to 65535',
        'flag --workers (media.workers): "many" is not allowed; allowed: a whole number from 1 to 256',
        'environment MEDIASOUP_LISTEN_IP (media.listenIp): "eth0" is not allowed; allowed: an IPv4 or IPv6 address of this machine, 0.0.0.0 or ::',
        'flag --certificate-file (https.certificateFile): needs https.privateKeyFile beside it',
        'environment MEDIASOUP_MIN_PORT (media.rtcMinPort): 50000 is above media.rtcMaxPort, which is 49999 (default)',
      ],
    );
  });

  it('names a file that is missing or broken', async () => {
    assert.deepEqual(problems(await load(['--config', 'gone.json'])), ['file gone.json: does not exist']);
    await using _broken = await file('broken.json', '{');
    assert.match(String(problems(await load(['--config', 'broken.json']))), /^file broken\.json: cannot be read: /u);
    await using _empty = await file('empty.mjs', 'export const x = 1;');
    assert.match(String(problems(await load(['--config', 'empty.mjs']))), /it has no default export/u);
  });

  it('never repeats a secret', async () => {
    const result = loaded(await load([], { NETWORK_THROTTLE_SECRET: 'hush' }));
    assert.match(
      showConfig(result.config, result.sources),
      /networkThrottleSecret +\*{8} +\(environment NETWORK_THROTTLE_SECRET\)/u,
    );
    assert.doesNotMatch(String(problems(await load(['--network-throttle-secret', '']))), /hush/u);
    const long = 'x'.repeat(5_000);
    assert.doesNotMatch(String(problems(await load([], { NETWORK_THROTTLE_SECRET: long }))), /xxx/u);
  });

  it('warns of variables that look misspelt', async () => {
    const { warnings } = loaded(await load([], { POTLUCK_HTTP_PROT: '1', POTLUCK_NODE: '/x' }));
    assert.deepEqual(warnings, ['POTLUCK_HTTP_PROT is not a setting of Potluck; did you mean POTLUCK_HTTP_PORT?']);
  });

  it('takes an empty variable for unset, and negative flags for what they say', async () => {
    const { config } = loaded(
      await load(['--no-http', '--interactive'], { PROTOO_LISTEN_PORT: '', INTERACTIVE: 'false' }),
    );
    assert.deepEqual([config.https.port, config.http.enabled, config.console.interactive], [4443, false, true]);
  });

  it('puts the data folder where XDG says', async () => {
    const at = async (env: Environment) => loaded(await load([], env)).config.data.folder;
    assert.equal(await at({ XDG_DATA_HOME: '/data' }), '/data/potluck');
    assert.equal(await at({ XDG_DATA_HOME: 'relative', HOME: '/home/a' }), '/home/a/.local/share/potluck');
    assert.equal(await at({ POTLUCK_DATA_FOLDER: 'here' }), join(folder, 'here'));
  });
});
