import type { MediaKind, RtpParameters } from '@potluck/protocol';

/** Where one track goes, and as what. */
export type Outlet = {
  readonly kind: MediaKind;
  readonly ip: string;
  readonly port: number;
  readonly rtcpPort: number;
  readonly ssrc: number;
  readonly payloadType: number;
  /** Already coded as the room wants it. */
  readonly copy: boolean;
};

const payloadTypes = { audio: 100, video: 101 } as const;

/** RFC 3550 §8.1: chosen at random. */
export const newSsrc = (): number => 1 + Math.floor(Math.random() * 0xffff_fffe);

export const payloadTypeOf = (kind: MediaKind): number => payloadTypes[kind];

/** What ffmpeg and GStreamer send for us: Opus, VP8. */
export function rtpParametersOf(kind: MediaKind, ssrc: number): RtpParameters {
  const payloadType = payloadTypes[kind];
  const codec =
    kind === 'audio'
      ? { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, parameters: { 'sprop-stereo': 1 } }
      : { mimeType: 'video/VP8', clockRate: 90_000 };
  return { codecs: [{ ...codec, payloadType }], encodings: [{ ssrc }] };
}

export const audioBitrate = 128_000;
export const videoBitrate = 1_500_000;
/** Nobody can ask these programs for one, so they come often. */
export const keyFrameSeconds = 2;
/** Larger pictures are made smaller: coding them in real time would take more than most machines have. */
export const maxWidth = 1280;
