import { observer } from 'mediasoup';
import type { types } from 'mediasoup';
import { AppError } from '@potluck/kernel';
import type { EngineKind, Inspector, MeasuredKind } from '../inspect.ts';
import { OpenObjects } from './open-objects.ts';

type Open = {
  worker: OpenObjects<number, types.Worker>;
  webRtcServer: OpenObjects<string, types.WebRtcServer>;
  router: OpenObjects<string, types.Router>;
  transport: OpenObjects<string, types.Transport>;
  producer: OpenObjects<string, types.Producer>;
  consumer: OpenObjects<string, types.Consumer>;
  dataProducer: OpenObjects<string, types.DataProducer>;
  dataConsumer: OpenObjects<string, types.DataConsumer>;
};
type Speakers = OpenObjects<string, types.RtpObserver>;

/** Follows every object of the engine from its birth on: open it before the first worker starts. */
export function openInspector(): Inspector {
  const open: Open = {
    worker: new OpenObjects(),
    webRtcServer: new OpenObjects(),
    router: new OpenObjects(),
    transport: new OpenObjects(),
    producer: new OpenObjects(),
    consumer: new OpenObjects(),
    dataProducer: new OpenObjects(),
    dataConsumer: new OpenObjects(),
  };
  const speakers: Speakers = new OpenObjects();
  const onWorker = (worker: types.Worker) => followWorker(worker, open, speakers);
  observer.on('newworker', onWorker);

  const get = <K extends EngineKind>(kind: K, id: string) => {
    // Only workers go by a number; no other id is one.
    const found = kind === 'worker' ? open.worker.get(Number(id)) : open[kind].get(id as never);
    if (found === undefined) throw new AppError('not_found', `${kind} "${id}" not found`);
    return found;
  };
  return {
    ids: (kind) => [...open[kind].all().keys()].map(String),
    dump: async (kind, id): Promise<unknown> => get(kind, id).dump(),
    stats: async (kind: MeasuredKind, id) => {
      const found = open[kind].get(id);
      if (found === undefined) throw new AppError('not_found', `${kind} "${id}" not found`);
      return (await found.getStats()) as object[];
    },
    globals: globalsOf(open, speakers),
    close: () => {
      observer.off('newworker', onWorker);
      for (const objects of Object.values(open)) objects.clear();
      speakers.clear();
    },
  };
}

/** The names that the demo's server gives them. */
function globalsOf(open: Open, speakers: Speakers): Inspector['globals'] {
  const globals: { [name: string]: () => unknown } = {};
  for (const [kind, objects] of Object.entries(open)) {
    globals[`${kind}s`] = () => objects.all();
    globals[kind] = () => latest<unknown>(objects.all());
  }
  const latestSpeakers = (type: string) => latest(speakers.all(), (one) => one.type === type);
  return {
    ...globals,
    audioLevelObserver: () => latestSpeakers('audiolevel'),
    activeSpeakerObserver: () => latestSpeakers('activespeaker'),
    /** The data producer on which the bot of the latest room speaks. */
    bot: () => latest(open.dataProducer.all(), ({ type, label }) => type === 'direct' && label === 'bot'),
  };
}

function latest<T>(map: ReadonlyMap<unknown, T>, fits: (value: T) => boolean = () => true): T | undefined {
  return [...map.values()].findLast(fits);
}

function followWorker(worker: types.Worker, open: Open, speakers: Speakers): void {
  open.worker.add(worker.pid, worker);
  worker.observer.on('newwebrtcserver', (server) => open.webRtcServer.add(server.id, server));
  worker.observer.on('newrouter', (router) => {
    open.router.add(router.id, router);
    router.observer.on('newtransport', (transport) => followTransport(transport, open));
    router.observer.on('newrtpobserver', (one) => speakers.add(one.id, one));
  });
}

function followTransport(transport: types.Transport, open: Open): void {
  const { producer, consumer, dataProducer, dataConsumer } = open;
  open.transport.add(transport.id, transport);
  const { observer } = transport;
  observer.on('newproducer', (one) => producer.add(one.id, one));
  observer.on('newconsumer', (one) => consumer.add(one.id, one));
  observer.on('newdataproducer', (one) => dataProducer.add(one.id, one));
  observer.on('newdataconsumer', (one) => dataConsumer.add(one.id, one));
  // What stood on it ended with it, and is to be let go of also where nothing comes after it.
  observer.once('close', () => {
    for (const objects of [producer, consumer, dataProducer, dataConsumer]) objects.sweep();
  });
}
