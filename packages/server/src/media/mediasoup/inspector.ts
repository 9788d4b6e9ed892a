import { observer } from 'mediasoup';
import type { types } from 'mediasoup';
import { AppError } from '@potluck/kernel';
import type { EngineKind, Inspector, MeasuredKind } from '../inspect.ts';

type Maps = {
  worker: Map<number, types.Worker>;
  webRtcServer: Map<string, types.WebRtcServer>;
  router: Map<string, types.Router>;
  transport: Map<string, types.Transport>;
  producer: Map<string, types.Producer>;
  consumer: Map<string, types.Consumer>;
  dataProducer: Map<string, types.DataProducer>;
  dataConsumer: Map<string, types.DataConsumer>;
};

/** Follows every object of the engine from its birth on: open it before the first worker starts. */
export function openInspector(): Inspector {
  const maps: Maps = {
    worker: new Map(),
    webRtcServer: new Map(),
    router: new Map(),
    transport: new Map(),
    producer: new Map(),
    consumer: new Map(),
    dataProducer: new Map(),
    dataConsumer: new Map(),
  };
  const speakers = new Map<string, types.RtpObserver>();
  const onWorker = (worker: types.Worker) => followWorker(worker, maps, speakers);
  observer.on('newworker', onWorker);

  const get = <K extends EngineKind>(kind: K, id: string) => {
    // Only workers go by a number; no other id is one.
    const found = kind === 'worker' ? maps.worker.get(Number(id)) : maps[kind].get(id as never);
    if (found === undefined) throw new AppError('not_found', `${kind} "${id}" not found`);
    return found;
  };
  return {
    ids: (kind) => [...maps[kind].keys()].map(String),
    dump: async (kind, id): Promise<unknown> => get(kind, id).dump(),
    stats: async (kind: MeasuredKind, id) => {
      const found = maps[kind].get(id);
      if (found === undefined) throw new AppError('not_found', `${kind} "${id}" not found`);
      return (await found.getStats()) as object[];
    },
    globals: globalsOf(maps, speakers),
    close: () => {
      observer.off('newworker', onWorker);
      for (const map of Object.values(maps)) map.clear();
      speakers.clear();
    },
  };
}

/** The names that the demo's server gives them. */
function globalsOf(maps: Maps, speakers: Map<string, types.RtpObserver>): Inspector['globals'] {
  const globals: { [name: string]: () => unknown } = {};
  for (const [kind, map] of Object.entries(maps)) {
    globals[`${kind}s`] = () => map;
    globals[kind] = () => latest<unknown>(map);
  }
  const latestSpeakers = (type: string) => latest(speakers, (one) => one.type === type);
  return {
    ...globals,
    audioLevelObserver: () => latestSpeakers('audiolevel'),
    activeSpeakerObserver: () => latestSpeakers('activespeaker'),
    /** The data producer on which the bot of the latest room speaks. */
    bot: () => latest(maps.dataProducer, ({ type, label }) => type === 'direct' && label === 'bot'),
  };
}

function latest<T>(map: ReadonlyMap<unknown, T>, fits: (value: T) => boolean = () => true): T | undefined {
  return [...map.values()].findLast(fits);
}

function followWorker(worker: types.Worker, maps: Maps, speakers: Map<string, types.RtpObserver>): void {
  hold(maps.worker, worker.pid, worker);
  worker.observer.on('newwebrtcserver', (server) => hold(maps.webRtcServer, server.id, server));
  worker.observer.on('newrouter', (router) => {
    hold(maps.router, router.id, router);
    router.observer.on('newtransport', (transport) => followTransport(transport, maps));
    router.observer.on('newrtpobserver', (one) => hold(speakers, one.id, one));
  });
}

function followTransport(transport: types.Transport, maps: Maps): void {
  hold(maps.transport, transport.id, transport);
  const { observer } = transport;
  observer.on('newproducer', (producer) => hold(maps.producer, producer.id, producer));
  observer.on('newconsumer', (consumer) => hold(maps.consumer, consumer.id, consumer));
  observer.on('newdataproducer', (producer) => hold(maps.dataProducer, producer.id, producer));
  observer.on('newdataconsumer', (consumer) => hold(maps.dataConsumer, consumer.id, consumer));
}

type Observed = { readonly observer: { once(event: 'close', listener: () => void): unknown } };

/** Keeps it until it closes. The copy that a pipe makes on another router bears its original's id: the original stays. */
function hold<K, T extends Observed>(map: Map<K, T>, key: K, value: T): void {
  if (map.has(key)) return;
  map.set(key, value);
  value.observer.once('close', () => {
    if (map.get(key) === value) map.delete(key);
  });
}
