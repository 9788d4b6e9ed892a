import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { WebSocket } from 'ws';

/** What stands between one bot and the media ports of the server. Kernels without netem have no other way to lose packets. */
export type Link = {
  /** A WebSocket through which the server seems to be at the other end of this link. */
  readonly WebSocket: typeof WebSocket;
  /** So great a share of packets is lost, in both directions, for so long. */
  lose(share: number, forMs: number): void;
  /** Every packet takes so much longer, each way, for so long. */
  lag(byMs: number, forMs: number): void;
  close(): void;
};

type Flow = { readonly socket: Socket; usedAt: number };
/** Transports come and go, and nobody says when: what is silent for so long has gone. */
const silentMs = 30_000;

/** Relays datagrams between its own address on loopback and the same ports of 127.0.0.1. */
export async function openLink(address: string, ports: readonly number[], random: () => number): Promise<Link> {
  let loss = { share: 0, until: 0 };
  let slow = { byMs: 0, until: 0 };
  const pass = (send: () => void) => {
    const now = performance.now();
    if (now < loss.until && random() < loss.share) return;
    if (now < slow.until) setTimeout(send, slow.byMs);
    else send();
  };
  const relays = await Promise.all(ports.map((port) => openRelay(address, port, pass)));
  return {
    WebSocket: seenFrom(address),
    lose: (share, forMs) => void (loss = { share, until: performance.now() + forMs }),
    lag: (byMs, forMs) => void (slow = { byMs, until: performance.now() + forMs }),
    close: () => relays.forEach((close) => close()),
  };
}

async function openRelay(address: string, port: number, pass: (send: () => void) => void): Promise<() => void> {
  const flows = new Map<string, Flow>();
  const near = createSocket('udp4');
  let closed = false;
  const flowOf = (client: RemoteInfo): Flow => {
    const key = `${client.address}:${client.port}`;
    const known = flows.get(key);
    if (known !== undefined) return known;
    for (const [other, { socket, usedAt }] of flows) {
      if (performance.now() - usedAt < silentMs) continue;
      socket.close();
      flows.delete(other);
    }
    const socket = createSocket('udp4');
    const flow = { socket, usedAt: 0 };
    socket.on('error', () => {});
    socket.on('message', (data) =>
      pass(() => {
        if (!closed) near.send(data, client.port, client.address);
      }),
    );
    flows.set(key, flow);
    return flow;
  };
  near.on('error', () => {});
  near.on('message', (data, client) => {
    const flow = flowOf(client);
    flow.usedAt = performance.now();
    pass(() => {
      if (!closed && flows.get(`${client.address}:${client.port}`) === flow) flow.socket.send(data, port, '127.0.0.1');
    });
  });
  await new Promise<void>((resolve, reject) => near.once('error', reject).bind(port, address, resolve));
  return () => {
    closed = true;
    near.close();
    for (const { socket } of flows.values()) socket.close();
  };
}

const candidate = /"ip":"127\.0\.0\.1","address":"127\.0\.0\.1","protocol":"udp"/g;

/** The server's candidates carry its own address; the client is told the one of the link. */
const seenFrom = (address: string): typeof WebSocket =>
  class extends WebSocket {
    override emit(name: string | symbol, ...args: unknown[]): boolean {
      const [data, binary] = args;
      if (name !== 'message' || binary === true || !Buffer.isBuffer(data)) return super.emit(name, ...args);
      const text = String(data).replace(candidate, `"ip":"${address}","address":"${address}","protocol":"udp"`);
      return super.emit(name, Buffer.from(text), false);
    }
  };
