import { AppError } from '@potluck/kernel';
import { ownClientMark } from '@potluck/protocol';
import type { JoinOptions } from '../api.ts';

const schemes: { readonly [scheme: string]: string } = {
  'https:': 'wss:',
  'http:': 'ws:',
  'wss:': 'wss:',
  'ws:': 'ws:',
};

export type Resume = { token: string; ack: number };

/** The URL to connect to. Every other query parameter of `base` stays. */
export function connectionUrl(base: string | URL, peerId: string, options: JoinOptions, resume?: Resume): string {
  const url = URL.parse(String(base));
  const scheme = url === null ? undefined : schemes[url.protocol];
  if (url === null || scheme === undefined) {
    throw new AppError('bad_request', `${String(base)} is not the URL of a server: give an https, http, wss or ws URL`);
  }
  // A setter refuses to change special schemes to others in some engines; ws and http are both special, so it may.
  url.protocol = scheme;
  url.hash = '';
  const query = url.searchParams;
  query.set('roomId', options.roomId);
  query.set('peerId', peerId);
  query.set('client', ownClientMark);
  if (options.produce === false) query.set('produce', 'false');
  if (options.consume === false) query.set('consume', 'false');
  if (options.dataChannels === false) query.set('datachannel', 'false');
  if (options.forceTcp === true) query.set('forceTcp', 'true');
  if (options.consumerReplicas !== undefined) query.set('consumerReplicas', String(options.consumerReplicas));
  if (options.token !== undefined) query.set('token', options.token);
  if (resume !== undefined) {
    query.set('resume', resume.token);
    query.set('ack', String(resume.ack));
  }
  return url.href;
}
