import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Emitter, silentLog, Tasks } from '@potluck/kernel';
import { RoomId } from '@potluck/protocol';
import { runProgram } from '../../packages/server/src/throttle/run.ts';
import { Throttle } from '../../packages/server/src/throttle/throttle.ts';

/** Everything happens in network namespaces of the test: the machine's own network is not touched. */
const [inside, outside] = ['potluck-test-a', 'potluck-test-b'];
const ip = (line: string) => runProgram(['ip', ...line.split(' ')]);
const within = (command: readonly string[]) => runProgram(['ip', 'netns', 'exec', inside, ...command]);

async function openNamespaces(): Promise<AsyncDisposable> {
  const remove = async () => {
    for (const name of [inside, outside]) await ip(`netns del ${name}`).catch(() => {});
  };
  await remove();
  try {
    await ip(`netns add ${inside}`);
    await ip(`netns add ${outside}`);
    await ip(`link add potluck-v0 netns ${inside} type veth peer name potluck-v1 netns ${outside}`);
    for (const line of ['link set lo up', 'link set potluck-v0 up', 'addr add 192.0.2.1/24 dev potluck-v0']) {
      await within(['ip', ...line.split(' ')]);
    }
    await within(['ip', 'route', 'add', 'default', 'via', '192.0.2.2']);
  } catch (error) {
    await remove();
    throw error;
  }
  return { [Symbol.asyncDispose]: remove };
}

/** Whether this kernel has what throttling needs, and we may use it. */
async function whyNot(): Promise<string | false> {
  try {
    await using _ = await openNamespaces();
    await within(['tc', 'qdisc', 'add', 'dev', 'potluck-v0', 'root', 'handle', '1:', 'prio']);
    await within(['tc', 'qdisc', 'add', 'dev', 'potluck-v0', 'parent', '1:1', 'netem', 'delay', '1ms']);
    await within(['ip', 'link', 'add', 'potluck-in', 'type', 'ifb']);
    return false;
  } catch (error) {
    return `not possible here: ${error instanceof Error ? error.message : String(error)}`;
  }
}

describe('Throttle, in a network namespace', { skip: await whyNot() }, () => {
  it('shapes the media ports and leaves nothing behind', async () => {
    await using _ = await openNamespaces();
    const tasks = new Tasks((name, error) => assert.fail(`${name}: ${String(error)}`));
    const rooms = new Emitter<{ roomClosed: [room: { id: RoomId }] }>();
    const throttle = new Throttle(
      { run: within, rooms, tasks, log: silentLog },
      { secret: 's', ports: [{ min: 44_444, max: 44_451 }] },
    );
    const before = await within(['tc', 'qdisc', 'show']);
    await throttle.apply(RoomId.parse('r'), 's', { uplink: 500, downlink: 800, rtt: 100, packetLoss: 1 });
    const shaped = await within(['tc', 'qdisc', 'show']);
    assert.match(shaped, /netem .*dev potluck-v0 parent 1:4 .*delay 50ms .*loss 1% .*rate 500Kbit/);
    assert.match(shaped, /netem .*dev potluck-in root .*rate 800Kbit/);
    assert.doesNotMatch(shaped, /netem .*dev lo\b/);
    await throttle.close();
    assert.equal(await within(['tc', 'qdisc', 'show']), before);
  });
});
