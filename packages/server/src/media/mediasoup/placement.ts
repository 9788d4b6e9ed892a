/** What placement knows of a worker. */
export type WorkerLoad = {
  readonly index: number;
  /** Share of one core, 0 to 1. */
  readonly cpu: number;
  /** Over all rooms: decides between workers whose measured load is alike. */
  readonly transports: number;
  readonly consumers: number;
};

/** What placement knows of a room's router on a worker. */
export type RoomShare = { readonly worker: number; readonly transports: number };

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
/** A worker must be this much less loaded to be worth the pipes to it. */
const worthwhileCpu = 0.15;
/**
 * The cost of a packet rises with the number of receivers on its router: at about 200 it has doubled. A receiver has one
 * transport or two, and transports are known before their consumers are.
 */
const crowdedTransports = 150;

/** On which worker the next transport of a room goes; `undefined` when none runs. Deterministic. */
export function choosePlacement({ workers, room, near, awayFrom }: PlacementQuestion): number | undefined {
  const allowed = workers.length > 1 ? workers.filter(({ index }) => index !== awayFrom) : workers;
  const loads = new Map(allowed.map((worker) => [worker.index, worker]));
  const used = room.filter(({ worker }) => loads.has(worker));
  const asksToSpread = ({ worker, transports }: RoomShare) =>
    loads.get(worker)!.cpu >= busyCpu || transports >= crowdedTransports;

  if (near !== undefined && loads.has(near)) return near;
  const roomy = used.find((share) => !asksToSpread(share));
  if (roomy) return roomy.worker;

  const best = leastLoaded(allowed);
  const home = leastLoaded(allowed.filter(({ index }) => used.some(({ worker }) => worker === index)));
  if (!best || !home) return best?.index;
  const crowded = used.every(({ transports }) => transports >= crowdedTransports);
  const gain = home.cpu - best.cpu;
  return gain >= worthwhileCpu || (crowded && gain > -worthwhileCpu) ? fresh(allowed, used, best).index : home.index;
}

/** Of the workers that are about as idle as the best one, one that the room does not use yet. */
function fresh(workers: readonly WorkerLoad[], used: readonly RoomShare[], best: WorkerLoad): WorkerLoad {
  const unused = workers.filter(({ index }) => used.every(({ worker }) => worker !== index));
  const candidate = leastLoaded(unused.filter(({ cpu }) => cpu - best.cpu < worthwhileCpu));
  if (candidate) return candidate;
  const shares = new Map(used.map(({ worker, transports }) => [worker, transports]));
  const emptiest = used.toSorted((a, b) => a.transports - b.transports)[0]?.worker;
  return (
    workers.find(({ index }) => index === emptiest && (shares.get(index) ?? 0) < (shares.get(best.index) ?? 0)) ?? best
  );
}

/** CPU counts in tenths, since what is measured trembles; between equals what they hold decides. */
function leastLoaded(workers: readonly WorkerLoad[]): WorkerLoad | undefined {
  const holds = ({ transports, consumers }: WorkerLoad) => transports + consumers;
  const order = (a: WorkerLoad, b: WorkerLoad) =>
    Math.round(a.cpu * 10) - Math.round(b.cpu * 10) || holds(a) - holds(b) || a.index - b.index;
  return workers.toSorted(order)[0];
}
