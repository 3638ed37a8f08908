"""A curator corrects an answer; who learned the old one is shown old and new, and asked again."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import Server
from .walking import answer, become_admin, check_page, follow


def learn_one(page: Page, server: Server) -> str:
    """Study the planets until one answer is given; return the question."""
    page.goto(f"{server.url}/decks/planets")
    follow(page.get_by_role("button", name="Study").first)
    stem = page.locator("#stem").text_content() or ""
    answer(page)
    return stem


def open_learned_fact(page: Page, server: Server) -> None:
    """Open the one fact that has been learned: the first that is published."""
    page.goto(f"{server.url}/facts/planets?status=published")
    page.locator("ul.memories a").first.click()
    expect(page.get_by_text("1 person has learned this fact")).to_be_visible()


def correct(page: Page, server: Server, text: str) -> None:
    """Give the learned fact another answer, and look at its history."""
    open_learned_fact(page, server)
    check_page(page)
    page.get_by_label("Kind of answer").select_option("text")
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_label("Correction:").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="History").click()
    expect(page.locator("td ins", has_text=text)).to_be_visible()
    check_page(page)


def read_the_news(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.get_by_role("link", name="News 1 not read").click()
    expect(page.get_by_text("This was corrected on")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="I have read them all").click()
    expect(page.get_by_role("link", name="News 1 not read")).to_have_count(0)


def test_a_correction_is_seen_by_a_learner(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server = start_server()
    learner, curator = new_page(), new_page()
    learn_one(learner, server)
    become_admin(curator, server)
    correct(curator, server, "Something else entirely")
    read_the_news(learner, server)
    learner.goto(f"{server.url}/decks/planets")
    learner.get_by_role("button", name="Study").first.click()
    told = learner.get_by_role("region", name="Something you learned has changed")
    expect(told.locator("ins")).to_contain_text("Something else entirely")
    check_page(learner)
    learner.reload()
    expect(told).to_be_visible()
    answer(learner)
    expect(learner.locator("dd.key").first).to_be_visible()
    expect(told).to_have_count(0)

    curator.get_by_role("button", name="Go back to revision 1").click()
    expect(curator.get_by_role("heading", name="Revision 3")).to_be_visible()
    check_page(curator)
    follow(curator.get_by_role("link", name="Everything that changed in this deck"))
    check_page(curator)
