import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError, Emitter, silentLog, Tasks } from '@potluck/kernel';
import { RoomId } from '@potluck/protocol';
import { runProgram } from './run.ts';
import { defaultInterfaces, portBlocks } from './shaping.ts';
import { Throttle } from './throttle.ts';

const kitchen = RoomId.parse('kitchen');
const garden = RoomId.parse('garden');
const routes = 'default via 192.0.2.1 dev eth0 proto dhcp metric 100\ndefault via 192.0.2.1 dev wlan0 metric 600\n';

function start({ failAt, links = '1: lo: <LOOPBACK>' }: { failAt?: RegExp; links?: string } = {}) {
  const ran: string[] = [];
  const rooms = new Emitter<{ roomClosed: [room: { id: RoomId }, reason: string] }>();
  const tasks = new Tasks((name, error) => assert.fail(`${name}: ${String(error)}`));
  const run = async (command: readonly string[]) => {
    const line = command.join(' ');
    if (line.startsWith('ip -o link')) return links;
    if (line.startsWith('ip -4')) return routes;
    if (line.startsWith('ip -6')) return '';
    ran.push(line);
    if (failAt?.test(line)) throw new AppError('unavailable', 'tc said no');
    return '';
  };
  const throttle = new Throttle(
    { run, rooms, tasks, log: silentLog },
    { secret: 'pepper', ports: [{ min: 44_444, max: 44_447 }] },
  );
  const changes = () => ran.filter((line) => /\badd\b/.test(line));
  const undone = () => ran.filter((line) => /\bdel\b/.test(line));
  const closeRoom = async (id: RoomId) => {
    rooms.emit('roomClosed', { id }, 'everybody left');
    await tasks.idle();
  };
  return { throttle, ran, changes, undone, closeRoom, rooms };
}

