"""What every story does: answer, become the admin, follow a link, look at the page."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Locator, Page, expect

from .conftest import NARROW, WIDE, Server

OPTIONS = {"multiple_choice", "true_false", "multiple_select", "flashcard"}
LOOK = """axe.run({resultTypes: ["violations"]}).then(({violations}) => ({violations}))"""
TYPED = {"cloze", "short_answer"}


def follow(control: Locator) -> None:
    """Click a link or button, and wait for the page that it leads to."""
    with control.page.expect_navigation():
        control.click()


def check_page(page: Page) -> None:
    """Wide and narrow: no accessibility violation, nothing wider than the screen; one h1 that
    begins the title."""
    page.wait_for_load_state("load")
    heading = page.locator("h1")
    expect(heading).to_have_count(1)
    assert page.title().split(" · ")[0] in (heading.text_content() or "")
    before = page.viewport_size
    page.evaluate(AXE_SCRIPT)  # once a page: reading it takes longer than looking
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        found = AxeResults(page.evaluate(LOOK))
        assert found.violations_count == 0, found.generate_report()
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, (page.url, size)
    page.set_viewport_size(before or WIDE)


def answer(page: Page) -> str:
    """Answer the question on the page somehow; return its type."""
    form = page.locator("form[data-answer]")
    kind = form.get_attribute("data-type") or ""
    if kind in OPTIONS:
        page.locator(".options input").first.check()
    elif kind in TYPED:
        page.fill("#answer", "no idea")
    else:
        for number, choice in enumerate(page.locator("form[data-answer] select").all(), 1):
            choice.select_option(index=number)
    follow(form.locator("button[type=submit]:not([formaction])"))
    return kind


def become_admin(page: Page, server: Server) -> None:
    page.goto(server.setup_link)
    page.get_by_label("E-mail address").fill("admin@example.org")
    page.get_by_label("Password").fill("a long enough secret")
    page.get_by_role("button", name="Create the admin account").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
