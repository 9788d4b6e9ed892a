import { measuredKinds, type Inspector, type MeasuredKind } from '../../media/inspect.ts';
import type { Command } from '../command.ts';
import { pickId } from '../ids.ts';
import { numberOf, Rates } from '../numbers.ts';
import { bitrate, bytes, count, percent, sparkline } from '../render/units.ts';
import type { Result } from '../result.ts';

const everyMs = 1_000;
const history = 60;

export const watch: Command = {
  name: 'watch',
  group: 'Engine',
  params: [{ name: 'id', kind: 'object' }],
  summary: 'live statistics of one transport, producer, consumer, data producer or data consumer',
  run: ({ args, deps: { inspector } }) => {
    const owners = new Map(measuredKinds.flatMap((kind) => inspector.ids(kind).map((id) => [id, kind] as const)));
    const id = pickId([...owners.keys()], args[0] ?? '', 'object');
    const kind = owners.get(id) ?? 'transport';
    const watcher = new Watcher(inspector, kind, id);
    return { kind: 'live', everyMs, sample: () => watcher.sample() };
  },
};

type Measure = {
  readonly field: string;
  readonly label: string;
  readonly show: (value: number) => string;
  /** How the streams of one object (simulcast layers) become one number. */
  readonly join: 'sum' | 'max' | 'min';
  /** The field only grows: what it grows by in a second is shown. */
  readonly rate?: true;
};

const perSecond = (value: number): string => `${count(value)}/s`;
const milliseconds = (value: number): string => `${count(value)} ms`;
const ofSum = { join: 'sum', show: bitrate } as const;
const counted = { join: 'sum', rate: true, show: perSecond } as const;

/** What tells something about a call, in this order, where the object has it. */
const measures: readonly Measure[] = [
  { field: 'recvBitrate', label: 'received', ...ofSum },
  { field: 'sendBitrate', label: 'sent', ...ofSum },
  { field: 'rtxRecvBitrate', label: 'repairs received', ...ofSum },
  { field: 'rtxSendBitrate', label: 'repairs sent', ...ofSum },
  { field: 'availableIncomingBitrate', label: 'uplink estimate', ...ofSum },
  { field: 'availableOutgoingBitrate', label: 'downlink estimate', ...ofSum },
  { field: 'rtpPacketLossReceived', label: 'loss received', join: 'max', show: percent },
  { field: 'rtpPacketLossSent', label: 'loss sent', join: 'max', show: percent },
  { field: 'bitrate', label: 'bit rate', ...ofSum },
  { field: 'packetCount', label: 'packets', ...counted },
  { field: 'packetsLost', label: 'packets lost', ...counted },
  // RFC 3550 §6.4.1: in 1/256.
  { field: 'fractionLost', label: 'share lost', join: 'max', show: (value) => percent(value / 256) },
  { field: 'nackPacketCount', label: 'asked to repeat', ...counted },
  { field: 'packetsRetransmitted', label: 'repeated', ...counted },
  { field: 'pliCount', label: 'key frames asked', ...counted },
  { field: 'jitter', label: 'jitter (RTP units)', join: 'max', show: count },
  { field: 'roundTripTime', label: 'round trip', join: 'max', show: milliseconds },
  { field: 'score', label: 'score (0–10)', join: 'min', show: count },
  { field: 'messagesReceived', label: 'messages received', ...counted },
  { field: 'messagesSent', label: 'messages sent', ...counted },
  { field: 'bytesReceived', label: 'bytes received', ...counted, show: (value) => `${bytes(value)}/s` },
  { field: 'bytesSent', label: 'bytes sent', ...counted, show: (value) => `${bytes(value)}/s` },
  { field: 'bufferedAmount', label: 'waiting to be sent', join: 'sum', show: bytes },
];

class Watcher {
  readonly #inspector: Inspector;
  readonly #kind: MeasuredKind;
  readonly #id: string;
  readonly #rates = new Rates();
  readonly #past = new Map<Measure, (number | undefined)[]>();

  constructor(inspector: Inspector, kind: MeasuredKind, id: string) {
    this.#inspector = inspector;
    this.#kind = kind;
    this.#id = id;
  }

  async sample(): Promise<Result> {
    const stats = ownStats(this.#kind, await this.#inspector.stats(this.#kind, this.#id));
    const at = performance.now();
    const values: { [field: string]: number } = {};
    for (const measure of measures) {
      const value = this.#value(measure, stats, at);
      if (value === null) continue;
      if (value !== undefined) values[measure.field] = value;
      const past = [...(this.#past.get(measure) ?? []), value];
      this.#past.set(measure, past.slice(-history));
    }
    this.#rates.turn();
    return {
      parts: [
        { kind: 'title', text: `${this.#kind} ${this.#id}` },
        { kind: 'table', table: this.#table() },
      ],
      data: { kind: this.#kind, id: this.#id, values },
    };
  }

  /** `null`: the object does not have it. `undefined`: not known yet. */
  #value({ field, join, rate }: Measure, stats: readonly object[], at: number): number | undefined | null {
    const found = stats.map((stat) => numberOf(stat, field)).filter((value) => value !== undefined);
    if (found.length === 0) return null;
    const value = join === 'sum' ? found.reduce((sum, one) => sum + one, 0) : Math[join](...found);
    return rate ? this.#rates.rate(field, value, at) : value;
  }

  #table() {
    return {
      columns: [
        { head: 'what' },
        { head: 'now', align: 'right' },
        { head: 'most', align: 'right', dropAs: 1 },
        { head: `last ${history} s`, atLeast: 8, keep: 'end' },
      ],
      rows: [...this.#past].map(([{ label, show }, past]) => {
        const now = past.at(-1);
        const known = past.filter((value) => value !== undefined);
        const most = known.length === 0 ? '–' : show(Math.max(...known));
        return [label, now === undefined ? '–' : show(now), most, sparkline(past)];
      }),
      whenEmpty: 'nothing is counted yet: no packet has come',
    } as const;
  }
}

/** A consumer's statistics also hold those of its producer; a transport has bytes as bit rates already. */
function ownStats(kind: MeasuredKind, stats: readonly object[]): object[] {
  if (kind === 'consumer') return stats.filter((stat) => Reflect.get(stat, 'type') === 'outbound-rtp');
  if (kind === 'transport') return stats.map((stat) => ({ ...stat, bytesReceived: undefined, bytesSent: undefined }));
  return [...stats];
}
