import { waitFor } from '@potluck/testkit';
import { openV3 } from '@potluck/testkit/v3-client';
import type { TrialServer } from '../../packages/server/src/cli/chaos/server.ts';
import { fakeCamera, fakeMicrophone, listenTo, watchVideo } from '../sdk/runtime.ts';
import { openMediaPeer, type MediaPeer } from '../v3/media-peer.ts';

/** protoo-client tries again after a second; the demo's page then joins anew. */
const protooRetryMs = 1000;
const names = ['alice', 'bob'] as const;

/** What a death cost: with which codes the sockets ended, and milliseconds until both heard and saw each other again. */
export type Return = { readonly codes: readonly number[]; readonly soundMs: number; readonly pictureMs: number };

/** Two v3 clients on libwebrtc that see and hear each other, and come back as the demo's page does. */
export class V3Pair {
  readonly #server: TrialServer;
  readonly #camera = fakeCamera();
  readonly #microphone = fakeMicrophone();
  #peers: readonly MediaPeer[] = [];

  constructor(server: TrialServer) {
    this.#server = server;
  }

  /** Resolves when both see and hear the other. */
  async enter(): Promise<{ soundAt: number; pictureAt: number }> {
    this.#peers = await Promise.all(names.map((name) => this.#join(name)));
    const [soundAt, pictureAt] = await Promise.all([this.#all('audio'), this.#all('video')]);
    return { soundAt, pictureAt };
  }

  /** Kills the worker that they are on. Resolves when they are back. */
  async kill(): Promise<Return> {
    const busy = this.#server.app.fabric.workers().find(({ consumers }) => consumers > 0);
    if (busy?.pid === undefined) throw new Error('no worker carries anything');
    const before = this.#peers;
    const killedAt = performance.now();
    process.kill(busy.pid, 'SIGKILL');
    const ends = await Promise.all(before.map(({ client }) => client.ended()));
    await new Promise((resolve) => setTimeout(resolve, protooRetryMs));
    const { soundAt, pictureAt } = await this.enter();
    for (const peer of before) peer.close();
    return { codes: ends.map(({ code }) => code), soundMs: soundAt - killedAt, pictureMs: pictureAt - killedAt };
  }

  close(): void {
    for (const peer of this.#peers) peer.close();
    this.#camera[Symbol.dispose]();
    this.#microphone[Symbol.dispose]();
  }

  async #join(peerId: string): Promise<MediaPeer> {
    const url = `wss://localhost:${this.#server.app.httpsPort}`;
    const peer = await openMediaPeer(await openV3(url, { roomId: 'kitchen', peerId }));
    await Promise.all([peer.produce(this.#microphone.track), peer.produce(this.#camera.track)]);
    return peer;
  }

  /** When the last of them got something of the other. */
  async #all(kind: 'audio' | 'video'): Promise<number> {
    const times = await Promise.all(
      this.#peers.map(async (peer, index) => {
        const { track } = await peer.consumerOf(names[1 - index] ?? '', kind);
        if (kind === 'audio') {
          using heard = listenTo(track);
          await waitFor(() => heard.energy > 0, { what: 'sound' });
        } else {
          using seen = watchVideo(track);
          await waitFor(() => seen.frames > 0, { what: 'a picture' });
        }
        return performance.now();
      }),
    );
    return Math.max(...times);
  }
}
