"""A train tunnel: the network is cut in the middle of a session, and nothing is lost or doubled."""

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from app.core.facts import Deck, Fact, Picture, Side
from app.core.values import TextValue
from app.interchange.apkg import write_apkg
from app.interchange.pictures import read_picture

from .conftest import NARROW, Server
from .walking import OPTIONS, TYPED, answer, check_page, follow

NOW = 1_763_900_000
SLOW_MS = 30_000
"""What is sent and marked behind a page takes as long as a busy server lets it."""


@pytest.fixture
def viewport() -> dict[str, int]:
    """A phone's."""
    return NARROW


CACHED = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      texts.push(await (await cache.match(request, { ignoreVary: true })).text());
    }
  }
  return texts.join(" ");
}"""
STORED = """async (name) => (await self.offlineStore.all(name)).length"""


def stored(page: Page, name: str) -> int:
    found: int = page.evaluate(STORED, name)
    return found


def wait_for(comes: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not comes():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def filled(page: Page) -> None:
    """Wait until the worker is there and the device holds questions."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_for(lambda: stored(page, "questions") > 0)


def answer_stored(page: Page) -> None:
    """Answer a question of this device, as `walking.answer` does with a page's."""
    form = page.locator("form#ask")
    expect(form).to_be_visible()
    kind = form.get_attribute("data-type") or ""
    number = form.locator("[data-part=number]").text_content()
    if kind in OPTIONS:
        form.locator(".options input").first.check()
    elif kind in TYPED:
        page.fill("#answer", "no idea")
    else:
        for at, choice in enumerate(form.locator("select").all(), 1):
            choice.select_option(index=at)
    form.get_by_role("button", name="Answer").click()
    expect(form.locator("[data-part=number]")).not_to_have_text(number or "")


def sign_up(page: Page, server: Server) -> str:
    address = f"{uuid4().hex}@example.org"
    page.goto(f"{server.url}/sign-up")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    return address


def factdeck(server: Server, *arguments: str) -> str:
    """Run a command on the server's instance; return what it says."""
    command = [str(Path(sys.executable).with_name("factdeck")), *arguments]
    environment = os.environ | {"FACTDECK_HOME": str(server.home)}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def begin_study(page: Page, server: Server) -> None:
    """Sign up, start to study, and wait until the device holds questions."""
    sign_up(page, server)
    page.goto(f"{server.url}/decks/deepseek")
    follow(page.get_by_role("button", name="Start studying"))
    filled(page)


def standing(page: Page) -> Locator:
    return page.locator("#standing")


def test_a_tunnel_in_the_middle_of_a_session_loses_and_doubles_nothing(
    new_page: Callable[[], Page], server: Server
) -> None:
    page = new_page()
    begin_study(page, server)
    answer(page)
    follow(page.locator(".verdict .actions .btn-primary"))
    asked, before = page.url, stored(page, "questions")

    page.context.set_offline(True)
    answer(page)  # what is sent fails, is kept, and leads to the questions on this device
    expect(page.get_by_role("heading", level=1)).to_have_text("Study offline")
    expect(standing(page)).to_contain_text("You are offline.")
    expect(standing(page)).to_contain_text("1 answer is kept")
    check_page(page)
    for _ in range(3):
        answer_stored(page)
    expect(standing(page)).to_contain_text("4 answers are kept")
    page.goto(f"{server.url}/study")  # whatever page is asked for
    expect(standing(page)).to_contain_text("4 answers are kept")
    assert stored(page, "questions") <= before - 3

    page.context.set_offline(False)  # the page that is open notices, and sends
    expect(page.locator("#results li")).to_have_count(4, timeout=SLOW_MS)
    assert stored(page, "answers") == 0
    back_in_the_light(page, server, asked)


def back_in_the_light(page: Page, server: Server, asked: str) -> None:
    """All five answers count, each once; the page of each says how it was marked."""
    page.goto(asked)
    expect(page).to_have_url(f"{asked}/feedback")
    page.goto(f"{server.url}/offline")
    expect(page.locator("#results li")).to_have_count(4)
    check_page(page)
    follow(page.locator("#results li a").first)
    expect(page.locator("dd.key").first).to_be_visible()
    page.goto(f"{server.url}/study")
    expect(page.locator("main")).to_contain_text("5 answered today")
    factdeck(server, "check")


def test_a_shared_computer_shows_nobodys_things(
    new_page: Callable[[], Page], server: Server
) -> None:
    page = new_page()
    begin_study(page, server)
    mark = page.locator("meta[name=factdeck-learner]").get_attribute("content")
    assert mark
    page.context.set_offline(True)
    page.goto(f"{server.url}/offline")
    answer_stored(page)
    page.context.set_offline(False)
    page.goto(f"{server.url}/settings")
    follow(page.get_by_role("button", name="Sign out"))
    wait_for(lambda: page.evaluate("self.offlineStore.fact('signedIn')") is False)
    assert [stored(page, name) for name in ("questions", "answers", "results")] == [0, 0, 0]
    cached = page.evaluate(CACHED)
    assert "Study offline" in cached
    assert 'name="csrf_token"' not in cached
    assert mark not in cached
    page.context.set_offline(True)
    page.goto(f"{server.url}/study")
    expect(standing(page)).to_contain_text("There is no question on this device.")
    page.context.set_offline(False)


