import { AppError } from '@potluck/kernel';

const codings: { readonly [container: string]: { readonly [codec: string]: readonly string[] } } = {
  webm: {
    'audio/opus': ['-c:a', 'copy'],
    'video/vp8': ['-c:v', 'copy'],
    'video/vp9': ['-c:v', 'copy'],
  },
  mkv: {
    'audio/opus': ['-c:a', 'copy'],
    'video/vp8': ['-c:v', 'copy'],
    'video/vp9': ['-c:v', 'copy'],
    'video/h264': ['-c:v', 'copy'],
  },
  // Not every player of MP4 knows Opus, and none VP8.
  mp4: {
    'audio/opus': ['-c:a', 'aac', '-b:a', '128k'],
    // From RTP no frame rate is known, and MP4 is written at a steady one.
    'video/vp8': ['-vf', 'fps=30', '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'],
    'video/vp9': ['-c:v', 'copy'],
    'video/h264': ['-c:v', 'copy'],
  },
};

/** How ffmpeg puts these codecs into a file of this name. Copies where the container allows. */
export function codingFor(out: string, mimeTypes: readonly string[]): string[] {
  const container = out.split('.').at(-1)?.toLowerCase() ?? '';
  const known = codings[container] ?? {};
  return mimeTypes.flatMap((mimeType) => {
    const coding = known[mimeType.toLowerCase()];
    if (coding === undefined) {
      const fitting = Object.keys(codings).filter((other) => codings[other]?.[mimeType.toLowerCase()] !== undefined);
      const hint = fitting.length > 0 ? `; use .${fitting.join(' or .')}` : '';
      throw new AppError('unsupported', `a .${container} file cannot hold ${mimeType}${hint}`);
    }
    return coding;
  });
}

/** Codecs that ffmpeg can take from RTP. */
export const readable = (mimeType: string): boolean => Object.hasOwn(codings['mkv'] ?? {}, mimeType.toLowerCase());
