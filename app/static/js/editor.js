// The fact editor: only the chosen kind's inputs, questions fetched as one types, keys to save.
const editor = document.querySelector("form[data-editor]");
const WAIT_MS = 300;

if (editor) {
  editor.classList.add("live");
  for (const one of editor.querySelectorAll(".for-kinds")) one.remove();
  const kind = editor.querySelector("#kind");
  const relation = editor.querySelector("#relation");
  const known = new Set([...document.querySelectorAll("#entities option")].map((one) => one.value.toLowerCase()));

  const isNew = (text) => text.split("\n").some((name) => name.trim() && !known.has(name.trim().toLowerCase()));
  const fit = () => {
    for (const part of editor.querySelectorAll("[data-kinds]")) {
      part.hidden = !part.dataset.kinds.split(" ").includes(kind.value);
    }
    const names = kind.value === "set" ? editor.querySelector("#items").value : editor.querySelector("#name").value;
    const asksKind = { subject_kind: isNew(editor.querySelector("#subject").value), name_kind: isNew(names) };
    for (const [name, wanted] of Object.entries(asksKind)) {
      const part = editor.querySelector(`[data-field=${name}]`);
      const has = part.querySelector("input").value !== "";
      if (name === "name_kind" && part.hidden) continue;
      part.hidden = !wanted && !has;
    }
  };
  relation.addEventListener("change", () => {
    const name = relation.value.trim().toLowerCase();
    const chosen = [...document.querySelectorAll("#relations option")].find((one) => one.value.toLowerCase() === name);
    if (chosen?.dataset.kind) kind.value = chosen.dataset.kind;
    if (!relation.value) editor.querySelector("#group-wording").open = true;
  });
  editor.addEventListener("input", fit);
  editor.addEventListener("change", fit);
  fit();

  for (const part of editor.querySelectorAll("[data-only-without-script]")) part.hidden = true;
  for (const part of editor.querySelectorAll("[data-with-script], [data-keys]")) part.hidden = false;

  // A passage is picked from the text, by sentence or by selection.
  const take = (source, text) => {
    editor.querySelector("#source").value = source;
    editor.querySelector("#quote").value = text;
    editor.dispatchEvent(new Event("input"));
    editor.querySelector("#quote").focus();
  };
  for (const source of editor.querySelectorAll("[data-source]")) {
    source.addEventListener("click", (event) => {
      const use = event.target.closest("button[name=pick]");
      if (use) {
        event.preventDefault();
        take(source.dataset.source, use.previousElementSibling.textContent);
        return;
      }
      if (!event.target.closest("[data-pick]")) return;
      const selection = window.getSelection();
      if (selection.rangeCount === 0 || !source.contains(selection.anchorNode)) return;
      const picked = selection.getRangeAt(0).cloneContents();
      for (const button of picked.querySelectorAll("button")) button.remove();
      const text = picked.textContent.replace(/\s+/g, " ").trim();
      if (text) take(source.dataset.source, text);
    });
  }

  // Its questions, a moment after the last key; findings go beside the fields they concern.
  const box = document.getElementById("preview");
  const override = editor.querySelector("[data-override]");
  const offerOverride = () => {
    if (override) override.hidden = !editor.querySelector(".lint.error:not(.draft), .alert, [data-override] :checked");
  };
  offerOverride();
  const spread = () => {
    for (const old of editor.querySelectorAll(".lints .lint")) old.remove();
    const told = editor.querySelector("[data-told-kind-place]");
    if (told) told.textContent = box.querySelector("[data-told-kind]")?.textContent ?? "";
    for (const one of box.querySelectorAll("[data-about]")) {
      const place = editor.querySelector(`[data-field="${CSS.escape(one.dataset.about)}"] .lints`);
      if (!place) continue;
      place.append(one);
      const group = place.closest("details");
      if (group && one.classList.contains("error")) group.open = true;
    }
    offerOverride();
  };
  let waiting = 0;
  let asked = 0;
  const preview = async () => {
    const mine = ++asked;
    const fields = new FormData(editor);
    for (const file of editor.querySelectorAll("input[type=file]")) fields.delete(file.name);
    const answer = await fetch(editor.dataset.preview, { method: "POST", body: fields }).catch(() => null);
    if (!answer || !answer.ok || mine !== asked) return;
    box.innerHTML = await answer.text();
    spread();
  };
  if (box) {
    const later = () => { clearTimeout(waiting); waiting = setTimeout(preview, WAIT_MS); };
    editor.addEventListener("input", later);
    editor.addEventListener("change", later);
  }

  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
    const pressed = `Control+${event.shiftKey ? "Shift+" : ""}${key}`;
    for (const button of editor.querySelectorAll("button[aria-keyshortcuts]")) {
      if (!button.getAttribute("aria-keyshortcuts").split(" ").includes(pressed)) continue;
      event.preventDefault();
      editor.requestSubmit(button);
      return;
    }
    const link = [...editor.querySelectorAll("a[aria-keyshortcuts]")].find((one) => one.getAttribute("aria-keyshortcuts") === pressed);
    if (link) { event.preventDefault(); link.click(); }
  });

  // In a row of facts the hands stay on the keys: begin where something is missing.
  const missing = document.querySelector(".proposal") && !relation.value && !editor.querySelector("#ask").value;
  if (missing) editor.querySelector("#ask").focus();
}
