"""A train tunnel: the network is cut in the middle of a session, and nothing is lost or doubled."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import NARROW, Server
from .walking import OPTIONS, TYPED, answer, check_page, follow


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


def checked(server: Server) -> str:
    """What `factdeck check` says of the instance."""
    command = [str(Path(sys.executable).with_name("factdeck")), "check"]
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

    page.context.set_offline(False)
    page.goto(f"{server.url}/study")
    expect(page.locator("#offline-news")).to_contain_text("of 4")
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
    checked(server)


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
