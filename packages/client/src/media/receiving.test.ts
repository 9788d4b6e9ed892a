import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConsumerId, PeerId, ProducerId, TransportId, type ConsumerInfo } from '@potluck/protocol';
import { settle } from '@potluck/testkit';
import type { types } from 'mediasoup-client';
import type { Call } from '../signal/api.ts';
import { Receiving } from './receiving.ts';

class FakeReceiveTransport {
  readonly id: string;
  closed = false;
  readonly made: string[] = [];
  readonly closedConsumers: string[] = [];
  fail = new Set<string>();
  /** Consumers wait here until the test lets them be made. */
  gate = Promise.resolve();

  constructor(id = 't1') {
    this.id = id;
  }

  on(): void {}

  /** Everything flows. */
  async getStats() {
    return new Map(this.made.map((id, index) => [id, { type: 'inbound-rtp', ssrc: index + 1, framesDecoded: 2 }]));
  }

  async consume({ id, kind }: { id: string; kind: 'audio' | 'video' }) {
    await this.gate;
    if (this.fail.has(id)) throw new Error(`cannot consume ${id}`);
    this.made.push(id);
    const track = { id: `track of ${id}` } as MediaStreamTrack;
    const rtpParameters = { encodings: [{ ssrc: this.made.length }] };
    return { id, kind, track, rtpParameters, close: () => this.closedConsumers.push(id) };
  }
}

const info = (name: string, producer = name): ConsumerInfo => ({
  peerId: PeerId.parse('anna'),
  producerId: ProducerId.parse(`p-${producer}`),
  id: ConsumerId.parse(name),
  kind: 'video',
  rtpParameters: { codecs: [] as never },
  type: 'simple',
  appData: {},
  producerPaused: false,
});

function build() {
  const asked: { method: string; input: unknown }[] = [];
  const call = (async (method: string, input: unknown) => {
    asked.push({ method, input });
    return {};
  }) as unknown as Call;
  const transport = new FakeReceiveTransport();
  const receiving = new Receiving(call);
  const seen: string[] = [];
  receiving.events.on('received', (tracks) => seen.push(`received ${tracks.map(({ track }) => track.id).join(', ')}`));
  receiving.events.on('ceased', (producerId) => seen.push(`ceased ${producerId}`));
  receiving.events.on('warned', ({ message }) => seen.push(`warned ${message}`));
  receiving.use(transport as unknown as types.Transport, () => {}, false);
  return { receiving, transport, asked, seen };
}

describe('Receiving', () => {
  it('makes a batch together and begins it by one request', async () => {
    const { receiving, asked, seen } = build();
    receiving.open([info('a'), info('b'), info('c')]);
    await settle();
    assert.deepEqual(asked, [{ method: 'resumeConsumers', input: { consumerIds: ['a', 'b', 'c'] } }]);
    assert.deepEqual(seen, ['received track of a, track of b, track of c']);
  });

  it('tells that the first is under way once it is asked for', async () => {
    const { receiving, asked } = build();
    const askedBefore: number[] = [];
    receiving.events.on('begun', () => askedBefore.push(asked.length));
    receiving.open([info('a'), info('b')]);
    await settle();
    assert.deepEqual(askedBefore, [1]);
  });

  it('tells the same when nothing of it can be received here', async () => {
    const { receiving, transport, asked } = build();
    let begun = 0;
    receiving.events.on('begun', () => (begun += 1));
    receiving.open([{ ...info('a'), appData: { encrypted: true } }]);
    assert.equal(begun, 1);
    transport.fail.add('b');
    receiving.open([info('b')]);
    await settle();
    assert.deepEqual([begun, asked], [2, []]);
  });

  it('begins the others when one cannot be made', async () => {
    const { receiving, transport, asked, seen } = build();
    transport.fail.add('b');
    receiving.open([info('a'), info('b')]);
    await settle();
    assert.deepEqual(asked, [{ method: 'resumeConsumers', input: { consumerIds: ['a'] } }]);
    assert.deepEqual(seen, ['warned cannot consume b', 'received track of a']);
  });

  it('closes what ended while it was being made', async () => {
    const { receiving, transport, asked, seen } = build();
    const { promise, resolve } = Promise.withResolvers<void>();
    transport.gate = promise;
    receiving.open([info('a')]);
    receiving.closeConsumer(ConsumerId.parse('a'));
    resolve();
    await settle();
    assert.deepEqual([asked, seen, transport.closedConsumers], [[], [], ['a']]);
  });

  it('shows the newest consumer of a producer, and the one before when that ends', async () => {
    const { receiving, seen } = build();
    receiving.open([info('old', 'cam')]);
    await settle();
    receiving.open([info('new', 'cam')]);
    await settle();
    assert.equal(receiving.trackOf(ProducerId.parse('p-cam'))?.id, 'track of new');
    receiving.closeConsumer(ConsumerId.parse('old'));
    receiving.closeConsumer(ConsumerId.parse('new'));
    assert.deepEqual(seen.slice(2), ['received track of new', 'ceased p-cam']);
  });

  it('does not receive what is encrypted, without a key, and says that it is', async () => {
    const { receiving, transport, asked, seen } = build();
    const told: string[] = [];
    receiving.events.on('secrecy', (producerId) => told.push(`${producerId} ${receiving.secrecyOf(producerId)}`));
    receiving.open([info('open'), { ...info('secret'), appData: { encrypted: true } }]);
    await settle();
    assert.deepEqual(transport.made, ['open']);
    assert.deepEqual(asked, [{ method: 'resumeConsumers', input: { consumerIds: ['open'] } }]);
    assert.deepEqual([seen, told], [['received track of open'], ['p-secret locked']]);
  });

  it('makes what comes for a transport before the answer that names it, when that comes', async () => {
    const { receiving, transport, asked, seen } = build();
    receiving.open([info('a'), info('b')], TransportId.parse('t2'));
    receiving.closeConsumer(ConsumerId.parse('b'));
    await settle();
    assert.deepEqual([asked, transport.made], [[], []]);
    const next = new FakeReceiveTransport('t2');
    receiving.use(next as unknown as types.Transport, () => {}, false);
    await settle();
    assert.deepEqual([next.made, seen], [['a'], ['received track of a']]);
    receiving.open([info('late')], TransportId.parse('t1'));
    await settle();
    assert.deepEqual(next.made, ['a'], 'what is for a transport that was left is not made on another');
  });

  it('drops what was being made on a transport that was replaced', async () => {
    const { receiving, transport, asked, seen } = build();
    receiving.open([info('a')]);
    receiving.use(new FakeReceiveTransport() as unknown as types.Transport, () => {}, false);
    await settle();
    assert.deepEqual([asked, seen, transport.made], [[], [], ['a']]);
  });
});
