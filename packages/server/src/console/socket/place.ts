import { chmod, lstat, mkdir, readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { isAbsolute, join } from 'node:path';

/** A socket's path must fit `sockaddr_un`: 108 bytes with its end on Linux, 104 elsewhere. */
const maxPathBytes = 103;
const socketName = /^console-(\d+)(?:-(\d+))?\.sock$/u;

/**
 * Where sockets may lie, the best first. A server that a service manager started may have no XDG_RUNTIME_DIR while the
 * operator's shell has one, so clients look everywhere.
 */
export function socketFolders(env: { readonly [name: string]: string | undefined }, dataFolder: string): string[] {
  const runtime = env['XDG_RUNTIME_DIR'];
  return [
    ...(runtime !== undefined && isAbsolute(runtime) ? [join(runtime, 'potluck')] : []),
    join(dataFolder, 'console'),
  ];
}

export const socketPath = (folder: string, port: number, suffix = ''): string =>
  join(folder, `console-${port}${suffix}.sock`);

/** Makes the folder if need be, and makes sure that nobody else can reach into it. Rejects with a readable reason. */
export async function ensurePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory()) throw new Error(`${folder} is no folder`);
  if (process.getuid && found.uid !== process.getuid()) throw new Error(`${folder} belongs to another user`);
  if ((found.mode & 0o077) !== 0) await chmod(folder, 0o700);
}

export function checkPathLength(path: string): void {
  const length = Buffer.byteLength(path);
  if (length > maxPathBytes) throw new Error(`${path} is too long for a socket: ${length} bytes of ${maxPathBytes}`);
}

export type FoundSocket = { readonly path: string; readonly port: number };

/** The sockets of servers that answer. */
export async function findSockets(folders: readonly string[]): Promise<FoundSocket[]> {
  const found: FoundSocket[] = [];
  for (const folder of folders) {
    for (const name of await readdir(folder).catch((): string[] => [])) {
      const path = join(folder, name);
      const port = Number(socketName.exec(name)?.[1] ?? NaN);
      if (Number.isInteger(port) && (await answers(path))) found.push({ path, port });
    }
  }
  return found;
}

/** Whether a living server listens there. */
export function answers(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path);
  socket.once('connect', () => resolve(true));
  socket.once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
