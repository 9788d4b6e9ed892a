import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settle } from '@potluck/testkit';
import { enterOwn, startSessions } from './testing.ts';

describe('patience', () => {
  it('closes who says nothing, and who never joins, and nobody who has joined', async () => {
    const { open, clock, registry } = startSessions();
    const silent = await open('silent', 'v3');
    const idle = await open('idle', 'v3');
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    await idle.request('getRouterRtpCapabilities', {});
    clock.advance(30_000);
    await settle();
    assert.deepEqual([silent.socket.ended?.code, silent.socket.ended?.reason], [1008, 'said nothing']);
    assert.ok(idle.socket.open);
    clock.advance(270_000);
    await settle();
    assert.deepEqual(idle.socket.ended, { code: 1008, reason: 'did not join in time' });
    clock.advance(10_000_000);
    assert.equal(ann.socket.ended, undefined);
    assert.deepEqual([...(registry.rooms.values().next().value?.members.keys() ?? [])], ['ann']);
  });

  it('gives more time to who waits to be let in, but not for ever', async () => {
    const { open, clock } = startSessions('guests');
    const host = await open('host', 'potluck', {}, { role: 'host', invited: true });
    await enterOwn(host, 'Host');
    const guest = await open('guest', 'potluck');
    await assert.rejects(guest.request('enter', { displayName: 'Guest' }), { code: 'waiting' });
    clock.advance(3_599_000);
    assert.equal(guest.socket.ended, undefined);
    clock.advance(1_000);
    await settle();
    assert.equal(guest.notices('sessionEnding')[0]?.message, 'nobody let you in');
  });
});

describe('paces', () => {
  it('refuses chat that comes too fast, and takes it again later', async () => {
    const { open, clock } = startSessions();
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    for (let id = 0; id < 30; id += 1) await ann.request('sendChat', { id: String(id), text: 'x' });
    await assert.rejects(ann.request('sendChat', { id: 'more', text: 'x' }), {
      code: 'rate_limited',
      message: /30 at once/u,
    });
    clock.advance(200);
    await ann.request('sendChat', { id: 'later', text: 'x' });
  });

  it('lets a password be guessed ten times from one address, whatever ids it takes', async () => {
    const { open } = startSessions();
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    await ann.request('setPassword', { password: 'sesame' });
    const codes: unknown[] = [];
    for (let id = 0; id < 12; id += 1) {
      const guest = await open(`guest-${id % 3}`, 'potluck');
      codes.push(await guest.request('enter', { displayName: 'x', password: 'no' }).catch(({ code }) => code));
    }
    assert.deepEqual(codes.slice(9), ['unauthorized', 'rate_limited', 'rate_limited']);
  });

  it('keeps the name that a token gave', async () => {
    const { open } = startSessions();
    const ann = await open('ann', 'potluck', {}, { displayName: 'Ann Official' });
    await enterOwn(ann, 'Somebody');
    await assert.rejects(ann.request('changeDisplayName', { displayName: 'Boss' }), { code: 'forbidden' });
  });
});

describe('ids of others', () => {
  it('cannot be taken on a server that is not open, but by who looks like the owner and is no less', async () => {
    const { open } = startSessions('guests');
    const host = await open('host', 'potluck', {}, { role: 'host', invited: true });
    await enterOwn(host, 'Host');
    await assert.rejects(open('host', 'potluck'), { code: 'conflict' });
    await assert.rejects(open('host', 'potluck', {}, { role: 'viewer', invited: true }), { code: 'conflict' });
    assert.equal(host.socket.ended, undefined);
  });

  it('do not open the door that opened for their owner', async () => {
    const { open } = startSessions('guests');
    const host = await open('host', 'potluck', {}, { role: 'host', invited: true });
    await enterOwn(host, 'Host');
    const guest = await open('guest', 'potluck');
    await assert.rejects(guest.request('enter', { displayName: 'Guest' }), { code: 'waiting' });
    await host.request('admitWaiting', { peerId: 'guest' });
    await guest.request('enter', { displayName: 'Guest' });
    await host.request('kick', { peerId: 'guest' });
    const again = await open('guest', 'potluck');
    await assert.rejects(again.request('enter', { displayName: 'Guest' }), { code: 'waiting' });
  });
});
