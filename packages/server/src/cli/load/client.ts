import { openRoom, type Room } from '@potluck/client';
import type { AppError } from '@potluck/kernel';
import { WebSocket } from 'ws';
import { showFirst } from '../show-first.ts';
import type { TrackSender } from './media/sender.ts';
import { loadHandler, type HandlerOptions } from './rtc/handler.ts';
import { LoadTrack } from './rtc/track.ts';
import type { IncomingStream } from './rtp/incoming.ts';
import type { Ticker } from './ticker.ts';

export type ClientRole = 'publisher' | 'subscriber' | 'person';
export type ClientOptions = HandlerOptions & {
  readonly url: URL;
  readonly roomId: string;
  readonly name: string;
  readonly role: ClientRole;
  readonly token: string | undefined;
  readonly password: string | undefined;
  readonly insecure: boolean;
  readonly video: boolean;
  /** How many pictures it shows; `undefined`: all, as large as they come. */
  readonly tiles: number | undefined;
};

/** A participant without a screen: the SDK as every client has it, on transports that count instead of decoding. */
export class LoadClient {
  readonly name: string;
  readonly role: ClientRole;
  readonly room: Room;
  readonly startedAt = performance.now();
  readonly senders: TrackSender[] = [];
  /** All that there ever were: what ended counts too. */
  readonly streams: IncomingStream[] = [];
  /** By the track that the SDK shows for it. */
  readonly streamOf = new WeakMap<MediaStreamTrack, IncomingStream>();
  readonly pathUpAt: { send?: number; recv?: number } = {};
  joinedAt: number | undefined;
  failure: AppError | undefined;
  /** Of things that the call survived, in words. */
  readonly warnings: string[] = [];

  constructor(options: ClientOptions, ticker: Ticker) {
    const { url, roomId, name, role, token, password, video, tiles } = options;
    this.name = name;
    this.role = role;
    const sends = role !== 'subscriber';
    const handlerFactory = loadHandler(options, {
      onTick: (tick) => ticker.add(tick),
      sending: (sender) => this.senders.push(sender),
      receiving: (stream, track) => {
        this.streams.push(stream);
        this.streamOf.set(track, stream);
      },
      stateChanged: (direction, state) => {
        if (state === 'connected') this.pathUpAt[direction] ??= performance.now();
      },
    });
    this.room = openRoom(url, {
      roomId,
      displayName: name,
      peerId: name,
      produce: sends,
      consume: role !== 'publisher',
      dataChannels: false,
      device: { flag: 'node', name: 'Potluck load', version: '1' },
      ...(token !== undefined && { token }),
      ...(password !== undefined && { password }),
      ...(tiles !== undefined && { firstVideos: tiles }),
      ...(sends && { microphone: { track: new LoadTrack('audio').asTrack() } }),
      ...(sends && video && { camera: { track: new LoadTrack('video', { width: 1280, height: 720 }).asTrack() } }),
      runtime: { WebSocket: socketClass(options.insecure), handlerFactory },
    });
    this.room.events.on('warned', ({ message }) => this.warnings.push(message));
    this.room.joined.then(
      () => (this.joinedAt = performance.now()),
      (error: AppError) => (this.failure = error),
    );
    if (tiles !== undefined && role !== 'publisher') showFirst(this.room, tiles, tileSize(tiles));
  }

  get ended(): boolean {
    return this.room.state.connection.kind === 'ended';
  }

  async close(): Promise<void> {
    await this.room.leave();
  }
}

/** What a tile has of a laptop's window, in pixels. */
function tileSize(tiles: number): { width: number; height: number } {
  if (tiles <= 1) return { width: 1280, height: 720 };
  return tiles <= 4 ? { width: 640, height: 360 } : { width: 320, height: 180 };
}

/** On this machine nobody can be in between: any certificate is fine. */
function socketClass(insecure: boolean): new (url: string, protocols?: string | string[]) => globalThis.WebSocket {
  class LoadSocket extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols, { rejectUnauthorized: !insecure });
    }
  }
  // What ws has and browsers have differs in types only where the SDK does not look.
  return LoadSocket as unknown as new (url: string, protocols?: string | string[]) => globalThis.WebSocket;
}