def test_the_keyboard_is_enough_without_a_network(
    new_page: Callable[[], Page], server: Server
) -> None:
    page = new_page()
    begin_study(page, server)
    page.context.set_offline(True)
    page.goto(f"{server.url}/offline")
    form = page.locator("form#ask")
    expect(form).to_be_visible()
    for number in range(1, 5):
        expect(form.locator("[data-part=number]")).to_have_text(f"Question {number}")
        kind = form.get_attribute("data-type") or ""
        if kind in OPTIONS:
            page.keyboard.press("1")
        elif kind in TYPED:
            page.locator("#answer").focus()
            page.keyboard.type("no idea")
        else:
            form.locator("select").first.focus()
            for at in range(form.locator("select").count()):
                for _ in range(at + 1):
                    page.keyboard.press("ArrowDown")
                page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    expect(standing(page)).to_contain_text("4 answers are kept")
    page.context.set_offline(False)


def test_what_waits_is_of_its_learner_alone(new_page: Callable[[], Page], server: Server) -> None:
    """A sign-in runs out under way, somebody else takes the device, and both come home."""
    page = new_page()
    address = sign_up(page, server)
    page.goto(f"{server.url}/decks/deepseek")
    follow(page.get_by_role("button", name="Start studying"))
    filled(page)
    page.context.set_offline(True)
    answer(page)
    answer_stored(page)
    page.evaluate("self.offlineStore.keep('gone-meanwhile', [['answer', 'x']], '5')")
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(standing(page)).to_contain_text("You are not signed in.", timeout=SLOW_MS)
    expect(standing(page)).to_contain_text("3 answers are kept here and will be marked when")
    assert stored(page, "questions") == 0
    sign_up(page, server)
    page.goto(f"{server.url}/offline")
    expect(standing(page)).to_have_text("You are online. There is no question on this device.")
    assert stored(page, "answers") == 3
    page.goto(f"{server.url}/settings")
    follow(page.get_by_role("button", name="Sign out"))
    page.goto(f"{server.url}/sign-in")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill("correct horse battery")
    follow(page.get_by_role("button", name="Sign in", exact=True))
    expect(page.locator("#offline-news")).to_contain_text("of 2.", timeout=SLOW_MS)
    expect(page.locator("[data-lost]")).to_be_visible()
    page.goto(f"{server.url}/offline")
    expect(page.locator("#results li")).to_have_count(3)
    expect(page.locator("#results")).to_contain_text("An answer could not be counted")


FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function () { throw new DOMException("", "QuotaExceededError"); };
  self.makeRoom = () => { IDBObjectStore.prototype.put = put; };
}"""
PICTURED = """async () => (await (await caches.open(self.offlineStore.PICTURES)).keys()).length"""
SETTLED = """async () => {
  const { installing, waiting, active } = await navigator.serviceWorker.getRegistration();
  return !installing && !waiting && active.state === "activated";
}"""
SHELLS = "caches.keys().then((names) => names.filter((name) => name.includes('shell')))"


@pytest.fixture
def bones(server: Server, tmp_path: Path) -> str:
    """The address of a deck whose two facts are asked with a picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (1, 90, 200)).save(out, "PNG")
    drawn = read_picture(out.getvalue())
    shown = (Picture(drawn.name, Side.QUESTION, "a long bone"),)
    facts = tuple(
        Fact(name, TextValue(name), ask=f"Which bone is this, {number} of 2?", pictures=shown)
        for number, name in enumerate(("Femur", "Tibia"), 1)
    )
    package = tmp_path / "bones.apkg"
    deck = Deck("bones", "Bones", facts=facts)
    package.write_bytes(write_apkg(deck, NOW, pictures={drawn.name: drawn.data}))
    factdeck(server, "import", str(package))
    return f"{server.url}/decks/bones"


def test_pictures_come_along_and_a_full_device_loses_no_answer(
    new_page: Callable[[], Page], server: Server, bones: str
) -> None:
    page = new_page()
    sign_up(page, server)
    page.goto(bones)
    follow(page.get_by_role("button", name="Start studying"))  # asks one, takes the other along
    filled(page)
    wait_for(lambda: page.evaluate(PICTURED) == 1)
    page.context.set_offline(True)
    page.goto(f"{server.url}/offline")
    expect(page.locator("form#ask img")).to_have_attribute("alt", "a long bone")
    assert page.evaluate("document.querySelector('#ask img').decode().then(() => true)")
    page.evaluate(FULL)
    page.fill("#answer", "Tibia")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("[data-part=problem]")).to_contain_text("no room on this device")
    expect(page.locator("#answer")).to_have_value("Tibia")
    page.evaluate("self.makeRoom()")
    page.get_by_role("button", name="Answer").click()
    expect(standing(page)).to_contain_text("1 answer is kept")
    page.context.set_offline(False)
    expect(page.locator("#results")).to_contain_text("of 1 answer.", timeout=SLOW_MS)


def test_a_new_shell_takes_the_place_of_the_old_one(
    new_page: Callable[[], Page], server: Server
) -> None:
    """As after an update: the page for no network has changed, here by its language.

    While one server of several is an old one, its files are not mixed with the new ones.
    """
    page = new_page()
    begin_study(page, server)
    before = page.evaluate(SHELLS)
    mixed: list[str] = []

    def of_another_release(route: Route) -> None:
        mixed.append(route.request.url)
        route.fulfill(body="// of another release", content_type="text/javascript")

    page.context.route("**/offline/page.js*", of_another_release)
    follow(page.get_by_role("button", name="Deutsch"))
    wait_for(lambda: bool(page.evaluate(SETTLED)) and bool(mixed))
    assert set(before) <= set(page.evaluate(SHELLS))
    page.context.unroute("**/offline/page.js*")
    page.reload()
    wait_for(lambda: len(page.evaluate(SHELLS)) == 1 and page.evaluate(SHELLS) != before)
    page.context.set_offline(True)
    page.goto(f"{server.url}/study")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ohne Netz lernen")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.context.set_offline(False)
