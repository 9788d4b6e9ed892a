import { linksRoutes, type LinksAnswer } from '@potluck/protocol';
import express, { type Router } from 'express';
import { isLoopback } from './address.ts';
import type { Links } from './links.ts';

const ownNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Tells pages that were opened as `localhost` where others find this server. */
export function linksApi(links: () => Links): Router {
  const router = express.Router();
  router.get(linksRoutes.getLinks.path, ({ hostname, socket }, response, next) => {
    // Behind a proxy every caller seems to come from here; what is asked for tells them apart.
    if (!ownNames.has(hostname) || !isLoopback(socket.remoteAddress ?? '')) return next();
    const answer: LinksAnswer = { links: links().others };
    response.set('Cache-Control', 'no-store').json(answer);
  });
  return router;
}
