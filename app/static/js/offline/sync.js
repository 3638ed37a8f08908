// Between a device and the server: fetch the next questions, send what was answered, once.
// Shared by pages and the service worker, hence a plain script that leaves one name behind.
(() => {
  const store = self.offlineStore;
  const GONE = new Set([404, 422]);

  class Later extends Error {} // no network, a busy server, nobody signed in: tried again

  async function asked(address, fields) {
    const init = { credentials: "same-origin", cache: "no-store", redirect: "error" };
    if (fields) Object.assign(init, { method: "POST", body: new URLSearchParams(fields) });
    try {
      return await fetch(address, init);
    } catch {
      throw new Later("no network");
    }
  }

  // Whose this device is by the server, and how far its clock is off.
  async function state() {
    const response = await asked("/offline/state");
    if (!response.ok) throw new Later(String(response.status));
    const told = await response.json();
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

  // Fill the device with the questions that it should hold. A learner who has begun no deck has
  // none; whether this one has is known by the page that asks for it, or by what comes.
  async function pack(isBegun = false) {
    const { learner, csrf } = await state();
    const held = (await store.all("questions")).map((one) => one.token).join(" ");
    const response = await asked("/offline/pack", [["csrf_token", csrf], ["held", held]]);
    if (!response.ok) throw new Later(String(response.status));
    const told = await response.json();
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
      if (!wanted.delete(new URL(url).pathname)) await cache.delete(url);
    }
    for (const address of wanted) await cache.add(address);
  }

  // Send what was answered, oldest first. Sent twice it counts once: the token tells.
  async function sendAll() {
    const answers = (await store.all("answers")).sort((one, other) => one.at - other.at);
    if (!answers.length) return;
    const { learner, csrf } = await state();
    const still = new Set((await store.all("answers")).map((one) => one.token));
    for (const one of answers) {
      if (!still.has(one.token)) continue;
      const fields = [...one.fields, ["csrf_token", csrf], ["response_ms", one.ms], ["answered_epoch_s", one.at]];
      const response = await asked(`/offline/answers/${encodeURIComponent(one.token)}`, fields);
      if (!response.ok && !GONE.has(response.status)) throw new Later(String(response.status));
      const marked = response.ok ? await response.json() : { credit: null };
      await store.change(async (tables, got) => {
        if ((await got(tables.device.get("learner"))) !== learner) return;
        tables.answers.delete(one.token);
        tables.results.put({ token: one.token, at: one.at, isNew: true, ...marked });
      });
    }
  }

  // One page or worker at a time.
  function send() {
    return navigator.locks ? navigator.locks.request("factdeck-send", sendAll) : sendAll();
  }

  self.offlineSync = { Later, pack, send };
})();
