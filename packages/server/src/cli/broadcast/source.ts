import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '@potluck/kernel';

/** What is sent. */
export type Source =
  | { readonly kind: 'file'; readonly path: string }
  /** `live`: comes in real time and cannot be repeated. */
  | { readonly kind: 'url'; readonly url: string; readonly live: boolean }
  | { readonly kind: 'camera' };

const liveProtocols = ['rtsp:', 'rtsps:', 'rtmp:', 'rtmps:', 'srt:', 'udp:', 'rtp:', 'tcp:'];
const fileProtocols = ['http:', 'https:'];

/** Throws `bad_request` for what cannot be sent. */
export function sourceOf(text: string): Source {
  if (text === 'camera') return { kind: 'camera' };
  if (/^[a-z][a-z\d+.-]+:\/\//iu.test(text)) {
    const protocol = text.slice(0, text.indexOf(':') + 1).toLowerCase();
    if (liveProtocols.includes(protocol)) return { kind: 'url', url: text, live: true };
    if (fileProtocols.includes(protocol)) return { kind: 'url', url: text, live: false };
    const allowed = [...fileProtocols, ...liveProtocols].join(' ');
    throw new AppError('bad_request', `cannot send from ${protocol} URLs; allowed: ${allowed}`);
  }
  const path = resolve(text);
  if (!existsSync(path)) throw new AppError('bad_request', `there is no file ${path}`);
  if (!statSync(path).isFile()) throw new AppError('bad_request', `${path} is not a file`);
  return { kind: 'file', path };
}

export const repeats = (source: Source): boolean => source.kind === 'file' || (source.kind === 'url' && !source.live);
