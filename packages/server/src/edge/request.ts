import { AppError, safeParse } from '@potluck/kernel';
import type { Request } from 'express';
import type { z } from 'zod';
import type { ClientAddress } from './address.ts';

/** What routes read of a request, each refusal in words for the caller. */

export const connectionOf = ({ socket, headers }: Request): Parameters<ClientAddress> => [
  socket.remoteAddress,
  headers['x-forwarded-for'],
];

/** RFC 6750 §2.1. */
export function bearer({ headers: { authorization } }: Request): string | undefined {
  if (authorization === undefined) return undefined;
  const secret = /^bearer +([\w.~+/=-]{1,8192})$/iu.exec(authorization.trim())?.[1];
  if (secret === undefined) throw new AppError('bad_request', 'the Authorization header must be: Bearer SECRET');
  return secret;
}

export function parse<S extends z.ZodType>(where: string, schema: S, value: unknown): z.output<S> {
  const parsed = safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 5).map((issue) => where + explain(issue, value));
  throw new AppError('bad_request', issues.join('; '));
}

function explain({ path, message }: z.core.$ZodIssue, value: unknown): string {
  const name = path.map(String).join('.');
  const given = path.reduce<unknown>(memberOf, value);
  if (name === '') return message;
  return given === undefined ? `${name} is missing` : `${name}: ${message}`;
}

const memberOf = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as { [key: PropertyKey]: unknown })[key]
    : undefined;
