import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '@potluck/kernel';
import { PeerId, RoomId } from '@potluck/protocol';
import { settle } from '@potluck/testkit';
import { MemoryRoomStore, startSessions } from '../session/testing.ts';
import { Reservations } from './reserving.ts';

const roomId = RoomId.parse('kitchen');
const hour = 3_600_000;

function start(store = new MemoryRoomStore()) {
  const { registry, clock } = startSessions('open', store);
  return { store, registry, clock, reservations: new Reservations(registry, clock) };
}

/** As the app does it. */
function stop({ registry, reservations }: ReturnType<typeof start>): void {
  registry.seal();
  reservations.close();
  registry.close('the server stopped');
}

describe('a reservation', () => {
  it('survives a restart with its rules, and ends when it would have', async () => {
    const before = start();
    await before.reservations.open(roomId, { locked: true, password: 'thyme', maxPeers: 3 }, hour);
    before.clock.advance(hour / 2);
    stop(before);

    const after = start(before.store);
    after.clock.advance(hour / 2);
    await after.reservations.restore(before.store.reserved());
    const room = after.registry.get(roomId);
    assert.ok(room);
    assert.deepEqual([room.door.rules, room.limits.maxPeers], [{ locked: true, passwordSet: true }, 3]);
    assert.equal(after.reservations.until(roomId), before.clock.now() + hour / 2);
    after.clock.advance(hour / 2);
    await settle();
    assert.equal(after.registry.get(roomId), undefined);
    assert.equal(before.store.records.size, 0);
  });

  it('survives a crash: it is written down at once, not at the stop', async () => {
    const before = start();
    await before.reservations.open(roomId, {}, hour);
    before.clock.advance(1_000);
    const after = start(before.store);
    await after.reservations.restore(before.store.reserved());
    assert.ok(after.registry.get(roomId));
  });

  it('that has run out, or whose room was closed, is not taken up', async () => {
    const before = start();
    await before.reservations.open(roomId, {}, hour);
    stop(before);
    const late = start(before.store);
    late.clock.advance(hour);
    await late.reservations.restore(before.store.reserved());
    assert.equal(late.registry.get(roomId), undefined);

    const closing = start();
    const room = await closing.reservations.open(roomId, {}, hour);
    closing.clock.advance(1_000);
    room.close('an operator ended it');
    assert.equal(closing.store.records.size, 0);
    assert.equal(closing.clock.waiting, 0);
  });

  it('that cannot be taken up keeps no other from it', async () => {
    const before = start();
    const other = RoomId.parse('garden');
    await before.reservations.open(roomId, {}, hour);
    await before.reservations.open(other, {}, hour);
    stop(before);
    const after = start(before.store);
    const enter: typeof after.registry.enter = (id, options) =>
      id === roomId ? Promise.reject(new AppError('unavailable', 'no')) : after.registry.enter(id, options);
    const get: typeof after.registry.get = (id) => after.registry.get(id);
    const reservations = new Reservations({ enter, get }, after.clock);
    await assert.rejects(reservations.restore(before.store.reserved()), /1 reserved rooms/u);
    assert.ok(after.registry.get(other));
  });

  it('is over for a room that goes on because people are in it', async () => {
    const { registry, clock, reservations, store } = start();
    const room = await reservations.open(roomId, {}, hour);
    room.admit(PeerId.parse('ann'), { chatByNotice: true });
    clock.advance(hour + 1_000);
    assert.ok(registry.get(roomId));
    assert.equal(store.records.get(roomId)?.reserved, undefined);
  });
});
