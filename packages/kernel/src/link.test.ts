import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { framesOf, Link } from './link.ts';

const roomy = { maxFrames: 10_000, maxChars: 1_000_000 };
const frame = (n: number) => JSON.stringify({ n });

/** One end of a call over a wire that the test cuts: what arrives is remembered, what is under way can be lost. */
class End {
  readonly link: Link;
  readonly got: number[] = [];
  /** Sent and not yet arrived at the other end. */
  readonly underWay: string[] = [];

  constructor(options = roomy) {
    this.link = new Link(options);
  }

  connect(acked: number): void {
    this.underWay.length = 0;
    this.link.attach((text) => this.underWay.push(text), acked);
  }

  take(text: string): void {
    const message = this.link.receive(JSON.parse(text));
    if (message !== undefined) this.got.push((message as { n: number }).n);
  }
}

/** A new socket for both ends; each learns what the other has. */
function reconnect(a: End, b: End): void {
  const [hasA, hasB] = [a.link.received, b.link.received];
  a.connect(hasB);
  b.connect(hasA);
}

function deliver(from: End, to: End, count = Infinity): void {
  for (let i = 0; i < count && from.underWay.length > 0; i += 1) to.take(from.underWay.shift()!);
}

function deliverAll(a: End, b: End): void {
  while (a.underWay.length > 0 || b.underWay.length > 0) {
    deliver(a, b);
    deliver(b, a);
  }
}

