import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { AppError, Logger, silentLog } from '@potluck/kernel';
import { ownNames, selfSigned } from './certificate.ts';

const aDayMs = 86_400_000;

describe('selfSigned', () => {
  let parent = '';
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), 'potluck-tls-'));
  });
  after(() => rm(parent, { recursive: true }));
  const names = ['localhost', '127.0.0.1', '::1', '2001:db8::7', 'host.example'];

  it('makes an EC certificate for all names, readable by its owner alone', async () => {
    const folder = join(parent, 'a', 'b');
    const { cert } = await selfSigned(folder, names, silentLog);
    const certificate = new X509Certificate(cert);
    assert.equal(certificate.publicKey.asymmetricKeyType, 'ec');
    for (const name of ['localhost', 'host.example']) assert.equal(certificate.checkHost(name), name);
    for (const ip of ['127.0.0.1', '::1', '2001:db8::7']) assert.ok(certificate.checkIP(ip), ip);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    assert.equal((await stat(join(folder, 'self-signed.key'))).mode & 0o777, 0o600);
  });

  it('keeps it, and makes a new one when an address is new, when it is near its end, or when it is broken', async () => {
    const folder = join(parent, 'kept');
    const reasons: unknown[] = [];
    const log = new Logger({ enabled: () => true, write: ({ facts }) => reasons.push(facts['because']) }, '');
    const now = new Date();
    const get = (wanted = names, at = now) => selfSigned(folder, wanted, log, at);
    const first = await get();
    assert.deepEqual(await get(), first);
    assert.deepEqual(await get(names.slice(0, 2)), first);
    const second = await get([...names, '10.9.8.7']);
    assert.notEqual(second.cert, first.cert);
    assert.notEqual((await get(names, new Date(now.getTime() + 771 * aDayMs))).cert, second.cert);
    await writeFile(join(folder, 'self-signed.key'), first.key);
    await get(names, new Date(now.getTime() + 771 * aDayMs));
    await writeFile(join(folder, 'self-signed.crt'), 'junk');
    await get(names, new Date(now.getTime() + 771 * aDayMs));
    assert.deepEqual(reasons, [
      'there was none',
      'it lacked 10.9.8.7',
      'it was near its end',
      'certificate and key did not fit',
      'it could not be read',
    ]);
  });

  it('names the folder that cannot be used', async () => {
    const file = join(parent, 'file');
    await writeFile(file, '');
    await assert.rejects(selfSigned(join(file, 'x'), names, silentLog), (error) => {
      assert.ok(error instanceof AppError);
      assert.match(
        error.message,
        /^The data folder .*file\/x cannot be used \(.*\); choose another with --data-folder\.$/u,
      );
      return true;
    });
  });

  it('tightens a key that was made readable for others when it is made anew', async () => {
    const folder = join(parent, 'loose');
    await selfSigned(folder, names, silentLog);
    const key = join(folder, 'self-signed.key');
    await chmod(key, 0o644);
    await selfSigned(folder, [...names, 'new.example'], silentLog);
    assert.equal((await stat(key)).mode & 0o777, 0o600);
    assert.match(await readFile(key, 'utf8'), /PRIVATE KEY/u);
  });
});

describe('ownNames', () => {
  it('covers loopback and what is asked for, each once', () => {
    const names = ownNames(['meet.example.org', 'localhost']);
    for (const name of ['localhost', '127.0.0.1', '::1', 'meet.example.org']) assert.ok(names.includes(name));
    assert.equal(new Set(names).size, names.length);
  });
});
