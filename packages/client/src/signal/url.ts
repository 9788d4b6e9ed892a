import { AppError } from '@potluck/kernel';
import { asToken, ownClientMark, secretProtocols, subprotocol } from '@potluck/protocol';
import type { JoinOptions } from '../api.ts';

const schemes: { readonly [scheme: string]: string } = {
  'https:': 'wss:',
  'http:': 'ws:',
  'wss:': 'wss:',
  'ws:': 'ws:',
};

export type Resume = { token: string; ack: number };

/** Where and how to open a WebSocket. Secrets stand among the sub-protocols: URLs are kept by proxies and logs. */
export type Address = { readonly url: string; readonly protocols: readonly string[] };

/** Every other query parameter of `base` stays. */
export function connectionAddress(base: string | URL, peerId: string, options: JoinOptions, resume?: Resume): Address {
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
  if (resume !== undefined) query.set('ack', String(resume.ack));
  const protocols = [subprotocol];
  if (options.token) protocols.push(`${secretProtocols.token}${asToken(options.token)}`);
  if (resume !== undefined) protocols.push(`${secretProtocols.resume}${asToken(resume.token)}`);
  return { url: url.href, protocols };
}
