// The service worker: pages come from the network; without one, a page that asks the questions on
// this device. An answer that cannot be sent is kept and sent later. SHELL stands above this text.
importScripts(...SHELL.imported);

const CACHE = `factdeck-shell-${SHELL.version}`;
const ANSWER = /^\/questions\/([\w-]{1,43})$/;
const ASK_NEXT = /^\/(study|quiz)\/[\w-]{1,43}\/next$|^\/decks\/[^/]+\/(study|quiz)$/;

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
  await Promise.all([cache.add(page), ...SHELL.files.map((file) => take(cache, file))]);
}

// A file is taken if it is what its address names: while a site of several servers is renewed, an
// old one may answer. A shell of two releases is not installed, and is tried again by later pages.
async function take(cache, file) {
  const response = await fetch(file, { credentials: "omit" });
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const named = new URL(file, self.location).searchParams.get("v");
  if (!response.ok || !named || !hex.startsWith(named)) throw new TypeError(`${file} is another one`);
  await cache.put(file, response);
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
    // What else is sent is left to the browser, which says so where it cannot, and sends it again.
    const way = request.method === "GET" ? shown : ANSWER.test(address.pathname) ? answered : ASK_NEXT.test(address.pathname) ? nextAsked : null;
    if (way) event.respondWith(way(request, address));
  } else if (address.pathname.startsWith("/pictures/")) {
    event.respondWith(pictured(request));
  } else if (SHELL.files.includes(address.pathname + address.search)) {
    event.respondWith(kept(request));
  }
});

const stored = (address) => caches.match(address, { cacheName: CACHE, ignoreVary: true });

// Ask the site. What a proxy says of a site that is down is no network either: each page of ours
// has a policy, whatever it says.
async function ofTheSite(request) {
  const response = await fetch(request);
  const isDown = response.status >= 502 && response.status <= 504 && !response.headers.has("Content-Security-Policy");
  if (isDown) throw new TypeError(`status ${response.status}`);
  return response;
}

async function shown(request) {
  try {
    return await ofTheSite(request);
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

// The next question is asked for: there are some on this device.
async function nextAsked(request) {
  try {
    return await ofTheSite(request);
  } catch {
    return Response.redirect(SHELL.page, 303);
  }
}

// An answer that cannot be sent is kept. Where it cannot be kept, the browser shows that it failed.
async function answered(request, address) {
  const copy = request.clone();
  try {
    return await ofTheSite(request);
  } catch {
    const isKept = await keep(ANSWER.exec(address.pathname)[1], await copy.formData());
    return Response.redirect(isKept ? SHELL.page : `${SHELL.page}#incomplete`, 303);
  }
}

// Keep an answer, unless it lacks something: the server would ask for it, and so does the next page.
async function keep(token, form) {
  const fields = [...form].filter(([name, value]) => /^answer(-\d+)?$/.test(name) && typeof value === "string");
  if (!fields.length || fields.some(([, value]) => !value.trim())) return false;
  await self.offlineStore.keep(token, fields, form.get("response_ms") || "0");
  await self.registration.sync?.register("answers").catch(() => {}); // where there is no sync, pages send
  return true;
}

self.addEventListener("sync", (event) => {
  if (event.tag === "answers") event.waitUntil(self.offlineSync.send());
});
