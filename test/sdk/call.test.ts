import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openRoom, type JoinOptions, type Room } from '@potluck/client';
import { nextEvent, waitFor } from '@potluck/testkit';
import {
  exitAfterTests,
  fakeCamera,
  fakeMicrophone,
  listenTo,
  testRuntime,
  watchVideo,
  type TestRuntime,
} from './runtime.ts';
import { startServer, type TestServer } from './server.ts';

type Guest = AsyncDisposable & { readonly room: Room; readonly runtime: TestRuntime; readonly warnings: string[] };

async function join(url: string, name: string, options: Partial<JoinOptions> = {}): Promise<Guest> {
  const runtime = testRuntime();
  const warnings: string[] = [];
  const room = openRoom(url, { roomId: 'kitchen', displayName: name, peerId: name, runtime, ...options });
  room.events.on('warned', (error) => warnings.push(error.message));
  await room.joined;
  return { room, runtime, warnings, [Symbol.asyncDispose]: () => room.leave() };
}

const trackOf = (room: Room, peerId: string, source: string) =>
  room.state.participants.find(({ id }) => id === peerId)?.tracks.find((track) => track.source === source);

const received = (room: Room, peerId: string, source: string) =>
  waitFor(() => trackOf(room, peerId, source)?.track, { what: `${source} of ${peerId}` });

after(exitAfterTests);

