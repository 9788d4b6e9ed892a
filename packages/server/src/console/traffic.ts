import type { MediaObject } from '../media/fabric.ts';
import type { Room } from '../room/room.ts';
import { numberOf, Rates } from './numbers.ts';

/** Of a room, per second. Absent: not measured, for it would ask too much of the workers, or not known yet. */
export type Traffic = { bitrateIn?: number; bitrateOut?: number; packetsIn?: number; packetsOut?: number };

/** Questions to the workers in one round. A worker answers each in some 50 µs of its time; more would disturb calls. */
const maxQuestions = 600;

/** Measures rooms round by round. Bit rates are the engine's own; packet rates come from its counters. */
export class TrafficMeter {
  readonly #rates = new Rates();

  /** The rooms that stand first are measured first. */
  async measure(rooms: readonly Room[]): Promise<Map<Room, Traffic>> {
    let left = maxQuestions;
    const afford = (questions: number): boolean => {
      if (questions > left) return false;
      left -= questions;
      return true;
    };
    const measured = await Promise.all(rooms.map(async (room) => [room, await this.#room(room, afford)] as const));
    this.#rates.turn();
    return new Map(measured);
  }

  async #room(room: Room, afford: (questions: number) => boolean): Promise<Traffic> {
    const transports = afford(room.transportOwners.size) ? [...room.transportOwners.keys()] : undefined;
    const producers = afford(room.publications.size) ? [...room.publications.keys()] : undefined;
    const consumers = afford(room.consumerOwners.size) ? [...room.consumerOwners.keys()] : undefined;
    const [ways, received, sent] = await Promise.all([
      ask(
        room,
        transports?.map((id) => ({ kind: 'transport', id })),
      ),
      ask(
        room,
        producers?.map((id) => ({ kind: 'producer', id })),
      ),
      ask(
        room,
        consumers?.map((id) => ({ kind: 'consumer', id })),
      ),
    ]);
    const packetsIn = this.#packets(received, 'inbound-rtp');
    const packetsOut = this.#packets(sent, 'outbound-rtp');
    return {
      ...(ways && { bitrateIn: sum(ways, 'recvBitrate'), bitrateOut: sum(ways, 'sendBitrate') }),
      ...(packetsIn !== undefined && { packetsIn }),
      ...(packetsOut !== undefined && { packetsOut }),
    };
  }

  #packets(answers: readonly Answer[] | undefined, type: string): number | undefined {
    if (answers === undefined) return undefined;
    const at = performance.now();
    let known = answers.length === 0;
    let total = 0;
    for (const { of, stats } of answers) {
      const counted = stats.filter((stat) => Reflect.get(stat, 'type') === type);
      const packets = counted.reduce((packets, stat) => packets + (numberOf(stat, 'packetCount') ?? 0), 0);
      const rate = this.#rates.rate(of.id, packets, at);
      if (rate !== undefined) known = true;
      total += rate ?? 0;
    }
    return known ? total : undefined;
  }
}

type Answer = { readonly of: MediaObject; readonly stats: readonly object[] };

async function ask(room: Room, objects: readonly MediaObject[] | undefined): Promise<Answer[] | undefined> {
  if (objects === undefined) return undefined;
  // What closes while we ask is left out.
  const settled = await Promise.allSettled(objects.map(async (of) => ({ of, stats: await room.media.stats(of) })));
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

const sum = (answers: readonly Answer[], field: string): number =>
  answers.flatMap(({ stats }) => stats).reduce((total, stat) => total + (numberOf(stat, field) ?? 0), 0);
