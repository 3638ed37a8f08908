// A form with a preview beside it: fetched again a moment after the last key.
for (const form of document.querySelectorAll("form[data-live-preview]")) {
  for (const button of form.querySelectorAll("[data-only-without-script]")) button.hidden = true;
  const place = document.getElementById("preview");
  let waiting = 0;
  let asked = 0;
  const look = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.livePreview, { method: "POST", body: new FormData(form) });
      if (answer.ok && mine === asked) place.innerHTML = await answer.text();
    } catch { /* offline: the preview stays as it was */ }
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 300); });
}