describe('a call of two SDKs in Node', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ workers: 2 });
  });
  after(() => server[Symbol.asyncDispose]());

  it('carries picture and sound both ways', async () => {
    using camera = fakeCamera();
    using microphone = fakeMicrophone();
    await using anna = await join(server.url, 'anna', {
      camera: { track: camera.track },
      microphone: { track: microphone.track },
    });
    await using bob = await join(server.url, 'bob', { camera: { track: camera.track } });
    await bob.room.microphone.start({ track: microphone.track });
    for (const [receiver, sender] of [
      [anna, bob],
      [bob, anna],
    ] as const) {
      const id = sender.room.state.me.id;
      using seen = watchVideo(await received(receiver.room, id, 'camera'));
      using heard = listenTo(await received(receiver.room, id, 'microphone'));
      await waitFor(() => seen.frames > 10 && seen.width > 0, { what: () => `frames of ${id}, ${seen.frames} so far` });
      await waitFor(() => heard.energy > 1_000_000, { what: `sound of ${id}` });
    }
    assert.deepEqual([anna.warnings, bob.warnings], [[], []]);
    assert.equal(anna.room.state.connection.kind, 'connected');
  });

  it('tells of mute, name, hand, chat, reaction and leaving', async () => {
    using microphone = fakeMicrophone();
    await using anna = await join(server.url, 'anna', { microphone: { track: microphone.track } });
    const bob = await join(server.url, 'bob');
    const others = () => bob.room.state.participants[0];
    await received(bob.room, 'anna', 'microphone');

    await anna.room.microphone.mute();
    await waitFor(() => trackOf(bob.room, 'anna', 'microphone')?.paused, { what: 'the mute' });
    await anna.room.microphone.unmute();
    await waitFor(() => trackOf(bob.room, 'anna', 'microphone')?.paused === false, { what: 'the unmute' });

    await anna.room.setDisplayName('Anna B.');
    await anna.room.setHandRaised(true);
    await waitFor(() => others()?.displayName === 'Anna B.' && others()?.handRaisedAt, { what: 'name and hand' });
    assert.ok(anna.room.state.me.handRaisedAt);

    const reaction = nextEvent(bob.room.events, 'reactionShown');
    const chat = nextEvent(bob.room.events, 'chatReceived');
    await anna.room.sendReaction('👍');
    const said = await anna.room.sendChat('soup is ready');
    assert.equal((await reaction)[0].emoji, '👍');
    assert.deepEqual((await chat)[0], said);
    assert.deepEqual(anna.room.state.chat, bob.room.state.chat);

    const left = nextEvent(anna.room.events, 'participantLeft');
    await bob.room.leave();
    assert.equal((await left)[0].id, 'bob');
    assert.deepEqual(bob.room.state.connection, { kind: 'ended', reason: 'left', message: 'you left' });
  });

  it('stops receiving what the view does not show, and receives it again', async () => {
    using camera = fakeCamera();
    await using anna = await join(server.url, 'anna', { camera: { track: camera.track } });
    await using bob = await join(server.url, 'bob');
    await received(bob.room, 'anna', 'camera');
    const producerId = trackOf(bob.room, 'anna', 'camera')!.producerId;
    bob.room.setView([]);
    using unseen = watchVideo(trackOf(bob.room, 'anna', 'camera')!.track!);
    let before = -1;
    await waitFor(
      async () => {
        const still = unseen.frames === before;
        before = unseen.frames;
        return still || trackOf(bob.room, 'anna', 'camera')?.track === undefined;
      },
      { what: 'the picture to stop', everyMs: 300 },
    );
    bob.room.setView([{ producerId, width: 320, height: 180 }]);
    const again = await received(bob.room, 'anna', 'camera');
    using seen = watchVideo(again);
    await waitFor(() => seen.frames > 5, { what: 'the picture again' });
    assert.deepEqual(anna.warnings, []);
  });

  it('goes on without a lost packet or a doubled message when the socket is cut', async () => {
    using camera = fakeCamera();
    await using anna = await join(server.url, 'anna', { camera: { track: camera.track } });
    await using bob = await join(server.url, 'bob');
    const track = await received(bob.room, 'anna', 'camera');
    using seen = watchVideo(track);
    await waitFor(() => seen.frames > 5, { what: 'frames' });
    const producerId = trackOf(bob.room, 'anna', 'camera')!.producerId;

    const texts = Array.from({ length: 20 }, (_, index) => `message ${index}`);
    const sent = texts.map((text, index) => {
      if (index % 5 === 2) bob.runtime.cut();
      if (index % 5 === 4) anna.runtime.cut();
      return bob.room.sendChat(text);
    });
    await waitFor(() => bob.room.state.connection.kind === 'reconnecting', { what: 'reconnecting' });
    await Promise.all(sent);
    await waitFor(() => anna.room.state.chat.length >= 20, { what: 'all messages' });
    assert.deepEqual(
      anna.room.state.chat.map(({ text }) => text),
      texts,
    );
    await waitFor(() => bob.room.state.connection.kind === 'connected', { what: 'connected again' });
    assert.ok(bob.runtime.sockets > 1);
    const frames = seen.frames;
    await waitFor(() => seen.frames > frames + 5, { what: 'more frames of the same track' });
    assert.equal(trackOf(bob.room, 'anna', 'camera')?.producerId, producerId);
    assert.equal(trackOf(bob.room, 'anna', 'camera')?.track, track);
    assert.deepEqual([anna.warnings, bob.warnings], [[], []]);
  });

  it('reads what is sent and received', async () => {
    using camera = fakeCamera();
    await using anna = await join(server.url, 'anna', { camera: { track: camera.track } });
    await using bob = await join(server.url, 'bob');
    using seen = watchVideo(await received(bob.room, 'anna', 'camera'));
    await waitFor(() => seen.frames > 5, { what: 'frames' });
    await Promise.all([anna.room.stats(), bob.room.stats()]);
    await waitFor(() => seen.frames > 30, { what: 'more frames' });
    const [sent] = await anna.room.stats();
    const [got] = await bob.room.stats();
    assert.deepEqual([sent?.direction, sent?.source, sent?.kind, sent?.codec], ['send', 'camera', 'video', 'VP8']);
    assert.deepEqual([got?.direction, got?.peerId, got?.source, got?.codec], ['receive', 'anna', 'camera', 'VP8']);
    assert.ok(sent!.bitrate > 1000 && got!.bitrate > 1000, JSON.stringify({ sent, got }));
    assert.ok(got!.framesPerSecond! > 5 && got!.width! > 0, JSON.stringify(got));
  });

  it('sends and receives data', async () => {
    await using anna = await join(server.url, 'anna');
    await using bob = await join(server.url, 'bob');
    const data = await anna.room.publishData('files', { ordered: true });
    // Those who are there get the channel at once; what is sent before they have it is lost.
    const got = nextEvent(bob.room.events, 'dataReceived');
    const sending = setInterval(() => data.send('a recipe'), 100);
    try {
      assert.deepEqual(await got, [{ peerId: 'anna', label: 'files', data: 'a recipe' }]);
    } finally {
      clearInterval(sending);
    }
    data.close();
    assert.equal(data.state, 'closed');
  });

  it('obeys a moderator', async () => {
    using microphone = fakeMicrophone();
    await using anna = await join(server.url, 'anna', { roomId: 'pantry' });
    const bob = await join(server.url, 'bob', { roomId: 'pantry', microphone: { track: microphone.track } });
    await waitFor(() => anna.room.state.me.role === 'host', { what: 'the first to be host' });
    assert.ok(anna.room.state.me.permissions.includes('kick'));
    await received(anna.room, 'bob', 'microphone');
    const id = bob.room.state.me.id;
    await assert.rejects(bob.room.moderation.kick(anna.room.state.me.id), { code: 'forbidden' });
    await anna.room.moderation.mute(id, 'microphone');
    await waitFor(() => trackOf(anna.room, 'bob', 'microphone')?.paused, { what: 'the mute' });
    const muted = () => bob.room.state.me.microphone.kind === 'on' && bob.room.state.me.microphone.muted;
    await waitFor(muted, { what: 'the mute at its owner' });

    await anna.room.moderation.setPassword('thyme');
    const early = join(server.url, 'carl', { roomId: 'pantry', password: 'sage' });
    await assert.rejects(early, { code: 'unauthorized' });
    await using _carl = await join(server.url, 'carl', { roomId: 'pantry', password: 'thyme' });

    const ended = nextEvent(bob.room.events, 'ended');
    await anna.room.moderation.kick(id);
    assert.equal((await ended)[0].reason, 'kicked');
  });

  it('ends with a reason when another takes its id', async () => {
    const anna = await join(server.url, 'anna');
    const ended = nextEvent(anna.room.events, 'ended');
    await using _ = await join(server.url, 'anna');
    assert.equal((await ended)[0].reason, 'replaced');
    assert.equal(anna.room.state.connection.kind, 'ended');
  });

  it('rejects when nobody answers', async () => {
    const signal = AbortSignal.timeout(500);
    const runtime = testRuntime();
    const room = openRoom('ws://127.0.0.1:9/', { roomId: 'kitchen', displayName: 'anna', runtime, signal });
    await assert.rejects(room.joined, { code: 'unavailable' });
    assert.equal(room.state.connection.kind, 'ended');
  });
});

