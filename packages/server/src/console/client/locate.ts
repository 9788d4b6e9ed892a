import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readFlags } from '../../config/flags.ts';
import { loadConfig } from '../../config/load.ts';
import { findSockets, socketFolders } from '../socket/place.ts';
import type { ClientArguments } from './arguments.ts';

export type Located = { kind: 'found'; path: string } | { kind: 'none'; reason: string };

/** The socket of the server that is meant: the only one that answers, or the one on the named port. */
export async function locateConsole(
  { port, socket, dataFolder }: ClientArguments,
  env: { readonly [name: string]: string | undefined },
  folder: string,
): Promise<Located> {
  if (socket !== undefined) return { kind: 'found', path: resolve(folder, socket) };
  const folders = socketFolders(env, dataFolder ? resolve(folder, dataFolder) : await usualDataFolder(env, folder));
  const all = await findSockets(folders);
  const meant = port === undefined ? all : all.filter((found) => found.port === port);
  const [found, second] = meant;
  const looked = `looked in ${folders.join(' and ')}`;
  if (found === undefined) {
    const which = port === undefined ? 'no server answers' : `no server on port ${port} answers`;
    return { kind: 'none', reason: `${which}. Is it running, as this user? (${looked})` };
  }
  if (second === undefined) return { kind: 'found', path: found.path };
  const ports = [...new Set(meant.map((one) => one.port))];
  const how =
    ports.length > 1
      ? `name one with --port: ${ports.join(', ')}`
      : `name one with --socket: ${meant.map(({ path }) => path).join(', ')}`;
  return { kind: 'none', reason: `several servers answer; ${how}` };
}

/** As the server would find it, if it were started here. */
async function usualDataFolder(env: { readonly [name: string]: string | undefined }, folder: string): Promise<string> {
  const result = await loadConfig({ commandLine: readFlags([]), env, folder });
  return result.kind === 'loaded' ? result.config.data.folder : join(homedir(), '.local', 'share', 'potluck');
}
