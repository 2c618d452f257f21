/*
 * The service worker: keeps the page's own files, and nothing else. What the API answers is people's data and is never put into a cache; the page keeps it
 * itself, encrypted. A new version waits until the person lets it in (screens/update.tsx).
 */
interface Lifetime extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetched extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  addEventListener(type: 'install' | 'activate', listen: (event: Lifetime) => void): void;
  addEventListener(type: 'fetch', listen: (event: Fetched) => void): void;
  addEventListener(type: 'message', listen: (event: MessageEvent) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
}
declare const self: Worker;
/** Put in when it is built (infra/console.ts). */
declare const __KEPT__: { version: string; files: string[] };

const { version, files } = __KEPT__;
const CACHE = `field-${version}`;

self.addEventListener('install', (event) => {
  event.waitUntil(keepAll());
});

/**
 * Keeps this version whole, or not at all. While a release is under way the page may come from another one than this worker does: kept, it would ask for
 * files that are not, and open no more without a signal. @throws then; the version before goes on, and the browser tries again later
 */
async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(files.map((file) => new Request(file, { cache: 'reload' })));
  const page = await (await cache.match('/field/index.html'))?.text();
  const asked = page?.match(/\/field\/assets\/[\w.-]+/g) ?? [];
  if (asked.length > 0 && asked.every((file) => files.includes(file))) return;
  await caches.delete(CACHE);
  throw new Error('The page is of another version.');
}

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names.filter((name) => name.startsWith('field-') && name !== CACHE).map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || !url.pathname.startsWith('/field/')) return;
  const kept = request.mode === 'navigate' ? '/field/index.html' : url.pathname;
  if (!files.includes(kept)) return;
  event.respondWith(
    caches
      .open(CACHE)
      .then((cache) => cache.match(kept))
      .then((found) => found ?? fetch(request)),
  );
});

self.addEventListener('message', ({ data }) => {
  if (data === 'come-in') void self.skipWaiting();
});

export {};
