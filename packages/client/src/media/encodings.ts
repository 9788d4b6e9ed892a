import { AppError } from '@potluck/kernel';
import type { Source } from '@potluck/protocol';
import type { types } from 'mediasoup-client';
import type { EncodingOptions } from '../api.ts';

export type VideoShape = { width: number; height: number };
export type VideoEncoding = { codec: types.RtpCodecCapability | undefined; encodings: types.RtpEncodingParameters[] };

/** Opus: silence costs next to nothing (DTX), and lost packets are mended by the next (in-band FEC). */
export const speechOptions: types.ProducerCodecOptions = { opusStereo: false, opusFec: true, opusDtx: true };
export const musicOptions: types.ProducerCodecOptions = {
  opusStereo: true,
  opusFec: true,
  opusDtx: false,
  opusMaxAverageBitrate: 128_000,
};

/**
 * Encodes the layers up to this one and no others, `undefined` for none at all. A layer that comes back begins with a key
 * frame. One encoding that holds several layers (SVC) goes as a whole.
 */
export async function activate(
  sender: Pick<RTCRtpSender, 'getParameters' | 'setParameters'>,
  highest: number | undefined,
): Promise<void> {
  const parameters = sender.getParameters();
  // Firefox has none before it has sent, libwebrtc for Node none at all: then everything is sent, as before.
  const encodings = parameters.encodings ?? [];
  const wanted = encodings.map((_, layer) => highest !== undefined && layer <= highest);
  if (encodings.every(({ active = true }, layer) => active === wanted[layer])) return;
  encodings.forEach((encoding, layer) => (encoding.active = wanted[layer] === true));
  await sender.setParameters(parameters);
}

/** Bits per pixel and second that look good: little pictures need more of them. */
const budget = ({ width, height }: VideoShape): number => {
  const pixels = width * height;
  if (pixels <= 320 * 180) return 150_000;
  if (pixels <= 640 * 360) return 450_000;
  if (pixels <= 960 * 540) return 800_000;
  if (pixels <= 1280 * 720) return 1_400_000;
  if (pixels <= 1920 * 1080) return 2_800_000;
  return 5_000_000;
};

/** Narrower layers than this help nobody. */
const narrowest = 160;

/**
 * What to send of a video: its codec and layers. Throws `unsupported` for a codec that room or browser lacks, and for a mode
 * that nobody could decode.
 */
export function videoEncoding(
  source: Source,
  shape: VideoShape,
  options: EncodingOptions,
  codecs: readonly types.RtpCodecCapability[],
): VideoEncoding {
  const codec = chooseCodec(options.codec, codecs);
  const name = (codec ?? firstVideo(codecs))?.mimeType.toLowerCase();
  const layered = name === 'video/vp9' || name === 'video/av1';
  const screen = source === 'screen';
  if (layered) {
    // The engine passes on no dependency descriptors, and without them browsers cannot decode AV1 of several sizes.
    const usual = screen || name === 'video/av1' ? 'L1T3' : 'L3T3_KEY';
    const scalabilityMode = options.scalabilityMode ?? usual;
    if (name === 'video/av1' && !/^L1T[1-3]$/.test(scalabilityMode))
      throw new AppError(
        'unsupported',
        `AV1 in mode ${scalabilityMode} could not be decoded by anybody here; it goes as L1T1, L1T2 or L1T3`,
      );
    return { codec, encodings: [{ maxBitrate: options.maxBitrate ?? screenBudget(shape, screen), scalabilityMode }] };
  }
  const scalabilityMode = options.scalabilityMode ?? 'L1T3';
  const streams = streamCount(shape, options.numSimulcastStreams ?? (source === 'camera' ? 3 : 1));
  const layers = Array.from({ length: streams }, (_, layer) => {
    const scale = 2 ** (streams - 1 - layer);
    const size = { width: shape.width / scale, height: shape.height / scale };
    return { scaleResolutionDownBy: scale, maxBitrate: screenBudget(size, screen), scalabilityMode };
  });
  return { codec, encodings: fit(layers, options.maxBitrate) };
}

/** Text in motion (scrolling) needs more than a face. */
const screenBudget = (shape: VideoShape, screen: boolean): number => Math.round(budget(shape) * (screen ? 1.5 : 1));

function streamCount({ width }: VideoShape, wanted: number): number {
  const most = Math.min(3, Math.max(1, Math.floor(wanted)));
  const useful = 1 + Math.floor(Math.log2(Math.max(1, width / narrowest)));
  return Math.min(most, useful);
}

/** Shrinks all layers alike so that together they keep to the limit. */
function fit(layers: types.RtpEncodingParameters[], limit: number | undefined): types.RtpEncodingParameters[] {
  const sum = layers.reduce((sum, { maxBitrate = 0 }) => sum + maxBitrate, 0);
  if (limit === undefined || sum <= limit) return layers;
  return layers.map((layer) => ({ ...layer, maxBitrate: Math.floor(((layer.maxBitrate ?? 0) * limit) / sum) }));
}

const firstVideo = (codecs: readonly types.RtpCodecCapability[]) => codecs.find(({ kind }) => kind === 'video');

function chooseCodec(
  wanted: EncodingOptions['codec'],
  codecs: readonly types.RtpCodecCapability[],
): types.RtpCodecCapability | undefined {
  if (wanted === undefined) return undefined;
  const mimeType = `video/${wanted}`.toLowerCase();
  const found = codecs.find((codec) => codec.mimeType.toLowerCase() === mimeType);
  if (found !== undefined) return found;
  const names = codecs.filter(({ kind, mimeType }) => kind === 'video' && !/\/rtx$/i.test(mimeType));
  const allowed = [...new Set(names.map(({ mimeType }) => mimeType.slice('video/'.length)))].join(', ');
  throw new AppError(
    'unsupported',
    `room and browser have no codec ${wanted} in common; they have: ${allowed || 'none'}`,
  );
}
