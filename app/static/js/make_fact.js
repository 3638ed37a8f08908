// On an article's page: what is selected opens the fact editor.
const part = document.querySelector("[data-make-fact]");
const article = document.querySelector(".reading");
const LONGEST = 1000;

if (part && article) {
  const form = part.querySelector("form");
  const quote = form.querySelector("input[name=quote]");
  const button = form.querySelector("button");
  const chosen = form.querySelector("[data-chosen]");
  const hint = chosen.textContent;
  form.hidden = false;

  document.addEventListener("selectionchange", () => {
    const selection = window.getSelection();
    const inside = selection.rangeCount > 0 && article.contains(selection.anchorNode) && article.contains(selection.focusNode);
    // A press elsewhere takes the selection away; what was chosen stays.
    if (!inside || selection.isCollapsed) return;
    const picked = selection.getRangeAt(0).cloneContents();
    for (const number of picked.querySelectorAll("sup, button")) number.remove();
    const text = picked.textContent.replace(/\s+/g, " ").trim().slice(0, LONGEST);
    quote.value = text;
    button.disabled = text === "";
    part.classList.toggle("chosen", text !== "");
    const short = text.length > 90 ? `${text.slice(0, 90)}…` : text;
    chosen.textContent = text ? `“${short}”` : hint;
  });
}
