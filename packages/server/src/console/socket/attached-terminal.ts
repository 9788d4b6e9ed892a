import type { Socket } from 'node:net';
import { Emitter, type Logger } from '@potluck/kernel';
import type { Terminal, TerminalEvents } from '../terminal/terminal.ts';
import { encodeFrame, FrameReader, frameTypes, Hello, Resized, type FrameType } from './frames.ts';

/** A client says who it is at once, or is none. */
const helloWithinMs = 5_000;
/** A terminal that was stopped (Ctrl-S) takes nothing: live output is left out beyond this, everything beyond that. */
const behindBytes = 64 * 1024;
const lostBytes = 32 * 1024 * 1024;
/** What was said last may take this long to be read. */
const goodbyeMs = 1_000;

export type Attached = { terminal: Terminal; command: string | undefined };

/** Waits for a client's first words. Calls `onReady` then, and never if they do not come or make no sense. */
export function greetClient(socket: Socket, log: Logger, onReady: (attached: Attached) => void): void {
  const reader = new FrameReader();
  let receive: ((type: FrameType, payload: Buffer) => void) | undefined;
  const tooLate = setTimeout(() => socket.destroy(), helloWithinMs);
  socket.on('error', (error) => log.debug('console socket failed', { error }));
  socket.on('close', () => clearTimeout(tooLate));
  socket.on('end', () => {
    if (receive === undefined) socket.destroy();
  });
  socket.on('data', (chunk) => {
    try {
      for (const { type, payload } of reader.read(chunk)) {
        if (receive !== undefined) {
          receive(type, payload);
          continue;
        }
        clearTimeout(tooLate);
        const hello = Hello.parse(type === frameTypes.hello ? JSON.parse(payload.toString()) : undefined);
        const opened = openAttached(socket, hello, log);
        ({ receive } = opened);
        onReady({ terminal: opened.terminal, command: hello.command });
      }
    } catch (error) {
      log.warn('console client refused', { error });
      socket.destroy();
    }
  });
}

function openAttached(socket: Socket, hello: Hello, log: Logger) {
  const events = new Emitter<TerminalEvents>((error) => log.error('a console failed', { error }));
  let { size } = hello;
  let ended = false;
  const send = (type: FrameType, payload: string | object): void => {
    if (socket.destroyed || ended) return;
    socket.write(encodeFrame(type, payload));
    if (socket.writableLength > lostBytes) socket.destroy();
  };
  socket.on('end', () => events.emit('inputEnded'));
  socket.on('close', () => events.emit('lost'));
  const terminal: Terminal = {
    events,
    interactive: hello.interactive,
    colors: hello.colors,
    get columns() {
      return size?.columns ?? Infinity;
    },
    get rows() {
      return size?.rows ?? 24;
    },
    get behind() {
      return socket.writableLength > behindBytes;
    },
    write: (text) => send(frameTypes.output, text),
    writeError: (text) => send(hello.interactive ? frameTypes.output : frameTypes.error, text),
    end: (status, farewell) => {
      send(frameTypes.ended, { status, farewell });
      ended = true;
      socket.end();
      setTimeout(() => socket.destroy(), goodbyeMs).unref();
    },
  };
  const receive = (type: FrameType, payload: Buffer): void => {
    if (type === frameTypes.input) events.emit('input', payload);
    else if (type === frameTypes.inputEnded) events.emit('inputEnded');
    else if (type === frameTypes.resized) {
      size = Resized.parse(JSON.parse(payload.toString()));
      events.emit('resized');
    } else throw new Error(`a client does not send frames of type ${type}`);
  };
  return { terminal, receive };
}
