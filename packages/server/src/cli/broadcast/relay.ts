import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '@potluck/kernel';
import type { MediaKind } from '@potluck/protocol';
import { goodbye, isRtcp, pictureLoss, receiverReport, SequenceWatch } from './rtcp.ts';
import { newSsrc } from './tracks.ts';

export type RelayOptions = {
  /** Where the server's transport listens; it learns our address from the first packet (comedia). */
  readonly ip: string;
  readonly port: number;
  /** Where the program that reads it listens, RTCP one port above. */
  readonly localPort: number;
  /** Of the track that comes. */
  readonly mediaSsrc: number;
  readonly kind: MediaKind;
};

/** Says often enough that we are there, for the server and for address translators in between. */
const reportEveryMs = 2_000;
/** A sender answers at most one request a second. */
const keyFrameEveryMs = 1_000;

/** Takes one track from the server and hands it to a program on this machine. Being in between, it can ask for key frames. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #far: Socket;
  readonly #near: Socket;
  readonly #ssrc = newSsrc();
  readonly #sequence = new SequenceWatch();
  readonly #timer: NodeJS.Timeout;
  #askedAt = -keyFrameEveryMs;
  /** Payload included, headers too. */
  bytes = 0;
  packets = 0;
  lost = 0;
  closed = false;

  constructor(sockets: { far: Socket; near: Socket }, options: RelayOptions) {
    this.#options = options;
    this.#far = sockets.far;
    this.#near = sockets.near;
    // ICMP says that nobody listens: before the program is up and after it has ended that is no failure.
    for (const socket of [this.#far, this.#near]) socket.on('error', () => {});
    this.#far.on('message', (packet) => this.#received(packet));
    this.#timer = setInterval(() => this.#send(receiverReport(this.#ssrc)), reportEveryMs);
    this.#send(receiverReport(this.#ssrc));
  }

  /** At most once a second; nothing for audio. */
  askForKeyFrame(): void {
    const { mediaSsrc, kind } = this.#options;
    if (kind !== 'video' || performance.now() - this.#askedAt < keyFrameEveryMs) return;
    this.#askedAt = performance.now();
    this.#send(pictureLoss(this.#ssrc, mediaSsrc));
  }

  /** Takes no more, and tells the program that this was the end. */
  finish(): void {
    this.#far.removeAllListeners('message');
    this.#near.send(goodbye(this.#options.mediaSsrc), this.#options.localPort + 1, '127.0.0.1');
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.#timer);
    this.#far.close();
    this.#near.close();
  }

  #received(packet: Buffer): void {
    const { localPort } = this.#options;
    if (isRtcp(packet)) return this.#near.send(packet, localPort + 1, '127.0.0.1');
    if (packet.length < 12) return;
    this.bytes += packet.length;
    this.packets += 1;
    const missing = this.#sequence.received(packet);
    this.lost += missing;
    if (missing > 0) this.askForKeyFrame();
    this.#near.send(packet, localPort, '127.0.0.1');
  }

  #send(packet: Buffer): void {
    if (!this.closed) this.#far.send(packet, this.#options.port, this.#options.ip);
  }
}

export async function openRelay(options: RelayOptions): Promise<Relay> {
  const far = createSocket({ type: options.ip.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  far.bind(0);
  const near = createSocket({ type: 'udp4', sendBufferSize: 4 * 1024 * 1024 });
  near.bind(0, '127.0.0.1');
  await Promise.all([once(far, 'listening'), once(near, 'listening')]);
  return new Relay({ far, near }, options);
}

/** Two neighbouring free ports, the first one even (RFC 3550 §11). */
export async function freePortPair(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = await tryPort(0);
    if (first === undefined) continue;
    const even = first + (first % 2);
    if (even < 65_535 && (await tryPort(even)) !== undefined && (await tryPort(even + 1)) !== undefined) return even;
  }
  throw new AppError('unavailable', 'this machine has no two free neighbouring UDP ports');
}

async function tryPort(port: number): Promise<number | undefined> {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    return socket.address().port;
  } catch {
    return undefined;
  } finally {
    socket.close();
  }
}

const probeEveryMs = 25;

/**
 * Resolves when a program listens on this local port. Until then the kernel answers every datagram with «port unreachable»,
 * which a connected socket gets to know; after that, the datagram, too short to be RTP, is ignored.
 */
export async function listening(port: number, { withinMs }: { withinMs: number }): Promise<void> {
  const socket = createSocket('udp4');
  let refused = false;
  socket.on('error', () => {
    refused = true;
  });
  try {
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const deadline = performance.now() + withinMs;
    while (performance.now() < deadline) {
      refused = false;
      socket.send(Buffer.of(0));
      await wait(probeEveryMs);
      if (!refused) return;
    }
  } finally {
    socket.close();
  }
  throw new AppError('timeout', `ffmpeg did not open its port within ${withinMs / 1000} s`);
}
