import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '@potluck/kernel';
import { Permission, requests, Role, type Method } from '@potluck/protocol';
import { fakeRtpParameters, settle } from '@potluck/testkit';
import { may, rolePermissions, standingOf } from '../room/policy.ts';
import { handlers } from './handlers.ts';
import { rules } from './rules.ts';
import { enterOwn, joinV3, startSessions } from './testing.ts';

describe('access', () => {
  it('makes the first of our clients host on an open server, and the next one when it leaves', async () => {
    const { open, clock } = startSessions();
    const ann = await open('ann', 'potluck');
    assert.equal((await enterOwn(ann, 'Ann')).answer.role, 'host');
    const bob = await open('bob', 'potluck');
    assert.equal((await enterOwn(bob, 'Bob')).answer.role, 'speaker');
    await ann.request('leave', {});
    clock.advance(1);
    await settle();
    assert.deepEqual(bob.notices('roleChanged').at(-1), { peerId: 'bob', role: 'host' });
    assert.ok(bob.notices('permissionsChanged').at(-1)?.permissions.includes('kick'));
  });

  it('lets guests wait until a host admits them, and tells both', async () => {
    const { open } = startSessions('guests');
    const host = await open('host', 'potluck', {}, { role: 'host', invited: true });
    await enterOwn(host, 'Host');
    const guest = await open('guest', 'potluck');
    await assert.rejects(guest.request('enter', { displayName: 'Guest' }), { code: 'waiting' });
    await settle();
    const [waiting] = host.notices('lobbyChanged').at(-1)?.waiting ?? [];
    assert.deepEqual([waiting?.peerId, waiting?.displayName], ['guest', 'Guest']);
    await host.request('admitWaiting', { peerId: 'guest' });
    await settle();
    assert.deepEqual(guest.notices('lobbyDecided'), [{ admitted: true }]);
    assert.deepEqual(host.notices('lobbyChanged').at(-1)?.waiting, []);
    assert.equal((await guest.request('enter', { displayName: 'Guest' })).role, 'speaker');
  });

  it('puts out who is denied, and forgets who waits and leaves', async () => {
    const { open } = startSessions('guests');
    const host = await open('host', 'potluck', {}, { role: 'host', invited: true });
    await enterOwn(host, 'Host');
    const guest = await open('guest', 'potluck');
    await assert.rejects(guest.request('enter', { displayName: 'Guest' }), { code: 'waiting' });
    await host.request('denyWaiting', { peerId: 'guest' });
    await settle();
    assert.equal(guest.notices('sessionEnding')[0]?.reason, 'denied');
    assert.equal(guest.socket.ended?.code, 4000);
    const other = await open('other', 'potluck');
    await assert.rejects(other.request('enter', { displayName: 'Other' }), { code: 'waiting' });
    other.socket.close(1000, 'changed my mind');
    await settle();
    assert.deepEqual(host.notices('lobbyChanged').at(-1)?.waiting, []);
    await assert.rejects(host.request('admitWaiting', { peerId: 'other' }), { code: 'not_found' });
  });

  it('keeps the join of a v3 client waiting until it is let in', async () => {
    const { open } = startSessions('guests');
    const host = await open('host', 'potluck', {}, { role: 'host', invited: true });
    await enterOwn(host, 'Host');
    const old = await open('old', 'v3');
    const joining = old.request('join', { displayName: 'Old' });
    await settle();
    await host.request('admitWaiting', { peerId: 'old' });
    assert.equal((await joining).peers.length, 1);
  });

  it('answers a v3 client that nobody lets in within its own time limit, and forgets one that leaves', async () => {
    const { open, clock, registry } = startSessions('guests');
    const host = await open('host', 'potluck', {}, { role: 'host', invited: true });
    await enterOwn(host, 'Host');
    const [room] = registry.rooms.values();
    const held = () => [clock.waiting, room?.events.count()];
    const old = await open('old', 'v3');
    const refused = assert.rejects(old.request('join', { displayName: 'Old' }), { code: 'timeout' });
    await settle();
    clock.advance(20_000);
    await refused;
    old.cut();
    await settle();
    const before = held();
    const gone = await open('gone', 'v3');
    // Its answer goes nowhere.
    gone.request('join', { displayName: 'Gone' }).catch(() => {});
    await settle();
    assert.notDeepEqual(held(), before);
    gone.cut();
    await settle();
    // What the host sends is no longer kept ready for who was on the way in.
    clock.advance(4_000);
    assert.deepEqual(held(), before);
  });

  it('lets in only with a token where it says so, and nobody into a locked room', async () => {
    const members = startSessions('members');
    const stranger = await members.open('x', 'potluck');
    await assert.rejects(stranger.request('enter', { displayName: 'X' }), { code: 'unauthorized' });
    const { open } = startSessions();
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    await ann.request('setLocked', { locked: true });
    const late = await open('late', 'potluck');
    await assert.rejects(late.request('enter', { displayName: 'Late' }), { code: 'forbidden', message: /locked/ });
    const invited = await open('vip', 'potluck', {}, { invited: true });
    assert.equal((await enterOwn(invited, 'Vip')).answer.room.locked, true);
  });

  it('asks for the password of the room', async () => {
    const { open } = startSessions();
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    await ann.request('setPassword', { password: 'sésame' });
    const bob = await open('bob', 'potluck');
    await assert.rejects(bob.request('enter', { displayName: 'Bob' }), {
      code: 'unauthorized',
      message: /has a password/,
    });
    await assert.rejects(bob.request('enter', { displayName: 'Bob', password: 'x' }), {
      code: 'unauthorized',
      message: /wrong/,
    });
    assert.equal((await bob.request('enter', { displayName: 'Bob', password: 'sésame' })).room.passwordSet, true);
  });

  it('keeps the banned out, under their id', async () => {
    const { open } = startSessions();
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    const bob = await open('bob', 'potluck');
    await enterOwn(bob, 'Bob');
    await ann.request('ban', { peerId: 'bob' });
    await settle();
    assert.equal(bob.notices('sessionEnding')[0]?.reason, 'banned');
    const again = await open('bob', 'potluck');
    await assert.rejects(again.request('enter', { displayName: 'Bob' }), { code: 'forbidden' });
  });

  it('lets the banned in again when somebody who may ban says so', async () => {
    const { open } = startSessions();
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    const bob = await open('bob', 'potluck');
    await enterOwn(bob, 'Bob');
    await assert.rejects(bob.request('listBans', {}), { code: 'forbidden' });
    await ann.request('ban', { peerId: 'bob' });
    await settle();
    const { banned } = await ann.request('listBans', {});
    assert.deepEqual(
      banned.map(({ peerId, displayName }) => [peerId, displayName]),
      [['bob', 'Bob']],
    );
    await ann.request('liftBan', { peerId: 'bob' });
    assert.deepEqual((await ann.request('listBans', {})).banned, []);
    await enterOwn(await open('bob', 'potluck'), 'Bob');
    await assert.rejects(ann.request('liftBan', { peerId: 'bob' }), { code: 'not_found' });
  });

  it('ends what runs when the right to it is taken, and lets nobody act against a higher role', async () => {
    const { open, fabric } = startSessions();
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    const bob = await open('bob', 'potluck');
    const { welcome } = await enterOwn(bob, 'Bob');
    assert.equal(fabric.room('r').producers.size, 2);
    await ann.request('setPermission', { peerId: 'bob', permission: 'publishVideo', allowed: false });
    assert.equal(fabric.room('r').producers.size, 1);
    assert.ok(welcome.sendTransport);
    const produce = {
      transportId: welcome.sendTransport.id,
      kind: 'video',
      rtpParameters: fakeRtpParameters('video'),
    } as const;
    await assert.rejects(bob.request('produce', produce), { code: 'forbidden', message: /publishVideo/ });
    await assert.rejects(bob.request('kick', { peerId: 'ann' }), { code: 'forbidden' });
    await ann.request('setRole', { peerId: 'bob', role: 'cohost' });
    await assert.rejects(bob.request('kick', { peerId: 'ann' }), {
      code: 'forbidden',
      message: /higher role/,
    });
  });

  it('mutes sound and ends pictures of others, and tells them who did it', async () => {
    const { open, fabric } = startSessions();
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    const bob = await open('bob', 'potluck');
    await enterOwn(bob, 'Bob');
    const old = await open('old', 'v3');
    const { producerId } = await joinV3(old, 'Old');
    await ann.request('muteParticipant', { peerId: 'old', source: 'microphone' });
    assert.equal(fabric.room('r').producers.get(producerId)?.paused, true);
    await ann.request('muteParticipant', { peerId: 'bob', source: 'camera' });
    await settle();
    assert.deepEqual(bob.notices('mutedByModerator'), [{ by: 'ann', source: 'camera' }]);
    await assert.rejects(ann.request('muteParticipant', { peerId: 'bob', source: 'camera' }), {
      code: 'not_found',
    });
  });

  it('ends the meeting for everyone', async () => {
    const { open, registry, clock } = startSessions();
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    const bob = await open('bob', 'potluck');
    await enterOwn(bob, 'Bob');
    await ann.request('endRoom', {});
    clock.advance(1);
    await settle();
    assert.equal(bob.notices('sessionEnding')[0]?.reason, 'roomClosed');
    assert.equal(registry.rooms.size, 0);
  });
});

