import type { Logger } from '@potluck/kernel';
import { dropNulls, httpRoutes, type HttpInput, type HttpOutput, type HttpRouteName } from '@potluck/protocol';
import express, { type Request, type Response, type Router } from 'express';
import type { ClientAddress } from '../address.ts';
import { bearer, connectionOf, parse } from '../request.ts';
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

function inputOf<N extends HttpRouteName>(name: N, request: Request): HttpInput<N> {
  const { params, query, body } = httpRoutes[name];
  // The one cast: TypeScript cannot correlate the schemas of `name` with its input across a union.
  return {
    params: parse('', params, request.params),
    query: parse('query ', query, request.query),
    body: body && parse('', body, dropNulls(request.body ?? {})),
  } as HttpInput<N>;
}

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
