/** Files between SDKs in Node, through real workers: what arrives is what was sent, whatever happens on the way. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { AppError, openRoom, type JoinOptions, type Room } from '@potluck/client';
import { waitFor } from '@potluck/testkit';
import { exitAfterTests, testRuntime, type TestRuntime } from './runtime.ts';
import { startServer, type TestServer } from './server.ts';

type Guest = AsyncDisposable & { readonly room: Room; readonly runtime: TestRuntime };

async function join(url: string, name: string, options: Partial<JoinOptions> = {}): Promise<Guest> {
  const runtime = testRuntime();
  const room = openRoom(url, { roomId: 'pantry', displayName: name, peerId: name, runtime, ...options });
  await room.joined;
  return { room, runtime, [Symbol.asyncDispose]: () => room.leave() };
}

const hashOf = async (blob: Blob) =>
  createHash('sha256')
    .update(Buffer.from(await blob.arrayBuffer()))
    .digest('hex');
const offered = (room: Room) =>
  waitFor(() => room.state.files.find(({ available }) => available), { what: 'the offer' });
const failureOf = async (done: Promise<unknown>): Promise<AppError> => {
  const error = await done.then(
    () => assert.fail('it should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AppError);
  return error;
};

after(exitAfterTests);

describe('files of the SDK', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ workers: 2 });
  });
  after(() => server[Symbol.asyncDispose]());

  it('brings 5 MB exactly, to two at once, and shows the progress on both sides', async () => {
    await using anna = await join(server.url, 'anna');
    await using bob = await join(server.url, 'bob');
    // One who only listens, and comes later.
    await using carol = await join(server.url, 'carol', { produce: false });
    const bytes = randomBytes(5_000_001);
    const sent = await anna.room.files.offer(new File([bytes], '../../\u202Esoup.txt\u0000', { type: 'text/plain' }));
    assert.equal(sent.name, 'soup.txt');
    const dave = await join(server.url, 'dave');
    assert.deepEqual(
      dave.room.state.files.map(({ name, size }) => [name, size]),
      [['soup.txt', bytes.length]],
    );
    await dave.room.leave();
    const fetches = await Promise.all([bob, carol].map(async ({ room }) => room.files.fetch((await offered(room)).id)));
    const seen: number[] = [];
    fetches[0]?.events.on('progressed', ({ received }) => seen.push(received));
    await waitFor(() => anna.room.state.files[0]?.sending.length === 2, { what: 'both under way' });
    const blobs = await Promise.all(fetches.map(({ done }) => done));
    for (const blob of blobs) {
      assert.equal(blob.size, bytes.length);
      assert.equal(await hashOf(blob), createHash('sha256').update(bytes).digest('hex'));
    }
    assert.deepEqual(
      fetches.map(({ state }) => state.kind === 'done' && state.verified),
      [true, true],
    );
    assert.ok(seen.length > 10 && seen.every((value, index) => index === 0 || value >= (seen[index - 1] ?? 0)));
    await waitFor(() => anna.room.state.files[0]?.receivedBy.length === 2, { what: 'both to have it' });
    assert.deepEqual(anna.room.state.files[0]?.sending, []);
  });

  it('goes on when a worker dies in the middle', async () => {
    await using anna = await join(server.url, 'anna', { roomId: 'crash' });
    await using bob = await join(server.url, 'bob', { roomId: 'crash' });
    const bytes = randomBytes(30_000_000);
    await anna.room.files.offer(new Blob([bytes]), { name: 'big.bin' });
    const fetching = bob.room.files.fetch((await offered(bob.room)).id);
    await waitFor(() => fetching.state.kind === 'running' && fetching.state.received > 2_000_000, {
      what: 'the middle',
    });
    for (const { pid } of server.app.fabric.workers()) if (pid !== undefined) process.kill(pid, 'SIGKILL');
    const blob = await fetching.done;
    assert.equal(await hashOf(blob), createHash('sha256').update(bytes).digest('hex'));
  });

  it('says so when the sender leaves', async () => {
    const anna = await join(server.url, 'anna', { roomId: 'leaving' });
    await using bob = await join(server.url, 'bob', { roomId: 'leaving' });
    await anna.room.files.offer(new Blob([randomBytes(30_000_000)]), { name: 'big.bin' });
    const fetching = bob.room.files.fetch((await offered(bob.room)).id);
    await waitFor(() => fetching.state.kind === 'running' && fetching.state.received > 0, { what: 'the middle' });
    await anna.room.leave();
    assert.equal((await failureOf(fetching.done)).code, 'unavailable');
    assert.deepEqual(
      bob.room.state.files.map(({ available, fetch }) => [available, fetch.kind]),
      [[false, 'failed']],
    );
  });

  it('is cancelled from either side, and can be had again', async () => {
    await using anna = await join(server.url, 'anna', { roomId: 'cancel' });
    await using bob = await join(server.url, 'bob', { roomId: 'cancel' });
    const bytes = randomBytes(20_000_000);
    const { id } = await anna.room.files.offer(new Blob([bytes]), { name: 'big.bin' });
    await offered(bob.room);
    const fetching = bob.room.files.fetch(id);
    await waitFor(() => fetching.state.kind === 'running', { what: 'the beginning' });
    anna.room.files.stopSending(id, 'bob');
    await failureOf(fetching.done);
    assert.deepEqual(fetching.state, { kind: 'failed', why: 'refused', retry: true });
    const again = bob.room.files.fetch(id);
    await waitFor(() => again.state.kind === 'running', { what: 'the second beginning' });
    again.cancel();
    await failureOf(again.done);
    await waitFor(() => anna.room.state.files[0]?.sending.length === 0, { what: 'the sender to stop' });
    assert.equal((await bob.room.files.fetch(id).done).size, bytes.length);
  });

  it('carries nothing to whom it is not addressed, and says so when nobody is there', async () => {
    await using anna = await join(server.url, 'anna', { roomId: 'private' });
    const bob = await join(server.url, 'bob', { roomId: 'private' });
    await using carol = await join(server.url, 'carol', { roomId: 'private' });
    const heard: string[] = [];
    for (const { room } of [bob, carol]) {
      room.events.on(
        'dataReceived',
        ({ data }) => void heard.push(`${room.state.me.id}: ${typeof data === 'string' ? data : 'bytes'}`),
      );
    }
    const whisper = await anna.room.publishData('whisper', { to: ['bob'] });
    const loud = await anna.room.publishData('loud');
    whisper.send('for bob');
    await waitFor(() => heard.length === 1, { what: 'the whisper' });
    loud.send('for all');
    await waitFor(() => heard.length === 3, { what: 'what is for all' });
    assert.deepEqual(heard.toSorted(), ['bob: for all', 'bob: for bob', 'carol: for all']);
    assert.equal((await failureOf(anna.room.publishData('x', { to: ['nobody'] }))).code, 'not_found');
    const closed = new Promise<void>((resolve) => whisper.events.once('closed', resolve));
    await bob.room.leave();
    await closed;
  });
});
