"""A refused answer is reported, accepted, marked right and told, through a browser."""

from collections.abc import Callable
from uuid import uuid4

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Server


def check_page(page: Page) -> None:
    """No accessibility violation, and nothing wider than the screen."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, page.url


def make_curator(page: Page, server: Server) -> None:
    page.goto(server.setup_link)
    page.get_by_label("E-mail address").fill("admin@example.org")
    page.get_by_label("Password").fill("a long enough secret")
    page.get_by_role("button", name="Create the admin account").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def ask_for_a_name(page: Page, server: Server) -> None:
    """Begin quizzes of typed questions until one wants a name."""
    for _ in range(20):
        page.goto(f"{server.url}/decks/deepseek")
        page.get_by_label("How many questions?").fill("1")
        page.get_by_label("Short answer").check()
        page.get_by_role("button", name="Start the quiz").click()
        if page.get_by_text("Wanted: a name").count():
            return
    raise AssertionError("no question wants a name")


def refused_and_reported(page: Page, typed: str) -> str:
    """Report a question before answering and after; return the address of the feedback."""
    page.get_by_text("Report this question").click()
    check_page(page)
    page.get_by_label("Comment").fill("It has several names.")
    page.fill("#answer", typed)
    page.get_by_role("button", name="The question is ambiguous").click()
    expect(page.get_by_text("Thank you. A curator")).to_be_visible()
    page.fill("#answer", typed)
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ot right")
    refused = page.url
    page.get_by_text("Report this question").click()
    check_page(page)
    page.get_by_role("button", name="My answer should count").click()
    expect(page.get_by_text("Thank you. A curator")).to_be_visible()
    return refused


def accept(page: Page, server: Server, typed: str) -> None:
    """Find the report in the queue and let the answer count; look at the statistics."""
    page.goto(f"{server.url}/reports/")
    expect(page.get_by_role("link", name="Reports (1)")).to_be_visible()
    check_page(page)
    page.locator("ul.memories a").first.click()
    check_page(page)
    expect(page.get_by_label("Answer that counts from now on")).to_have_value(typed)
    page.get_by_role("button", name="Accept it").click()
    expect(page.get_by_text("Accepted. It counts from now on")).to_be_visible()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    page.goto(f"{server.url}/statistics/deepseek")
    check_page(page)
    page.locator("li.item a").first.click()
    expect(page.get_by_text("100 %").first).to_be_visible()
    check_page(page)


def test_a_refused_answer_is_reported_and_counts_for_who_gave_it(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server = start_server()
    learner, curator = new_page(), new_page()
    make_curator(curator, server)
    typed = f"Quixotic {uuid4().hex[:6]}"
    ask_for_a_name(learner, server)
    refused = refused_and_reported(learner, typed)
    accept(curator, server, typed)
    learner.goto(refused)
    expect(learner.get_by_role("heading", level=1)).to_have_text("Right")
    learner.goto(f"{server.url}/score")
    expect(learner.get_by_text("3 points").first).to_be_visible()
    learner.goto(f"{server.url}/news/")
    expect(learner.get_by_text(f"“{typed}” counts as right now")).to_be_visible()
    learner.get_by_role("link", name="Your reports of questions").click()
    expect(learner.get_by_text("· accepted")).to_be_visible()
    check_page(learner)
