import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Emitter, silentLog, Tasks } from '@potluck/kernel';
import { RoomId } from '@potluck/protocol';
import type { ThrottleOptions } from '../../packages/server/src/session/services.ts';
import { Throttle } from '../../packages/server/src/throttle/throttle.ts';
import { delaySteps, openNamespaces, rateSteps, whyNot } from './namespaces.ts';

/** The queues while these conditions hold; checks that nothing is left of them. */
async function shapedBy(options: ThrottleOptions): Promise<string> {
  await using namespaces = await openNamespaces('potluck-test');
  const { within } = namespaces;
  const tasks = new Tasks((name, error) => assert.fail(`${name}: ${String(error)}`));
  const rooms = new Emitter<{ roomClosed: [room: { id: RoomId }] }>();
  const throttle = new Throttle(
    { run: within, rooms, tasks, log: silentLog },
    { secret: 's', ports: [{ min: 44_444, max: 44_451 }] },
  );
  const queues = async () =>
    `${await within(['tc', 'qdisc', 'show'])}${await within(['tc', 'class', 'show', 'dev', 'potluck-v0'])}`;
  const before = await queues();
  await throttle.apply(RoomId.parse('r'), 's', options);
  const shaped = await queues();
  await throttle.close();
  assert.equal(await queues(), before);
  return shaped;
}

const skip = { rates: await whyNot(rateSteps), delays: await whyNot([...rateSteps, ...delaySteps]) };

describe('Throttle, in a network namespace', () => {
  it('limits the rate of the media ports and leaves nothing behind', { skip: skip.rates }, async () => {
    const shaped = await shapedBy({ uplink: 500, downlink: 800 });
    assert.match(shaped, /class htb 1:4 .*rate 500Kbit/);
    assert.match(shaped, /htb 1: dev potluck-in root .*default 0x4/);
    assert.doesNotMatch(shaped, /htb .*dev lo\b/);
  });

  it('delays and loses as it is told', { skip: skip.delays }, async () => {
    const shaped = await shapedBy({ uplink: 500, downlink: 800, rtt: 100, packetLoss: 1 });
    assert.match(shaped, /netem .*dev potluck-v0 parent 1:4 .*delay 50ms .*loss 1%/);
    assert.match(shaped, /netem .*dev potluck-in parent 1:4 .*delay 50ms/);
  });
});
