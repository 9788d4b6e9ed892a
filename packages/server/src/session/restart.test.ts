import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RoomId } from '@potluck/protocol';
import { settle } from '@potluck/testkit';
import { enterOwn, MemoryRoomStore, startSessions } from './testing.ts';

describe('a server that restarts', () => {
  it('finds rooms as they were: chat, lock, roles and hands of those who come back with their token', async () => {
    const store = new MemoryRoomStore();
    const before = startSessions('open', store);
    const ann = await before.open('ann', 'potluck');
    const { welcome } = await enterOwn(ann, 'Ann');
    const bob = await before.open('bob', 'potluck');
    const { welcome: bobs } = await enterOwn(bob, 'Bob');
    await bob.request('setHandRaised', { raised: true });
    await bob.request('sendChat', { id: 'm', text: 'before' });
    await ann.request('setLocked', { locked: true });
    before.sessions.close('the server restarts');
    before.registry.close('the server restarts');

    const after = startSessions('open', store);
    // Bob is the first to come back: that must not make him host.
    const bobAgain = await after.open('bob', 'potluck', { resume: bobs.resumeToken });
    await enterOwn(bobAgain, 'Bob');
    const annAgain = await after.open('ann', 'potluck', { resume: welcome.resumeToken });
    const { answer } = await enterOwn(annAgain, 'Ann');
    assert.equal(answer.role, 'host');
    assert.equal(answer.room.locked, true);
    assert.deepEqual(
      answer.chat.map(({ text }) => text),
      ['before'],
    );
    assert.ok(answer.participants[0]?.handRaisedAt);
    assert.equal(answer.participants[0]?.role, 'speaker');
    const stranger = await after.open('eve', 'potluck', { resume: 'guessed' });
    await assert.rejects(stranger.request('enter', { displayName: 'Eve' }), { code: 'forbidden' });
  });

  it('makes nobody host in place of one who is on the way in', async () => {
    const store = new MemoryRoomStore();
    const before = startSessions('open', store);
    const { welcome } = await enterOwn(await before.open('ann', 'potluck'), 'Ann');
    const { welcome: bobs } = await enterOwn(await before.open('bob', 'potluck'), 'Bob');
    before.sessions.close('the server restarts');
    before.registry.close('the server restarts');

    const after = startSessions('open', store);
    const annAgain = await after.open('ann', 'potluck', { resume: welcome.resumeToken });
    const bobAgain = await after.open('bob', 'potluck', { resume: bobs.resumeToken });
    assert.equal((await enterOwn(bobAgain, 'Bob')).answer.role, 'speaker');
    assert.equal((await enterOwn(annAgain, 'Ann')).answer.role, 'host');
  });

  it('knows who is lost again before it has joined, with the token of before and with the new one', async () => {
    const store = new MemoryRoomStore();
    const before = startSessions('guests', store);
    const host = { role: 'host', invited: true } as const;
    const { welcome } = await enterOwn(await before.open('ann', 'potluck', {}, host), 'Ann');
    before.sessions.close('the server restarts');
    before.registry.close('the server restarts');

    const after = startSessions('guests', store);
    const { room, release } = await after.registry.enter(RoomId.parse('r'), { consumerReplicas: 0 });
    let token = welcome.resumeToken;
    for (const got of [false, true, true]) {
      const lost = await after.open('ann', 'potluck', { resume: token });
      const [again] = lost.notices('welcome');
      assert.ok(again);
      if (got) token = again.resumeToken;
      lost.cut();
      await settle();
      assert.equal(room.missing.size, 1);
    }
    const eve = await after.open('ann', 'potluck', { resume: 'guessed' });
    await assert.rejects(eve.request('enter', { displayName: 'Ann' }), { code: 'waiting' });
    eve.cut();
    await settle();
    const annAgain = await after.open('ann', 'potluck', { resume: token });
    release();
    assert.equal((await enterOwn(annAgain, 'Ann')).answer.role, 'host');
    assert.equal(room.missing.size, 0);
  });

  it('lets nobody in who was put out for good', async () => {
    const store = new MemoryRoomStore();
    const before = startSessions('open', store);
    const ann = await before.open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    await enterOwn(await before.open('bob', 'potluck'), 'Bob');
    await ann.request('ban', { peerId: 'bob' });
    before.clock.advance(1000);
    assert.deepEqual(
      store.load('r')?.bans?.map(({ peerId }) => peerId),
      ['bob'],
      'written before the server stops: it may crash',
    );
    before.registry.close('the server restarts');
    const after = startSessions('open', store);
    const bobAgain = await after.open('bob', 'potluck');
    await assert.rejects(bobAgain.request('enter', { displayName: 'Bob' }), { code: 'forbidden' });
  });

  it('takes nobody for another without the token', async () => {
    const store = new MemoryRoomStore();
    const before = startSessions('open', store);
    await enterOwn(await before.open('ann', 'potluck'), 'Ann');
    before.registry.close('the server restarts');
    const after = startSessions('guests', store);
    const eve = await after.open('ann', 'potluck', { resume: 'guessed' });
    await assert.rejects(eve.request('enter', { displayName: 'Ann' }), { code: 'waiting' });
  });

  it('forgets a room that everybody has left', async () => {
    const store = new MemoryRoomStore();
    const { open, clock } = startSessions('open', store);
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    clock.advance(1000);
    assert.equal(store.records.size, 1);
    await ann.request('leave', {});
    clock.advance(1);
    await settle();
    assert.equal(store.records.size + clock.waiting, 0);
  });
});
