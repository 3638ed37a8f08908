// A file that is read aside: how far it is, told every second; then the page of what it would do.
const place = document.getElementById("job");

async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("job");
    if (answer.redirected || !fresh) {
      location.replace(answer.redirected ? answer.url : location.href);
      return;
    }
    const told = place.querySelector("#job-told");
    const now = fresh.querySelector("#job-told").textContent;
    if (told.textContent !== now) told.textContent = now;
    place.querySelector("progress").replaceWith(fresh.querySelector("progress"));
  } catch {
    // No network for a moment: it is asked again.
  }
  setTimeout(look, 1000);
}

if (place) setTimeout(look, 1000);
