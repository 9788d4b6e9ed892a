import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock, settle, socketPair } from '@potluck/testkit';
import { LinkedWire } from './wire.ts';

const fact = (n: number) => JSON.stringify({ notification: true, method: `fact-${n}`, data: {} });
const parsed = (n: number) => JSON.parse(fact(n)) as object;

function openWire() {
  const { left: near, cut } = socketPair();
  const wire = new LinkedWire(near, new FakeClock());
  /** Without the greeting. */
  return { wire, cut, sent: () => near.sent.slice(1) };
}

describe('LinkedWire', () => {
  it('sends what may wait in one frame at the end of the turn', async () => {
    const { wire, sent } = openWire();
    wire.sendSoon(fact(1));
    wire.sendSoon(fact(2));
    assert.deepEqual(sent(), []);
    await settle();
    assert.deepEqual(sent(), [{ seq: 1, ack: 0, frames: [parsed(1), parsed(2)] }]);
  });

  it('sends a single one as it is', async () => {
    const { wire, sent } = openWire();
    wire.sendSoon(fact(1));
    await settle();
    assert.deepEqual(sent(), [{ seq: 1, ack: 0, ...parsed(1) }]);
  });

  it('lets nothing overtake what waits', () => {
    const { wire, sent } = openWire();
    wire.sendSoon(fact(1));
    wire.send(fact(2));
    assert.deepEqual(sent(), [{ seq: 1, ack: 0, frames: [parsed(1), parsed(2)] }]);
  });

  it('says what waits before it closes', () => {
    const { wire, sent } = openWire();
    wire.sendSoon(fact(1));
    wire.close(4000, 'over');
    assert.deepEqual(sent(), [{ seq: 1, ack: 0, ...parsed(1) }]);
  });

  it('keeps what waited when the socket was lost, for the next one', async () => {
    const { wire, cut } = openWire();
    wire.sendSoon(fact(1));
    cut();
    wire.sendSoon(fact(2));
    const { left: next } = socketPair();
    wire.resume(next, 0);
    await settle();
    assert.deepEqual(next.sent.slice(1), [{ seq: 1, ack: 0, frames: [parsed(1), parsed(2)] }]);
  });
});
