import { AppError, Emitter } from '@potluck/kernel';
import type { Runtime } from '../api.ts';
import type { Address } from './url.ts';

/** A socket as the signalling sees it: text in and out. Tests bring their own. */
export type Socket = {
  /** `closed` comes once, also when it never opened or was closed from here. */
  readonly events: Emitter<{ received: [text: string]; closed: [code: number, reason: string] }>;
  send(text: string): void;
  close(code: number, reason: string): void;
};
export type Connect = (address: Address) => Socket;

/** Opens WebSockets of the browser, or of the runtime given. */
export function webSocketConnect(runtime: Runtime): Connect {
  const Implementation = runtime.WebSocket ?? globalThis.WebSocket;
  if (Implementation === undefined) {
    throw new AppError('unsupported', 'no WebSocket here: give one as runtime.WebSocket');
  }
  return ({ url, protocols }) => openSocket(new Implementation(url, [...protocols]));
}

function openSocket(socket: WebSocket): Socket {
  const events: Socket['events'] = new Emitter();
  let over = false;
  const finish = (code: number, reason: string) => {
    if (over) return;
    over = true;
    events.emit('closed', code, reason);
  };
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (!over && typeof data === 'string') events.emit('received', data);
  };
  socket.onclose = ({ code, reason }) => finish(code, reason);
  // Some implementations throw on an error that nobody hears; `close` follows and says more.
  socket.onerror = () => {};
  return {
    events,
    send: (text) => {
      if (socket.readyState === WebSocketState.open) socket.send(text);
    },
    close: (code, reason) => {
      socket.close(code, reason);
      // A dead network does not answer the closing handshake: for us it is over now.
      finish(code, reason);
    },
  };
}

const WebSocketState = { open: 1 } as const;
