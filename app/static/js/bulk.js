// Ticking many rows: all at once, a run with Shift, and how many are ticked.
for (const form of document.querySelectorAll("form[data-bulk]")) {
  const boxes = [...form.querySelectorAll("input[type=checkbox][name=chosen], input[type=checkbox][name=changes]")];
  const all = form.querySelector("[data-all]");
  const count = form.querySelector("[data-count]");
  for (const part of form.querySelectorAll("[data-with-script]")) part.hidden = false;
  for (const part of form.querySelectorAll("[data-without-script]")) part.hidden = true;
  const every = form.querySelector("[data-every]");
  const tell = () => {
    const ticked = every?.checked ? every.dataset.every : boxes.filter((box) => box.checked).length;
    if (count) count.textContent = ticked ? count.dataset.count.replace("{count}", ticked) : "";
    if (all) { all.checked = ticked === boxes.length; all.indeterminate = !every?.checked && ticked > 0 && ticked < boxes.length; }
  };
  if (all) all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; tell(); });
  if (every) every.addEventListener("change", () => {
    for (const box of boxes) { box.checked = every.checked; box.disabled = every.checked; }
    if (all) all.disabled = every.checked;
    tell();
  });
  let last = -1;
  boxes.forEach((box, at) => box.addEventListener("click", (event) => {
    if (event.shiftKey && last >= 0) {
      for (const one of boxes.slice(Math.min(at, last), Math.max(at, last) + 1)) one.checked = box.checked;
    }
    last = at;
    tell();
  }));
  if (every?.checked) every.dispatchEvent(new Event("change"));
  tell();
}
