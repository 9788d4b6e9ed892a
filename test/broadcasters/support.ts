import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RoomId } from '@potluck/protocol';
import { waitFor } from '@potluck/testkit';
import { runCommand, type CommandRun } from '@potluck/testkit/ffmpeg';
import { startServer, type TestServer } from '@potluck/testkit/server';
import type { Member } from '../../packages/server/src/room/member.ts';

export const kitchen = RoomId.parse('kitchen');

/** A server and an empty folder. */
export async function start(idleSeconds = 4) {
  const folder = await mkdtemp(join(tmpdir(), 'potluck-media-'));
  const server = await startServer({ broadcasters: { idleSeconds } });
  return Object.assign(server, {
    file: (name: string) => join(folder, name),
    async [Symbol.asyncDispose]() {
      await server.app.close('the test is over');
      await rm(folder, { recursive: true, force: true });
    },
  });
}

const target = ({ https }: TestServer) => ['--room', kitchen, '--server', https];

export const broadcast = (server: TestServer, file: string, ...more: string[]): CommandRun =>
  runCommand(['broadcast', file, ...target(server), ...more]);

export const listen = (server: TestServer, out: string, ...more: string[]): CommandRun =>
  runCommand(['listen', '--out', out, ...target(server), ...more]);

export const members = ({ app }: TestServer): Member[] => [...(app.registry.get(kitchen)?.members.values() ?? [])];

/** Resolves when somebody in the room sends so many tracks, and packets of each have come. */
export async function sending(server: TestServer, tracks: number, run: CommandRun): Promise<void> {
  await waitFor(
    async () => {
      const room = server.app.registry.get(kitchen);
      if (room === undefined || room.publications.size < tracks) return false;
      const stats = await Promise.all(
        Array.from(room.publications.keys(), (id) => room.media.stats({ kind: 'producer', id })),
      );
      return stats.every((of) => of.length > 0);
    },
    { what: () => `${tracks} tracks to come; the command said: ${run.output()}`, timeoutMs: 20_000, everyMs: 100 },
  );
}
