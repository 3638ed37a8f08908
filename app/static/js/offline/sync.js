// Between a device and the server: fetch the next questions, send what was answered, once.
// Shared by pages and the service worker, hence a plain script that leaves one name behind.
(() => {
  const store = self.offlineStore;
  const GONE = new Set([404, 422]);
  const ITS_OWN = new Set([400, 413, 500]); // trouble with one answer, which others need not wait for
  const HALF_AN_HOUR_MS = 30 * 60 * 1000;
  const FIVE_MINUTES_MS = 5 * 60 * 1000;
  const FEW = 25;
  const LONGEST_MS = 60 * 1000; // a request that takes longer has been lost on its way

  // What cannot be done now and is tried again: "no network", "signed out", or the server's status.
  class Later extends Error {}

  async function asked(address, fields) {
    const init = { credentials: "same-origin", cache: "no-store", redirect: "error", signal: AbortSignal.timeout?.(LONGEST_MS) };
    if (fields) Object.assign(init, { method: "POST", body: new URLSearchParams(fields) });
    try {
      const response = await fetch(address, init);
      return { ok: response.ok, status: response.status, told: response.ok ? await response.json() : null };
    } catch { // none, too slow, or somebody else's, as before one signs in to a train's
      throw new Later("no network");
    }
  }

  // Whose this device is by the server, and how far its clock is off.
  async function state() {
    const { ok, status, told } = await asked("/offline/state");
    if (!ok) throw new Later(String(status));
    await store.belongTo(told.learner);
    if (!told.learner) throw new Later("signed out");
    await setClock(told.now);
    return told;
  }

  // The clock is set right when questions come, and holds for the answers to them.
  function setClock(now) {
    const skew = now - Math.floor(Date.now() / 1000);
    return store.change((tables) => { tables.device.put(skew, "skew"); });
  }

  // Send what waits, and fetch questions where few are left. `asking`: a page asks one just now.
  async function catchUp(asking = false) {
    await send();
    if (await isLow(asking)) await pack(asking);
  }

  async function isLow(asking) {
    if ((await store.fact("mode")) === "off") return false;
    if (asking && !(await store.fact("begun"))) return true; // filled before anything was begun
    const age = Date.now() - ((await store.fact("packed")) ?? 0);
    const few = (await store.all("questions")).length < FEW;
    return age > HALF_AN_HOUR_MS || age < 0 || (few && age > FIVE_MINUTES_MS);
  }

  // Fill the device with the questions that it should hold. A learner who has begun no deck has
  // none; whether this one has is known by the page that asks for it, or by what comes.
  async function pack(isBegun = false) {
    const { learner, csrf } = await state();
    const held = (await store.all("questions")).map((one) => one.token).join(" ");
    const { ok, status, told } = await asked("/offline/pack", [["csrf_token", csrf], ["held", held]]);
    if (!ok) throw new Later(String(status));
    await store.change(async (tables, got) => {
      const isTheirs = (await got(tables.device.get("learner"))) === learner && (await got(tables.device.get("signedIn")));
      if (!isTheirs || told.learner !== learner) return;
      const kept = new Map((await got(tables.questions.getAll())).map((one) => [one.token, one]));
      for (const one of told.questions) kept.set(one.token, one);
      const answered = new Set(await got(tables.answers.getAllKeys()));
      const asked = (await got(tables.device.get("asked")))?.fact;
      tables.questions.clear();
      told.order.forEach((token, place) => {
        const one = kept.get(token);
        if (one && one.fact !== asked && !answered.has(token)) tables.questions.put({ ...one, place });
      });
      tables.device.put(Date.now(), "packed");
      tables.device.put(isBegun || told.order.length > 0, "begun");
    });
    await keepPictures().catch(() => {}); // without them the questions are still there
  }

  // The pictures of the questions on this device, and no others.
  async function keepPictures() {
    if (!self.caches) return;
    const wanted = new Set((await store.all("questions")).flatMap((one) => (one.pictures ?? []).map(({ src }) => src)));
    if (!wanted.size && !(await caches.has(store.PICTURES))) return;
    const cache = await caches.open(store.PICTURES);
    for (const { url } of await cache.keys()) {
      if (!wanted.delete(new URL(url).pathname)) await cache.delete(url, { ignoreVary: true });
    }
    await Promise.allSettled([...wanted].map((address) => cache.add(address)));
  }

  // Send what was answered, oldest first. Sent twice it counts once: the token tells.
  async function sendAll() {
    if (!(await store.kept()).length) return;
    const { learner, csrf } = await state();
    let trouble = null;
    for (const one of await store.kept()) {
      const fields = [...one.fields, ["csrf_token", csrf], ["response_ms", one.ms], ["answered_epoch_s", one.at]];
      const { ok, status, told } = await asked(`/offline/answers/${encodeURIComponent(one.token)}`, fields);
      if (!ok && !GONE.has(status)) {
        trouble = new Later(String(status));
        if (ITS_OWN.has(status)) continue;
        throw trouble;
      }
      const marked = ok ? told : { credit: null };
      await store.change(async (tables, got) => {
        if ((await got(tables.device.get("learner"))) !== learner) return;
        tables.answers.delete(one.token);
        tables.results.put({ token: one.token, at: one.at, isNew: true, ...marked });
      });
    }
    if (trouble) throw trouble;
  }

  // One page or worker at a time.
  function send() {
    return navigator.locks ? navigator.locks.request("factdeck-send", sendAll) : sendAll();
  }

  self.offlineSync = { Later, state, pack, send, catchUp };
})();