describe('Throttle', () => {
  it('shapes the media ports on every interface with a default route, and nothing else', async () => {
    const { throttle, changes } = start();
    await throttle.apply(kitchen, 'pepper', { uplink: 500, downlink: 1000, rtt: 200, packetLoss: 5 });
    const all = changes();
    for (const dev of ['eth0', 'wlan0']) {
      assert.ok(all.includes(`tc class add dev ${dev} parent 1: classid 1:4 htb rate 500kbit`));
      assert.ok(all.includes(`tc qdisc add dev ${dev} parent 1:4 handle 40: netem limit 20000 delay 100ms loss 5%`));
      assert.ok(
        all.includes(
          `tc filter add dev ${dev} parent 1: protocol ip prio 10 u32 match ip protocol 17 0xff match ip sport 44444 0xfffc flowid 1:4`,
        ),
      );
    }
    assert.ok(all.includes('tc class add dev potluck-in parent 1: classid 1:4 htb rate 1000kbit'));
    assert.equal(
      all.some((line) => /\blo\b/.test(line)),
      false,
    );
    const filters = all.filter((line) => line.startsWith('tc filter'));
    assert.ok(filters.every((line) => line.includes('port 44444 0xfffc')));
  });

  it('needs no netem for rates alone', async () => {
    const { throttle, changes } = start();
    await throttle.apply(kitchen, 'pepper', { uplink: 500, rtt: 0, packetLoss: 0 });
    const all = changes();
    assert.ok(all.includes('tc qdisc add dev eth0 parent 1:4 handle 40: bfifo limit 20833'));
    assert.ok(all.includes('tc class add dev potluck-in parent 1: classid 1:4 htb rate 100000000kbit'));
    assert.equal(
      all.some((line) => line.includes('netem')),
      false,
    );
  });

  it('takes everything back in the reverse order', async () => {
    const { throttle, undone } = start();
    await throttle.apply(kitchen, 'pepper', { uplink: 500 });
    await throttle.reset(kitchen, 'pepper');
    assert.deepEqual(undone(), [
      'tc qdisc del dev wlan0 ingress',
      'tc qdisc del dev wlan0 root',
      'tc qdisc del dev eth0 ingress',
      'tc qdisc del dev eth0 root',
      'ip link del potluck-in',
    ]);
  });

  it('is undone when the room that asked closes, not when another does', async () => {
    const { throttle, undone, closeRoom } = start();
    await throttle.apply(kitchen, 'pepper', {});
    await closeRoom(garden);
    assert.equal(undone().length, 0);
    await closeRoom(kitchen);
    assert.equal(undone().length, 5);
    await closeRoom(kitchen);
    assert.equal(undone().length, 5);
  });

  it('is undone when the server stops, and applied no more', async () => {
    const { throttle, undone, rooms } = start();
    await throttle.apply(kitchen, 'pepper', {});
    await throttle.close();
    assert.equal(undone().length, 5);
    assert.equal(rooms.count(), 0);
    await assert.rejects(throttle.apply(kitchen, 'pepper', {}), { code: 'unavailable' });
  });

  it('is not touched without the right secret', async () => {
    const { throttle, ran } = start();
    for (const secret of ['', 'pepper ', 'salt']) {
      await assert.rejects(throttle.apply(kitchen, secret, {}), { code: 'forbidden' });
      await assert.rejects(throttle.reset(kitchen, secret), { code: 'forbidden' });
    }
    assert.deepEqual(ran, []);
  });

  it('belongs to one room at a time', async () => {
    const { throttle, undone } = start();
    await throttle.apply(kitchen, 'pepper', {});
    await assert.rejects(throttle.apply(garden, 'pepper', {}), { code: 'conflict' });
    await throttle.reset(garden, 'pepper');
    assert.equal(undone().length, 0);
    await throttle.apply(kitchen, 'pepper', { rtt: 100 });
    assert.equal(undone().length, 5);
  });

  it('takes back what had been done when a step fails', async () => {
    const { throttle, undone } = start({ failAt: /wlan0.*ingress$/ });
    await assert.rejects(throttle.apply(kitchen, 'pepper', {}), /tc said no/);
    assert.deepEqual(undone(), [
      'tc qdisc del dev wlan0 root',
      'tc qdisc del dev eth0 ingress',
      'tc qdisc del dev eth0 root',
      'ip link del potluck-in',
    ]);
    await throttle.reset(kitchen, 'pepper');
    assert.equal(undone().length, 4);
  });

  it('cleans up after a server that was killed', async () => {
    const { throttle, ran } = start({ links: '7: potluck-in: <BROADCAST,UP>' });
    await throttle.apply(kitchen, 'pepper', {});
    assert.equal(ran.indexOf('ip link del potluck-in') < ran.indexOf('ip link add potluck-in type ifb'), true);
  });
});

describe('portBlocks', () => {
  it('name every port of a range once, and no other', () => {
    for (const [min, max] of [
      [44_444, 44_444],
      [44_445, 44_452],
      [40_000, 49_999],
      [1, 65_535],
    ] as const) {
      const blocks = portBlocks({ min, max });
      for (const port of [min - 1, min, min + 1, Math.floor((min + max) / 2), max - 1, max, max + 1]) {
        const named = blocks.filter(({ value, mask }) => (port & mask) === value).length;
        assert.equal(named, port >= min && port <= max ? 1 : 0, `${port} in ${min} to ${max}`);
      }
    }
  });
});

describe('defaultInterfaces', () => {
  it('never names loopback', () => {
    assert.deepEqual(defaultInterfaces('default dev lo scope link\ndefault via 192.0.2.1 dev eth0\n'), ['eth0']);
  });
});

describe('runProgram', () => {
  it('says which program is missing', async () => {
    await assert.rejects(runProgram(['no-such-program-here', 'x']), /needs the program no-such-program-here/);
  });

  it('says what a program complained about', async () => {
    await assert.rejects(
      runProgram(['sh', '-c', 'echo "Error: odd qdisc" >&2; exit 2']),
      /failed: sh said: Error: odd qdisc/,
    );
    await assert.rejects(
      runProgram(['sh', '-c', 'echo "Error: Specified qdisc kind is unknown." >&2; exit 2', 'netem']),
      /delay and loss need the kernel module sch_netem/,
    );
    await assert.rejects(runProgram(['sh', '-c', 'echo "Operation not permitted" >&2; exit 2']), /CAP_NET_ADMIN/);
  });
});
