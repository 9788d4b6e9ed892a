import { AppError, Bucket, systemClock, type Clock, type Logger } from '@potluck/kernel';
import { dropNulls } from '@potluck/protocol';
import express, { type Request, type RequestHandler, type Router } from 'express';
import { addressGroup, type ClientAddress } from '../address.ts';
import { problemHandler } from '../problem.ts';
import { bearer, connectionOf, parse } from '../request.ts';
import { adminHandlers, type AdminDeps } from './handlers.ts';
import { adminRoutes, type AdminInput, type AdminOutput, type AdminRouteName } from './routes.ts';

export type AdminRoutesDeps = AdminDeps & {
  readonly clientAddress: ClientAddress;
  readonly log: Logger;
  readonly clock?: Clock;
};

const maxBody = '32kb';
/** Of all callers together: behind it stands one integrator, and it must not starve calls. */
const pace = { burst: 200, perSecond: 50 };

/** All routes of `adminRoutes`, each for the key of the API alone. What is none of them is passed on. */
export function adminApi(deps: AdminRoutesDeps): Router {
  const { access, clientAddress, log, clock = systemClock } = deps;
  const router = express.Router();
  const handlers = adminHandlers(deps);
  const bucket = new Bucket(pace, clock.now());
  const parseBody = express.json({ limit: maxBody });

  const check = async (request: Request): Promise<void> => {
    const address = clientAddress(...connectionOf(request));
    await access.requireApiKey(bearer(request), addressGroup(address));
    if (!bucket.take(clock.now())) throw new AppError('rate_limited', `at most ${pace.perSecond} requests a second`);
  };
  const guard: RequestHandler = (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    check(request).then(() => next(), next);
  };
  const add = <N extends AdminRouteName>(name: N): void => {
    const { method, path, answer } = adminRoutes[name];
    router[method](path, parseBody, async (request, response) => {
      const input = inputOf(name, request);
      const output: AdminOutput<N> = await handlers[name](input);
      if (method !== 'get') log.info('administered', { action: name, ...input.params });
      if (answer.as === 'json') response.json(output);
      else response.json({});
    });
  };

  // Before everything else under the path: who has no key learns not even which routes there are.
  router.use('/api/v1', guard);
  for (const name of Object.keys(adminRoutes) as AdminRouteName[]) add(name);
  router.use('/api/v1', problemHandler(log));
  return router;
}

function inputOf<N extends AdminRouteName>(name: N, request: Request): AdminInput<N> {
  const { params, body } = adminRoutes[name];
  // `null` means something where a password is taken away; elsewhere it is as if it was not there.
  const content: unknown = request.body ?? {};
  const sent = name === 'changeRoom' ? content : dropNulls(content);
  // The one cast: TypeScript cannot correlate the schemas of `name` with its input across a union.
  return { params: parse('', params, request.params), body: body && parse('', body, sent) } as AdminInput<N>;
}