describe('Link', () => {
  it('puts numbers in front of a frame and gives it through unchanged else', () => {
    const a = new End();
    a.connect(0);
    a.link.send('{"notification":true,"method":"x","data":{}}');
    assert.deepEqual(JSON.parse(a.underWay[0]!), { seq: 1, ack: 0, notification: true, method: 'x', data: {} });
  });

  it('keeps frames that are sent without a socket, and sends them on the next one', () => {
    const [a, b] = [new End(), new End()];
    a.link.send(frame(1));
    a.link.send(frame(2));
    assert.equal(a.link.attached, false);
    reconnect(a, b);
    deliverAll(a, b);
    assert.deepEqual(b.got, [1, 2]);
  });

  it('drops what comes twice', () => {
    const [a, b] = [new End(), new End()];
    reconnect(a, b);
    a.link.send(frame(1));
    const text = a.underWay[0]!;
    b.take(text);
    b.take(text);
    assert.deepEqual(b.got, [1]);
  });

  it('drops what comes too early: the gap is filled by sending again', () => {
    const [a, b] = [new End(), new End()];
    reconnect(a, b);
    for (const n of [1, 2, 3]) a.link.send(frame(n));
    a.underWay.shift();
    deliver(a, b);
    assert.deepEqual(b.got, []);
    reconnect(a, b);
    deliverAll(a, b);
    assert.deepEqual(b.got, [1, 2, 3]);
  });

  it('forgets what the other side confirms, by itself every 16 frames', () => {
    const [a, b] = [new End(), new End()];
    reconnect(a, b);
    for (let n = 1; n <= 40; n += 1) a.link.send(frame(n));
    deliverAll(a, b);
    assert.ok(a.link.waiting <= 16, `${a.link.waiting} wait`);
    b.link.acknowledge();
    deliverAll(a, b);
    assert.equal(a.link.waiting, 0);
  });

  it('says an acknowledgement once', () => {
    const [a, b] = [new End(), new End()];
    reconnect(a, b);
    a.link.send(frame(1));
    deliver(a, b);
    b.link.acknowledge();
    b.link.acknowledge();
    assert.deepEqual(b.underWay, ['{"ack":1}']);
    b.link.detach();
    b.link.acknowledge();
    assert.equal(b.underWay.length, 1);
  });

  it('passes on messages without numbers: it is not alone on the wire', () => {
    const { link } = new End();
    for (const message of [null, 5, 'x', [], {}, { seq: 'x' }, { seq: -1 }, { seq: 1.5 }, { ack: -3, n: 1 }]) {
      assert.equal(link.receive(message), message);
    }
    assert.equal(link.received, 0);
  });

  it('keeps nothing that only acknowledges', () => {
    const { link } = new End();
    assert.equal(link.receive({ ack: 0 }), undefined);
  });

  it('is broken, not endless, when more waits than may', () => {
    const byFrames = new End({ maxFrames: 3, maxChars: 1000 });
    for (let n = 0; n < 3; n += 1) byFrames.link.send(frame(n));
    assert.equal(byFrames.link.broken, false);
    byFrames.link.send(frame(3));
    assert.equal(byFrames.link.broken, true);

    const byChars = new End({ maxFrames: 1000, maxChars: 100 });
    byChars.link.send(JSON.stringify({ n: 1, text: 'x'.repeat(100) }));
    assert.equal(byChars.link.broken, true);
  });

  it('holds no more than it may, however long it is broken', () => {
    const { link } = new End({ maxFrames: 10, maxChars: 1000 });
    for (let n = 0; n < 10_000; n += 1) link.send(frame(n));
    assert.ok(link.waiting <= 10, `${link.waiting} frames are held`);
  });

  it('goes on over the socket that it has when it is broken', () => {
    const [a, b] = [new End({ maxFrames: 2, maxChars: 1000 }), new End()];
    reconnect(a, b);
    for (const n of [1, 2, 3, 4]) a.link.send(frame(n));
    assert.equal(a.link.broken, true);
    deliverAll(a, b);
    assert.deepEqual(b.got, [1, 2, 3, 4]);
  });

  it('is not talked into forgetting by an acknowledgement of what was never sent', () => {
    const [a, b] = [new End(), new End()];
    reconnect(a, b);
    a.link.send(frame(1));
    a.take('{"ack":1000000}');
    a.link.send(frame(2));
    deliverAll(a, b);
    assert.deepEqual(b.got, [1, 2]);
  });

  it('loses nothing, doubles nothing and keeps the order, wherever the wire is cut', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), left: fc.boolean() }) },
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('deliver' as const), left: fc.boolean(), count: fc.nat(5) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('cutUnnoticed' as const), left: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('reconnect' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('acknowledge' as const), left: fc.boolean() }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const [a, b] = [new End(), new End()];
        const sent = { a: [] as number[], b: [] as number[] };
        reconnect(a, b);
        for (const action of steps) {
          const [near, far] = 'left' in action && action.left ? [a, b] : [b, a];
          const list = near === a ? sent.a : sent.b;
          if (action.kind === 'send') {
            list.push(list.length + 1);
            near.link.send(frame(list.length));
          } else if (action.kind === 'deliver') deliver(near, far, action.count);
          else if (action.kind === 'reconnect') reconnect(a, b);
          else if (action.kind === 'acknowledge') near.link.acknowledge();
          else if (action.kind === 'cutUnnoticed') near.link.detach();
          else for (const end of [a, b]) end.link.detach();
        }
        reconnect(a, b);
        deliverAll(a, b);
        assert.deepEqual(b.got, sent.a);
        assert.deepEqual(a.got, sent.b);
        for (const end of [a, b]) end.link.acknowledge();
        deliverAll(a, b);
        assert.equal(a.link.waiting + b.link.waiting, 0);
      }),
      { numRuns: 500 },
    );
  });

  it('survives a cut after each single frame of an exchange', () => {
    for (let cut = 0; cut <= 60; cut += 1) {
      const [a, b] = [new End(), new End()];
      reconnect(a, b);
      let moved = 0;
      for (let n = 1; n <= 30; n += 1) {
        a.link.send(frame(n));
        b.link.send(frame(n));
        for (const [near, far] of [
          [a, b],
          [b, a],
        ] as const) {
          deliver(near, far, 1);
          moved += 1;
          if (moved === cut) reconnect(a, b);
        }
      }
      deliverAll(a, b);
      const all = Array.from({ length: 30 }, (_, index) => index + 1);
      assert.deepEqual(a.got, all, `a, cut after ${cut}`);
      assert.deepEqual(b.got, all, `b, cut after ${cut}`);
    }
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.jsonValue(), fc.record({ seq: fc.jsonValue(), ack: fc.jsonValue() }))),
        (messages) => {
          const { link } = new End();
          link.attach(() => {}, 0);
          for (const message of messages) link.receive(message);
        },
      ),
    );
  });
});

describe('framesOf', () => {
  it('takes apart what was sent as one, and leaves the rest', () => {
    const end = new End();
    end.connect(0);
    end.link.send(frame(1), JSON.stringify({ frames: [7] }));
    end.link.send(frame(3));
    const [both, one] = end.underWay.map((text) => JSON.parse(text) as unknown);
    assert.deepEqual(framesOf(both), [{ n: 1 }, { frames: [7] }]);
    assert.deepEqual(framesOf(one), [{ seq: 2, ack: 0, n: 3 }]);
    for (const message of [undefined, null, 7, 'x', { frames: 'no list' }])
      assert.deepEqual(framesOf(message), [message]);
  });
});