describe('a worker that dies', () => {
  it('is replaced, and picture and sound come back under the same names', async () => {
    using camera = fakeCamera();
    await using server = await startServer({ workers: 1 });
    await using _anna = await join(server.url, 'anna', { camera: { track: camera.track } });
    await using bob = await join(server.url, 'bob');
    const before = await received(bob.room, 'anna', 'camera');
    const said = await bob.room.sendChat('before');
    const killedAt = performance.now();
    process.kill(server.app.fabric.workers()[0]!.pid!, 'SIGKILL');
    const track = await waitFor(
      () => {
        const now = trackOf(bob.room, 'anna', 'camera')?.track;
        return now !== before && now;
      },
      { what: 'a new track', timeoutMs: 20_000 },
    );
    using seen = watchVideo(track);
    await waitFor(() => seen.frames > 0, { what: 'frames again', timeoutMs: 20_000 });
    const gapMs = Math.round(performance.now() - killedAt);
    await waitFor(() => bob.room.state.connection.kind === 'connected', { what: 'connected again' });
    assert.ok(gapMs < 10_000, `the picture was back after ${gapMs} ms`);
    assert.deepEqual(bob.room.state.chat, [said]);
    assert.deepEqual(
      bob.room.state.participants.map(({ id }) => id),
      ['anna'],
    );
  });
});

describe('a server that is started again', () => {
  it('finds everyone back in the room with their tracks', async () => {
    using camera = fakeCamera();
    const first = await startServer();
    const port = Number(new URL(first.url).port);
    await using _anna = await join(first.url, 'anna', { camera: { track: camera.track } });
    await using bob = await join(first.url, 'bob');
    await received(bob.room, 'anna', 'camera');
    const old = trackOf(bob.room, 'anna', 'camera')!;
    await first[Symbol.asyncDispose]();
    await waitFor(() => bob.room.state.connection.kind === 'reconnecting', { what: 'reconnecting' });
    await using _second = await startServer({ httpPort: port });
    await waitFor(() => bob.room.state.connection.kind === 'connected', { what: 'connected again' });
    const track = await waitFor(
      () => {
        const now = trackOf(bob.room, 'anna', 'camera');
        return now !== undefined && now.producerId !== old.producerId && now.track !== old.track && now.track;
      },
      { what: 'a new track' },
    );
    using seen = watchVideo(track);
    await waitFor(() => seen.frames > 5, { what: 'frames again' });
  });
});
