import type { LoadClient } from '../../packages/server/src/cli/load/client.ts';
import type { IncomingStream } from '../../packages/server/src/cli/load/rtp/incoming.ts';

/** When something playable came of each track that a load client shows. Keys: `NAME microphone`, by the sender's name. */
export class Arrivals {
  readonly #client: LoadClient;
  readonly #times = new Map<string, number[]>();
  readonly #shown = new Map<string, IncomingStream>();

  constructor(client: LoadClient) {
    this.#client = client;
    client.room.subscribe(() => this.#look());
    this.#look();
  }

  /** Of each that came at all within the second before: the longest time without, in milliseconds. */
  take(sinceMs: number): { key: string; gap: number }[] {
    const nowMs = performance.now();
    const found = [...this.#times].flatMap(([key, times]) => {
      const first = times.findLast((at) => at <= sinceMs);
      if (first === undefined || first < sinceMs - 1000) return [];
      const all = [first, ...times.filter((at) => at > sinceMs), nowMs];
      return [{ key, gap: Math.max(...all.slice(1).map((at, index) => at - (all[index] ?? at))) }];
    });
    for (const [key, times] of this.#times) this.#times.set(key, times.slice(-1));
    return found;
  }

  #look(): void {
    for (const { id, tracks } of this.#client.room.state.participants) {
      for (const { source, track } of tracks) {
        const stream = track && this.#client.streamOf.get(track);
        if (stream !== undefined) this.#show(`${id} ${source}`, stream);
      }
    }
  }

  #show(key: string, stream: IncomingStream): void {
    const before = this.#shown.get(key);
    if (before === stream) return;
    if (before !== undefined) before.onPlayable = undefined;
    this.#shown.set(key, stream);
    if (!this.#times.has(key)) this.#times.set(key, []);
    stream.onPlayable = (nowMs) => this.#times.get(key)?.push(nowMs);
  }
}
