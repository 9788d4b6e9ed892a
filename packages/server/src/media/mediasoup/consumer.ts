import type { types } from 'mediasoup';
import { AppError, systemClock, type Emitter, type Tasks } from '@potluck/kernel';
import { ConsumerId, type RtpParameters } from '@potluck/protocol';
import type { Consumed, ConsumeOptions, RoomMediaEvents } from '../fabric.ts';
import type { CapabilityReducer } from './codecs.ts';
import {
  closedMeanwhile,
  setFlowing,
  type ConsumerEntry,
  type Holdings,
  type ProducerEntry,
  type TransportEntry,
} from './holdings.ts';
import { LayerNudge } from './layer-nudge.ts';

/** One for all: mediasoup would make an object for each. */
const noAppData: types.AppData = Object.freeze({});

export type ConsumersDeps = {
  readonly held: Holdings;
  readonly reducer: CapabilityReducer;
  readonly events: Emitter<RoomMediaEvents>;
  readonly tasks: Tasks;
};

/** Opens consumers, has them flow and rest, and tells their scores and layers. One for a room: no closure for each. */
export class Consumers {
  readonly #holdings: Holdings;
  readonly #reducer: CapabilityReducer;
  readonly #nudge: LayerNudge;
  readonly #onScore: (this: types.Consumer, score: types.ConsumerScore) => void;
  readonly #onLayers: (this: types.Consumer, layers?: types.ConsumerLayers) => void;

  constructor({ held, reducer, events, tasks }: ConsumersDeps) {
    this.#holdings = held;
    this.#reducer = reducer;
    this.#nudge = new LayerNudge(systemClock, tasks);
    const { consumers } = held;
    this.#onScore = function onScore({ score, producerScore, producerScores }) {
      const entry = consumers.get(this.id);
      if (entry)
        events.emit('consumerScored', { consumerId: entry.id, score: { score, producerScore, producerScores } });
    };
    this.#onLayers = function onLayers(layers) {
      const entry = consumers.get(this.id);
      if (entry) events.emit('consumerLayersChanged', { consumerId: entry.id, layers: toLayers(layers) });
    };
  }

  async open(on: TransportEntry, of: ProducerEntry, options: ConsumeOptions): Promise<Consumed> {
    const rtpCapabilities = this.#reducer.reduce(options.rtpCapabilities, of.codec);
    if (!rtpCapabilities) throw new AppError('unsupported', `consume: these capabilities cannot receive ${of.codec}`);
    const branch = of.on.node === on.node ? undefined : await of.branches.acquire(on.node);
    const valve = branch && (await branch.ready).valve;
    let consumer: types.Consumer | undefined;
    if (!options.paused) valve?.need();
    try {
      const { paused, enableRtx, ignoreDtx, preferredLayers, producerId } = options;
      refuseClosed(on, of);
      consumer = await on.transport.consume({
        producerId,
        rtpCapabilities,
        paused,
        enableRtx,
        ignoreDtx,
        appData: noAppData,
        ...(preferredLayers && { preferredLayers }),
      });
      refuseClosed(on, of);
    } catch (error) {
      consumer?.close();
      if (!options.paused) valve?.release();
      if (branch) of.branches.release(branch);
      throw error;
    }
    consumer.on('score', this.#onScore);
    if (of.producer.kind === 'video') consumer.on('layerschange', this.#onLayers);
    const entry: ConsumerEntry = {
      id: ConsumerId.parse(consumer.id),
      on,
      of,
      consumer,
      branch,
      valve,
      flows: !options.paused,
    };
    this.#holdings.addConsumer(entry);
    return consumed(entry);
  }

  async pause(entry: ConsumerEntry): Promise<void> {
    setFlowing(entry, false);
    await entry.consumer.pause();
  }

  async resume(entry: ConsumerEntry): Promise<void> {
    // Its end first: a key frame that the pipe asks for then finds it open.
    const resumed = entry.consumer.resume();
    setFlowing(entry, true);
    this.#nudge.watch(entry.consumer);
    await resumed;
  }

  close(): void {
    this.#nudge.close();
  }
}

function consumed({ id, consumer }: ConsumerEntry): Consumed {
  const { kind, type, producerPaused } = consumer;
  const { score, producerScore, producerScores } = consumer.score;
  if (type === 'pipe') throw new Error('invariant broken: a pipe consumer on a transport of a client');
  // The engine made them: the same shape, in looser types. A schema would cost more than the rest of the call.
  const rtpParameters = consumer.rtpParameters as RtpParameters;
  return { id, kind, type, rtpParameters, producerPaused, score: { score, producerScore, producerScores } };
}

/** The world may have ended while the engine was asked. */
function refuseClosed(on: TransportEntry, of: ProducerEntry): void {
  if (on.closed) throw closedMeanwhile(on);
  if (of.closed) throw new AppError('not_found', `producer "${of.id}" was closed meanwhile`);
}

const toLayers = (layers?: types.ConsumerLayers) =>
  layers && {
    spatialLayer: layers.spatialLayer,
    ...(layers.temporalLayer !== undefined && { temporalLayer: layers.temporalLayer }),
  };
