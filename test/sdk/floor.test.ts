/** More microphones than are forwarded, with real clients: who is heard changes with who speaks, by sound and on screen. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { openRoom, type JoinOptions, type Room } from '@potluck/client';
import { waitFor } from '@potluck/testkit';
import { startServer } from '@potluck/testkit/server';
import { exitAfterTests, fakeMicrophone, listenTo, testRuntime } from './runtime.ts';

async function join(url: string, name: string, options: Partial<JoinOptions> = {}): Promise<Room> {
  const room = openRoom(url, { roomId: 'hall', displayName: name, peerId: name, runtime: testRuntime(), ...options });
  await room.joined;
  return room;
}

const microphones = (room: Room) =>
  room.state.participants.flatMap(({ id, tracks }) =>
    tracks.filter(({ kind }) => kind === 'audio').map(({ track, paused }) => ({ id: String(id), track, paused })),
  );
const heard = (room: Room) => microphones(room).filter(({ track }) => track !== undefined);

after(exitAfterTests);

describe('a room with one place on the floor', () => {
  it('lets one be heard, then the other; nobody looks muted for it', async () => {
    await using server = await startServer({ media: { workers: 1 }, rooms: { loudestSpeakers: 1 } });
    const url = `${server.http}/`;
    using annas = fakeMicrophone();
    using bobs = fakeMicrophone();
    const anna = await join(url, 'anna', { microphone: { track: annas.track } });
    const cyd = await join(url, 'cyd');
    await waitFor(() => heard(cyd).length === 1, { what: 'anna' });
    const bob = await join(url, 'bob', { microphone: { track: bobs.track } });
    await waitFor(() => microphones(cyd).length === 2, { what: 'both microphones' });
    assert.deepEqual(
      heard(cyd).map(({ id }) => id),
      ['anna'],
    );
    assert.ok(microphones(cyd).every(({ paused }) => !paused));

    await anna.microphone.mute();
    const [now] = await waitFor(() => heard(cyd).some(({ id }) => id === 'bob') && heard(cyd), { what: 'bob' });
    assert.ok(now?.track);
    using sound = listenTo(now.track);
    await waitFor(() => sound.energy > 500_000, { what: () => `the sound of bob, ${sound.energy} so far` });
    assert.equal(heard(cyd).length, 1);
    await Promise.all([anna, bob, cyd].map((room) => room.leave()));
  });
});
