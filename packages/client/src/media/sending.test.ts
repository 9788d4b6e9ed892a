import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProducerId } from '@potluck/protocol';
import { settle } from '@potluck/testkit';
import type { types } from 'mediasoup-client';
import type { Call } from '../signal/api.ts';
import { Sending } from './sending.ts';

type Produce = { kind: string; rtpParameters: object; appData: unknown };
type Handler = (data: Produce, done: (answer: { id: string }) => void) => void;

/** As much of a transport as sending takes: it asks for an id, and gives a producer. */
class FakeSendTransport {
  readonly id: string;
  closed = false;
  readonly produced: string[] = [];
  #onProduce: Handler | undefined;

  constructor(id: string) {
    this.id = id;
  }

  on(event: string, handler: Handler): void {
    if (event === 'produce') this.#onProduce = handler;
  }

  async produceData() {
    return {};
  }

  async produce({ track, appData }: { track: MediaStreamTrack; appData: unknown }) {
    this.produced.push(track.kind);
    const { promise, resolve } = Promise.withResolvers<{ id: string }>();
    this.#onProduce?.({ kind: track.kind, rtpParameters: {}, appData }, resolve);
    const { id } = await promise;
    return { id, kind: track.kind, closed: false, close: () => {} };
  }
}

const trackOf = (kind: string) =>
  ({ kind, readyState: 'live', enabled: true, getSettings: () => ({}) }) as unknown as MediaStreamTrack;

/** Sound and a picture, sent on a first transport; the server calls what it gets p1, p2, and so on. */
async function start() {
  const asked: unknown[] = [];
  let count = 0;
  const call = (async (_method: string, input: unknown) => {
    asked.push(input);
    return { id: ProducerId.parse(`p${(count += 1)}`) };
  }) as unknown as Call;
  const sending = new Sending(call);
  const [first, second] = [new FakeSendTransport('t1'), new FakeSendTransport('t2')];
  const use = (transport: FakeSendTransport) => transport as unknown as types.Transport;
  sending.use({ transport: use(first), codecs: [] }, () => {});
  for (const kind of ['video', 'audio'] as const) {
    const source = kind === 'video' ? 'camera' : 'microphone';
    sending.publish({ track: trackOf(kind), source, paused: false, encoding: {} });
  }
  await settle();
  sending.prepare(use(second), () => {});
  return { sending, asked, second, use };
}

describe('Sending, on the way in', () => {
  for (const [picturesFirst, expected] of [
    [true, ['video', 'audio']],
    [false, ['audio', 'video']],
  ] as const) {
    it(`sends ${expected[0]} first ${picturesFirst ? 'near the server' : 'far from it'}, whichever was there first`, async () => {
      for (const there of [expected, expected.toReversed()]) {
        const sending = new Sending((async () => ({ id: 'p' })) as unknown as Call);
        const transport = new FakeSendTransport('t');
        for (const kind of there) {
          const source = kind === 'video' ? 'camera' : 'microphone';
          sending.publish({ track: trackOf(kind), source, paused: false, encoding: {} });
        }
        sending.use({ transport: transport as unknown as types.Transport, codecs: [] }, () => {}, picturesFirst);
        await settle();
        assert.deepEqual(transport.produced, expected);
      }
    });
  }
});

describe('Sending, when its transport is replaced', () => {
  it('sends sound first, and names what goes on', async () => {
    const { sending, asked, second, use } = await start();
    await sending.moveTo({ transport: use(second), codecs: [] });
    assert.deepEqual(second.produced, ['audio', 'video']);
    assert.deepEqual(
      asked.slice(-2).map((input) => (input as { replaces: unknown }).replaces),
      ['p2', 'p1'],
    );
  });

  it('is released when the server says so of everything that it sent before', async () => {
    const { sending, second, use } = await start();
    const { released } = await sending.moveTo({ transport: use(second), codecs: [] });
    let done = false;
    const waiting = released.then(() => (done = true));
    sending.released(ProducerId.parse('p1'));
    sending.released(ProducerId.parse('p3'));
    await settle();
    assert.equal(done, false);
    sending.released(ProducerId.parse('p2'));
    await waiting;
  });
});
