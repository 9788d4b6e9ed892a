import process from 'node:process';
import { AppError } from '@potluck/kernel';
import { repeats, type Source } from './source.ts';
import { audioBitrate, keyFrameSeconds, maxWidth, videoBitrate, type Outlet } from './tracks.ts';

/** The arguments of an ffmpeg that sends a source to its outlets, and tells its progress on stdout. */
export function ffmpegArguments(
  source: Source,
  outlets: readonly Outlet[],
  { loop }: { loop: boolean },
  platform: NodeJS.Platform = process.platform,
): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-stats_period', '1', '-progress', 'pipe:1'],
    ...input(source, loop, platform),
    ...outlets.flatMap((outlet) => output(outlet, source, platform)),
  ];
}

function input(source: Source, loop: boolean, platform: NodeJS.Platform): string[] {
  switch (source.kind) {
    case 'file':
    case 'url': {
      const name = source.kind === 'file' ? `file:${source.path}` : source.url;
      const paced = repeats(source) ? ['-re'] : [];
      return [...paced, ...(loop && repeats(source) ? ['-stream_loop', '-1'] : []), '-i', name];
    }
    case 'camera':
      return camera(platform);
  }
}

/** Audio and video are one input on a Mac, two on Linux. */
function camera(platform: NodeJS.Platform): string[] {
  if (platform === 'linux') return ['-f', 'v4l2', '-i', '/dev/video0', '-f', 'alsa', '-i', 'default'];
  if (platform === 'darwin') return ['-f', 'avfoundation', '-framerate', '30', '-i', '0:0'];
  throw new AppError('unsupported', 'the camera can be sent from Linux and macOS only; send a file or a URL instead');
}

function output(outlet: Outlet, source: Source, platform: NodeJS.Platform): string[] {
  const { kind, ip, port, rtcpPort, ssrc, payloadType, copy } = outlet;
  const host = ip.includes(':') ? `[${ip}]` : ip;
  const from = source.kind === 'camera' && kind === 'audio' && platform === 'linux' ? '1' : '0';
  return [
    ...['-map', `${from}:${kind === 'audio' ? 'a' : 'v'}:0`],
    ...(copy ? ['-c', 'copy'] : coding[kind]),
    ...['-ssrc', String(signed(ssrc)), '-payload_type', String(payloadType)],
    ...['-f', 'rtp', `rtp://${host}:${port}?rtcpport=${rtcpPort}&pkt_size=1200`],
  ];
}

/** ffmpeg takes the 32 bits of an SSRC as a signed number. */
const signed = (ssrc: number): number => ssrc | 0;

const scale =
  `scale=w='if(gt(a,1),min(${maxWidth},iw),-2)':h='if(gt(a,1),-2,min(${maxWidth},ih))',` +
  `scale=trunc(iw/2)*2:trunc(ih/2)*2`;

const coding = {
  audio: ['-c:a', 'libopus', '-b:a', String(audioBitrate), '-ac', '2', '-ar', '48000'],
  video: [
    ...['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-lag-in-frames', '0', '-auto-alt-ref', '0'],
    ...['-error-resilient', '1', '-pix_fmt', 'yuv420p', '-vf', scale],
    ...['-b:v', String(videoBitrate), '-maxrate', String(videoBitrate), '-bufsize', String(videoBitrate * 2)],
    ...['-force_key_frames', `expr:gte(t,n_forced*${keyFrameSeconds})`],
  ],
} as const;

export type FfmpegProgress = { readonly seconds: number; readonly speed: number | undefined; readonly frames: number };

/** Reads the `name=value` lines of `-progress`; calls `onProgress` after each block. */
export function progressReader(onProgress: (progress: FfmpegProgress) => void): (line: string) => void {
  const values = new Map<string, string>();
  return (line) => {
    const mark = line.indexOf('=');
    if (mark === -1) return;
    const [name, value] = [line.slice(0, mark), line.slice(mark + 1).trim()];
    values.set(name, value);
    if (name !== 'progress') return;
    const microseconds = Number(values.get('out_time_us'));
    const speed = Number.parseFloat(values.get('speed') ?? '');
    onProgress({
      seconds: Number.isFinite(microseconds) ? Math.max(0, microseconds / 1e6) : 0,
      speed: Number.isFinite(speed) ? speed : undefined,
      frames: Number(values.get('frame') ?? 0) || 0,
    });
  };
}
