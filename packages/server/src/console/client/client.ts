import { connect, type Socket } from 'node:net';
import type { ReadStream, WriteStream } from 'node:tty';
import { Ended, encodeFrame, FrameReader, frameTypes, type FrameType, type Hello } from '../socket/frames.ts';

export type ClientStreams = {
  input: ReadStream;
  output: WriteStream;
  errors: { write(text: string | Uint8Array): unknown };
  colors: boolean;
};

/** How it ended: the status for the shell, and what there is to say. */
export type ClientEnd = { status: number; farewell: string };

const ctrlZ = 0x1a;
const lost = { status: 1, farewell: 'The connection to the server was lost.' };

/**
 * Joins this terminal with a console of the server; with a command, carries out that one only. Resolves when it is over,
 * whatever ended it; the terminal is then as it was. Rejects when nobody answers.
 */
export async function runClient(path: string, streams: ClientStreams, command?: string): Promise<ClientEnd> {
  const socket = await connected(path);
  const { input, output } = streams;
  const interactive = command === undefined && [input, output].every(({ isTTY }) => isTTY);
  const send = (type: FrameType, payload?: Uint8Array | object): void => {
    if (socket.writable) socket.write(encodeFrame(type, payload));
  };
  const hello: Hello = {
    version: 1,
    interactive,
    colors: streams.colors,
    ...(output.isTTY && { size: sizeOf(output) }),
    ...(command !== undefined && { command }),
  };
  send(frameTypes.hello, hello);

  const onResize = () => send(frameTypes.resized, sizeOf(output));
  const onData = (bytes: Buffer) => {
    const keys = interactive ? bytes.filter((byte) => byte !== ctrlZ) : bytes;
    if (keys.length > 0) send(frameTypes.input, keys);
    if (keys.length < bytes.length) suspend(input, onResize);
  };
  const onEnd = () => send(frameTypes.inputEnded);
  if (interactive) input.setRawMode(true);
  if (output.isTTY) output.on('resize', onResize);
  if (command === undefined) input.on('data', onData).on('end', onEnd);
  try {
    return await received(socket, streams);
  } finally {
    input.off('data', onData).off('end', onEnd).pause();
    output.off('resize', onResize);
    if (interactive && !input.destroyed) input.setRawMode(false);
    socket.destroy();
  }
}

const sizeOf = ({ columns, rows }: WriteStream) => ({ columns: Math.max(1, columns), rows: Math.max(1, rows) });

function connected(path: string): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect(path);
  socket.once('connect', () => resolve(socket));
  socket.once('error', reject);
  return promise;
}

function received(socket: Socket, { output, errors }: ClientStreams): Promise<ClientEnd> {
  const reader = new FrameReader();
  const { promise, resolve, reject } = Promise.withResolvers<ClientEnd>();
  socket.on('close', () => resolve(lost));
  socket.on('error', () => resolve(lost));
  socket.on('data', (chunk) => {
    try {
      for (const { type, payload } of reader.read(chunk)) {
        if (type === frameTypes.output) output.write(payload);
        else if (type === frameTypes.error) errors.write(payload);
        else if (type === frameTypes.ended) resolve(Ended.parse(JSON.parse(payload.toString())));
      }
    } catch (error) {
      reject(error);
    }
  });
  return promise;
}

/** A program that was stopped is continued after this, or was not stopped at all: nobody is there to continue it. */
const afterStopMs = 50;

/** Ctrl-Z stops this client, not the server: the shell comes back, `fg` goes on. */
function suspend(input: ReadStream, goOn: () => void): void {
  input.setRawMode(false);
  // The whole group, for npm and our own launcher may stand between the shell and us.
  process.kill(0, 'SIGTSTP');
  setTimeout(() => {
    if (input.destroyed) return;
    input.setRawMode(true);
    goOn();
  }, afterStopMs);
}
