import { openRoom, type Room } from '@potluck/client';
import { WebSocket } from 'ws';
import { showFirst } from '../show-first.ts';
import type { Link } from './link.ts';
import { openProxy, type Proxy } from './proxy.ts';
import type { loadRtc, openSources } from './rtc.ts';
import { MediaWatch } from './watch.ts';

type Rtc = ReturnType<typeof loadRtc>;
type Deps = {
  rtc: Rtc;
  sources: ReturnType<typeof openSources>;
  port: number;
  onWarned: (warning: string) => void;
  /** The way of its media; default the direct one. */
  link?: Link | undefined;
  /** Default `chaos`. */
  roomId?: string | undefined;
  /** How many pictures it shows, small; default all, as they come. */
  tiles?: number | undefined;
  /** Whether its microphone hears a tone; default true. */
  sounds?: boolean | undefined;
};
const tileSize = { width: 160, height: 90 };

/** A participant: our own SDK on libwebrtc, on a way to the server that can be cut. */
export class Bot {
  readonly name: string;
  readonly proxy: Proxy;
  readonly #deps: Deps;
  #room: Room;
  #watch: MediaWatch;
  muted = false;

  constructor(name: string, proxy: Proxy, deps: Deps) {
    this.name = name;
    this.proxy = proxy;
    this.#deps = deps;
    this.#room = this.#open();
    this.#watch = new MediaWatch(this.#room, deps.rtc);
  }

  get link(): Link | undefined {
    return this.#deps.link;
  }

  get room(): Room {
    return this.#room;
  }

  get watch(): MediaWatch {
    return this.#watch;
  }

  /** Leaves and comes back. */
  async rejoin(): Promise<void> {
    this.#watch.close();
    await this.#room.leave();
    this.muted = false;
    this.#room = this.#open();
    this.#watch = new MediaWatch(this.#room, this.#deps.rtc);
    await this.#room.joined;
  }

  async toggleMute(): Promise<void> {
    this.muted = !this.muted;
    await (this.muted ? this.#room.microphone.mute() : this.#room.microphone.unmute());
  }

  async close(): Promise<void> {
    this.#watch.close();
    await this.#room.leave();
    this.proxy.close();
    this.link?.close();
  }

  #open(): Room {
    const { rtc, sources, onWarned, roomId = 'chaos', tiles, sounds = true } = this.#deps;
    const { camera, microphone } = sources.clone(sounds);
    const room = openRoom(this.proxy.url, {
      roomId,
      ...(tiles !== undefined && { firstVideos: tiles }),
      displayName: this.name,
      peerId: this.name,
      camera: { track: camera },
      microphone: { track: microphone },
      runtime: {
        WebSocket: (this.link?.WebSocket ?? WebSocket) as never,
        handlerName: 'Chrome111',
        RTCPeerConnection: rtc.RTCPeerConnection,
        MediaStream: rtc.MediaStream,
        MediaStreamTrack: rtc.MediaStreamTrack,
      },
    });
    room.events.on('warned', ({ code, message }) => onWarned(`${this.name}: ${code} ${message}`));
    if (tiles !== undefined) showFirst(room, tiles, tileSize);
    return room;
  }
}

export async function openBot(name: string, deps: Deps): Promise<Bot> {
  const bot = new Bot(name, await openProxy(deps.port), deps);
  await bot.room.joined;
  return bot;
}
