import { AppError, Buckets, systemClock, type Clock, type Logger } from '@potluck/kernel';
import { doorRoutes, dropNulls, type DoorAnswer, type DoorKind, type Grant } from '@potluck/protocol';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Access } from '../../access/access.ts';
import type { DoorQuestion } from '../../session/look.ts';
import { addressGroup, type ClientAddress } from '../address.ts';
import { checkOrigin } from '../handshake.ts';
import { problemHandler } from '../problem.ts';
import { bearer, connectionOf, parse } from '../request.ts';

export type DoorRoutesDeps = {
  readonly look: (question: DoorQuestion, grant: Grant, address: string) => DoorKind;
  /** Throws what any WebSocket from there would be refused with. */
  readonly checkSockets: (address: string) => void;
  readonly access: Pick<Access, 'grant'>;
  readonly allowedOrigins: readonly string[];
  readonly clientAddress: ClientAddress;
  readonly log: Logger;
  readonly clock?: Clock;
};

const maxBody = '4kb';
/** Of one address. An honest client asks when it was refused, and at each of its attempts after that. */
const pace = { burst: 30, perSecond: 1 };

/** Answers what stands between somebody and a room, as trying to enter would, and no more. */
export function doorApi(deps: DoorRoutesDeps): Router {
  const { access, allowedOrigins, clientAddress, log, clock = systemClock } = deps;
  const router = express.Router();
  const buckets = new Buckets(pace);
  const { path, body } = doorRoutes.askDoor;

  const guard: RequestHandler = (request, response, next) => {
    allowOrigin(request, response);
    checkOrigin(request, allowedOrigins);
    next();
  };
  const ask = async (request: Request): Promise<DoorKind> => {
    const address = clientAddress(...connectionOf(request));
    const group = addressGroup(address);
    if (!buckets.take(group, clock.now())) throw new AppError('rate_limited', 'too many questions from this address');
    const question = parse('', body, dropNulls(request.body ?? {}));
    deps.checkSockets(address);
    const token = bearer(request);
    try {
      return deps.look(question, await access.grant(token, question.roomId, group), address);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'unauthorized') throw error;
      return token === undefined ? 'tokenNeeded' : 'tokenRefused';
    }
  };

  router.use(path, guard);
  // A page of another origin asks its browser first (Fetch §3.2.2), as it need not for a WebSocket.
  router.options(path, (_request, response) => {
    response.set({
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'authorization, content-type',
      'Access-Control-Max-Age': '600',
    });
    response.status(204).end();
  });
  router.post(path, express.json({ limit: maxBody }), (request, response, next) => {
    ask(request).then((door) => {
      const answer: DoorAnswer = { door, now: clock.now() };
      response.set('Cache-Control', 'no-store').json(answer);
    }, next);
  });
  router.use(path, problemHandler(log));
  return router;
}

/** Whoever may open a WebSocket may read the answer. No cookies are involved: there are none. */
function allowOrigin({ headers: { origin } }: Request, response: Response): void {
  if (origin === undefined) return;
  response.set({ 'Access-Control-Allow-Origin': origin, Vary: 'Origin' });
}
