import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, type Router } from 'express';

const aYearMs = 365 * 86_400_000;

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Potluck</title>
<h1>The server runs; its web app is not built yet</h1>
<p>Stop the server, type <code>npm start</code> in its folder, and open this page again.</p>
</html>
`;

/** The built web app in `folder`: files as they are, and its one page for every address that a person may navigate to. */
export function webApp(folder: string): Router {
  const router = express.Router();
  const page = join(folder, 'index.html');
  // Vite puts a hash of the content into these names.
  router.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: aYearMs, index: false }));
  router.use(express.static(folder, { index: false, redirect: false, setHeaders: setNoCache }));
  router.use((request, response, next) => {
    if (!isNavigation(request)) return next();
    setNoCache(response);
    if (existsSync(page)) response.sendFile(page, { cacheControl: false });
    else response.status(503).type('html').send(notBuilt);
  });
  return router;
}

const setNoCache = (response: { setHeader(name: string, value: string): unknown }): void => {
  response.setHeader('Cache-Control', 'no-cache');
};

/** A page is wanted, not a file: `/r/kitchen`, not `/assets/gone.js`. */
function isNavigation({ method, path, headers }: Parameters<RequestHandler>[0]): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (/\.[a-z\d]{1,8}$/iu.test(path) && path !== '/index.html') return false;
  const mode = headers['sec-fetch-mode'];
  return mode === undefined ? (headers.accept ?? '').includes('text/html') : mode === 'navigate';
}
