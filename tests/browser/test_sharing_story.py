"""A quiz is shared by a link, answered in a page of another site, and compared."""

import http.server
import re
import threading
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Server
from .walking import answer, check_page, follow


class Site(http.server.ThreadingHTTPServer):
    """Another site, with one page: a frame around an address."""

    frame = ""


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"<!doctype html><title>School</title><h1>School</h1>{self.server.frame}".encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def sign_up(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/sign-up")
    page.get_by_label("E-mail address").fill(f"{uuid4().hex}@example.org")
    page.get_by_label("Password").fill("a long enough secret")
    follow(page.get_by_role("button", name="Create account"))


def share(page: Page, server: Server) -> tuple[str, str]:
    """Share a quiz of three questions; return its address and the lines for another page."""
    page.goto(f"{server.url}/decks/deepseek")
    follow(page.get_by_role("link", name="Share a quiz"))
    check_page(page)
    page.get_by_label("Title").fill("Friday")
    page.get_by_label("How many questions?").fill("3")
    follow(page.get_by_role("button", name="Make the link"))
    check_page(page)
    told = page.locator("code").all_text_contents()
    return told[0], told[-1]


def test_a_quiz_is_shared_and_compared(server: Server, new_page: Callable[[], Page]) -> None:
    teacher, pupil = new_page(), new_page()
    sign_up(teacher, server)
    address, _ = share(teacher, server)
    pupil.goto(address)
    check_page(pupil)
    follow(pupil.get_by_role("button", name="Start"))
    expect(pupil.get_by_label("Your name")).to_be_focused()  # where something is missing
    pupil.get_by_label("Your name").fill("Anna")
    follow(pupil.get_by_role("button", name="Start"))
    for _ in range(3):
        answer(pupil)
        follow(pupil.locator(".verdict .actions button").first)
    check_page(pupil)
    follow(pupil.get_by_role("link", name="Everybody’s results"))
    check_page(pupil)
    expect(pupil.get_by_role("rowheader", name="Anna")).to_be_visible()
    follow(teacher.get_by_role("link", name="To the results"))
    check_page(teacher)
    follow(teacher.get_by_role("button", name="Close it now"))
    expect(teacher.get_by_role("rowheader", name="Anna")).to_be_visible()
    pupil.goto(address)
    expect(pupil.get_by_text("It closed on")).to_be_visible()
    check_page(pupil)


def test_the_named_site_shows_it_without_cookies_and_no_other_does(
    browser: Browser, start_server: Callable[[], Server], site: Site
) -> None:
    """The page around the frame is on localhost, the quiz on 127.0.0.1: two sites to Chromium."""
    server = start_server()
    named = f"http://localhost:{site.server_port}"
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.setup_link)
    page.get_by_label("E-mail address").fill("admin@example.org")
    page.get_by_label("Password").fill("a long enough secret")
    page.get_by_role("button", name="Create the admin account").click()
    page.goto(f"{server.url}/edit-decks/deck/deepseek/sites")
    page.get_by_label("Site", exact=True).fill(named)
    follow(page.get_by_role("button", name="Add the site"))
    check_page(page)
    _, site.frame = share(page, server)
    assert re.fullmatch(
        r'<iframe src="[^"]+" title="Friday" width="100%" height="640"></iframe>', site.frame
    )
    visitor = browser.new_context(viewport={"width": 400, "height": 800})
    around = visitor.new_page()
    around.goto(named)
    frame = around.frame_locator("iframe")
    frame.get_by_label("Your name").fill("Anna")
    frame.get_by_role("button", name="Start").click()
    for number in (1, 2, 3):
        expect(frame.get_by_role("heading", level=1)).to_contain_text(f"Question {number}")
        answer_in(around)
        frame.locator(".verdict .actions button").click()
    expect(frame.get_by_role("rowheader", name="Anna")).to_be_visible()
    assert visitor.cookies() == []
    around.goto(f"http://127.0.0.1:{site.server_port}")
    around.wait_for_load_state("load")
    assert around.frames[1].url.startswith("chrome-error:")
    for one in (context, visitor):
        one.close()


def answer_in(page: Page) -> None:
    """Answer the question in the frame somehow."""
    frame = page.frame_locator("iframe")
    kind = frame.locator("form[data-answer]").get_attribute("data-type")
    if kind in {"cloze", "short_answer"}:
        frame.locator("#answer").fill("no idea")
    elif kind in {"ordering", "matching"}:
        for number, choice in enumerate(frame.locator("form[data-answer] select").all(), 1):
            choice.select_option(index=number)
    else:
        frame.locator(".options input").first.check()
    frame.get_by_role("button", name="Answer").click()
