import type { ProducerId, Source } from '@potluck/protocol';
import type { RoomState, StreamStats } from '../api.ts';
import type { Receiving } from '../media/receiving.ts';
import type { Sending } from '../media/sending.ts';
import { readStream, type Stat, type StreamId, type Totals } from './stats.ts';

export type StatsReaderDeps = { sending: Sending; receiving: Receiving; state: () => RoomState };

/** Reads what the browser counts and remembers the totals, so that the next reading gives rates. */
export class StatsReader {
  readonly #deps: StatsReaderDeps;
  #totals = new Map<string, Totals>();

  constructor(deps: StatsReaderDeps) {
    this.#deps = deps;
  }

  async read(): Promise<StreamStats[]> {
    const before = this.#totals;
    const now = new Map<string, Totals>();
    const add = (key: string, id: StreamId, rtp: Stat[], report: ReadonlyMap<string, Stat>): StreamStats => {
      const at = Number(rtp[0]?.['timestamp'] ?? Date.now());
      const { stats, totals } = readStream(id, rtp, report, at, before.get(key));
      now.set(key, totals);
      return stats;
    };
    const streams = [...(await this.#sent(add)), ...(await this.#received(add))];
    this.#totals = now;
    return streams;
  }

  async #sent(add: Add): Promise<StreamStats[]> {
    const { transport, publications } = this.#deps.sending;
    if (transport === undefined || transport.closed) return [];
    const peerId = this.#deps.state().me.id;
    const report = mapOf(await transport.getStats());
    const outbound = [...report.values()].filter(({ type }) => type === 'outbound-rtp');
    return [...publications].flatMap(({ producer, source }) => {
      if (producer === undefined || producer.closed) return [];
      const { mid, encodings = [] } = producer.rtpParameters;
      const rtp = outbound.filter((stat) => stat['mid'] === mid || encodings.some(({ ssrc }) => ssrc === stat['ssrc']));
      const id: StreamId = { direction: 'send', peerId, source, kind: producer.kind };
      return rtp.length === 0 ? [] : [add(`send ${producer.id}`, id, rtp, report)];
    });
  }

  async #received(add: Add): Promise<StreamStats[]> {
    const { transport } = this.#deps.receiving;
    if (transport === undefined || transport.closed) return [];
    const sources = sourcesOf(this.#deps.state());
    // One report for all: asking each of fifty receivers costs the browser fifty times as much.
    const report = mapOf(await transport.getStats());
    const inbound = new Map(
      [...report.values()].filter(({ type }) => type === 'inbound-rtp').map((stat) => [stat['ssrc'], stat]),
    );
    return [...this.#deps.receiving.entries()].flatMap(({ consumer, producerId, peerId }) => {
      const rtp = inbound.get(consumer.rtpParameters.encodings?.[0]?.ssrc);
      if (rtp === undefined) return [];
      const source = sources.get(producerId) ?? 'other';
      return [
        add(`receive ${producerId}`, { direction: 'receive', peerId, source, kind: consumer.kind }, [rtp], report),
      ];
    });
  }
}

type Add = (key: string, id: StreamId, rtp: Stat[], report: ReadonlyMap<string, Stat>) => StreamStats;

const sourcesOf = (state: RoomState): Map<ProducerId, Source> =>
  new Map(state.participants.flatMap(({ tracks }) => tracks.map(({ producerId, source }) => [producerId, source])));

/** The report as a plain map: some implementations' reports are maps in name only. */
function mapOf(report: RTCStatsReport): Map<string, Stat> {
  const entries = new Map<string, Stat>();
  report.forEach((stat: Stat) => entries.set(stat.id, stat));
  return entries;
}
