import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Logger, silentLog, Tasks } from '@potluck/kernel';
import { waitFor } from '@potluck/testkit';
import { selfSigned } from './certificate.ts';
import type { TlsPair } from './listener.ts';
import { watchTlsFiles } from './tls-files.ts';

describe('watchTlsFiles', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'potluck-certs-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('hands over the new pair once both files fit together, and keeps the old one until then', async () => {
    const first = await selfSigned(join(folder, '1'), ['localhost'], silentLog);
    const second = await selfSigned(join(folder, '2'), ['localhost'], silentLog);
    const files = { certificateFile: join(folder, 'cert.pem'), privateKeyFile: join(folder, 'key.pem') };
    const put = async (path: string, content: string) => {
      await writeFile(`${path}.new`, content);
      await rename(`${path}.new`, path);
    };
    await put(files.certificateFile, first.cert);
    await put(files.privateKeyFile, first.key);

    const pairs: TlsPair[] = [];
    const messages: string[] = [];
    const log = new Logger({ enabled: () => true, write: ({ message }) => messages.push(message) }, '');
    const tasks = new Tasks((_name, error) => assert.ifError(error));
    const stop = watchTlsFiles(files, { onChange: (pair) => pairs.push(pair), log, tasks, everyMs: 20 });

    await put(files.certificateFile, second.cert);
    await waitFor(() => messages.includes('changed certificate not taken, the old one stays'), { what: 'the refusal' });
    assert.deepEqual(pairs, []);
    await put(files.privateKeyFile, second.key);
    await waitFor(() => pairs.length > 0, { what: 'the new pair' });
    assert.deepEqual(pairs[0], second);
    stop();
    await tasks.idle();
    assert.equal(pairs.length, 1);
  });
});
