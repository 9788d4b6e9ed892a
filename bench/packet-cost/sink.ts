import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { messageOf } from '@potluck/kernel';
import { payloadOf, type Kind } from './packets.ts';
import type { Opener } from './srtp.ts';

/** Each packet is counted and must come in order; every so many-th is also decrypted and compared. */
const openedEvery = 16;

/** Where one consumer's packets arrive. */
export class Sink {
  readonly port: number;
  readonly #socket: Socket;
  readonly #kind: Kind;
  readonly #length: number;
  #open: Opener | undefined;
  #last: number | undefined;
  received = 0;
  opened = 0;
  /** The first thing that was wrong, in words. */
  fault: string | undefined;
  onPacket: () => void = () => {};

  constructor(socket: Socket, kind: Kind, length: number) {
    this.#socket = socket;
    this.#kind = kind;
    this.#length = length;
    this.port = socket.address().port;
    socket.on('message', (packet) => this.#take(packet));
  }

  expect(open: Opener): void {
    this.#open = open;
  }

  close(): void {
    this.#socket.close();
  }

  #take(packet: Buffer): void {
    // RFC 5761: RTCP shares the port; its packet types are 192 to 223 with the marker bit's place.
    if (packet[1]! >= 192 && packet[1]! <= 223) return;
    const sequence = packet.readUInt16BE(2);
    if (this.#last !== undefined && sequence !== ((this.#last + 1) & 0xffff)) {
      this.fault ??= `packet ${sequence} came after ${this.#last}`;
    }
    this.#last = sequence;
    if (this.received++ % openedEvery === 0) this.#check(packet);
    this.onPacket();
  }

  #check(packet: Buffer): void {
    try {
      const payload = this.#open?.(packet);
      if (!payload) return;
      const index = payload.readUInt32BE(payload.length - 4);
      if (!payload.equals(payloadOf(this.#kind, index, this.#length))) this.fault ??= `packet ${index} was changed`;
      this.opened++;
    } catch (error) {
      this.fault ??= messageOf(error);
    }
  }
}

export async function openSink(kind: Kind, length: number): Promise<Sink> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return new Sink(socket, kind, length);
}
