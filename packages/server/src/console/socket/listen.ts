import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { messageOf } from '@potluck/kernel';
import type { Logger } from '@potluck/kernel';
import { answers, checkPathLength, ensurePrivate, socketPath } from './place.ts';

export type Listening = {
  readonly path: string;
  /** Lets nobody in any more and takes the socket away; those inside are told by their sessions. */
  close(): Promise<void>;
};

export type ListenOptions = { folders: readonly string[]; port: number; onSocket: (socket: Socket) => void };

/** Opens the console's socket in the first folder that will do. Rejects with the reasons when none does. */
export async function listenForConsoles({ folders, port, onSocket }: ListenOptions, log: Logger): Promise<Listening> {
  const reasons: string[] = [];
  for (const folder of folders) {
    try {
      await ensurePrivate(folder);
      return await listenIn(folder, port, onSocket, log);
    } catch (error) {
      reasons.push(messageOf(error));
    }
  }
  throw new Error(reasons.join('; '));
}

async function listenIn(
  folder: string,
  port: number,
  onSocket: ListenOptions['onSocket'],
  log: Logger,
): Promise<Listening> {
  const usual = socketPath(folder, port);
  // Servers in different network namespaces may share a folder and a port.
  const taken = await answers(usual);
  const path = taken ? socketPath(folder, port, `-${process.pid}`) : usual;
  if (taken) log.warn('another server has this console socket, using another name', { taken: usual, path });
  checkPathLength(path);
  // What is left of a server that was killed.
  await rm(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, onSocket);
  await listening(server, path);
  await chmod(path, 0o600);
  return {
    path,
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      await promise;
    },
  };
}

function listening(server: Server, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(path, resolve);
  return promise.finally(() => server.off('error', reject));
}
