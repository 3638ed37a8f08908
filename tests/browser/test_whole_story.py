"""From an article to an answer that counts: a curator's and a learner's way through all of it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import Server
from .walking import become_admin, check_page, follow

ARTICLE = """The lighthouse of Skarvoy was built by Ada Holm in 1887.

It is kept by two families. The island has 40 houses."""
TYPED = "Granny of the light"


def make_deck(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/facts/")
    follow(page.get_by_role("link", name="New deck from an article"))
    page.get_by_label("Title").fill("Skarvoy")
    follow(page.get_by_role("button", name="Make it and add the article"))
    page.get_by_label("Title").fill("The light of Skarvoy")
    page.get_by_label("Text", exact=True).fill(ARTICLE)
    follow(page.get_by_role("button", name="Save"))
    check_page(page)


def publish_a_fact(page: Page) -> None:
    """Take the proposal of the first sentence, look at its questions, and publish it."""
    follow(page.get_by_role("link", name=re.compile("Make a fact.*built by Ada Holm")))
    expect(page.get_by_text("A proposal.")).to_be_visible()
    page.get_by_label("Relation").fill("")
    page.get_by_label("Question of its own", exact=True).fill("Who built the light of Skarvoy?")
    page.get_by_label("Statement of its own").fill("The light of Skarvoy was built by {value}.")
    page.get_by_label("Kind of answer").select_option("entity")
    page.get_by_label("Name", exact=True).fill("Ada Holm")
    expect(page.locator("#preview")).to_contain_text("Who built the light of Skarvoy?")
    page.get_by_label("Try an answer").fill("ada holm")
    expect(page.locator("#tried")).to_contain_text("Right")
    follow(page.get_by_role("button", name="Publish", exact=True))
    expect(page.get_by_text("· published")).to_be_visible()


def refused(page: Page, server: Server) -> str:
    """Answer with a name that nobody knows yet, and report it; return the feedback's address."""
    page.goto(f"{server.url}/decks/skarvoy")
    page.get_by_label("How many questions?").fill("1")
    page.get_by_label("Short answer").check()
    follow(page.get_by_role("button", name="Start the quiz"))
    page.fill("#answer", TYPED)
    follow(page.get_by_role("button", name="Answer", exact=True))
    expect(page.get_by_role("heading", level=1)).to_contain_text("ot right")
    page.get_by_text("Report this question").click()
    page.get_by_role("button", name="My answer should count").click()
    expect(page.get_by_text("Thank you. A curator")).to_be_visible()
    return page.url


def test_an_article_becomes_a_deck_whose_answers_learners_mend(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server = start_server()
    curator, learner = new_page(), new_page()
    become_admin(curator, server)
    make_deck(curator, server)
    publish_a_fact(curator)
    feedback = refused(learner, server)
    curator.goto(f"{server.url}/reports/")
    follow(curator.locator("ul.memories a").first)
    follow(curator.get_by_role("button", name="Accept it"))
    expect(curator.get_by_text("Accepted. It counts from now on")).to_be_visible()
    learner.goto(feedback.split("?")[0])
    expect(learner.get_by_role("heading", level=1)).to_have_text("Right")
    learner.goto(f"{server.url}/sources/skarvoy/the-light-of-skarvoy")
    expect(learner.locator("article mark")).to_contain_text("built by Ada Holm")
    check_page(learner)
