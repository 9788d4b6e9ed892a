/** Floods a server, from a process of its own: `node flooder.ts KIND URL COUNT`. Says `ready`, then `done`. */
import { WebSocket } from 'ws';

const [kind = '', base = '', count = '0'] = process.argv.slice(2);
const many = Number(count);
const say = (word: string) => void process.stdout.write(`${word}\n`);
const open = (query: string) => {
  const socket = new WebSocket(`${base}?${query}`, ['protoo'], { rejectUnauthorized: false });
  socket.on('error', () => {});
  return socket;
};
const ended = (socket: WebSocket) => new Promise<void>((resolve) => void socket.on('close', () => resolve()));
const opened = (socket: WebSocket) => new Promise<void>((resolve) => void socket.on('open', () => resolve()));

switch (kind) {
  case 'silent': {
    // Connects and says nothing.
    const sockets = Array.from({ length: many }, (_, n) => open(`roomId=flood-${n % 10}&peerId=silent-${n}`));
    await Promise.all(sockets.map((socket) => Promise.race([opened(socket), ended(socket)])));
    say('ready');
    break;
  }
  case 'messages': {
    // 10,000 a second, on one socket after another: each is closed for it soon.
    say('ready');
    const began = performance.now();
    for (let sent = 0; sent < many;) {
      const socket = open('roomId=flood&peerId=noisy');
      await Promise.race([opened(socket), ended(socket)]);
      // Refused: what it would have sent meanwhile is lost to it.
      if (socket.readyState !== WebSocket.OPEN) {
        sent += 500;
        await new Promise((resolve) => void setTimeout(resolve, 50));
      }
      while (sent < many && socket.readyState === WebSocket.OPEN) {
        for (let n = 0; n < 500; n += 1, sent += 1) {
          socket.send(`{"request":true,"id":${sent},"method":"getRouterRtpCapabilities","data":{}}`);
        }
        const due = began + sent / 10;
        await new Promise((resolve) => void setTimeout(resolve, Math.max(0, due - performance.now())));
      }
      socket.terminate();
    }
    break;
  }
  case 'deaf': {
    // Asks and never reads: its answers pile up at the server.
    const socket = open('roomId=flood&peerId=deaf');
    await opened(socket);
    say('ready');
    socket.pause();
    for (let n = 0; n < many; n += 1) {
      socket.send(`{"request":true,"id":${n},"method":"getRouterRtpCapabilities","data":{}}`);
      if (n % 400 === 399) await new Promise((resolve) => void setTimeout(resolve, 900));
    }
    break;
  }
  case 'tokens': {
    // Bad tokens, so many a second.
    say('ready');
    const waiting: Promise<void>[] = [];
    for (let n = 0; n < many; n += 1) {
      waiting.push(ended(open(`roomId=r&peerId=p&token=eyJhbGciOiJIUzI1NiJ9.e30.${'x'.repeat(40)}${n}`)));
      if (n % 100 === 99) await new Promise((resolve) => void setTimeout(resolve, 100));
    }
    await Promise.all(waiting);
    break;
  }
  default:
    throw new Error(`unknown flood: ${kind}`);
}
say('done');
// What is silent stays until it is told to go.
if (kind === 'silent' || kind === 'deaf') setInterval(() => {}, 60_000);
