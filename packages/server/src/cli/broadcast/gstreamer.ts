import { pathToFileURL } from 'node:url';
import type { Source } from './source.ts';
import { audioBitrate, keyFrameSeconds, maxWidth, videoBitrate, type Outlet } from './tracks.ts';

/** Frames a second that key frames are counted by; faster video has them sooner. */
const usualRate = 25;

/**
 * The arguments of a gst-launch-1.0 that sends a source to its outlets. `startedAt` is how many seconds of sending came
 * before: the RTP clock goes on from there when a file is repeated, which gst-launch itself cannot.
 */
export function gstreamerArguments(source: Source, outlets: readonly Outlet[], startedAt: number): string[] {
  return [
    '-q',
    ...(source.kind === 'camera' ? [] : ['uridecodebin', `uri=${uriOf(source)}`, 'name=source']),
    ...['rtpbin', 'name=rtp'],
    ...outlets.flatMap((outlet, index) => branch(source, outlet, index, startedAt)),
  ];
}

const uriOf = (source: Exclude<Source, { kind: 'camera' }>): string =>
  source.kind === 'file' ? pathToFileURL(source.path).href : source.url;

const live = { audio: 'autoaudiosrc', video: 'autovideosrc' } as const;

function branch(source: Source, outlet: Outlet, index: number, startedAt: number): string[] {
  const { kind, ip, port, rtcpPort, ssrc, payloadType } = outlet;
  const clockRate = kind === 'audio' ? 48_000 : 90_000;
  const timestamp = Math.floor(startedAt * clockRate) % 2 ** 32;
  const payload = [`pt=${payloadType}`, `ssrc=${ssrc}`, `timestamp-offset=${timestamp}`];
  const coding =
    kind === 'audio'
      ? [
          ...['!', 'audioconvert', '!', 'audioresample', '!', 'audio/x-raw,rate=48000,channels=2'],
          ...['!', 'opusenc', `bitrate=${audioBitrate}`, '!', 'rtpopuspay', ...payload],
        ]
      : [
          ...[
            '!',
            'videoconvert',
            '!',
            'videoscale',
            '!',
            `video/x-raw,format=I420,width=[2,${maxWidth}],pixel-aspect-ratio=1/1`,
          ],
          ...['!', 'vp8enc', 'deadline=1', 'cpu-used=8', `target-bitrate=${videoBitrate}`, 'error-resilient=default'],
          ...[`keyframe-max-dist=${usualRate * keyFrameSeconds}`, 'threads=2'],
          ...['!', 'rtpvp8pay', 'mtu=1200', 'picture-id-mode=2', ...payload],
        ];
  return [
    ...(source.kind === 'camera' ? [live[kind]] : ['source.']),
    ...['!', 'queue', ...coding, '!', `rtp.send_rtp_sink_${index}`],
    ...[`rtp.send_rtp_src_${index}`, '!', 'udpsink', `host=${ip}`, `port=${port}`, 'sync=true', 'async=false'],
    ...[`rtp.send_rtcp_src_${index}`, '!', 'udpsink', `host=${ip}`, `port=${rtcpPort}`, 'sync=false', 'async=false'],
  ];
}
