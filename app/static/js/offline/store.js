// What a device keeps for its learner, in the browser's own database (IndexedDB).
//   questions: as they were shown, without keys · answers: given, not yet sent · results: marked
//   facts about this device: whose it is, how wrong its clock is, when it was last filled
// Shared by pages and the service worker, hence a plain script that leaves one name behind.
(() => {
  const NAME = "factdeck";
  const VERSION = 1;
  const ALL = ["questions", "answers", "results", "device"];
  const PICTURES = "factdeck-pictures"; // a cache beside the tables
  const TWO_MONTHS_S = 60 * 24 * 60 * 60; // the server refuses what was answered longer ago
  let opened = null;

  function open() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = () => {
        for (const name of ["questions", "answers", "results"]) request.result.createObjectStore(name, { keyPath: "token" });
        request.result.createObjectStore("device");
      };
      request.onsuccess = () => {
        const database = request.result;
        database.onversionchange = () => { database.close(); opened = null; };
        database.onclose = () => { opened = null; };
        resolve(database);
      };
      request.onerror = () => { opened = null; reject(request.error); };
    });
    return opened;
  }

  function answered(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  // Run `work` in one transaction over all tables, and wait until it is on the disk.
  // Either all of it is stored or nothing, as when there is no room.
  async function change(work) {
    const database = await open();
    const transaction = database.transaction(ALL, "readwrite", { durability: "strict" });
    const stored = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const tables = Object.fromEntries(ALL.map((name) => [name, transaction.objectStore(name)]));
    const worked = (async () => work(tables, answered))().catch((error) => {
      try { transaction.abort(); } catch { /* it has been, for want of room */ }
      throw error;
    });
    const [outcome] = await Promise.all([worked, stored]);
    return outcome;
  }

  async function all(name) {
    const database = await open();
    return answered(database.transaction(name).objectStore(name).getAll());
  }

  async function fact(name) {
    const database = await open();
    return answered(database.transaction("device").objectStore("device").get(name));
  }

  // The device belongs to a learner from now on, or to nobody ("").
  // Signed out, or another learner: questions and results go. What somebody answered and could not
  // send stays for them alone: neither shown nor sent until it is they who use the device again.
  async function belongTo(learner) {
    const before = await fact("learner");
    if (self.caches && (!learner || (before !== undefined && before !== learner))) await caches.delete(PICTURES);
    return change(async (tables, got) => {
      const before = await got(tables.device.get("learner"));
      if (before !== undefined && learner && before !== learner) {
        for (const name of ["questions", "results", "device"]) tables[name].clear();
        const oldest = Date.now() / 1000 - TWO_MONTHS_S;
        for (const one of await got(tables.answers.getAll())) if (one.at < oldest) tables.answers.delete(one.token);
      } else if (!learner) {
        tables.questions.clear();
        tables.results.clear();
        tables.device.delete("packed");
      }
      if (learner) tables.device.put(learner, "learner");
      tables.device.put(Boolean(learner), "signedIn");
    });
  }

  // Seconds since 1970 by the server's clock, as far as this device knows it.
  async function now() {
    return Math.floor(Date.now() / 1000) + ((await fact("skew")) ?? 0);
  }

  // Keep an answer until it can be sent; other questions about its fact need not be asked.
  async function keep(token, fields, ms) {
    const at = await now();
    await change(async (tables, got) => {
      const asked = await got(tables.questions.get(token));
      const current = await got(tables.device.get("asked"));
      const about = asked?.fact ?? (current?.token === token ? current.fact : null);
      const learner = await got(tables.device.get("learner"));
      if ((await got(tables.answers.get(token))) === undefined) tables.answers.put({ token, learner, fields, ms, at });
      for (const one of await got(tables.questions.getAll())) {
        if (one.token === token || one.fact === about) tables.questions.delete(one.token);
      }
    });
  }

  // The answers that wait, of whose device this is, oldest first.
  async function kept() {
    const learner = await fact("learner");
    const answers = await all("answers");
    return answers.filter((one) => one.learner === learner).sort((one, other) => one.at - other.at);
  }

  // A question about a fact is asked with a network: this device need not ask another one.
  function beingAsked(token, about) {
    return change(async (tables, got) => {
      tables.device.put({ token, fact: about }, "asked");
      for (const one of await got(tables.questions.getAll())) if (one.fact === about) tables.questions.delete(one.token);
    });
  }

  // The questions that may be asked now, in their order.
  async function waiting() {
    const at = await now();
    const questions = await all("questions");
    return questions.filter((one) => one.due === null || one.due <= at).sort((one, other) => one.place - other.place);
  }

  self.offlineStore = { PICTURES, all, fact, change, belongTo, now, keep, kept, beingAsked, waiting };
})();
