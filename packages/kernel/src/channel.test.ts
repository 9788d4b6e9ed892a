import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FakeClock, settle } from '@potluck/testkit';
import { Channel, decodeFrame, encodeNotification, type ChannelOptions } from './channel.ts';
import { AppError } from './errors.ts';

type Frame = { [member: string]: unknown };

/** A channel whose frames are kept; the test plays the far end. */
function openChannel(options: Partial<ChannelOptions> = {}) {
  const sent: Frame[] = [];
  const dropped: string[] = [];
  const notices: [string, unknown][] = [];
  const clock = new FakeClock();
  const channel = new Channel({
    send: (frame) => sent.push(JSON.parse(frame) as Frame),
    onRequest: (method, data) => Promise.resolve({ method, data }),
    onNotification: (method, data) => notices.push([method, data]),
    onDropped: (why) => dropped.push(why),
    timeoutMs: (pending) => 1000 + 100 * pending,
    clock,
    ...options,
  });
  return { channel, sent, dropped, notices, clock };
}

/** Two channels, each other's far end. */
function openPair(left: Partial<ChannelOptions> = {}, right: Partial<ChannelOptions> = {}) {
  const a: Channel = new Channel({
    ...base(),
    send: (frame) => queueMicrotask(() => b.receive(decodeFrame(frame))),
    ...left,
  });
  const b: Channel = new Channel({
    ...base(),
    send: (frame) => queueMicrotask(() => a.receive(decodeFrame(frame))),
    ...right,
  });
  return { a, b };
}
const base = () => ({
  onRequest: (method: string, data: unknown) => Promise.resolve({ method, data }),
  onNotification: () => {},
  timeoutMs: () => 1000,
  clock: new FakeClock(),
});

