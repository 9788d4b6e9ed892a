import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { Logger, type LogRecord } from '@potluck/kernel';
import { RoomId } from '@potluck/protocol';
import { FakeClock } from '@potluck/testkit';
import express from 'express';
import { Access } from '../../access/access.ts';
import { secretKey } from '../../access/issuing.ts';
import { TokenVerifier } from '../../access/verifier.ts';
import { Reservations } from '../../room/reserving.ts';
import { enterOwn, startSessions } from '../../session/testing.ts';
import { adminApi } from './router.ts';
import { adminRoutes } from './routes.ts';

const apiKey = 'the-key-of-the-API-that-nobody-guesses';
const secret = Buffer.alloc(32, 1).toString('base64url');

async function start(test: TestContext) {
  const sessions = startSessions();
  const clock = new FakeClock(Date.now());
  const records: LogRecord[] = [];
  const log = new Logger({ enabled: () => true, write: (record) => records.push(record) }, 'api');
  const key = { algorithms: ['HS256'], key: secretKey(secret) };
  const verifier = new TokenVerifier([{ keys: [key], algorithms: ['HS256'] }], { maxLifetimeSeconds: 86_400 });
  const access = new Access({ verifier, tokenSecret: secret, apiKey, mode: 'open', log, clock });
  const { registry } = sessions;
  const reservations = new Reservations(registry, clock);
  let draining = false;
  const app = express().use(
    adminApi({
      registry,
      reservations,
      access,
      links: () => ({ local: 'http://localhost:4480/', others: ['https://meet.example.org/'] }),
      setDraining: (on) => {
        draining = on;
        registry.stopOpening(on ? 'no new rooms' : undefined);
      },
      fabric: sessions.fabric,
      clientAddress: (peer) => peer ?? '',
      log,
      clock,
    }),
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call = async (method: string, path: string, body?: unknown, credential: string | null = apiKey) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(credential !== null && { authorization: `Bearer ${credential}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
  };
  return { ...sessions, call, clock, records, verifier, reservations, draining: () => draining };
}

describe('the HTTP interface for operators', () => {
  it('opens a room with rules, keeps it while nobody is in it, and lets it end in time', async (test) => {
    const { call, registry, clock, open } = await start(test);
    const { status, body } = await call('POST', '/api/v1/rooms', {
      roomId: 'r',
      password: 'sesame',
      maxPeers: 1,
      keepSeconds: 60,
    });
    assert.equal(status, 200);
    assert.equal(body.link, 'https://meet.example.org/r/r');
    assert.deepEqual([body.room.passwordSet, body.room.maxPeers, body.room.locked], [true, 1, false]);
    assert.equal((await call('POST', '/api/v1/rooms', { roomId: 'r' })).status, 409);
    const ann = await open('ann', 'potluck');
    await assert.rejects(ann.request('enter', { displayName: 'Ann' }), { code: 'unauthorized' });
    const bob = await open('bob', 'potluck');
    assert.match(bob.socket.ended?.reason ?? '', /full: at most 1/u);
    assert.equal((await call('PATCH', '/api/v1/rooms/r', { password: null, locked: true })).body.passwordSet, false);
    ann.socket.close(1000, 'gone');
    clock.advance(59_000);
    assert.equal((await call('GET', '/api/v1/rooms')).body.rooms.length, 1);
    clock.advance(1_001);
    assert.equal(registry.get(RoomId.parse('r')), undefined);
    assert.equal((await call('GET', '/api/v1/rooms/r')).status, 404);
    const unnamed = await call('POST', '/api/v1/rooms', {});
    assert.ok(unnamed.body.room.id.length >= 20);
  });

  it('shows who is in a room, puts them out, keeps them out, and ends it', async (test) => {
    const { call, open, registry } = await start(test);
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    const bob = await open('bob', 'potluck');
    await enterOwn(bob, 'Bob');
    const { body } = await call('GET', '/api/v1/rooms/r/peers');
    assert.deepEqual(
      body.peers.map(({ id, role }: { id: string; role: string }) => [id, role]),
      [
        ['ann', 'host'],
        ['bob', 'speaker'],
      ],
    );
    assert.equal((await call('DELETE', '/api/v1/rooms/r/peers/nobody')).status, 404);
    assert.equal((await call('POST', '/api/v1/rooms/r/peers/bob/ban', {})).status, 200);
    assert.equal(bob.notices('sessionEnding')[0]?.reason, 'banned');
    const again = await open('bob', 'potluck');
    await assert.rejects(again.request('enter', { displayName: 'Bob' }), { code: 'forbidden' });
    const { body: bans } = await call('GET', '/api/v1/rooms/r/bans');
    assert.deepEqual([bans.banned.length, bans.banned[0].peerId, bans.banned[0].displayName], [1, 'bob', 'Bob']);
    assert.equal((await call('DELETE', '/api/v1/rooms/r/bans/bob')).status, 200);
    assert.equal((await call('DELETE', '/api/v1/rooms/r/bans/bob')).status, 404);
    await enterOwn(await open('bob', 'potluck'), 'Bob');
    assert.equal((await call('DELETE', '/api/v1/rooms/r/peers/ann')).status, 200);
    assert.equal(ann.notices('sessionEnding')[0]?.reason, 'kicked');
    assert.equal((await call('DELETE', '/api/v1/rooms/r')).status, 200);
    assert.equal(registry.rooms.size, 0);
  });

  it('makes tokens that the server takes, and no longer ones than it takes', async (test) => {
    const { call, verifier } = await start(test);
    const wish = { room: 'r', role: 'viewer', name: 'Ann', deny: ['chat'], seconds: 600, subject: 'customer 7' };
    const { body } = await call('POST', '/api/v1/tokens', wish);
    assert.deepEqual((await verifier.grant(body.token, 'r')).deny, ['chat']);
    assert.equal(body.link, `https://meet.example.org/r/r#token=${body.token}`);
    assert.equal((await call('POST', '/api/v1/tokens', { ...wish, seconds: 90_000 })).status, 400);
    assert.equal((await call('POST', '/api/v1/tokens', { ...wish, role: 'owner' })).status, 400);
  });

  it('drains: calls go on, new rooms do not begin', async (test) => {
    const { call, open, draining } = await start(test);
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    assert.equal((await call('PUT', '/api/v1/draining', { draining: true })).body.rooms, 1);
    assert.equal(draining(), true);
    await open('bob', 'potluck');
    assert.equal((await call('POST', '/api/v1/rooms', { roomId: 'other' })).status, 503);
    await call('PUT', '/api/v1/draining', { draining: false });
    assert.equal((await call('POST', '/api/v1/rooms', { roomId: 'other' })).status, 200);
  });

  it('drains a worker and lets it take media again', async (test) => {
    const { call, fabric } = await start(test);
    const { body } = await call('GET', '/api/v1/workers');
    assert.deepEqual([body.workers[0].index, body.workers[0].state, body.workers[0].draining], [0, 'running', false]);
    const drained = await call('PUT', '/api/v1/workers/0/draining', { draining: true });
    assert.deepEqual([drained.body, fabric.drained], [{ draining: true, moved: 0, ended: 0 }, [0]]);
    await call('PUT', '/api/v1/workers/0/draining', { draining: false });
    assert.deepEqual(fabric.drained, []);
    assert.equal((await call('PUT', '/api/v1/workers/7/draining', { draining: true })).status, 404);
    assert.equal((await call('PUT', '/api/v1/workers/first/draining', { draining: true })).status, 400);
    assert.equal((await call('PUT', '/api/v1/workers/0/draining', {})).status, 400);
  });

  it('answers every wrong body with a problem that names what is wrong', async (test) => {
    const { call } = await start(test);
    for (const [body, detail] of [
      ['{', /JSON/u],
      [{ roomId: '' }, /roomId/u],
      [{ rom: 'r' }, /rom/u],
      [{ maxPeers: 0 }, /maxPeers/u],
      [{ password: 'x'.repeat(201) }, /password/u],
      [[], /object|expected/iu],
    ] as const) {
      const answer = await call('POST', '/api/v1/rooms', body);
      assert.deepEqual([answer.status, answer.type], [400, 'application/problem+json; charset=utf-8']);
      assert.match(answer.body.detail, detail);
    }
    const large = await call('POST', '/api/v1/rooms', { password: 'x'.repeat(40_000) });
    assert.equal(large.status, 413);
  });

  it('is closed on every route for who has not its key, slows down who guesses, and logs no key', async (test) => {
    const { call, records, registry } = await start(test);
    const paths = Object.values(adminRoutes).map(({ method, path }) => [
      method.toUpperCase(),
      path.replace(':roomId', 'r').replace(':peerId', 'p'),
    ]);
    for (const [method = '', path = ''] of paths) {
      const answer = await call(method, path, method === 'GET' ? undefined : {}, null);
      assert.deepEqual([answer.status, answer.body.type], [401, '/problems/unauthorized'], `${method} ${path}`);
    }
    for (const [method = '', path = ''] of paths) {
      assert.equal((await call(method, path, undefined, `${apiKey}x`)).status, 401, `${method} ${path}`);
    }
    assert.equal((await call('GET', '/api/v1/nothing', undefined, null)).status, 401);
    for (let time = 0; time < 10; time += 1) await call('GET', '/api/v1/rooms', undefined, 'wrong');
    assert.equal((await call('GET', '/api/v1/rooms', undefined, 'wrong')).status, 429);
    assert.equal(registry.rooms.size, 0);
    assert.ok(!JSON.stringify(records).includes(apiKey));
  });

  it('takes so many requests a second', async (test) => {
    const { call } = await start(test);
    const statuses = new Set<number>();
    for (let time = 0; time < 201; time += 1) statuses.add((await call('GET', '/api/v1/rooms')).status);
    assert.deepEqual([...statuses], [200, 429]);
  });
});
