import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestName, sha256, workerName, type Manifest } from './cache.mjs';

/** A cache folder of its own with one worker in it that is right in every way; each test makes one thing wrong. */
export function cachedWorker(facts: Partial<Manifest> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'potluck-engine-'));
  const folder = join(home, 'potluck', 'engine', 'key');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const content = Buffer.from('a worker');
  const expected = { version: '3.27.1', platform: 'linux-x64', recipe: 'abc' };
  const manifest = { ...expected, libsrtp: 'openssl', size: content.length, sha256: sha256(content), ...facts };
  const bin = join(folder, workerName);
  const manifestFile = join(folder, manifestName);
  writeFileSync(bin, content);
  chmodSync(bin, 0o755);
  writeFileSync(manifestFile, JSON.stringify(manifest), { mode: 0o644 });
  return { home, folder, bin, manifestFile, expected, [Symbol.dispose]: () => rmSync(home, { recursive: true }) };
}
