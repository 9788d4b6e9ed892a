import { AppError, type Logger } from '@potluck/kernel';
import express, { type Express, type Request, type Response, type Router } from 'express';
import type { Health } from '../watch/health.ts';
import { problemHandler, sendProblem } from './problem.ts';
import { securityHeaders } from './security-headers.ts';
import { webApp } from './static.ts';

export type HttpDeps = {
  log: Logger;
  health: () => Health;
  /** Routes of other parts, in order. A route that is not theirs they pass on. */
  routes: readonly Router[];
};

export type HttpOptions = {
  /** The built web app. */
  webFolder: string;
  /** A certificate that browsers trust, not a self-signed one. */
  realCertificate: boolean;
  /** Origins of pages that may show the web app in a frame. Default: none. */
  frameAncestors?: readonly string[];
};

/** Paths that programs talk to: their errors are problem documents, never the web app's page. */
const apiPaths = /^\/(rooms|api|health|problems)(\/|$)/u;

/** The Express app of both listeners. */
export function createHttpApp({ log, health, routes }: HttpDeps, options: HttpOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(securityHeaders(options));
  app.get('/health', (_request, response) => {
    const answer = health();
    response
      .status(answer.ok ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json(answer);
  });
  for (const router of routes) app.use(router);
  const web = webApp(options.webFolder);
  app.use((request, response, next) => {
    if (apiPaths.test(request.path)) next();
    else web(request, response, next);
  });
  app.use((request, response) => {
    log.debug('request refused', { method: request.method, path: request.path, status: 404 });
    notFound(request, response);
  });
  app.use(problemHandler(log));
  return app;
}

const notFound = (request: Request, response: Response): void => {
  const wantsJson = apiPaths.test(request.path) || (request.headers.accept ?? '').includes('json');
  if (wantsJson) sendProblem(request, response, new AppError('not_found', 'there is nothing at this address'));
  else response.status(404).type('text').send('There is nothing at this address.\n');
};
