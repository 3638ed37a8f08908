// On every page: whose this device is, its questions kept fresh, its answers sent.
// Everything here may fail (private windows, old browsers, no space): pages work without it.
(() => {
  const store = self.offlineStore;
  const sync = self.offlineSync;
  const LONGEST_WAIT_MS = 10 * 1000; // for a network that is there and carries nothing
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
      await sync.catchUp(Boolean(form));
    } catch (error) {
      if (!(error instanceof sync.Later)) throw error;
    }
    await tell();
  }

  // "Sent and marked: 9 right of 12", once, until the page with the answers has been seen.
  async function tell() {
    if (!news) return;
    const fresh = (await store.all("results")).filter((one) => one.isNew);
    news.hidden = !fresh.length;
    if (!fresh.length) return;
    const marked = fresh.filter((one) => one.credit !== null);
    const right = marked.filter((one) => one.credit >= 1).length;
    news.querySelector("[data-marked]").hidden = !marked.length;
    news.querySelector("[data-lost]").hidden = marked.length === fresh.length;
    news.querySelector("[data-right]").textContent = right;
    news.querySelector("[data-all]").textContent = marked.length;
  }

  // Signing out of a shared computer: send what waits, then leave nothing behind.
  for (const form of document.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await Promise.race([sync.send().catch(() => {}), new Promise((go) => { setTimeout(go, LONGEST_WAIT_MS); })]);
      await store.belongTo("").catch(() => {});
      form.submit();
    });
  }

  self.addEventListener("online", () => { if (learner) catchUp().catch(() => {}); });
  begin().catch(() => {});
})();
