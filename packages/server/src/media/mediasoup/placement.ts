/** What placement knows of a worker. */
export type WorkerLoad = {
  readonly index: number;
  /** Share of one core, 0 to 1. */
  readonly cpu: number;
  /** Over all rooms: decides between workers whose measured load is alike. */
  readonly transports: number;
  readonly consumers: number;
};

/** What placement knows of a room's router on a worker. What is held in reserve is no transport here: it costs nothing. */
export type RoomShare = { readonly worker: number; readonly transports: number };

/** All but those held in reserve. */
export const transportsInUse = ({ transports, standbys }: { transports: number; standbys: number }): number =>
  transports - standbys;

export type PlacementQuestion = {
  /** Running workers only. */
  readonly workers: readonly WorkerLoad[];
  /** Routers of the room, in the order they were opened. */
  readonly room: readonly RoomShare[];
  /** Preferred worker: where the client's other transport is. */
  readonly near?: number | undefined;
  /** Worker to stay away from where there is another one. */
  readonly awayFrom?: number | undefined;
};

export type ChoosePlacement = (question: PlacementQuestion) => number | undefined;

/** Beyond this share of a core a worker gets no new transport of a room that can go elsewhere. */
const busyCpu = 0.6;
/**
 * The cost of a packet rises with the number of receivers on its router: at about 200 it has doubled. A receiver has one
 * transport or two, and transports are known before their consumers are.
 */
const crowdedTransports = 150;
/** What a router on one more worker costs a room, in CPU share: a worker must be that much less loaded to be worth it. */
const pipesCost = 0.15;

/** Workers of one room that are that close are filled by what the room has on them. */
const alikeCpu = 0.2;

/** On which worker the next transport of a room goes; `undefined` when none runs. Deterministic. */
export function choosePlacement({ workers, room, near, awayFrom }: PlacementQuestion): number | undefined {
  const allowed = workers.length > 1 ? workers.filter(({ index }) => index !== awayFrom) : workers;
  const loads = new Map(allowed.map((worker) => [worker.index, worker]));
  const preferred = near === undefined ? undefined : loads.get(near);
  if (preferred) return preferred.index;

  // A room stays together until its routers ask to spread: the first with room takes it.
  const used = room.filter(({ worker }) => loads.has(worker));
  const roomy = used.find(({ worker, transports }) => {
    const cpu = loads.get(worker)?.cpu ?? 1;
    return cpu < busyCpu && transports < crowdedTransports;
  });
  if (roomy) return roomy.worker;

  const transportsOn = new Map(used.map(({ worker, transports }) => [worker, transports]));
  const least = Math.min(...allowed.map(({ cpu }) => roundCpu(cpu)));
  const cost = ({ index, cpu }: WorkerLoad): number => {
    if (used.length === 0) return roundCpu(cpu);
    const transports = transportsOn.get(index);
    const ofRoom = transports === undefined ? pipesCost : pipesCost * (transports / crowdedTransports);
    return excess(roundCpu(cpu), least) + ofRoom;
  };
  const holds = ({ transports, consumers }: WorkerLoad) => transports + consumers;
  const order = (a: WorkerLoad, b: WorkerLoad) => cost(a) - cost(b) || holds(a) - holds(b) || a.index - b.index;
  return allowed.toSorted(order)[0]?.index;
}

/** What is measured trembles: between workers that are alike, what they hold decides. */
const roundCpu = (cpu: number): number => Math.round(cpu * 20) / 20;

/**
 * What counts of a worker's load for a room that spreads. What was measured is older than a crowd that comes in, and half
 * of it was the way in itself: while a worker is not busy, a difference to the least busy one must be clear.
 */
const excess = (cpu: number, least: number): number => Math.max(0, cpu - least - (cpu < busyCpu ? alikeCpu : 0));