/** A valid request of each method that needs a right. A new one without an example here fails below. */
const examples: { readonly [M in Method]?: object } = {
  produce: { transportId: 't', kind: 'video', rtpParameters: fakeRtpParameters('video') },
  produceData: { transportId: 't', sctpStreamParameters: { streamId: 1 } },
  sendChat: { id: 'x', text: 'hello' },
  offerFile: { id: 'x', name: 'x', size: 1, type: '' },
  sendReaction: { emoji: '👍' },
  muteParticipant: { peerId: 'nobody', source: 'microphone' },
  askToUnmute: { peerId: 'nobody', source: 'microphone' },
  kick: { peerId: 'nobody' },
  ban: { peerId: 'nobody' },
  listBans: {},
  liftBan: { peerId: 'nobody' },
  setLocked: { locked: false },
  setPassword: {},
  admitWaiting: { peerId: 'nobody' },
  denyWaiting: { peerId: 'nobody' },
  setRole: { peerId: 'nobody', role: 'viewer' },
  setPermission: { peerId: 'nobody', permission: 'chat', allowed: true },
  endRoom: {},
};

describe('every role × every request', () => {
  const methods = Object.keys(requests) as Method[];
  const guarded = methods.filter((method) => rules[method] !== 'free');

  it('has an example of every request that needs a right', () => {
    assert.deepEqual(Object.keys(examples).toSorted(), guarded.toSorted());
  });

  it('has a handler for every request', () => {
    assert.deepEqual(
      methods.filter((method) => !(method in handlers.connected) && !(method in handlers.joined)),
      [],
    );
  });

  for (const role of Role.options) {
    for (const method of guarded) {
      const rule = rules[method];
      const example = requests[method].input.parse(examples[method]);
      const needed = (typeof rule === 'function' ? rule(example as never) : rule) as Permission;
      const allowed = may(standingOf(role, { allow: [], deny: [] }), needed);
      it(`${allowed ? 'allows' : 'refuses'} a ${role} to ${method}`, async () => {
        const { open } = startSessions();
        const member = await open('member', 'potluck', {}, { role });
        // On an open server somebody must be host before, or the first would become it.
        const host = await open('host', 'potluck', {}, { role: 'host' });
        await enterOwn(host, 'Host');
        await member.request('enter', { displayName: 'Member' });
        const error = await member.request(method, examples[method] as never).then(() => undefined, AppError.from);
        assert.equal(error?.code === 'forbidden', !allowed, error?.message);
      });
    }
  }

  it('gives each role at least what the next has', () => {
    const [host, cohost, speaker, viewer] = Role.options.map((role) => new Set(rolePermissions[role]));
    assert.ok(host?.isSupersetOf(cohost!) && cohost?.isSupersetOf(speaker!) && speaker?.isSupersetOf(viewer!));
    assert.deepEqual([...(host ?? [])].toSorted(), Permission.options.toSorted());
  });
});
