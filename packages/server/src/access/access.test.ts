import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Logger, silentLog, type LogRecord } from '@potluck/kernel';
import { FakeClock } from '@potluck/testkit';
import type { AccessMode } from '../room/access-mode.ts';
import { Access } from './access.ts';
import { secretKey } from './issuing.ts';
import { resolveMode, type ReachFacts } from './mode.ts';
import { keptSecret } from './private-file.ts';
import { isPrivateAddress, isPrivateHost } from './reach.ts';
import { TokenVerifier } from './verifier.ts';

const secret = Buffer.alloc(32, 1).toString('base64url');
const apiKey = 'a-key-of-the-API-that-nobody-guesses';

function access(mode: AccessMode = 'open') {
  const clock = new FakeClock();
  const records: LogRecord[] = [];
  const log = new Logger({ enabled: () => true, write: (record) => records.push(record) }, 'access');
  const verifier = new TokenVerifier(
    [{ keys: [{ algorithms: ['HS256'], key: secretKey(secret) }], algorithms: ['HS256'], issuer: 'potluck' }],
    { maxLifetimeSeconds: 3_600, now: () => new Date(clock.now()) },
  );
  return { clock, records, access: new Access({ verifier, tokenSecret: secret, apiKey, mode, log, clock }) };
}

describe('Access', () => {
  it('lets in without a token but where one is needed', async () => {
    assert.equal((await access('open').access.grant(undefined, 'r', 'a')).invited, false);
    assert.equal((await access('guests').access.grant(undefined, 'r', 'a')).invited, false);
    await assert.rejects(access('members').access.grant(undefined, 'r', 'a'), { code: 'unauthorized' });
  });

  it('does not look at credentials of an address that was wrong too often, and does again later', async () => {
    const { access: door, clock, records } = access();
    const { token } = await door.issue({ room: 'r', role: 'host', lifetimeSeconds: 600 });
    for (let time = 0; time < 20; time += 1) await assert.rejects(door.grant('x', 'r', 'a'), { code: 'unauthorized' });
    await assert.rejects(door.grant('x', 'r', 'a'), { code: 'rate_limited' });
    await assert.rejects(door.grant(token, 'r', 'a'), { code: 'rate_limited' });
    await assert.rejects(door.requireApiKey(apiKey, 'a'), { code: 'rate_limited' });
    await assert.rejects(door.grantOverHttp(apiKey, 'r', 'a'), { code: 'rate_limited' });
    assert.equal((await door.grant(token, 'r', 'b')).role, 'host');
    assert.equal((await door.grant(undefined, 'r', 'a')).invited, false);
    clock.advance(2_000);
    assert.equal((await door.grant(token, 'r', 'a')).role, 'host');
    assert.equal(records.length, 20);
    assert.ok(!JSON.stringify(records).includes(token));
  });

  it('tells of refusals, not of each of many from one address', async () => {
    const { access: door, clock, records } = access('members');
    const knock = (address: string) => assert.rejects(door.grant(undefined, 'r', address), { code: 'unauthorized' });
    const told = () => records.filter(({ level }) => level === 'info').length;
    for (let time = 0; time < 100; time += 1) await knock('a');
    assert.equal(told(), 20);
    await knock('b');
    clock.advance(2_000);
    await knock('a');
    await knock('a');
    assert.equal(told(), 22);
  });

  it('takes for media over HTTP the key of the API or a token, and nothing only where it is open', async () => {
    const { access: guests } = access('guests');
    await assert.rejects(guests.grantOverHttp(undefined, 'r', 'a'), { code: 'unauthorized' });
    assert.equal((await guests.grantOverHttp(apiKey, 'r', 'a')).role, 'speaker');
    const { token } = await guests.issue({ room: 'r', role: 'viewer', lifetimeSeconds: 600 });
    assert.equal((await guests.grantOverHttp(token, 'r', 'a')).role, 'viewer');
    await assert.rejects(guests.grantOverHttp(token, 'other', 'a'), { code: 'unauthorized' });
    assert.equal((await access('open').access.grantOverHttp(undefined, 'r', 'a')).invited, false);
  });

  it('opens the API for its key alone', async () => {
    const { access: door } = access();
    await door.requireApiKey(apiKey, 'a');
    const { token } = await door.issue({ room: '*', role: 'host', lifetimeSeconds: 600 });
    for (const wrong of [undefined, '', token, apiKey.slice(1), `${apiKey} `, apiKey.toUpperCase()]) {
      await assert.rejects(door.requireApiKey(wrong, 'a'), { code: 'unauthorized' });
    }
  });
});

