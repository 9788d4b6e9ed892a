import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { locateWorker } from '@potluck/engine';
import { waitFor } from '@potluck/testkit';
import { freePorts } from '@potluck/testkit/ports';
import { Tmux, type Pane } from './tmux.ts';

export const potluck = `'${process.execPath}' '${resolve(import.meta.dirname, '../../packages/server/bin/potluck.mjs')}'`;

/** A whole server, started by hand in a terminal. Use with `await using`. */
export async function startInTerminal(
  name: string,
  options: { flags?: string; size?: { columns: number; rows: number } } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'potluck-tmux-'));
  const tmux = new Tmux(name);
  const flags = [
    '--port 0 --no-http --listen-ip 127.0.0.1 --media-listen-ip 127.0.0.1 --workers 2 --no-qr-code',
    `--webrtc-server-port ${await freePorts(2)}`,
    `--data-folder '${folder}/data'`,
    `--worker-bin '${locateWorker()?.bin}'`,
    options.flags ?? '',
  ];
  const env = `env -u XDG_RUNTIME_DIR -u NO_COLOR -u FORCE_COLOR -u DEBUG -u INTERACTIVE`;
  const server = await tmux.open('server', `${env} ${potluck} start ${flags.join(' ')}`, options.size);
  const sockets = join(folder, 'data', 'console');
  let shown = '';
  const port = await waitFor(
    async () => {
      shown = await server.screen();
      const names = await readdir(sockets).catch((): string[] => []);
      return Number(names.find((file) => file.endsWith('.sock'))?.match(/\d+/u)?.[0]) || undefined;
    },
    { what: () => `the console socket in ${sockets}; the terminal shows:\n${shown}`, timeoutMs: 30_000, everyMs: 50 },
  );
  return {
    tmux,
    server,
    port,
    folder,
    wss: `wss://127.0.0.1:${port}/`,
    /** The command line of a client of this server. */
    client: (command: string) =>
      `${env} ${potluck} ${command}`.replace(/(connect|exec)/u, `$1 --data-folder '${folder}/data'`),
    attach: async (title: string, size?: { columns: number; rows: number }): Promise<Pane> => {
      const pane = await tmux.open(title, `${env} ${potluck} connect --data-folder '${folder}/data'`, size);
      await pane.see(/^cmd>$/mu);
      return pane;
    },
    async [Symbol.asyncDispose]() {
      await tmux[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
