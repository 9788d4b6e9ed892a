import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { silentLog } from '@potluck/kernel';
import { secretKey } from '../../access/issuing.ts';
import { tokenSecret } from '../../access/open.ts';
import { TokenVerifier } from '../../access/verifier.ts';
import { makeToken } from './make.ts';
import { readTokenOptions } from './options.ts';

describe('potluck token', () => {
  it('makes a token that the server takes, and a link that carries it', async (test) => {
    const folder = await mkdtemp(join(tmpdir(), 'potluck-token-'));
    test.after(() => rm(folder, { recursive: true }));
    const options = readTokenOptions([
      '--room',
      'the kitchen',
      '--role',
      'host',
      '--name',
      'Ann',
      '--data-folder',
      folder,
    ]);
    assert.ok(options.kind === 'make');
    const lines = (await makeToken(options, { env: { DOMAIN: 'meet.example.org' }, folder })).split('\n');
    const [says = '', , token = '', , link = ''] = lines;
    assert.match(says, /^A host of the room the kitchen until \d{4}-/u);
    assert.equal(link, `https://meet.example.org:4443/r/the%20kitchen#token=${token}`);
    const key = { algorithms: ['HS256'], key: secretKey(await tokenSecret(folder, silentLog)) };
    const verifier = new TokenVerifier([{ keys: [key], algorithms: ['HS256'] }], { maxLifetimeSeconds: 7_200 });
    assert.equal((await verifier.grant(token, 'the kitchen')).role, 'host');
    assert.equal(
      await makeToken({ ...options, bare: true }, { env: {}, folder }).then((bare) => bare.split('.').length),
      3,
    );
    await assert.rejects(makeToken({ ...options, hours: 48 }, { env: {}, folder }), { message: /24 hours/u });
  });

  it('names everything that is wrong', () => {
    const wrong = readTokenOptions(['--role', 'chief', '--hours=-1', '--allow', 'fly']);
    assert.ok(wrong.kind === 'wrong');
    const named = wrong.problems.map((problem) => problem.split(':')[0]);
    assert.deepEqual(new Set(named), new Set(['--allow', '--hours', '--role', '--room']));
    assert.equal(readTokenOptions(['--rom', 'x']).kind, 'wrong');
    assert.equal(readTokenOptions(['-h']).kind, 'help');
  });
});
