import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { keepChoice } from './choice.mjs';
import { SetupError } from './errors.mjs';
import { cachedWorkerFolder, locateWorker, prebuiltWorker } from './locate.mjs';
import { cachedWorker } from './test-worker.ts';

const build = { version: '3.27.1', platform: 'linux-x64', recipe: 'abc' };

/** An installed mediasoup, and a cache of its own, with whatever of the three sources a test wants. */
function machine({ cached = false, prebuilt = false } = {}) {
  const worker = cachedWorker();
  const mediasoup = { folder: join(worker.home, 'node_modules', 'mediasoup'), version: build.version };
  const env: NodeJS.ProcessEnv = { XDG_CACHE_HOME: worker.home };
  if (cached) cpSync(worker.folder, cachedWorkerFolder(build, env), { recursive: true });
  if (prebuilt) {
    mkdirSync(dirname(prebuiltWorker(mediasoup)), { recursive: true });
    writeFileSync(prebuiltWorker(mediasoup), 'prebuilt', { mode: 0o755 });
  }
  return { ...worker, options: { ...build, mediasoup, env } };
}

describe('locateWorker', () => {
  it('takes MEDIASOUP_WORKER_BIN before everything', () => {
    using here = machine({ cached: true, prebuilt: true });
    const env = { ...here.options.env, MEDIASOUP_WORKER_BIN: here.bin };
    const found = locateWorker({ ...here.options, env });
    assert.deepEqual(found, { bin: here.bin, source: 'env', version: build.version });
  });

  it('says so when MEDIASOUP_WORKER_BIN names nothing that can be run, instead of taking another', () => {
    using here = machine({ cached: true });
    for (const bin of ['/nowhere/worker', here.folder, here.manifestFile]) {
      const env = { ...here.options.env, MEDIASOUP_WORKER_BIN: bin };
      assert.throws(() => locateWorker({ ...here.options, env }), SetupError);
    }
  });

  it('takes the cached build before the prebuilt one', () => {
    using here = machine({ cached: true, prebuilt: true });
    const found = locateWorker(here.options);
    assert.equal(found?.source, 'cache');
    assert.equal(found?.recipe, build.recipe);
  });

  it('takes the prebuilt one when the cache has another recipe', () => {
    using here = machine({ cached: true, prebuilt: true });
    assert.equal(locateWorker({ ...here.options, recipe: 'newer' })?.source, 'prebuilt');
  });

  it('takes the prebuilt one when the user chose it', () => {
    using here = machine({ cached: true, prebuilt: true });
    keepChoice('prebuilt', here.options.env);
    assert.equal(locateWorker(here.options)?.source, 'prebuilt');
  });

  it('says so when the user chose the prebuilt one and there is none', () => {
    using here = machine({ cached: true });
    keepChoice('prebuilt', here.options.env);
    assert.throws(() => locateWorker(here.options), SetupError);
  });

  it('turns the batching off when the user chose the plain one', () => {
    using here = machine({ cached: true, prebuilt: true });
    keepChoice('plain', here.options.env);
    assert.deepEqual(locateWorker(here.options)?.env, { MEDIASOUP_UDP_GSO: 'off' });
    keepChoice('tuned', here.options.env);
    assert.equal(locateWorker(here.options)?.env, undefined);
  });

  it('finds nothing on a fresh machine', () => {
    using here = machine();
    assert.equal(locateWorker(here.options), undefined);
  });

  it('finds nothing before the npm packages are installed', () => {
    using here = machine({ cached: true });
    const { env } = here.options;
    assert.equal(locateWorker({ env, mediasoup: undefined }), undefined);
  });
});

describe('cachedWorkerFolder', () => {
  it('differs by version, platform and recipe', () => {
    const folders = [build, { ...build, version: '4' }, { ...build, platform: 'x' }, { ...build, recipe: 'x' }];
    assert.equal(new Set(folders.map((one) => cachedWorkerFolder(one))).size, folders.length);
  });
});
