import { AppError, type Logger } from '@potluck/kernel';
import { dropNulls, httpRoutes, type HttpInput, type HttpOutput, type HttpRouteName } from '@potluck/protocol';
import express, { type Request, type Response, type Router } from 'express';
import type { z } from 'zod';
import type { ClientAddress } from '../address.ts';
import { broadcasterErrors } from './errors.ts';
import { broadcasterHandlers, type Caller, type HandlerDeps } from './handlers.ts';

export type BroadcasterRoutesDeps = HandlerDeps & {
  readonly clientAddress: ClientAddress;
  readonly log: Logger;
};

/** The largest body that v3 takes. */
const maxBody = '100kb';

/** All routes of `httpRoutes`. What is none of them is passed on. */
export function broadcasterRoutes({ broadcasting, access, clientAddress, log }: BroadcasterRoutesDeps): Router {
  const router = express.Router();
  const handlers = broadcasterHandlers({ broadcasting, access });
  const names = Object.keys(httpRoutes) as HttpRouteName[];
  const parseBody = express.json({ limit: maxBody });

  const add = <N extends HttpRouteName>(name: N): void => {
    const { method, path } = httpRoutes[name];
    router[method](path, parseBody, async (request, response) => {
      const caller = { credential: bearer(request), address: clientAddress(...connectionOf(request)) };
      answer(name, response, await handle(name, request, caller));
    });
  };
  const handle = <N extends HttpRouteName>(name: N, request: Request, caller: Caller): Promise<HttpOutput<N>> =>
    handlers[name](inputOf(name, request), caller);

  for (const name of names) add(name);
  router.use('/rooms', broadcasterErrors(log));
  return router;
}

const connectionOf = ({ socket, headers }: Request): Parameters<ClientAddress> => [
  socket.remoteAddress,
  headers['x-forwarded-for'],
];

/** RFC 6750 §2.1. */
function bearer({ headers: { authorization } }: Request): string | undefined {
  if (authorization === undefined) return undefined;
  const secret = /^bearer +([\w.~+/=-]{1,8192})$/iu.exec(authorization.trim())?.[1];
  if (secret === undefined) throw new AppError('bad_request', 'the Authorization header must be: Bearer SECRET');
  return secret;
}

function inputOf<N extends HttpRouteName>(name: N, request: Request): HttpInput<N> {
  const { params, query, body } = httpRoutes[name];
  // The one cast: TypeScript cannot correlate the schemas of `name` with its input across a union.
  return {
    params: parse('', params, request.params),
    query: parse('query ', query, request.query),
    body: body && parse('', body, dropNulls(request.body ?? {})),
  } as HttpInput<N>;
}

function parse<S extends z.ZodType>(where: string, schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
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

function answer(name: HttpRouteName, response: Response, output: unknown): void {
  const { answer: form } = httpRoutes[name];
  response.status(200).set('Cache-Control', 'no-store');
  switch (form.as) {
    case 'json':
      response.json(output);
      break;
    case 'text':
      response.type('html').send(form.text);
      break;
    case 'empty':
      response.type('json').end();
      break;
  }
}
