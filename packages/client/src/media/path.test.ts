import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '@potluck/kernel';
import type { WebRtcTransportInfo } from '@potluck/protocol';
import { FakeClock, settle } from '@potluck/testkit';
import type { types } from 'mediasoup-client';
import type { Call } from '../signal/api.ts';
import { Path, type PathTransport } from './path.ts';
import { repairStep } from './repair.ts';

class FakeTransport {
  readonly id: string;
  closed = false;
  connectionState: types.ConnectionState = 'new';
  restarts = 0;
  readonly #listeners = new Set<(state: types.ConnectionState) => void>();

  constructor(id: string) {
    this.id = id;
  }

  on(_event: string, listener: (state: types.ConnectionState) => void): void {
    this.#listeners.add(listener);
  }

  become(state: types.ConnectionState): void {
    this.connectionState = state;
    for (const listener of [...this.#listeners]) listener(state);
  }

  async restartIce(): Promise<void> {
    this.restarts += 1;
  }

  close(): void {
    this.closed = true;
  }
}

type Asked = { method: string; input: unknown };

function build(refuse: (asked: Asked) => AppError | undefined = () => undefined) {
  const clock = new FakeClock();
  const asked: Asked[] = [];
  const transports: FakeTransport[] = [];
  const seen: string[] = [];
  const call = (async (method: string, input: unknown) => {
    asked.push({ method, input });
    const error = refuse({ method, input });
    if (error) throw error;
    return { id: `t${transports.length + 1}` };
  }) as unknown as Call;
  const path = new Path<FakeTransport & PathTransport>({
    direction: 'send',
    call,
    build: ({ id }) => {
      const transport = new FakeTransport(id);
      // What is sent on it makes it connect.
      transport.connectionState = 'connecting';
      transports.push(transport);
      return transport as FakeTransport & PathTransport;
    },
    dataChannels: true,
    forceTcp: false,
    clock,
    random: () => 0,
  });
  path.events.on('repairing', ({ attempt }) => seen.push(`repairing ${attempt}`));
  path.events.on('repaired', () => seen.push('repaired'));
  path.events.on('opened', ({ id }) => seen.push(`opened ${id}`));
  path.use({ id: 't1' } as unknown as WebRtcTransportInfo);
  transports[0]!.become('connected');
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { path, transports, asked, seen, pass, clock };
}

describe('Path', () => {
  it('leaves a hiccup alone', async () => {
    const { transports, asked, seen, pass } = build();
    transports[0]!.become('disconnected');
    await pass(1900);
    transports[0]!.become('connected');
    await pass(60_000);
    assert.deepEqual([asked, seen], [[], ['opened t1']]);
  });

  it('restarts ICE after two seconds, and is content when that helps', async () => {
    const { transports, asked, seen, pass } = build();
    transports[0]!.become('disconnected');
    await pass(2000);
    assert.deepEqual(asked, [{ method: 'restartIce', input: { transportId: 't1' } }]);
    assert.equal(transports[0]!.restarts, 1);
    transports[0]!.become('connected');
    await pass(60_000);
    assert.deepEqual(seen, ['opened t1', 'repairing 1', 'repaired']);
  });

  it('builds a new transport when ICE does not come back, then one over TCP', async () => {
    const { transports, asked, seen, pass } = build();
    transports[0]!.become('failed');
    for (let second = 0; second < 40; second++) await pass(1000);
    const made = asked.filter(({ method }) => method === 'createWebRtcTransport').map(({ input }) => input);
    assert.equal(transports[0]!.restarts, 2);
    assert.deepEqual(made.slice(0, 2), [
      { producing: true, consuming: false, forceTcp: false, sctpCapabilities: true },
      { producing: true, consuming: false, forceTcp: true, sctpCapabilities: true },
    ]);
    assert.deepEqual(asked.find(({ method }) => method === 'closeTransport')?.input, { transportId: 't1' });
    assert.ok(transports[0]!.closed);
    transports.at(-1)!.become('connected');
    await pass(1000);
    assert.equal(seen.at(-1), 'repaired');
  });

  it('builds at once when the server has no such transport any more', async () => {
    const lost = new AppError('not_found', 'no such transport');
    const { path, transports, asked, seen, pass } = build(({ method }) => (method === 'restartIce' ? lost : undefined));
    path.distrust('broken');
    await pass(0);
    await pass(0);
    assert.deepEqual(
      asked.map(({ method }) => method),
      ['restartIce', 'closeTransport', 'createWebRtcTransport'],
    );
    transports[1]!.become('connected');
    await pass(0);
    assert.deepEqual(seen, ['opened t1', 'repairing 1', 'repairing 2', 'opened t2', 'repaired']);
  });

  it('builds again at once when the new transport is lost, too, even before it is named', async () => {
    const { path, transports, asked, seen, pass } = build();
    path.lose('t1');
    path.lose('t2');
    await pass(0);
    path.lose('t3');
    await pass(0);
    const made = () => asked.filter(({ method }) => method === 'createWebRtcTransport').map(({ input }) => input);
    assert.equal(made().length, 2, 'one loss after another is not followed at once');
    await pass(2000);
    assert.deepEqual(
      made().map((input) => (input as { forceTcp: boolean }).forceTcp),
      [false, false, false],
      'nothing is wrong with UDP',
    );
    transports.at(-1)!.become('connected');
    await pass(0);
    assert.equal(seen.at(-1), 'repaired');
    path.lose('t1');
    await pass(60_000);
    assert.equal(seen.at(-1), 'repaired', 'that one has long been left');
  });

  it('ends its repair when the room is entered anew', async () => {
    const { path, transports, seen, pass } = build();
    transports[0]!.become('failed');
    await pass(0);
    path.use({ id: 'fresh' } as unknown as WebRtcTransportInfo);
    assert.ok(transports[0]!.closed);
    await pass(60_000);
    assert.deepEqual(seen, ['opened t1', 'repairing 1', 'repaired', 'opened fresh']);
  });

  it('leaves nothing behind when closed in the midst of a repair', async () => {
    const { path, transports, seen, pass, clock } = build();
    transports[0]!.become('failed');
    await pass(0);
    path.close();
    await pass(60_000);
    assert.deepEqual([seen, clock.waiting], [['opened t1', 'repairing 1'], 0]);
  });
});

describe('repairStep', () => {
  it('tries ICE twice, then new transports over UDP and TCP in turn', () => {
    const kinds = [1, 2, 3, 4, 5].map((attempt) => repairStep(attempt, false));
    assert.deepEqual(
      kinds.map((step) => (step.kind === 'restartIce' ? 'ice' : step.forceTcp ? 'tcp' : 'udp')),
      ['ice', 'ice', 'udp', 'tcp', 'udp'],
    );
    assert.equal(repairStep(1, true).kind, 'rebuild');
  });
});
