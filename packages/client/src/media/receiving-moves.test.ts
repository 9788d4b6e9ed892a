import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConsumerId, PeerId, ProducerId, type ConsumerInfo } from '@potluck/protocol';
import { FakeClock, settle } from '@potluck/testkit';
import type { types } from 'mediasoup-client';
import type { Call } from '../signal/api.ts';
import { Receiving } from './receiving.ts';

class FakeReceiveTransport {
  readonly id: string;
  closed = false;
  readonly closedConsumers: string[] = [];
  /** Consumers whose first picture has come. */
  readonly flowing = new Set<string>();
  counts = true;
  readonly #ssrcs = new Map<string, number>();

  constructor(id: string) {
    this.id = id;
  }

  on(): void {}

  async consume({ id, kind }: { id: string; kind: 'audio' | 'video' }) {
    const track = { id: `track of ${id}` } as MediaStreamTrack;
    const ssrc = this.#ssrcs.size + 1;
    this.#ssrcs.set(id, ssrc);
    const rtpParameters = { encodings: [{ ssrc }] };
    return { id, kind, track, rtpParameters, closed: false, close: () => this.closedConsumers.push(id) };
  }

  async getStats() {
    if (!this.counts) throw new Error('not yet implemented');
    return new Map(
      [...this.#ssrcs].map(([id, ssrc]) => [
        id,
        { type: 'inbound-rtp', ssrc, framesDecoded: this.flowing.has(id) ? 2 : 0, packetsReceived: 0 },
      ]),
    );
  }
}

const producer = (name: string) => ProducerId.parse(name);
const info = (name: string, of: string): ConsumerInfo => ({
  peerId: PeerId.parse('anna'),
  producerId: producer(of),
  id: ConsumerId.parse(name),
  kind: 'video',
  rtpParameters: { codecs: [] as never },
  type: 'simple',
  appData: {},
  producerPaused: false,
});

async function start() {
  const asked: { method: string; input: unknown }[] = [];
  const call = (async (method: string, input: unknown) => {
    asked.push({ method, input });
    return {};
  }) as unknown as Call;
  const clock = new FakeClock();
  const [first, second] = [new FakeReceiveTransport('t1'), new FakeReceiveTransport('t2')];
  const receiving = new Receiving(call, clock);
  const seen: string[] = [];
  receiving.events.on('received', (tracks) => seen.push(`received ${tracks.map(({ track }) => track.id).join(', ')}`));
  receiving.events.on('ceased', (producerId) => seen.push(`ceased ${producerId}`));
  receiving.use(first as unknown as types.Transport, () => {}, false);
  receiving.open([info('a', 'p')]);
  await settle();
  seen.length = 0;
  const moveTo = (transport: FakeReceiveTransport) => receiving.moveTo(transport as unknown as types.Transport);
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { receiving, first, second, seen, asked, moveTo, pass };
}

describe('Receiving, when media moves', () => {
  it('keeps the last picture of a lost transport until the next one is decoded', async () => {
    const { receiving, first, second, seen, moveTo, pass } = await start();
    receiving.keepAll();
    moveTo(second);
    receiving.closeConsumer(ConsumerId.parse('a'));
    receiving.open([info('b', 'p')]);
    await settle();
    assert.deepEqual([seen, first.closedConsumers], [[], []]);
    second.flowing.add('b');
    await pass(25);
    assert.deepEqual([seen, first.closedConsumers], [['received track of b'], ['a']]);
  });

  it('knows a track that goes on under another id', async () => {
    const { receiving, first, seen, pass } = await start();
    receiving.keep(producer('p'));
    receiving.closeConsumer(ConsumerId.parse('a'));
    receiving.replaced(producer('p'), producer('q'));
    receiving.open([info('b', 'q')]);
    await settle();
    assert.deepEqual(seen, []);
    first.flowing.add('b');
    await pass(25);
    assert.deepEqual([seen, first.closedConsumers], [['received track of b'], ['a']]);
    assert.equal(receiving.trackOf(producer('q'))?.id, 'track of b');
  });

  it('gives back what goes on under another id as soon as that is shown', async () => {
    const { receiving, first, asked, pass } = await start();
    receiving.replaced(producer('p'), producer('q'));
    receiving.open([info('b', 'q')]);
    await settle();
    first.flowing.add('b');
    await pass(25);
    const released = () => asked.filter(({ method }) => method === 'releaseConsumers');
    assert.deepEqual([released(), first.closedConsumers], [[], []], 'whoever shows it needs a moment');
    await pass(200);
    assert.deepEqual(released(), [{ method: 'releaseConsumers', input: { consumerIds: ['a'] } }]);
    assert.deepEqual(first.closedConsumers, ['a']);
  });

  it('receives on both while it moves, and shows the new one when it flows', async () => {
    const { receiving, second, seen, moveTo, pass } = await start();
    moveTo(second);
    receiving.open([info('b', 'p')]);
    await settle();
    assert.equal(receiving.trackOf(producer('p'))?.id, 'track of a');
    second.flowing.add('b');
    await pass(25);
    assert.deepEqual(seen, ['received track of b']);
    assert.equal(await receiving.flows(), true);
  });

  it('leaves the end of what it gives back to that of the transport it has left', async () => {
    const { receiving, first, second, asked, moveTo, pass } = await start();
    receiving.replaced(producer('p'), producer('q'));
    moveTo(second);
    receiving.open([info('b', 'q')]);
    await settle();
    second.flowing.add('b');
    await pass(25);
    await pass(200);
    assert.ok(asked.some(({ method }) => method === 'releaseConsumers'));
    assert.deepEqual(first.closedConsumers, []);
    assert.deepEqual(
      [...receiving.entries()].map(({ consumerId }) => consumerId),
      ['b'],
    );
  });

  it('keeps what flows where the engine counts nothing, for as long as the new one may take', async () => {
    const { receiving, second, seen, moveTo, pass } = await start();
    second.counts = false;
    moveTo(second);
    receiving.open([info('b', 'p')]);
    await settle();
    await pass(4900);
    assert.deepEqual(seen, [], 'nothing is known: the old one is shown');
    await pass(200);
    assert.deepEqual(seen, ['received track of b']);
  });

  it('waits for nothing of a track that is paused', async () => {
    const { receiving, second, seen, moveTo } = await start();
    moveTo(second);
    receiving.open([{ ...info('b', 'p'), producerPaused: true }]);
    await settle();
    assert.deepEqual(seen, ['received track of b']);
  });

  it('does not wait forever for a picture, nor keep one whose sender has gone', async () => {
    const { receiving, first, second, seen, moveTo, pass } = await start();
    receiving.keepAll();
    moveTo(second);
    receiving.closeConsumer(ConsumerId.parse('a'));
    await pass(10_000);
    assert.deepEqual([seen, first.closedConsumers], [['ceased p'], ['a']]);
    receiving.open([info('b', 'p')]);
    await settle();
    assert.deepEqual(seen.slice(1), ['received track of b']);
    assert.equal(await receiving.flows(), false, 'nothing comes of it');
  });
});
