// Keeps the app's own files, so that a link opens at once and an installed app starts without a network. Everything else
// (calls, the API, other pages) passes by.
const cacheName = 'potluck-1';
const page = '/index.html';
/** Some three releases of the app. */
const mostKept = 100;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.add(page)));
  self.skipWaiting();
});

self.addEventListener('activate', (event) => {
  const forgetOld = async () => {
    for (const name of await caches.keys()) if (name !== cacheName) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(forgetOld());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (url.pathname === '/' || url.pathname.startsWith('/r/')) event.respondWith(freshPage(request));
  } else if (url.pathname.startsWith('/assets/')) event.respondWith(keptAsset(request));
});

/** The page as the server has it now; the kept one when there is no server. */
async function freshPage(request) {
  const cache = await caches.open(cacheName);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(page, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(page);
    if (kept === undefined) throw error;
    return kept;
  }
}

/** Files whose names carry a hash never change. */
async function keptAsset(request) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) {
    await cache.put(request, response.clone());
    for (const old of (await cache.keys()).slice(0, -mostKept))
      if (new URL(old.url).pathname !== page) await cache.delete(old);
  }
  return response;
}
