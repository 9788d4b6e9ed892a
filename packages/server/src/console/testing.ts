import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { AppError, Logger } from '@potluck/kernel';
import { waitFor } from '@potluck/testkit';
import { ConfigSchema } from '../config/schema.ts';
import { engineKinds, type EngineKind, type Inspector } from '../media/inspect.ts';
import { startSessions } from '../session/testing.ts';
import { openConsole } from './console.ts';
import type { ConsoleDeps } from './deps.ts';
import { encodeFrame, FrameReader, frameTypes, type FrameType, type Hello } from './socket/frames.ts';

/** An engine in memory: objects by id, with what their dump and statistics say. */
class FakeInspector implements Inspector {
  readonly objects = new Map<EngineKind, Map<string, object[]>>(engineKinds.map((kind) => [kind, new Map()]));
  readonly globals = { workers: () => this.objects.get('worker'), answer: () => 42 };

  add(kind: EngineKind, id: string, ...stats: object[]): void {
    this.objects.get(kind)?.set(id, stats);
  }

  ids(kind: EngineKind): string[] {
    return [...(this.objects.get(kind)?.keys() ?? [])];
  }

  async dump(kind: EngineKind, id: string): Promise<unknown> {
    this.#find(kind, id);
    return { kind, id };
  }

  async stats(kind: EngineKind, id: string): Promise<object[]> {
    return this.#find(kind, id);
  }

  close(): void {}

  #find(kind: EngineKind, id: string): object[] {
    const found = this.objects.get(kind)?.get(id);
    if (found === undefined) throw new AppError('not_found', `${kind} "${id}" not found`);
    return found;
  }
}

/** A console with its socket, over rooms and media in memory. Use with `await using`. */
export async function startConsole() {
  const folder = await mkdtemp(join(tmpdir(), 'potluck-console-'));
  const sessions = startSessions();
  const inspector = new FakeInspector();
  const logged: string[] = [];
  const logFilter = { pattern: '*', setPattern: (pattern: string) => void (logFilter.pattern = pattern) };
  const config = ConfigSchema.parse({ rooms: { networkThrottleSecret: 'hush' } });
  const deps: ConsoleDeps = {
    registry: sessions.registry,
    fabric: sessions.fabric,
    inspector,
    logFilter,
    settings: { config, sources: new Map([['https.port', { kind: 'flag', name: 'port' } as const]]) },
    log: new Logger({ enabled: () => true, write: ({ message }) => void logged.push(message) }, ''),
    requestStop: () => {},
  };
  const operators = await openConsole(deps, { socketFolders: [folder], port: 4443, historyFolder: folder });
  const path = operators.socketPath ?? '';
  const attached: TestConsole[] = [];
  const attach = async (hello: Partial<Hello> = {}) => {
    const client = new TestConsole(connect(path), hello);
    attached.push(client);
    if (hello.command === undefined && hello.interactive !== false) await client.see('cmd> ');
    return client;
  };
  return {
    ...sessions,
    inspector,
    deps,
    operators,
    path,
    folder,
    logged,
    attach,
    /** Carries out one command as a script would. */
    exec: async (command: string, hello: Partial<Hello> = {}) => {
      const client = await attach({ interactive: false, command, ...hello });
      const { status } = await client.end();
      return { status, output: client.output, errors: client.errors };
    },
    async [Symbol.asyncDispose]() {
      for (const client of attached) client.cut();
      await operators.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A client of the console's socket, with what it was shown. */
class TestConsole {
  output = '';
  errors = '';
  ended: { status: number; farewell: string } | undefined;
  closed = false;
  readonly #socket: Socket;

  constructor(socket: Socket, hello: Partial<Hello>) {
    this.#socket = socket;
    const reader = new FrameReader();
    socket.on('error', () => {});
    socket.on('close', () => (this.closed = true));
    socket.on('data', (chunk) => {
      for (const { type, payload } of reader.read(chunk)) this.#receive(type, payload.toString());
    });
    this.send(frameTypes.hello, {
      version: 1,
      interactive: true,
      colors: false,
      ...(hello.interactive !== false && { size: { columns: 100, rows: 30 } }),
      ...hello,
    });
  }

  send(type: FrameType, payload?: string | object): void {
    this.#socket.write(encodeFrame(type, payload));
  }

  type(text: string): void {
    this.send(frameTypes.input, text);
  }

  /** Types a line and resolves with what was shown after it, up to the next prompt. */
  async run(line: string): Promise<string> {
    this.output = '';
    this.type(`${line}\r`);
    const shown = await this.see(/\n(?:.*\n)?cmd> $/u);
    return shown.slice(shown.indexOf('\n') + 1).replace(/cmd> $/u, '');
  }

  /** Resolves with all that was shown since the last `run`, without control sequences, once this is in it. */
  see(what: string | RegExp): Promise<string> {
    const shown = () => stripVTControlCharacters(this.output).replaceAll('\r', '');
    const seen = () => (typeof what === 'string' ? shown().includes(what) : what.test(shown()));
    return waitFor(() => seen() && shown(), {
      what: () => `${String(what)} in ${JSON.stringify(this.output)}`,
      everyMs: 5,
    });
  }

  end(): Promise<{ status: number; farewell: string }> {
    return waitFor(() => this.ended, { what: () => `the end after ${this.output}${this.errors}`, everyMs: 5 });
  }

  cut(): void {
    this.#socket.destroy();
  }

  #receive(type: FrameType, text: string): void {
    if (type === frameTypes.output) this.output += text;
    else if (type === frameTypes.error) this.errors += text;
    else if (type === frameTypes.ended) this.ended = JSON.parse(text) as { status: number; farewell: string };
  }
}
