import assert from 'node:assert/strict';
import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { silentLog } from '@potluck/kernel';
import { base64url, exportJWK, SignJWT, UnsecuredJWT } from 'jose';
import { ConfigSchema, type ConfigFile } from '../config/schema.ts';
import { issueToken, secretKey } from './issuing.ts';
import { resolveMode } from './mode.ts';
import { openAccess, tokenSecret } from './open.ts';

type AccessSettings = NonNullable<ConfigFile['access']>;

async function open(test: TestContext, access: AccessSettings = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'potluck-access-'));
  test.after(() => rm(folder, { recursive: true }));
  const config = ConfigSchema.parse({ data: { folder }, access });
  const mode = resolveMode('open', { addresses: [], hosts: [], behindProxy: false });
  const opened = await openAccess(config, mode, silentLog);
  const secret = await tokenSecret(folder, silentLog);
  const sign = (claims: object, alg = 'HS256', key: KeyObject = secretKey(secret), kid?: string) =>
    new SignJWT({ iss: 'potluck', ...claims }).setProtectedHeader({ alg, ...(kid !== undefined && { kid }) }).sign(key);
  return { access: opened, secret, sign, grant: (token: string) => opened.grant(token, 'kitchen', '192.0.2.1') };
}

async function fileOf(test: TestContext, content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'potluck-keys-'));
  test.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'keys');
  await writeFile(file, content);
  return file;
}

const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
const soon = () => Math.floor(Date.now() / 1000) + 600;
const refused = { code: 'unauthorized', message: 'this token is not valid here' };

