import express, { type Router } from 'express';
import { openApiDocument } from './document.ts';
import { apiPage, apiStyle } from './page.ts';

/** The description of the HTTP interface: for programs at /openapi.json, for people at /docs/api. */
export function openApiRoutes(version: string): Router {
  const router = express.Router();
  // Most servers are never asked.
  const document = once(() => openApiDocument(version));
  const page = once(() => apiPage(document()));
  router.get('/openapi.json', (_request, response) => {
    response.json(document());
  });
  router.get('/docs/api', (_request, response) => {
    response.type('html').send(page());
  });
  router.get('/docs/api.css', (_request, response) => {
    response.type('css').send(apiStyle);
  });
  return router;
}

/** Made when it is asked for first. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
