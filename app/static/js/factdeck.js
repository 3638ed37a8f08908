// Keys, time measured, no double sending: small things over pages that work without them.
const form = document.querySelector("form[data-answer]");
const keys = document.getElementById("keys");
const shownAt = performance.now();

function showKeys() { if (keys && !keys.open) keys.showModal(); }

for (const button of document.querySelectorAll("[data-show-keys]")) {
  button.hidden = false;
  button.addEventListener("click", showKeys);
}

for (const each of document.querySelectorAll("form[method=post]")) {
  each.addEventListener("submit", (event) => {
    if (each.dataset.sent) { event.preventDefault(); return; }
    each.dataset.sent = "yes";
    const took = each.querySelector("input[name=response_ms]");
    if (took) took.value = String(Math.round(performance.now() - shownAt));
  });
}
window.addEventListener("pageshow", () => {
  for (const each of document.querySelectorAll("form[data-sent]")) delete each.dataset.sent;
});

// A form that was refused: begin where something is missing.
if (performance.getEntriesByType("navigation")[0]?.responseStatus === 422) {
  const wrong = document.querySelector("main .field-error")?.closest("fieldset, .field");
  wrong?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input[type=text], input[type=email], input[type=password], input[type=number], textarea, select");
  if (event.ctrlKey || event.metaKey || event.altKey || (keys && keys.open)) return;
  if (event.key === "?" && !typing) { event.preventDefault(); showKeys(); return; }
  if (!typing && form && /^[1-9]$/.test(event.key)) {
    const inputs = form.querySelectorAll(".options input");
    const picked = inputs[Number(event.key) - 1];
    if (picked) { event.preventDefault(); picked.click(); picked.focus(); }
  }
  if (event.key === "Enter" && event.target.matches("body, main, .options input")) {
    const next = form || document.querySelector(".verdict .actions form");
    if (next) { event.preventDefault(); next.requestSubmit(); }
  }
});
