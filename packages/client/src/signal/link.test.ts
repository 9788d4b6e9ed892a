import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Channel, decodeFrame, encodeNotification, Link } from '@potluck/kernel';
import { FakeClock, settle, socketPair, type FakeSocket } from '@potluck/testkit';
import { Signalling } from './link.ts';
import type { Resume } from './url.ts';

/** The server's end: a channel over a link, on whatever socket came last. */
class FakeServer {
  readonly handled: unknown[] = [];
  readonly resumes: (Resume | undefined)[] = [];
  link = new Link({ maxFrames: 1000, maxChars: 1_000_000 });
  channel = this.#newChannel();
  /** Forgets everybody: the next socket begins anew. */
  amnesia = false;
  cut: () => void = () => {};
  #known = false;

  accept(resume: Resume | undefined): FakeSocket {
    const pair = socketPair();
    this.resumes.push(resume);
    this.cut = pair.cut;
    const resumed = resume !== undefined && this.#known && !this.amnesia;
    if (!resumed) {
      this.link = new Link({ maxFrames: 1000, maxChars: 1_000_000 });
      this.channel = this.#newChannel();
    }
    this.#known = true;
    const { link, channel } = this;
    const socket = pair.right;
    socket.events.on('closed', () => link.detach());
    socket.events.on('received', (text) => {
      const message = link.receive(decodeFrame(text));
      if (message !== undefined) channel.receive(message);
    });
    queueMicrotask(() => {
      socket.send(JSON.stringify({ link: resumed ? 'resumed' : 'opened', ack: link.received }));
      link.attach((text) => socket.send(text), resume?.ack ?? 0);
    });
    return pair.left;
  }

  #newChannel(): Channel {
    return new Channel({
      send: (frame) => this.link.send(frame),
      onRequest: async (_method, data) => {
        this.handled.push(data);
        return { got: data };
      },
      onNotification: () => {},
      timeoutMs: () => 60_000,
    });
  }
}

function build() {
  const server = new FakeServer();
  const clock = new FakeClock();
  const seen: string[] = [];
  const notices: unknown[] = [];
  const signalling = new Signalling({
    connect: ({ url }) => server.accept(JSON.parse(url) as Resume | undefined),
    address: (resume) => ({ url: JSON.stringify(resume ?? null), protocols: [] }),
    onRequest: async (method, data) => ({ method, data }),
    giveUpMs: { first: 15_000, later: 60_000 },
    clock,
    random: () => 1,
  });
  signalling.events.on('opened', () => seen.push('opened'));
  signalling.events.on('resumed', () => seen.push('resumed'));
  signalling.events.on('lost', ({ attempt }) => seen.push(`lost ${attempt}`));
  signalling.events.on('closed', (code, reason) => seen.push(`closed ${code} ${reason}`));
  signalling.events.on('notified', (_name, data) => notices.push(data));
  return { server, clock, signalling, seen, notices };
}

async function opened() {
  const parts = build();
  parts.signalling.start();
  await settle();
  parts.signalling.resumeWith('secret');
  return parts;
}

