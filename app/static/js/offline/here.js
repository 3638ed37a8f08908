// On every page: whose this device is, its questions kept fresh, its answers sent.
// Everything here may fail (private windows, old browsers, no space): pages work without it.
(() => {
  const store = self.offlineStore;
  const sync = self.offlineSync;
  const HALF_AN_HOUR_MS = 30 * 60 * 1000;
  const FIVE_MINUTES_MS = 5 * 60 * 1000;
  const FEW = 25;
  const mark = document.querySelector("meta[name=factdeck-learner]");
  const news = document.getElementById("offline-news");
  if (!self.indexedDB || !navigator.serviceWorker || !mark || !store) return;

  const learner = mark.content;
  const form = document.querySelector("form[data-answer][data-fact]"); // a question of study

  async function begin() {
    await store.belongTo(learner);
    if (!learner) return;
    if (form) await store.beingAsked(form.dataset.token, Number(form.dataset.fact));
    await navigator.serviceWorker.register("/service-worker.js", { updateViaCache: "none" });
    await catchUp();
  }

  async function catchUp() {
    try {
      await sync.send();
      if (await isLow()) await sync.pack(Boolean(form));
    } catch (error) {
      if (!(error instanceof sync.Later)) throw error;
    }
    await tell();
  }

  async function isLow() {
    if ((await store.fact("mode")) === "off") return false;
    if (form && !(await store.fact("begun"))) return true; // filled before anything was begun
    const age = Date.now() - ((await store.fact("packed")) ?? 0);
    const few = (await store.all("questions")).length < FEW;
    return age > HALF_AN_HOUR_MS || age < 0 || (few && age > FIVE_MINUTES_MS);
  }

  // "Sent and marked: 9 right of 12", once, until the page with the answers has been seen.
  async function tell() {
    if (!news) return;
    const fresh = (await store.all("results")).filter((one) => one.isNew && one.credit !== null);
    news.hidden = !fresh.length;
    if (!fresh.length) return;
    const right = fresh.filter((one) => one.credit >= 1).length;
    news.querySelector("[data-right]").textContent = right;
    news.querySelector("[data-all]").textContent = fresh.length;
  }

  // Signing out of a shared computer: send what waits, then leave nothing behind.
  for (const form of document.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await sync.send().catch(() => {});
      await store.belongTo("").catch(() => {});
      form.submit();
    });
  }

  self.addEventListener("online", () => { if (learner) catchUp().catch(() => {}); });
  begin().catch(() => {});
})();
