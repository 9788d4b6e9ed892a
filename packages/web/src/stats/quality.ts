import type { ParticipantState, StreamStats } from '@potluck/client';

export type QualityCause =
  | 'none'
  | 'theirCamera'
  | 'theirUpload'
  | 'yourDownload'
  | 'yourComputer'
  | 'yourUpload'
  | 'small'
  | 'paused'
  | 'theirConnection'
  | 'unknown';

export type Quality = { readonly level: 'good' | 'fair' | 'poor' | 'unknown'; readonly cause: QualityCause };

type RemoteInput = {
  participant: Pick<ParticipantState, 'connection' | 'tracks'>;
  source: 'camera' | 'screen';
  /** The newest reading of this picture. */
  stream: Pick<StreamStats, 'loss' | 'framesPerSecond' | 'height'> | undefined;
  /** Height of the tile in device pixels. */
  shownHeight: number;
  /** Estimated bits per second to us. */
  downlink: number | undefined;
};

/** Scores of mediasoup go from 0 to 10; between a steady line and a lossy one they fall quickly. */
const fairScore = 8;
const poorScore = 5;
const fairLoss = 0.02;
const poorLoss = 0.08;
/** Below this a moving picture is seen to stutter. */
const smoothFrames = 12;

/** How well a remote picture comes in, and whose fault it is. */
export function remoteQuality({ participant, source, stream, shownHeight, downlink }: RemoteInput): Quality {
  if (participant.connection === 'reconnecting') return { level: 'poor', cause: 'theirConnection' };
  const video = participant.tracks.find(
    (track) => track.kind === 'video' && (track.source === 'screen') === (source === 'screen'),
  );
  if (video === undefined || video.paused) return { level: 'good', cause: 'paused' };
  if (video.track === undefined) return { level: 'unknown', cause: 'unknown' };
  // A height is known from the first decoded frame on.
  if (stream?.height === undefined) return { level: 'poor', cause: isNarrow(downlink) ? 'yourDownload' : 'unknown' };
  const { own, producer } = video.score ?? { own: 10, producer: 10 };
  // What the sender loses on its way up, every receiver lacks; 0 says only that nothing has been measured yet.
  if (producer > 0 && producer < fairScore)
    return { level: producer < poorScore ? 'poor' : 'fair', cause: 'theirUpload' };
  if (stream.loss >= fairLoss || (own > 0 && own < fairScore)) {
    return { level: stream.loss >= poorLoss || own < poorScore ? 'poor' : 'fair', cause: 'yourDownload' };
  }
  const frames = stream.framesPerSecond;
  if (source === 'camera' && frames !== undefined && frames > 0 && frames < smoothFrames)
    return { level: 'fair', cause: 'theirCamera' };
  if (stream.height !== undefined && stream.height < 200 && shownHeight > 2.2 * stream.height) {
    return { level: 'fair', cause: isNarrow(downlink) ? 'yourDownload' : 'theirUpload' };
  }
  return { level: 'good', cause: shownHeight < 150 ? 'small' : 'none' };
}

/** Too narrow for a picture of middle size. */
const isNarrow = (downlink: number | undefined) => downlink !== undefined && downlink < 600_000;

/** How well one's own picture gets out. */
export function ownQuality(stream: Pick<StreamStats, 'limitedBy' | 'loss'> | undefined): Quality {
  if (stream === undefined) return { level: 'unknown', cause: 'unknown' };
  if (stream.limitedBy === 'cpu') return { level: 'fair', cause: 'yourComputer' };
  if (stream.loss >= poorLoss) return { level: 'poor', cause: 'yourUpload' };
  if (stream.limitedBy === 'bandwidth' || stream.loss >= fairLoss) return { level: 'fair', cause: 'yourUpload' };
  return { level: 'good', cause: 'none' };
}
