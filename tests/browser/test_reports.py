"""A refused answer is reported, accepted, marked right and told, through a browser."""

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from .conftest import Server
from .walking import become_admin, check_page, follow


def ask_for_a_name(page: Page, server: Server) -> None:
    """Begin quizzes of typed questions until one wants a name."""
    for _ in range(20):
        page.goto(f"{server.url}/decks/deepseek")
        page.get_by_label("How many questions?").fill("1")
        page.get_by_label("Short answer").check()
        follow(page.get_by_role("button", name="Start the quiz"))
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
    follow(page.locator("ul.memories a").first)
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
    become_admin(curator, server)
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
