"""High contrast: what is marked, pressed and picked can be read in the system's own colours."""

from pathlib import Path

import flask_bootstrap
import pytest
from playwright.sync_api import Browser

STATIC = Path(__file__).parents[2] / "app" / "static" / "css" / "factdeck.css"
BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css"
PAGE = """<!doctype html><main><p><mark>a passage</mark> <span class="count">3</span></p>
<label class="option"><input type="radio" class="form-check-input" checked>
<span>picked</span></label>
<button class="btn btn-primary">Answer</button><a class="btn btn-outline-primary" href="#">Other</a>
<p class="field-error">Pick one.</p><p class="stance">A claim</p></main>"""
CONTRASTS = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
    .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parts(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return light(colour);
    }
    return light(parts(getComputedStyle(document.body).backgroundColor));
  };
  return [...document.querySelectorAll("mark, .count, .option span, .btn, .field-error, .stance")]
    .map((one) => {
      const pair = [light(parts(getComputedStyle(one).color)), ground(one)].sort((a, b) => b - a);
      return [one.className || one.tagName, (pair[0] + 0.05) / (pair[1] + 0.05)];
    });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(browser: Browser, scheme: str) -> None:
    """By the contrast of WCAG 2.2, 4.5 to 1."""
    context = browser.new_context(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_content(PAGE)
    for style in (BOOTSTRAP / "bootstrap.min.css", STATIC):
        page.add_style_tag(path=style)
    found = page.evaluate(CONTRASTS)
    assert len(found) == 7
    assert [one for one in found if one[1] < 4.5] == []
    ticked = page.locator("input").evaluate("one => getComputedStyle(one).appearance")
    assert ticked == "auto"
    context.close()
