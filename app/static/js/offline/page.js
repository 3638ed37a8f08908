// The page that asks the questions on this device, whether there is a network or not.
// It looks and is used as the pages of questions do (keys: factdeck.js).
(() => {
  const store = self.offlineStore;
  const sync = self.offlineSync;
  const form = document.getElementById("ask");
  const standing = document.getElementById("standing");
  const results = document.getElementById("results");
  const keeping = document.getElementById("keeping");
  if (!form || !store || !self.indexedDB) return;

  const part = (name) => form.querySelector(`[data-part=${name}]`);
  let current = null;
  let shownAt = 0;
  let number = 0;
  let trouble = ""; // why the site could not be asked the last time: sync.Later
  const AGAIN_MS = 30 * 1000;

  // The words of this page stand in its templates, so that they are translated with it.
  function words(name, values = {}) {
    const text = document.querySelector(`template[data-words="${name}"]`).content.textContent.trim();
    return text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }

  const counted = (name, count, values = {}) => words(`${name}-${count === 1 ? "one" : "many"}`, { count, ...values });

  function made(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in element) element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  // Words of the deck: in its language, from its side.
  const ofDeck = (tag, text, properties = {}) => made(tag, { ...properties, lang: current.lang, dir: current.dir, textContent: text });

  // Options are words of the deck, unless they are given words of this page.
  function choices(type, legend, pairs) {
    const isOurs = current.type === "true_false" || current.type === "flashcard";
    const options = pairs.map(([value, text], at) => {
      const label = made("label", { className: "option", htmlFor: `answer-${at}` },
        made("input", { type, name: "answer", value, id: `answer-${at}`, className: "form-check-input" }),
        isOurs ? made("span", { textContent: text }) : ofDeck("span", text));
      if (at < 9) label.append(made("kbd", { "aria-hidden": "true", textContent: at + 1 }));
      return label;
    });
    return made("fieldset", { className: "options" }, made("legend", { textContent: legend }), ...options);
  }

  function lines(legend, names, places, isDecks) {
    const rows = names.map((name, at) => {
      const select = made("select", { name: `answer-${at}`, id: `answer-${at}`, className: "form-select" },
        ...places.map(([value, text]) => made("option", { value, textContent: text, ...(isDecks && value ? { lang: current.lang, dir: current.dir } : {}) })));
      return made("div", { className: "line" }, ofDeck("label", name, { htmlFor: `answer-${at}` }), select);
    });
    return made("fieldset", { className: "lines", "aria-describedby": "stem" }, made("legend", { textContent: legend }), ...rows);
  }

  function typed() {
    const field = made("div", { className: "field" }, made("label", { htmlFor: "answer", textContent: words("your-answer") }));
    if (current.hint) field.append(made("p", { className: "hint", id: "answer-hint", textContent: words("wanted", { hint: current.hint }) }));
    field.append(made("input", {
      className: "form-control", id: "answer", name: "answer", type: "text", autocomplete: "off", maxLength: 500, lang: current.lang, dir: "auto",
      autocapitalize: "off", spellcheck: false, "aria-describedby": current.hint ? "stem answer-hint" : "stem",
    }));
    return field;
  }

  function card() {
    const back = made("details", { className: "reveal" }, made("summary", { textContent: words("reveal") }),
      ofDeck("p", current.back.join(" · "), { className: "key" }));
    const ratings = ["again", "hard", "good", "easy"].map((name, at) => [String(at + 1), words(name)]);
    return made("div", {}, back, choices("radio", words("how-well"), ratings));
  }

  const truths = () => current.options.map((text) => [text, text]);
  const FIELDS = {
    multiple_choice: () => choices("radio", words("your-answer"), truths()),
    true_false: () => choices("radio", words("your-answer"), current.options.map((one) => [one, words(one)])),
    multiple_select: () => choices("checkbox", words("your-answers"), truths()),
    cloze: typed,
    short_answer: typed,
    ordering: () => lines(words("order"), current.options, [["", words("place")], ...current.options.map((_, at) => [String(at + 1), String(at + 1)])], false),
    matching: () => lines(words("match"), current.prompts, [["", words("choose")], ...truths()], true),
    flashcard: card,
  };

  function stance() {
    if (current.stance === "stated") return "";
    return words(current.stance, { who: `\u2068${current.according_to}\u2069` }); // a name, set apart
  }

  async function ask({ focus = true } = {}) {
    const waiting = await store.waiting();
    current = waiting[0] ?? null;
    form.hidden = !current;
    await tell(waiting.length);
    if (!current) {
      if (focus) standing.focus();
      return;
    }
    number += 1;
    shownAt = performance.now();
    form.dataset.type = current.type;
    part("deck").replaceChildren(ofDeck("bdi", current.deck));
    part("number").textContent = words("question", { number });
    part("stance").textContent = stance();
    part("stance").hidden = !part("stance").textContent;
    part("stem").replaceWith(ofDeck("p", current.stem, { className: "stem", id: "stem", "data-part": "stem" }));
    part("pictures").replaceChildren(...(current.pictures ?? []).map(({ src, alt }) =>
      made("img", { src, alt: alt || words("picture"), ...(alt ? { lang: current.lang, dir: current.dir } : {}) })));
    part("pictures").hidden = !part("pictures").children.length;
    part("fields").replaceChildren((FIELDS[current.type] ?? typed)());
    part("problem").textContent = "";
    const first = part("fields").querySelector("input[type=text]");
    if (focus) (first ?? part("number")).focus();
  }

  // Say how things stand; spoken by screen readers when it changes.
  async function tell(left) {
    const kept = (await store.kept()).length;
    const isSignedOut = trouble === "signed out";
    const said = [
      location.hash === "#incomplete" && !number ? words("incomplete") : "",
      reached(isSignedOut),
      left ? counted("here", left) : await none(),
      kept ? counted(isSignedOut ? "waits" : "kept", kept) : "",
    ];
    const text = said.filter(Boolean).join(" ");
    if (standing.textContent !== text) standing.textContent = text;
    document.getElementById("sign-in").hidden = !(kept && isSignedOut);
  }

  function reached(isSignedOut) {
    if (!navigator.onLine) return words("offline");
    if (isSignedOut) return words("signed-out");
    return words(trouble ? "unreached" : "online");
  }

  async function none() {
    const later = (await store.all("questions")).length;
    return later ? counted("later", later) : words("nothing");
  }

  // What an answer needs before it is kept; the server asks the same of it.
  function missing(given) {
    const values = given.map(([, value]) => value);
    if (current.type === "ordering") return new Set(values).size < current.options.length || values.includes("") ? "each-place" : "";
    if (current.type === "matching") return values.includes("") ? "each-line" : "";
    if (current.type === "flashcard") return values.length ? "" : "say-how-well";
    if (current.type === "cloze" || current.type === "short_answer") return values[0].trim() ? "" : "type-answer";
    return values.length ? "" : "pick";
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!current) return;
    const asked = current;
    const given = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    const problem = missing(given);
    if (problem) {
      part("problem").textContent = words(problem);
      part("fields").querySelector("input, select").focus();
      return;
    }
    current = null; // pressed twice is answered once
    try {
      await store.keep(asked.token, given, String(Math.round(performance.now() - shownAt)));
    } catch {
      current = asked;
      part("problem").textContent = words("no-room");
      return;
    }
    navigator.storage?.persist?.().catch(() => {}); // what waits is not to be cleared away
    const registered = await navigator.serviceWorker?.getRegistration();
    await registered?.sync?.register("answers").catch(() => {});
    await ask();
    if (navigator.onLine) await exchange();
  });

  // Send what waits, fetch what there is to ask, and say how it was marked.
  async function exchange() {
    const before = await whose();
    await attempt(async () => {
      await sync.catchUp();
      if (keeping.checked && !(await store.waiting()).length) await sync.pack();
    });
    await showResults();
    if (form.hidden || (await whose()) !== before) await ask({ focus: false });
    else await tell((await store.waiting()).length);
  }

  const whose = async () => (await store.fact("signedIn")) && store.fact("learner");

  async function attempt(work) {
    try {
      await work();
      trouble = "";
    } catch (error) {
      trouble = error.message || error.name;
    }
  }

  async function showResults() {
    const marked = (await store.all("results")).sort((one, other) => other.at - one.at);
    results.hidden = !marked.length;
    const right = marked.filter((one) => one.credit >= 1).length;
    const judged = marked.filter((one) => one.credit !== null).length;
    results.querySelector("[data-part=sum]").textContent = judged ? counted("marked", judged, { right }) : "";
    results.querySelector("ul").replaceChildren(...marked.map(line));
    if (marked.some((one) => one.isNew)) {
      await store.change((tables) => { for (const one of marked) tables.results.put({ ...one, isNew: false }); });
    }
  }

  function line(one) {
    if (one.credit === null) return made("li", { textContent: words("not-counted") });
    const verdict = words(one.credit >= 1 ? "right" : one.credit > 0 ? "partly" : "wrong");
    const when = new Date(one.at * 1000).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const link = made("a", { href: one.feedback, textContent: verdict });
    return made("li", { className: one.credit >= 1 ? "is-right" : "is-wrong" }, link, " · ", made("bdi", { textContent: one.deck }), ` · ${when}`);
  }

  document.getElementById("forget-results").addEventListener("click", async () => {
    await store.change((tables) => { tables.results.clear(); });
    await showResults();
    standing.focus();
  });

  keeping.addEventListener("change", async () => {
    const wanted = keeping.checked;
    await store.change((tables) => {
      tables.device.put(wanted ? "on" : "off", "mode");
      if (!wanted) { tables.questions.clear(); tables.device.delete("packed"); }
    });
    if (!wanted) await self.caches?.delete(store.PICTURES);
    if (wanted && navigator.onLine) await attempt(sync.pack);
    await ask({ focus: false });
  });

  async function begin() {
    document.getElementById("device").hidden = false;
    keeping.checked = (await store.fact("mode")) !== "off";
    await ask({ focus: false });
    await showResults();
    if (!navigator.onLine) return;
    const before = await whose();
    await attempt(sync.state);
    if ((await whose()) !== before) await ask({ focus: false }); // somebody else's, or signed out
    if (!trouble) await exchange();
    else await tell((await store.waiting()).length);
  }

  // A site that was down comes back without the browser noticing.
  async function again() {
    if (!document.hidden && navigator.onLine && (await store.kept()).length) await exchange();
  }

  setInterval(() => { again().catch(() => {}); }, AGAIN_MS);
  self.addEventListener("online", () => exchange().catch(() => {}));
  self.addEventListener("offline", async () => tell((await store.waiting()).length));
  begin().catch((error) => { standing.textContent = words("broken"); throw error; });
})();
