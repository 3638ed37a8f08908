"""A curator works through an article: candidates, proposals, preview, tried answers, publishing."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import Server
from .walking import become_admin, check_page, follow

TEXT = """Freedonia lies by the sea. The capital of Freedonia is Sylvan City.

According to Vera Moen, the new quay of Sylvan City cost $12 million. Nobody came.

The Rhine is about 1,230 km long."""


def paste_article(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/facts/")
    follow(page.get_by_role("link", name="People and places"))
    follow(page.get_by_role("link", name="Sources"))
    check_page(page)
    follow(page.get_by_role("link", name="New source"))
    page.get_by_label("Title").fill("Harbour news")
    page.get_by_label("Text").fill(TEXT)
    follow(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Harbour news")


def test_an_article_becomes_facts_sentence_by_sentence(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server = start_server()
    page = new_page()
    become_admin(page, server)
    paste_article(page, server)
    check_page(page)
    page.get_by_role("link", name=re.compile("Make a fact.*The capital of")).click()
    expect(page.get_by_text("A proposal.")).to_be_visible()
    check_page(page)
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Freedonia")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Sylvan City")
    expect(page.get_by_label("Currency")).to_be_hidden()
    expect(page.locator("#preview")).to_contain_text("What is the capital of Freedonia?")
    page.get_by_label("Try an answer").fill("Sylvn City")
    expect(page.locator("#tried")).to_contain_text("earns 100 % (with a typo)")
    page.get_by_label("Try an answer").fill("Ottawa")
    expect(page.locator("#tried")).to_contain_text("earns 0 % (wrong)")
    page.get_by_role("button", name="Publish and next sentence").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Passage", exact=True)).not_to_have_value(
        "The capital of Freedonia is Sylvan City."
    )
    page.get_by_role("link", name="Look at it again").click()
    expect(page.get_by_text("· published")).to_be_visible()
    page.goto(f"{server.url}/edit-sources/places/harbour-news/candidates?show=covered")
    expect(page.get_by_text("Covered already by 1 fact.")).to_be_visible()
    check_page(page)


def test_a_flaw_is_shown_by_its_field_while_typing_and_keys_save(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server = start_server()
    page = new_page()
    become_admin(page, server)
    paste_article(page, server)
    page.goto(f"{server.url}/edit-sources/places/harbour-news/candidates")
    page.get_by_role("link", name=re.compile("Make a fact.*The Rhine")).click()
    expect(page.get_by_label("Publish in spite of errors")).to_be_hidden()
    page.get_by_label("Amount").fill("999")
    wrong = page.locator("[data-field=amount] .lint.error")
    expect(wrong).to_contain_text("gives another answer for the same")
    expect(page.get_by_label("Publish in spite of errors")).to_be_visible()
    check_page(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("This fact has errors")
    expect(page.get_by_label("Amount")).to_have_value("999")
    expect(wrong).to_have_count(1)
    check_page(page)
    page.get_by_label("Amount").fill("1230")
    expect(wrong).to_have_count(0)
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_text("· draft")).to_be_visible()
    check_page(page)


def test_words_selected_in_the_article_become_the_answer(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server = start_server()
    page = new_page()
    become_admin(page, server)
    paste_article(page, server)
    page.goto(f"{server.url}/sources/places/harbour-news")
    expect(page.get_by_role("button", name="Make a fact")).to_be_disabled()
    page.evaluate(
        """() => {
          const text = document.querySelectorAll(".reading p")[1].firstChild;
          const at = text.data.indexOf("$12 million");
          const range = document.createRange();
          range.setStart(text, at);
          range.setEnd(text, at + 11);
          window.getSelection().removeAllRanges();
          window.getSelection().addRange(range);
        }"""
    )
    page.get_by_role("button", name="Make a fact").click()
    expect(page.get_by_label("Passage", exact=True)).to_have_value(
        "According to Vera Moen, the new quay of Sylvan City cost $12 million."
    )
    expect(page.get_by_label("Amount")).to_have_value("12000000")
    expect(page.get_by_label("Currency")).to_have_value("USD")
    expect(page.get_by_label("According to", exact=True)).to_have_value("Vera Moen")
    expect(page.get_by_label("Question of its own", exact=True)).to_be_focused()
    page.keyboard.type("What did the new quay of Sylvan City cost?")
    expect(page.locator("#preview")).to_contain_text("what did the new quay of Sylvan City cost?")
    page.locator("summary", has_text="pick the passage").last.click()
    page.get_by_role("button", name=re.compile("use.*Nobody came.")).click()
    expect(page.get_by_label("Passage", exact=True)).to_have_value("Nobody came.")
    warned = page.locator("[data-field=quote] .lint.warning")
    expect(warned).to_contain_text("does not contain the answer")