describe('Channel', () => {
  it('answers a request and keeps its id, 0 included', async () => {
    const { channel, sent } = openChannel();
    channel.receive({ request: true, id: 0, method: 'join', data: { a: 1 } });
    await settle();
    assert.deepEqual(sent, [{ response: true, id: 0, ok: true, data: { method: 'join', data: { a: 1 } } }]);
  });

  it('takes falsy data as an empty object, in both directions', async () => {
    for (const data of [undefined, null, '', 0, false]) {
      const { channel, sent } = openChannel({ onRequest: (_method, got) => Promise.resolve({ got }) });
      channel.receive({ request: true, id: 7, method: 'x', data });
      const answer = channel.request('y', {});
      channel.receive({ response: true, id: 1, ok: true, data });
      assert.deepEqual(await answer, {});
      await settle();
      assert.deepEqual(sent.at(-1), { response: true, id: 7, ok: true, data: { got: {} } });
    }
  });

  it('always answers with data, also when the handler has nothing to say', async () => {
    const { channel, sent } = openChannel({ onRequest: () => Promise.resolve(undefined) });
    channel.receive({ request: true, id: 3, method: 'x' });
    await settle();
    assert.deepEqual(sent, [{ response: true, id: 3, ok: true, data: {} }]);
  });

  it('classifies by truthiness: request before response before notification', async () => {
    const { channel, sent, notices } = openChannel();
    channel.receive({ request: 1, response: true, notification: true, id: 5, method: 'first' });
    channel.receive({ request: 0, notification: 'yes', method: 'second' });
    await settle();
    assert.equal(sent[0]?.id, 5);
    assert.deepEqual(notices, [['second', {}]]);
  });

  it('numbers its own requests 1, 2, 3 and never 0', () => {
    const { channel, sent } = openChannel();
    for (let i = 0; i < 100; i += 1) channel.request('x', {}).catch(() => {});
    assert.deepEqual(
      sent.map(({ id }) => id),
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    channel.close('test over');
  });

  it('settles answers that come out of order, each to its own request', async () => {
    const { channel } = openChannel();
    const first = channel.request('a', {});
    const second = channel.request('b', {});
    channel.receive({ response: true, id: 2, ok: true, data: { second: true } });
    channel.receive({ response: true, id: 1, ok: true, data: { first: true } });
    assert.deepEqual(await Promise.all([first, second]), [{ first: true }, { second: true }]);
    assert.equal(channel.pending, 0);
  });

  it('gives arrays through as they are: the stats answers', async () => {
    const { a } = openPair({}, { onRequest: () => Promise.resolve([{ type: 'transport' }]) });
    assert.deepEqual(await a.request('getTransportStats', {}), [{ type: 'transport' }]);
  });

  it('turns an error answer into an AppError with its code, or internal for an unknown one', async () => {
    const { channel } = openChannel();
    const known = channel.request('a', {});
    const unknown = channel.request('b', {});
    const bare = channel.request('c', {});
    channel.receive({
      response: true,
      id: 1,
      errorCode: 404,
      errorReason: 'no such peer',
      error: { code: 'not_found' },
    });
    channel.receive({
      response: true,
      id: 2,
      ok: false,
      errorCode: 403,
      errorReason: 'no',
      error: { code: 'constructor' },
    });
    channel.receive({ response: true, id: 3 });
    await assert.rejects(known, { name: 'AppError', code: 'not_found', message: 'no such peer' });
    await assert.rejects(unknown, { code: 'internal', message: 'no' });
    await assert.rejects(bare, { code: 'internal', message: 'refused without a reason' });
  });

  it('says to the other side what is missing, and believes only what it knows', async () => {
    const gone = new AppError('not_found', 'it is gone', { missing: 'transport' });
    const { a } = openPair({}, { onRequest: () => Promise.reject(gone) });
    await assert.rejects(a.request('x', {}), { code: 'not_found', missing: 'transport' });
    const { channel } = openChannel();
    const asked = channel.request('x', {});
    channel.receive({ response: true, id: 1, error: { code: 'not_found', missing: 'sense' } });
    await assert.rejects(asked, (error) => error instanceof AppError && error.missing === undefined);
  });

  it('answers a failing handler with its code; what was not meant for the client is not said', async () => {
    const errors = [new AppError('conflict', 'already joined'), new Error('password is 1234'), 'text'];
    const { channel, sent } = openChannel({ onRequest: () => Promise.reject(errors.shift()) });
    for (const id of [1, 2, 3]) channel.receive({ request: true, id, method: 'x' });
    await settle();
    assert.deepEqual(sent, [
      { response: true, id: 1, ok: false, errorCode: 409, errorReason: 'already joined', error: { code: 'conflict' } },
      { response: true, id: 2, ok: false, errorCode: 500, errorReason: 'Internal error', error: { code: 'internal' } },
      { response: true, id: 3, ok: false, errorCode: 500, errorReason: 'Internal error', error: { code: 'internal' } },
    ]);
  });

  it('drops answers that are doubled, late or to nothing', async () => {
    const { channel, dropped, clock } = openChannel();
    const answered = channel.request('a', {});
    channel.receive({ response: true, id: 1, ok: true, data: { n: 1 } });
    channel.receive({ response: true, id: 1, errorCode: 403, errorReason: 'changed my mind' });
    assert.deepEqual(await answered, { n: 1 });

    const late = channel.request('b', {});
    clock.advance(1000);
    await assert.rejects(late, { code: 'timeout', message: 'b was not answered in time' });
    channel.receive({ response: true, id: 2, ok: true });
    channel.receive({ response: true, id: 99, ok: true });
    channel.receive({ response: true, id: 1, ok: true });
    assert.deepEqual(
      dropped,
      Array.from({ length: 4 }, () => 'response to nothing'),
    );
  });

  it('gives more time the more of its requests are pending', async () => {
    const { channel, clock } = openChannel();
    const first = channel.request('a', {});
    const second = channel.request('b', {});
    clock.advance(1000);
    await assert.rejects(first, { code: 'timeout' });
    assert.equal(channel.pending, 1);
    clock.advance(100);
    await assert.rejects(second, { code: 'timeout' });
    assert.equal(clock.waiting, 0);
  });

  it('leaves no timer behind after an answer', async () => {
    const { channel, clock } = openChannel();
    const answer = channel.request('a', {});
    assert.equal(clock.waiting, 1);
    channel.receive({ response: true, id: 1, ok: true });
    await answer;
    assert.equal(clock.waiting, 0);
  });

  it('refuses what exceeds the limit of requests in work, and takes more when one is done', async () => {
    const gates = [
      Promise.withResolvers<unknown>(),
      Promise.withResolvers<unknown>(),
      Promise.withResolvers<unknown>(),
    ];
    const waiting = [...gates];
    const { channel, sent } = openChannel({ maxConcurrentRequests: 2, onRequest: () => waiting.shift()!.promise });
    for (const id of [1, 2, 3]) channel.receive({ request: true, id, method: 'x' });
    assert.deepEqual(
      sent.map(({ id, errorCode }) => [id, errorCode]),
      [[3, 429]],
    );
    gates[0]!.resolve({});
    await settle();
    channel.receive({ request: true, id: 4, method: 'x' });
    gates[1]!.resolve({});
    gates[2]!.resolve({});
    await settle();
    assert.deepEqual(
      sent.map(({ id, ok }) => [id, ok]),
      [
        [3, false],
        [1, true],
        [2, true],
        [4, true],
      ],
    );
  });

  it('counts a handler that throws at once as done', async () => {
    const { channel, sent } = openChannel({
      maxConcurrentRequests: 1,
      onRequest: () => {
        throw new AppError('forbidden', 'no');
      },
    });
    for (const id of [1, 2]) {
      channel.receive({ request: true, id, method: 'x' });
      await settle();
    }
    assert.deepEqual(
      sent.map(({ errorCode }) => errorCode),
      [403, 403],
    );
  });

  it('is not deadlocked by a request that waits for a request of the other side', async () => {
    const { a, b } = openPair(
      {},
      { onRequest: async (method) => (method === 'newConsumer' ? b.request('connectWebRtcTransport', {}) : {}) },
    );
    assert.deepEqual(await a.request('newConsumer', {}), { method: 'connectWebRtcTransport', data: {} });
  });

  it('rejects what is pending when it closes, once, and is silent from then on', async () => {
    const { channel, sent, notices, clock } = openChannel();
    const pending = channel.request('a', {});
    channel.close('socket gone');
    channel.close('again');
    await assert.rejects(pending, { code: 'unavailable', message: 'socket gone' });
    await assert.rejects(channel.request('b', {}), { code: 'unavailable', message: 'socket gone' });
    channel.notify('x', {});
    channel.receive({ request: true, id: 1, method: 'x' });
    channel.receive({ notification: true, method: 'x' });
    await settle();
    assert.equal(sent.length, 1);
    assert.deepEqual(notices, []);
    assert.equal(clock.waiting, 0);
  });

  it('does not send the answer of a handler that outlives it', async () => {
    const gate = Promise.withResolvers<unknown>();
    const { channel, sent } = openChannel({ onRequest: () => gate.promise });
    channel.receive({ request: true, id: 1, method: 'x' });
    channel.close('gone');
    gate.resolve({});
    await settle();
    assert.deepEqual(sent, []);
  });

  it('fails a request whose frame cannot be sent or encoded, and forgets it', async () => {
    const { channel, clock } = openChannel({
      send: () => {
        throw new AppError('too_large', 'frame too large');
      },
    });
    await assert.rejects(channel.request('a', {}), { code: 'too_large' });
    await assert.rejects(channel.request('a', { n: 1n }), TypeError);
    assert.equal(channel.pending, 0);
    assert.equal(clock.waiting, 0);
  });

  it('answers internal when the result of a handler cannot be encoded', async () => {
    const { channel, sent } = openChannel({ onRequest: () => Promise.resolve({ n: 1n }) });
    channel.receive({ request: true, id: 1, method: 'x' });
    await settle();
    assert.equal(sent[0]?.errorCode, 500);
  });

  it('sends a notification that was encoded once', () => {
    const { channel, sent } = openChannel();
    channel.notifyEncoded(encodeNotification('newPeer', { id: 'a' }));
    channel.notify('peerClosed', { peerId: 'a' });
    assert.deepEqual(sent, [
      { notification: true, method: 'newPeer', data: { id: 'a' } },
      { notification: true, method: 'peerClosed', data: { peerId: 'a' } },
    ]);
  });

  const junk: [string, unknown][] = [
    ['null', null],
    ['a number', 42],
    ['a text', 'request'],
    ['true', true],
    ['undefined (not JSON)', undefined],
    ['an array', [{ request: true, id: 1, method: 'x' }]],
    ['an empty object', {}],
    ['a wrong marker', { onNotification: true, method: 'x' }],
    ['a request without id', { request: true, method: 'x' }],
    ['a request with a text as id', { request: true, id: '1', method: 'x' }],
    ['a request without method', { request: true, id: 1 }],
    ['a request with an object as method', { request: true, id: 1, method: {} }],
    ['a method of a megabyte', { request: true, id: 1, method: 'x'.repeat(1 << 20) }],
    ['a notification without method', { notification: true }],
    ['a response without id', { response: true, ok: true }],
    ['a response to nothing', { response: true, id: 12, ok: true }],
    ['a response with __proto__ as id', JSON.parse('{"response":true,"__proto__":{"id":1}}')],
  ];
  for (const [name, message] of junk) {
    it(`drops ${name} and lives on`, async () => {
      const { channel, sent, dropped, notices } = openChannel();
      channel.receive(message);
      assert.equal(dropped.length, 1);
      channel.receive({ request: true, id: 1, method: 'alive' });
      await settle();
      assert.equal(sent.length, 1);
      assert.deepEqual(notices, []);
    });
  }

  it('never throws, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frameLike, { maxLength: 20 }), async (messages) => {
        const { channel } = openChannel();
        channel.request('pending', {}).catch(() => {});
        for (const message of messages) channel.receive(message);
        await settle();
        channel.close('over');
      }),
      { numRuns: 200 },
    );
  });
});

const oneOf = fc.constantFrom;
const frameLike = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      request: oneOf<unknown>(true, 1, '', 'x'),
      response: oneOf<unknown>(true, false, {}),
      notification: oneOf<unknown>(true, null),
      id: oneOf<unknown>(0, 1, -1, 1.5, 1e300, '1', null, {}),
      method: oneOf<unknown>('join', '', '__proto__', 'constructor', 5, null),
      ok: oneOf<unknown>(true, false, 'no'),
      data: fc.jsonValue(),
      errorReason: fc.jsonValue(),
      error: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
);

describe('decodeFrame', () => {
  it('gives undefined for what is not JSON', () => {
    for (const text of ['', '{', 'undefined', "{'a':1}", '\u0000', '{"a":1}x'])
      assert.equal(decodeFrame(text), undefined);
  });

  it('does not let __proto__ reach a prototype', () => {
    const frame = decodeFrame('{"__proto__":{"request":true}}') as Frame;
    assert.equal(Object.getPrototypeOf(frame), Object.prototype);
  });
});
