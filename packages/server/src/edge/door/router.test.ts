import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { AppError, Logger, type LogRecord } from '@potluck/kernel';
import { PeerId, RoomId, type Permission, type Role } from '@potluck/protocol';
import { FakeClock } from '@potluck/testkit';
import express from 'express';
import { Access } from '../../access/access.ts';
import { secretKey } from '../../access/issuing.ts';
import { TokenVerifier } from '../../access/verifier.ts';
import type { AccessMode } from '../../room/access-mode.ts';
import { enterOwn, MemoryRoomStore, startSessions } from '../../session/testing.ts';
import { doorApi } from './router.ts';

const secret = Buffer.alloc(32, 1).toString('base64url');

type Changes = { origins?: readonly string[]; checkSockets?: () => void; store?: MemoryRoomStore };

async function start(test: TestContext, mode: AccessMode, changes: Changes = {}) {
  const sessions = startSessions(mode, changes.store);
  const clock = new FakeClock(Date.now());
  const records: LogRecord[] = [];
  const log = new Logger({ enabled: () => true, write: (record) => records.push(record) }, 'door');
  const key = { algorithms: ['HS256'], key: secretKey(secret) };
  const verifier = new TokenVerifier([{ keys: [key], algorithms: ['HS256'] }], { maxLifetimeSeconds: 86_400 });
  const access = new Access({ verifier, tokenSecret: secret, apiKey: 'k'.repeat(40), mode, log, clock });
  const app = express().use(
    doorApi({
      look: (question, grant, address) => sessions.sessions.look(question, grant, address),
      checkSockets: changes.checkSockets ?? (() => {}),
      access,
      allowedOrigins: changes.origins ?? [],
      clientAddress: () => '192.0.2.9',
      log,
      clock,
    }),
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/door`;
  const send = (question: object, { token, ...headers }: { token?: string; origin?: string } = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...headers },
      body: JSON.stringify({ roomId: 'r', peerId: 'newcomer', ...question }),
    });
  const ask = async (question: object = {}, token?: string): Promise<unknown> => {
    const response = await send(question, token === undefined ? {} : { token });
    const body = (await response.json()) as { door?: string; detail?: string };
    return body.door ?? `${response.status} ${body.detail}`;
  };
  const issue = async (room: string, role: Role = 'speaker', deny: Permission[] = []) =>
    (await access.issue({ room, role, deny, lifetimeSeconds: 600 })).token;
  return { ...sessions, url, send, ask, issue, records, accessClock: clock };
}

describe('the door', () => {
  it('says what a room asks for, and of a room that is not open what one would', async (test) => {
    const { ask, open, registry, issue } = await start(test, 'open');
    assert.equal(await ask(), 'open');
    assert.equal(registry.rooms.size, 0);
    const host = await open('ann', 'potluck');
    await enterOwn(host, 'Ann');
    assert.equal(await ask(), 'open');
    await host.request('setPassword', { password: 'thyme' });
    assert.equal(await ask(), 'password');
    assert.equal(await ask({}, await issue('r')), 'open');
    await host.request('setLocked', { locked: true });
    assert.equal(await ask(), 'locked');
    registry.get(RoomId.parse('r'))?.door.bans.add({ peerId: PeerId.parse('newcomer'), displayName: '', since: 0 });
    assert.equal(await ask(), 'banned');
    assert.equal(await ask({ roomId: 'other' }), 'open');
  });

  it('sends guests to the lobby, and members for a token', async (test) => {
    const guests = await start(test, 'guests');
    assert.equal(await guests.ask(), 'lobby');
    assert.equal(await guests.ask({}, await guests.issue('*')), 'open');
    const members = await start(test, 'members');
    assert.equal(await members.ask(), 'tokenNeeded');
    assert.equal(await members.ask({}, await members.issue('r')), 'open');
    assert.equal(await members.ask({}, await members.issue('cellar')), 'tokenRefused');
    assert.equal(await members.ask({}, 'a.b.c'), 'tokenRefused');
  });

  it('says when a room is full, and to nobody else who is in it', async (test) => {
    const { ask, open, registry } = await start(test, 'guests');
    const { welcome } = await enterOwn(await open('ann', 'potluck', {}, { invited: true, role: 'host' }), 'Ann');
    const room = registry.get(RoomId.parse('r'));
    assert.ok(room);
    assert.equal(await ask({ peerId: 'ann' }), 'taken');
    assert.equal(await ask({ peerId: 'ann', resume: 'guessed' }), 'taken');
    assert.equal(await ask({ peerId: 'ann', resume: welcome.resumeToken }), 'open');
    room.limits = { ...room.limits, maxPeers: 1 };
    assert.equal(await ask(), 'full');
  });

  it('tells somebody who is connected and not yet in the same as a newcomer', async (test) => {
    const { ask, open } = await start(test, 'open');
    const host = await open('ann', 'potluck');
    await enterOwn(host, 'Ann');
    await host.request('setPassword', { password: 'thyme' });
    const [welcome] = (await open('newcomer', 'potluck')).notices('welcome');
    assert.equal(await ask({ resume: welcome?.resumeToken }), 'password');
  });

  it('knows the doors of before a restart', async (test) => {
    const store = new MemoryRoomStore();
    const before = await start(test, 'open', { store });
    const host = await before.open('ann', 'potluck');
    const { welcome } = await enterOwn(host, 'Ann');
    await host.request('setLocked', { locked: true });
    before.registry.close('the server restarts');
    const { ask } = await start(test, 'open', { store });
    assert.equal(await ask(), 'locked');
    assert.equal(await ask({ peerId: 'ann', resume: welcome.resumeToken }), 'open');
  });

  it('says that nobody gets in anywhere, as the upgrade does', async (test) => {
    const refuse = () => {
      throw new AppError('unavailable', 'more than 5 connections');
    };
    const { ask } = await start(test, 'open', { checkSockets: refuse });
    assert.equal(await ask(), '503 more than 5 connections');
    const draining = await start(test, 'open');
    draining.registry.stopOpening('no new rooms');
    assert.equal(await draining.ask(), '503 no new rooms');
  });

  it('slows down who asks often and who guesses tokens, and keeps what it was shown to itself', async (test) => {
    const { ask, records, accessClock } = await start(test, 'members');
    for (let time = 0; time < 20; time += 1) assert.equal(await ask({}, 'a.guessed.token'), 'tokenRefused');
    assert.match(String(await ask({}, 'a.guessed.token')), /^429 too many wrong credentials/u);
    for (let time = 0; time < 9; time += 1) await ask();
    assert.match(String(await ask()), /^429 too many questions/u);
    accessClock.advance(1_000);
    assert.equal(await ask(), 'tokenNeeded');
    assert.doesNotMatch(JSON.stringify(records), /guessed/u);
  });

  it('answers pages of allowed origins alone, after their browsers asked', async (test) => {
    const { url, send } = await start(test, 'open', { origins: ['https://meet.example.org'] });
    const allowed = await send({}, { origin: 'https://meet.example.org' });
    assert.equal(allowed.status, 200);
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://meet.example.org');
    assert.equal(allowed.headers.get('cache-control'), 'no-store');
    assert.equal((await send({}, { origin: 'https://evil.example' })).status, 403);
    const preflight = await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://meet.example.org' } });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /authorization/u);
  });

  it('says what is wrong with a question', async (test) => {
    const { ask, send } = await start(test, 'open');
    assert.match(String(await ask({ roomId: '' })), /^400 roomId/u);
    assert.equal((await send({ roomId: 'x'.repeat(5_000) })).status, 413);
  });
});