describe('resolveMode', () => {
  const inner: ReachFacts = {
    addresses: ['127.0.0.1', '10.1.2.3', 'fd00::1'],
    hosts: ['nas.local'],
    behindProxy: false,
  };

  it('is open in private networks only, and says why', () => {
    assert.deepEqual(resolveMode('auto', inner).mode, 'open');
    for (const reach of [
      { ...inner, addresses: ['192.168.1.2', '9.9.9.9'] },
      { ...inner, addresses: ['2620:fe::fe'] },
      { ...inner, hosts: ['meet.example.org'] },
      { ...inner, behindProxy: true },
    ]) {
      const { mode, because } = resolveMode('auto', reach);
      assert.equal(mode, 'guests');
      assert.match(because, /9\.9\.9\.9|2620|meet|proxy/u);
      assert.equal(resolveMode('open', reach).mode, 'open');
      assert.equal(resolveMode('open', reach).exposed, true);
      assert.equal(resolveMode('members', reach).mode, 'members');
    }
    assert.equal(resolveMode('open', inner).exposed, false);
  });

  it('knows which addresses and names the internet reaches', () => {
    const inside = [
      '127.8.8.8',
      '::1',
      '10.0.0.1',
      '172.31.0.1',
      '192.168.0.1',
      '169.254.1.1',
      '100.64.0.1',
      'fe80::1%eth0',
      'fd12::1',
      '::ffff:10.0.0.1',
    ];
    const outside = ['172.32.0.1', '100.128.0.1', '8.8.8.8', '2620:fe::fe', '::ffff:8.8.8.8', 'no address'];
    assert.deepEqual(
      inside.filter((address) => !isPrivateAddress(address)),
      [],
    );
    assert.deepEqual(outside.filter(isPrivateAddress), []);
    assert.deepEqual(
      ['nas', 'localhost', 'nas.local', 'x.home.arpa', '10.1.1.1'].filter((host) => !isPrivateHost(host)),
      [],
    );
    assert.deepEqual(['example.org', 'local.example.org', '8.8.8.8'].filter(isPrivateHost), []);
  });
});

describe('keptSecret', () => {
  async function place(test: TestContext) {
    const folder = await mkdtemp(join(tmpdir(), 'potluck-secret-'));
    test.after(() => rm(folder, { recursive: true }));
    return { folder: join(folder, 'data'), name: 'secret', what: 'secret', log: silentLog };
  }

  it('makes 32 random bytes once, for this account alone, also when two begin at once', async (test) => {
    const file = await place(test);
    const [one, two] = await Promise.all([keptSecret(file), keptSecret(file)]);
    assert.equal(one, two);
    assert.equal(Buffer.from(one, 'base64url').length, 32);
    assert.equal((await stat(join(file.folder, file.name))).mode & 0o777, 0o600);
    assert.equal((await stat(file.folder)).mode & 0o777, 0o700);
  });

  it('closes a file that others could read, and takes no file that holds something else', async (test) => {
    const file = await place(test);
    const path = join(file.folder, file.name);
    const made = await keptSecret(file);
    await chmod(path, 0o644);
    assert.equal(await keptSecret(file), made);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    await writeFile(path, 'short');
    await assert.rejects(keptSecret(file), { message: /holds no secret of ours; delete it/u });
    assert.equal(await readFile(path, 'utf8'), 'short');
  });
});
