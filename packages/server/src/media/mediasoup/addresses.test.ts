import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bindable, iceCandidates, listenInfos, localAddresses } from './addresses.ts';

const entry = (address: string, changes: { internal?: boolean; scopeid?: number } = {}) => ({
  address,
  family: address.includes(':') ? ('IPv6' as const) : ('IPv4' as const),
  internal: false,
  ...changes,
});

const interfaces = [
  entry('127.0.0.1', { internal: true }),
  entry('::1', { internal: true }),
  entry('2001:db8::7'),
  entry('fe80::1', { scopeid: 2 }),
  entry('192.168.1.5'),
];

const candidate = (protocol: 'udp' | 'tcp', address: string, port: number) => ({
  foundation: 'x',
  priority: 1,
  ip: address,
  address,
  protocol,
  port,
  type: 'host' as const,
});

describe('Media addresses', () => {
  it('are all of the machine, networks first, when listening on all', () => {
    assert.deepEqual(localAddresses('0.0.0.0', interfaces), ['192.168.1.5', '2001:db8::7', '127.0.0.1']);
  });

  it('are the one that was configured', () => {
    assert.deepEqual(localAddresses('10.0.0.1', interfaces), ['10.0.0.1']);
  });

  it('are few, whatever the machine has', () => {
    const many = Array.from({ length: 30 }, (_, index) => entry(`10.0.0.${index}`));
    assert.deepEqual(localAddresses('0.0.0.0', many).length, 9);
  });

  it('leave out what cannot be bound to', async () => {
    assert.deepEqual(await bindable(['203.0.113.1', '127.0.0.1']), ['127.0.0.1']);
  });

  it('get a socket each for UDP, which holds what comes in a moment, and for TCP', () => {
    assert.deepEqual(listenInfos(['10.0.0.1'], { port: 7 }), [
      { protocol: 'udp', ip: '10.0.0.1', port: 7, recvBufferSize: 4_194_304 },
      { protocol: 'tcp', ip: '10.0.0.1', port: 7 },
    ]);
  });

  it('become candidates: announced before local, UDP before TCP, each with a foundation of its own', () => {
    const local = [
      candidate('udp', '192.168.1.5', 1),
      candidate('tcp', '192.168.1.5', 2),
      candidate('udp', '127.0.0.1', 3),
      candidate('tcp', '127.0.0.1', 4),
    ];
    const made = iceCandidates(local, ['meet.example']);
    assert.deepEqual(
      made.map(({ protocol, address, port, tcpType }) => [protocol, address, port, tcpType]),
      [
        ['udp', 'meet.example', 1, undefined],
        ['udp', '192.168.1.5', 1, undefined],
        ['udp', '127.0.0.1', 3, undefined],
        ['tcp', 'meet.example', 2, 'passive'],
        ['tcp', '192.168.1.5', 2, 'passive'],
        ['tcp', '127.0.0.1', 4, 'passive'],
      ],
    );
    const priorities = made.map(({ priority }) => priority);
    assert.deepEqual(
      priorities,
      priorities.toSorted((a, b) => b - a),
    );
    assert.equal(new Set(made.map(({ foundation }) => foundation)).size, made.length);
    assert.ok(priorities.every((priority) => priority > 0 && priority < 2 ** 31));
  });
});
