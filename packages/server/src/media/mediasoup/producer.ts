import type { types } from 'mediasoup';
import { AppError, unlessGone } from '@potluck/kernel';
import { ProducerId } from '@potluck/protocol';
import type { ProduceOptions, ProducerScore } from '../fabric.ts';
import { Branches } from './branches.ts';
import { mediaCodecOf } from './codecs.ts';
import { asking } from './faults.ts';
import type { ProducerEntry, TransportEntry } from './holdings.ts';
import type { Pipes } from './pipe.ts';

/**
 * libwebrtc ignores a request for a key frame that comes within 300 ms of the one before, and the engine repeats one
 * only after a second: requests of receivers that come one after another are gathered for so long, and a little, by
 * which the second may overtake the first.
 */
const keyFrameEveryMs = 350;

/** Makes a producer in the engine; the caller puts the entry where it belongs. */
export async function makeProducer(on: TransportEntry, options: ProduceOptions, pipes: Pipes): Promise<ProducerEntry> {
  const { kind, paused } = options;
  const rtpParameters = withWholeBitrates(options.rtpParameters);
  const codec = mediaCodecOf(rtpParameters);
  // mediasoup takes a video codec for audio without a word.
  if (!codec.startsWith(`${kind}/`)) throw new AppError('bad_request', `produce: ${kind} cannot be sent with ${codec}`);
  const producer = await on.transport.produce({
    kind,
    rtpParameters,
    paused,
    ...(kind === 'video' && { keyFrameRequestDelay: keyFrameEveryMs }),
  });
  shareConsumable(producer);
  const branches = new Branches((node) => pipes.pipeProducer(producer, on.node, node));
  const id = ProducerId.parse(producer.id);
  return { id, on, producer, codec, branches, consumers: new Set(), closed: false };
}

/** Pauses or resumes a producer and its copies; they are told at the same time. */
export async function setPaused(entry: ProducerEntry, paused: boolean): Promise<void> {
  const tell = (producer: types.Producer) => (paused ? producer.pause() : producer.resume());
  // A copy may end meanwhile, with its router or with its last receiver.
  const copies = entry.branches.each((copy) => unlessGone(asking('turn copy', () => tell(copy.producer))));
  await Promise.all([tell(entry.producer), copies]);
}

export const toProducerScores = (scores: readonly types.ProducerScore[]): ProducerScore[] =>
  scores.map(({ encodingIdx, ssrc, rid, score }) => ({ encodingIdx, ssrc, score, ...(rid !== undefined && { rid }) }));

/**
 * mediasoup clones these parameters three times for every consumer, though it does not change them: a third of the CPU
 * when many join at once. Here they are read once, frozen, and shared.
 */
export function shareConsumable(producer: types.Producer): void {
  const value = deepFreeze(producer.consumableRtpParameters);
  Object.defineProperty(producer, 'consumableRtpParameters', { value });
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) deepFreeze(member);
  return Object.freeze(value);
}

/** A fraction makes mediasoup throw in the middle of a message, and the next message to that worker fails, too. */
function withWholeBitrates(parameters: ProduceOptions['rtpParameters']): ProduceOptions['rtpParameters'] {
  const encodings = parameters.encodings?.map((encoding) =>
    encoding.maxBitrate === undefined ? encoding : { ...encoding, maxBitrate: Math.round(encoding.maxBitrate) },
  );
  return { ...parameters, ...(encodings && { encodings }) };
}