describe('Signalling', () => {
  it('knows how long the socket took to open', async () => {
    const { signalling, clock } = build();
    signalling.start();
    clock.advance(40);
    await settle();
    assert.equal(signalling.socketMs, 40);
  });

  it('asks and is asked', async () => {
    const { server, signalling, seen } = await opened();
    assert.deepEqual(await signalling.request('produce', { kind: 'audio' }), { got: { kind: 'audio' } });
    assert.deepEqual(await server.channel.request('newDataConsumer', { id: 1 }), {
      method: 'newDataConsumer',
      data: { id: 1 },
    });
    assert.deepEqual(seen, ['opened']);
  });

  it('hears what came in one frame, in order, and again what was lost with it', async () => {
    const { server, clock, notices } = await opened();
    const fact = (n: number) => encodeNotification('fact', { n });
    server.link.send(fact(1), fact(2));
    await settle();
    server.link.send(fact(3), fact(4));
    server.cut();
    clock.advance(1000);
    await settle();
    assert.deepEqual(
      notices,
      [1, 2, 3, 4].map((n) => ({ n })),
    );
  });

  it('does requests once and in order though the socket is cut in the midst of them', async () => {
    const { server, clock, signalling, seen } = await opened();
    const answers = [1, 2, 3].map((n) => signalling.request('count', { n }));
    // Nothing has arrived yet: frames travel on a microtask, and this cut comes before.
    server.cut();
    answers.push(signalling.request('count', { n: 4 }));
    clock.advance(1000);
    await settle();
    assert.deepEqual(
      await Promise.all(answers),
      [1, 2, 3, 4].map((n) => ({ got: { n } })),
    );
    assert.deepEqual(
      server.handled,
      [1, 2, 3, 4].map((n) => ({ n })),
    );
    assert.deepEqual(seen, ['opened', 'lost 1', 'resumed']);
  });

  it('gets what was said while it was away, once and in order', async () => {
    const { server, clock, notices } = await opened();
    server.channel.notify('chatMessage', 1);
    await settle();
    server.cut();
    server.channel.notify('chatMessage', 2);
    server.channel.notify('chatMessage', 3);
    clock.advance(1000);
    await settle();
    server.channel.notify('chatMessage', 4);
    await settle();
    assert.deepEqual(notices, [1, 2, 3, 4]);
    assert.equal(server.resumes[1]?.ack, 1);
  });

  it('begins anew when the server has forgotten it, and says so to whoever waits', async () => {
    const { server, clock, signalling, seen } = await opened();
    server.amnesia = true;
    const waiting = assert.rejects(signalling.request('count', {}), { code: 'unavailable' });
    server.cut();
    clock.advance(1000);
    await waiting;
    await settle();
    assert.deepEqual(seen, ['opened', 'lost 1', 'opened']);
    // The secret was of the stay before.
    server.cut();
    clock.advance(1000);
    await settle();
    assert.equal(server.resumes.at(-1), null);
  });

  it('waits longer after each failure and gives up at last', async () => {
    const { clock, signalling, seen } = build();
    let attempts = 0;
    const failing = new Signalling({
      connect: () => {
        attempts += 1;
        const { left } = socketPair();
        queueMicrotask(() => left.drop());
        return left;
      },
      address: () => ({ url: '', protocols: [] }),
      onRequest: async () => ({}),
      giveUpMs: { first: 15_000, later: 60_000 },
      clock,
      random: () => 1,
    });
    let refusals = 0;
    failing.events.on('refused', () => (refusals += 1));
    failing.events.on('closed', (code) => seen.push(`closed ${code}`));
    failing.start();
    for (let second = 0; second < 30; second++) {
      clock.advance(1000);
      await settle();
    }
    assert.deepEqual(seen, ['closed undefined']);
    assert.ok(attempts > 4 && attempts < 10, `${attempts} attempts`);
    assert.equal(refusals, attempts);
    signalling.close(1000, 'unused');
  });

  it('replaces a socket that is dead without knowing', async () => {
    const { server, signalling, seen } = await opened();
    signalling.replace('no answer');
    await settle();
    assert.deepEqual(seen, ['opened', 'lost 1', 'resumed']);
    assert.equal(server.resumes.length, 2);
  });

  it('tries at once when the network may be back, and leaves a good socket alone', async () => {
    const { server, signalling, seen } = await opened();
    signalling.hurry();
    assert.deepEqual(seen, ['opened']);
    server.cut();
    signalling.hurry();
    await settle();
    assert.deepEqual(seen, ['opened', 'lost 1', 'resumed']);
  });

  it('does not come back from code 4000', async () => {
    const { server, clock, seen } = build();
    const pair = socketPair();
    const signalling = new Signalling({
      connect: () => pair.left,
      address: () => ({ url: '', protocols: [] }),
      onRequest: async () => ({}),
      giveUpMs: { first: 1, later: 1 },
      clock,
    });
    signalling.events.on('closed', (code, reason) => seen.push(`closed ${code} ${reason}`));
    signalling.start();
    pair.left.drop(4000, 'kicked');
    clock.advance(60_000);
    await settle();
    assert.deepEqual(seen, ['closed 4000 kicked']);
    assert.equal(server.resumes.length, 0);
  });

  it('is silent after close', async () => {
    const { server, clock, signalling, seen } = await opened();
    const waiting = assert.rejects(signalling.request('count', {}), { code: 'unavailable' });
    signalling.close(1000, 'left');
    signalling.close(1000, 'left');
    await waiting;
    clock.advance(60_000);
    await settle();
    assert.deepEqual(seen, ['opened']);
    assert.equal(server.resumes.length, 1);
  });
});
