import { ortc } from 'mediasoup';
import type { types } from 'mediasoup';
import { RtpCapabilities } from '@potluck/protocol';
import { checkOnce } from './shared-parameters.ts';

const startBitrate = { 'x-google-start-bitrate': 1000 };
const h264 = { 'packetization-mode': 1, 'level-asymmetry-allowed': 1, ...startBitrate };

/**
 * What every router offers, in the order of mediasoup-demo v3 (docs/protocol.md): browsers take the first video codec,
 * and with VP9 there they would choose SVC over simulcast. What v3 does not have comes last, so that its choices stay.
 */
export const routerCodecs: types.RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000, parameters: startBitrate },
  { kind: 'video', mimeType: 'video/VP9', clockRate: 90_000, parameters: { 'profile-id': 2, ...startBitrate } },
  { kind: 'video', mimeType: 'video/H264', clockRate: 90_000, parameters: { ...h264, 'profile-level-id': '4d0032' } },
  { kind: 'video', mimeType: 'video/H264', clockRate: 90_000, parameters: { ...h264, 'profile-level-id': '42e01f' } },
  { kind: 'video', mimeType: 'video/AV1', clockRate: 90_000, parameters: startBitrate },
];

/** What all routers can receive and send: they are made alike, so it is computed once. */
export const readRtpCapabilities = (): RtpCapabilities =>
  RtpCapabilities.parse(ortc.generateRouterRtpCapabilities(structuredClone(routerCodecs)));

/** The codec that carries the media of a track, in lower case: what capabilities are matched with. */
export const mediaCodecOf = (parameters: types.RtpParameters): string =>
  parameters.codecs.map(({ mimeType }) => mimeType.toLowerCase()).find((mimeType) => !mimeType.endsWith('/rtx')) ?? '';

const maxCopies = 500;

/**
 * Reduces the capabilities of receivers to what one codec needs. The engine clones and checks all that it is given for
 * every consumer, and a browser lists some forty codecs. Receivers that pass the same object share the work.
 */
export class CapabilityReducer {
  readonly #known = new WeakMap<RtpCapabilities, Map<string, RtpCapabilities | undefined>>();
  /** A thousand browsers of one make have the same capabilities: they share one copy, and what follows from it. */
  readonly #copies = new Map<string, RtpCapabilities>();

  /** `undefined` when these capabilities cannot receive that codec. */
  reduce(capabilities: RtpCapabilities, mimeType: string): RtpCapabilities | undefined {
    let reduced = this.#known.get(capabilities);
    if (!reduced) this.#known.set(capabilities, (reduced = new Map<string, RtpCapabilities | undefined>()));
    if (!reduced.has(mimeType)) {
      const made = reduceCapabilities(capabilities, mimeType);
      reduced.set(mimeType, made && this.#unique(made));
    }
    return reduced.get(mimeType);
  }

  #unique(made: RtpCapabilities): RtpCapabilities {
    const text = JSON.stringify(made);
    const copy = this.#copies.get(text) ?? (checkOnce(made) as RtpCapabilities);
    // Whoever makes up ever new ones gets no memory for it.
    if (this.#copies.size >= maxCopies) this.#copies.clear();
    this.#copies.set(text, copy);
    return copy;
  }
}

export function reduceCapabilities(capabilities: RtpCapabilities, mimeType: string): RtpCapabilities | undefined {
  const all = capabilities.codecs ?? [];
  const media = all.filter((codec) => codec.mimeType.toLowerCase() === mimeType);
  if (media.length === 0) return undefined;
  const payloadTypes = new Set<unknown>(media.map(({ preferredPayloadType }) => preferredPayloadType));
  const kind = mimeType.startsWith('audio/') ? 'audio' : 'video';
  const isRtx = (codec: (typeof all)[number]) => codec.mimeType.toLowerCase() === `${kind}/rtx`;
  const rtx = all.filter((codec) => isRtx(codec) && payloadTypes.has(codec.parameters?.['apt']));
  return {
    codecs: [...media, ...rtx],
    headerExtensions: (capabilities.headerExtensions ?? []).filter((extension) => extension.kind === kind),
  };
}
