// The service worker: pages come from the network; without one, a page that asks the questions on
// this device. An answer that cannot be sent is kept and sent later. SHELL stands above this text.
importScripts(...SHELL.imported);

const CACHE = `factdeck-shell-${SHELL.version}`;
const ANSWER = /^\/questions\/([\w-]{1,43})$/;

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

async function fill() {
  const cache = await caches.open(CACHE);
  // As for nobody: what lies here is shown to whoever uses this device.
  const headers = { "Accept-Language": SHELL.language };
  const page = new Request(SHELL.page, { credentials: "omit", cache: "reload", headers });
  await cache.addAll([page, ...SHELL.files.map((file) => new Request(file, { credentials: "omit" }))]);
}

async function dropOld() {
  for (const name of await caches.keys()) {
    if (name.startsWith("factdeck-shell-") && name !== CACHE) await caches.delete(name);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(request.method === "GET" ? shown(request) : done(request, address));
  } else if (address.pathname.startsWith("/pictures/")) {
    event.respondWith(pictured(request));
  } else if (SHELL.files.includes(address.pathname + address.search)) {
    event.respondWith(kept(request));
  }
});

const stored = (address) => caches.match(address, { cacheName: CACHE, ignoreVary: true });

async function shown(request) {
  try {
    return await fetch(request);
  } catch {
    return (await stored(SHELL.page)) ?? Response.error();
  }
}

async function pictured(request) {
  const found = await caches.match(request.url, { cacheName: self.offlineStore.PICTURES, ignoreVary: true });
  return found ?? fetch(request);
}

async function kept(request) {
  return (await stored(request.url)) ?? fetch(request);
}

// Something is sent: what is no answer cannot wait, but leads to the questions on this device.
async function done(request, address) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    const answered = ANSWER.exec(address.pathname);
    if (answered) await keep(answered[1], await copy.formData());
    return Response.redirect(SHELL.page, 303);
  }
}

async function keep(token, form) {
  const fields = [...form].filter(([name, value]) => /^answer(-\d+)?$/.test(name) && typeof value === "string");
  if (!fields.length) return;
  await self.offlineStore.keep(token, fields, form.get("response_ms") || "0");
  await self.registration.sync?.register("answers").catch(() => {}); // where there is no sync, pages send
}

self.addEventListener("sync", (event) => {
  if (event.tag === "answers") event.waitUntil(self.offlineSync.send());
});
