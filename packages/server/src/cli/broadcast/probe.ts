import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppError, messageOf } from '@potluck/kernel';
import { z } from 'zod';
import { findProgram } from './children.ts';
import type { Source } from './source.ts';

/** What a source has. `copy`: it already is what a room takes, so that it need not be coded anew. */
export type Tracks = {
  readonly audio: { readonly copy: boolean } | undefined;
  readonly video: { readonly copy: boolean } | undefined;
  /** Seconds; `undefined` when it has no end that is known. */
  readonly duration: number | undefined;
};

const Probed = z.object({
  streams: z
    .array(
      z.object({
        codec_type: z.string().optional(),
        codec_name: z.string().optional(),
        pix_fmt: z.string().optional(),
        channels: z.number().optional(),
        disposition: z.object({ attached_pic: z.number().optional() }).optional(),
      }),
    )
    .default([]),
  format: z.object({ duration: z.string().optional() }).optional(),
});
const Frames = z.object({ frames: z.array(z.object({ pts_time: z.string().optional() })).default([]) });

const execute = promisify(execFile);
const withinMs = 20_000;

/** Asks ffprobe. `undefined` when there is none: then both tracks must be tried. */
export async function probe(source: Source): Promise<Tracks | undefined> {
  if (source.kind === 'camera') return { audio: { copy: false }, video: { copy: false }, duration: undefined };
  const program = findProgram('ffprobe');
  if (program === undefined) return undefined;
  const input = source.kind === 'file' ? `file:${source.path}` : source.url;
  const { streams, format } = Probed.parse(
    await ask(program, ['-show_streams', '-show_entries', 'format=duration', input]),
  );
  const audio = streams.find((stream) => stream.codec_type === 'audio');
  // The picture on the cover of a song is a video stream of one frame.
  const video = streams.find(
    (stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1 && stream.codec_name !== 'png',
  );
  if (audio === undefined && video === undefined) {
    throw new AppError('bad_request', `${input} has neither audio nor video`);
  }
  const fits = video?.codec_name === 'vp8' && video.pix_fmt === 'yuv420p' && source.kind === 'file';
  const duration = Number(format?.duration);
  return {
    audio: audio && { copy: audio.codec_name === 'opus' && (audio.channels ?? 2) <= 2 },
    video: video && { copy: fits && (await hasFrequentKeyFrames(program, input)) },
    duration: Number.isFinite(duration) ? duration : undefined,
  };
}

/** Who joins later sees nothing before the next key frame, and a file that is copied cannot be asked for one. */
const maxKeyFrameGap = 3;
const lookedAt = 20;

async function hasFrequentKeyFrames(program: string, input: string): Promise<boolean> {
  const { frames } = Frames.parse(
    await ask(program, [
      ...['-select_streams', 'v:0', '-skip_frame', 'nokey', '-read_intervals', `%+${lookedAt}`],
      ...['-show_entries', 'frame=pts_time', input],
    ]),
  );
  const times = frames.map(({ pts_time: time }) => Number(time)).filter((time) => Number.isFinite(time));
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return times.length > 1 && Math.max(...gaps) <= maxKeyFrameGap;
}

async function ask(program: string, args: readonly string[]): Promise<unknown> {
  try {
    const { stdout } = await execute(program, ['-v', 'error', '-of', 'json', ...args], {
      timeout: withinMs,
      maxBuffer: 16 * 1024 * 1024,
    });
    return JSON.parse(stdout);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : '';
    const why = said || messageOf(error);
    throw new AppError('bad_request', `cannot read it as media: ${why}`, { cause: error });
  }
}