describe('TokenVerifier', () => {
  it('turns a token of this server into role, name and rights', async (test) => {
    const { secret, grant } = await open(test);
    const { token } = await issueToken(secret, {
      room: 'kitchen',
      role: 'cohost',
      name: 'Ann\u202e\n',
      deny: ['ban'],
      lifetimeSeconds: 60,
    });
    assert.deepEqual(await grant(token), {
      role: 'cohost',
      displayName: 'Ann',
      allow: [],
      deny: ['ban'],
      invited: true,
    });
  });

  it('refuses tokens that are expired, too long-lived, for another room, or without an end, all in the same words', async (test) => {
    const { sign, grant } = await open(test);
    const now = Math.floor(Date.now() / 1000);
    for (const claims of [
      { room: 'kitchen', exp: now - 60 },
      { room: 'kitchen', exp: now + 25 * 3_600 },
      { room: 'cellar', exp: soon() },
      { room: 'kitchen' },
      { exp: soon() },
      { room: 'kitchen', exp: soon(), role: 'owner' },
      { room: 'kitchen', exp: soon(), permissions: { allow: ['everything'] } },
      { room: 'kitchen', exp: soon(), nbf: now + 600 },
      { room: 'kitchen', exp: soon(), iss: 'somebody' },
      { room: ['kitchen'], exp: soon() },
      { room: 'kitchen', exp: String(soon()) },
    ]) {
      await assert.rejects(sign(claims).then(grant), refused, JSON.stringify(claims));
    }
    assert.equal((await grant(await sign({ room: '*', exp: soon() }))).invited, true);
  });

  it('refuses every known trick with the header', async (test) => {
    const { secret, sign, grant } = await open(test);
    const claims = { iss: 'potluck', room: 'kitchen', role: 'host', exp: soon() };
    const good = await sign(claims);
    const [head = '', body = '', signature = ''] = good.split('.');
    const header = (content: object) => base64url.encode(JSON.stringify(content));
    const other = createSecretKey(Buffer.alloc(32, 7));
    const unsecured = new UnsecuredJWT(claims).encode();
    const { privateKey } = generateKeyPairSync('ed25519');
    const embedded = await exportJWK(generateKeyPairSync('ed25519').publicKey);
    for (const token of [
      unsecured,
      `${header({ alg: 'none' })}.${body}.`,
      `${header({ alg: 'NONE' })}.${body}.${signature}`,
      `${head}.${body}.`,
      `${head}.${body}`,
      `${head}.${body}.${signature}.x`,
      `${head}.${base64url.encode(JSON.stringify({ ...claims, room: '*' }))}.${signature}`,
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(other),
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS384' }).sign(secretKey(secret)),
      await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey),
      await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', jwk: embedded }).sign(privateKey),
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: '../../dev/null' }).sign(other),
      `${header({ alg: 'HS256', crit: ['x'], x: 1 })}.${body}.${signature}`,
      'null.null.null',
      '..',
      'x'.repeat(9_000),
    ]) {
      await assert.rejects(grant(token), refused, token.slice(0, 80));
    }
  });

  it('takes Ed25519 and P-256 keys from PEM files and JWK sets, each with its own algorithm alone', async (test) => {
    const ed = generateKeyPairSync('ed25519');
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const set = { keys: [{ ...(await exportJWK(ed.publicKey)), kid: 'one' }, await exportJWK(ec.publicKey)] };
    for (const content of [pem(ed.publicKey) + pem(ec.publicKey), JSON.stringify(set)]) {
      const tokenKeysFile = await fileOf(test, content);
      const { sign, grant } = await open(test, { tokenKeysFile, tokenIssuer: 'intra', tokenAudience: 'calls' });
      const claims = { room: 'kitchen', exp: soon(), iss: 'intra', aud: 'calls' };
      assert.equal((await grant(await sign(claims, 'EdDSA', ed.privateKey, 'one'))).invited, true);
      assert.equal((await grant(await sign(claims, 'ES256', ec.privateKey))).invited, true);
      await assert.rejects(sign({ ...claims, aud: 'mail' }, 'EdDSA', ed.privateKey).then(grant), refused);
      await assert.rejects(sign({ ...claims, iss: 'x' }, 'EdDSA', ed.privateKey).then(grant), refused);
      // RFC 8725 §2.1: the public key taken for a shared secret.
      const confused = createSecretKey(Buffer.from(pem(ed.publicKey)));
      await assert.rejects(sign(claims, 'HS256', confused).then(grant), refused);
      await assert.rejects(
        sign({ ...claims, iss: 'potluck' }, 'HS256', createSecretKey(Buffer.from(pem(ec.publicKey)))).then(grant),
        refused,
      );
    }
  });

  it('says at the start which key file cannot be used, and why', async (test) => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const ed = generateKeyPairSync('ed25519');
    const secret = ed.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const [content, why] of [
      [pem(rsa.publicKey), /type rsa.+allowed: Ed25519 and P-256/u],
      [secret, /private key; give its public half/u],
      ['{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}', /secret key/u],
      ['hello', /no PEM block/u],
    ] as const) {
      await assert.rejects(open(test, { tokenKeysFile: await fileOf(test, content) }), { message: why });
    }
  });

  it('asks an OpenID provider for its keys once, and not at all for a while when that fails', async (test) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    let asked = 0;
    let answer = () => ({ status: 500, body: '' });
    const provider = createServer((_request, response) => {
      asked += 1;
      const { status, body } = answer();
      response.writeHead(status).end(body);
    }).listen(0, '127.0.0.1');
    await once(provider, 'listening');
    test.after(() => provider.close());
    const settings = {
      oidcKeysUrl: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys`,
      oidcIssuer: 'https://id.example.org',
      oidcAudience: 'calls',
    };
    const claims = { iss: settings.oidcIssuer, aud: 'calls', exp: soon(), name: 'Ann', sub: 'a1' };
    const failing = await open(test, settings);
    const token = await failing.sign(claims, 'RS256', privateKey, 'k');
    const later = { code: 'unavailable', message: 'tokens cannot be checked at the moment' };
    for (let time = 0; time < 3; time += 1) await assert.rejects(failing.grant(token), later);
    assert.equal(asked, 1);

    const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' };
    answer = () => ({ status: 200, body: JSON.stringify({ keys: [jwk] }) });
    const { grant, sign } = await open(test, settings);
    assert.deepEqual(await grant(token), { role: 'speaker', displayName: 'Ann', allow: [], deny: [], invited: true });
    await grant(token);
    for (const wrong of [
      await sign({ ...claims, aud: 'mail' }, 'RS256', privateKey, 'k'),
      await sign({ ...claims, iss: 'https://id.example.com' }, 'RS256', privateKey, 'k'),
      await sign(claims, 'RS256', privateKey, 'unknown'),
      await sign(claims, 'HS256', createSecretKey(Buffer.from(pem(publicKey)))),
    ]) {
      await assert.rejects(grant(wrong), refused);
    }
    assert.equal(asked, 2);

    answer = () => ({ status: 200, body: JSON.stringify({ keys: [jwk], padding: 'x'.repeat(300_000) }) });
    const flooded = await open(test, settings);
    await assert.rejects(flooded.grant(token), later);
  });
});
