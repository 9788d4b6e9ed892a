import type { IncomingMessage } from 'node:http';
import { AppError } from '@potluck/kernel';
import { ConnectionQuery, secretProtocols, subprotocol } from '@potluck/protocol';
import type { z } from 'zod';
import { maxTokenLength } from '../access/claims.ts';

/** What a request for a WebSocket says before there is one. */

type Headed = Pick<IncomingMessage, 'headers'>;

const offeredBy = ({ headers }: Headed): string[] =>
  headers['sec-websocket-protocol']?.split(',').map((protocol) => protocol.trim()) ?? [];

/** The secrets that came as sub-protocols: they stand for those of the query. */
export function secretsOf(request: Headed): Pick<ConnectionQuery, 'token' | 'resume'> {
  const offered = offeredBy(request);
  const after = (prefix: string): string | undefined =>
    offered.find((protocol) => protocol.startsWith(prefix))?.slice(prefix.length, prefix.length + maxTokenLength + 1);
  const token = after(secretProtocols.token);
  const resume = after(secretProtocols.resume);
  return { ...(token !== undefined && { token }), ...(resume !== undefined && { resume }) };
}

export function checkSubprotocol(request: IncomingMessage): void {
  if (!offeredBy(request).includes(subprotocol)) {
    throw new AppError('forbidden', `the WebSocket sub-protocol "${subprotocol}" must be offered`);
  }
}

/** Protects against foreign web pages; what is no browser sends no origin, or any (RFC 6455 §10.2). */
export function checkOrigin({ headers }: Headed, allowed: readonly string[]): void {
  if (allowed.length === 0 || headers.origin === undefined || allowed.includes(headers.origin)) return;
  throw new AppError('forbidden', 'this origin may not connect');
}

const queryNames: readonly string[] = Object.keys(ConnectionQuery.shape);

/** The path does not matter (old clients give any, or none). Of a repeated parameter the first counts. */
export function parseQuery(url = ''): ConnectionQuery {
  const mark = url.indexOf('?');
  const parameters = new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1));
  const raw = Object.fromEntries(queryNames.map((name) => [name, parameters.get(name) ?? undefined]));
  const parsed = ConnectionQuery.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new AppError('bad_request', parsed.error.issues.map((issue) => explain(issue, raw)).join('; '));
}

function explain({ path, message }: z.core.$ZodIssue, raw: Record<string, unknown>): string {
  const name = String(path[0] ?? 'query');
  if (!raw[name]) return `${name} is missing`;
  return message.includes(name) ? message : `${name}: ${message}`;
}
