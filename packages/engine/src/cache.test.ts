import assert from 'node:assert/strict';
import { chmodSync, chownSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { cacheFolder, inspectCached, makePrivate } from './cache.mjs';
import { cachedWorker } from './test-worker.ts';

describe('cacheFolder', () => {
  it('follows XDG_CACHE_HOME', () => assert.equal(cacheFolder({ XDG_CACHE_HOME: '/somewhere' }), '/somewhere/potluck'));

  it('ignores a relative XDG_CACHE_HOME', () => {
    assert.equal(cacheFolder({ XDG_CACHE_HOME: 'somewhere' }), join(homedir(), '.cache', 'potluck'));
  });
});

describe('inspectCached', () => {
  function inspect(cached: ReturnType<typeof cachedWorker>) {
    const found = inspectCached(cached.folder, cached.expected);
    return found.kind === 'refused' ? `refused: ${found.why.replace(cached.home, '')}` : found.kind;
  }

  it('trusts what was built and tested', () => {
    using cached = cachedWorker();
    const found = inspectCached(cached.folder, cached.expected);
    assert.equal(found.kind === 'trusted' && found.bin, cached.bin);
  });

  it('finds nothing in an empty cache', () => {
    using cached = cachedWorker();
    rmSync(cached.folder, { recursive: true });
    assert.equal(inspect(cached), 'absent');
  });

  it('takes a missing manifest for no worker', () => {
    using cached = cachedWorker();
    rmSync(cached.manifestFile);
    assert.equal(inspect(cached), 'absent');
  });

  it('refuses another content of the same size', () => {
    using cached = cachedWorker();
    writeFileSync(cached.bin, 'a wOrker');
    assert.equal(inspect(cached), 'refused: its content has changed');
  });

  it('refuses a truncated binary', () => {
    using cached = cachedWorker();
    writeFileSync(cached.bin, 'a work');
    assert.equal(inspect(cached), 'refused: its size has changed');
  });

  it('refuses a manifest that is no JSON, or no object', () => {
    using cached = cachedWorker();
    for (const text of ['{', 'null', '3']) {
      writeFileSync(cached.manifestFile, text);
      assert.equal(inspect(cached), 'refused: its manifest cannot be read');
    }
  });

  for (const facts of [{ version: '3.27.0' }, { platform: 'linux-arm64' }, { recipe: 'old' }]) {
    it(`refuses a worker with ${JSON.stringify(facts)}`, () => {
      using cached = cachedWorker(facts);
      assert.equal(inspect(cached), 'refused: it was built for something else');
    });
  }

  for (const part of ['bin', 'manifestFile', 'folder', 'engine', 'potluck'] as const) {
    it(`refuses when others may change the ${part}`, () => {
      using cached = cachedWorker();
      const path = {
        ...cached,
        engine: dirname(cached.folder),
        potluck: dirname(dirname(cached.folder)),
      }[part];
      chmodSync(path, 0o777);
      assert.equal(inspect(cached), `refused: ${path.replace(cached.home, '')} may be changed by other users`);
    });
  }

  it('refuses what belongs to somebody else', { skip: process.getuid?.() !== 0 }, () => {
    using cached = cachedWorker();
    chownSync(cached.bin, 12_345, 12_345);
    assert.match(inspect(cached), /belongs to another user/);
  });
});

describe('makePrivate', () => {
  it('closes a folder that a careless umask left open', () => {
    using cached = cachedWorker();
    chmodSync(cached.folder, 0o777);
    makePrivate(cached.folder);
    assert.equal(statSync(cached.folder).mode & 0o777, 0o700);
  });
});
