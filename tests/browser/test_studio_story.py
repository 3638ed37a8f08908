"""The studio: many facts changed at once, a relation worded, entities merged, a file imported."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from .conftest import Server
from .walking import become_admin, check_page, follow


def test_many_facts_are_retired_and_brought_back(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server, page = start_server(), new_page()
    become_admin(page, server)
    page.goto(f"{server.url}/facts/places")
    follow(page.get_by_role("link", name="Table"))
    check_page(page)
    page.locator("form.filter").get_by_label("Search").fill("capital of")
    page.get_by_role("button", name="Show").click()
    page.get_by_label("Tick all on this page").check()
    expect(page.get_by_text(re.compile(r"^\d+ ticked$"))).to_be_visible()
    page.get_by_role("button", name="Retire").click()
    expect(page.get_by_text("Done:")).to_be_visible()
    expect(page.locator(".status.retired").first).to_be_visible()
    boxes = page.locator("input[name=chosen]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.get_by_text("3 ticked")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".status.published")).to_have_count(3)
    check_page(page)


def test_a_relation_shows_its_questions_while_it_is_worded(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server, page = start_server(), new_page()
    become_admin(page, server)
    page.goto(f"{server.url}/relations/places")
    check_page(page)
    page.get_by_role("link", name="Add from the library").click()
    page.locator("#relation-founded_by").check()
    check_page(page)
    page.get_by_role("button", name="Add the ticked ones").click()
    page.get_by_role("link", name="capital", exact=True).click()
    expect(page.locator("#preview")).to_contain_text("What is the capital of Canada?")
    page.get_by_label("Question", exact=True).fill("Name the capital of {subject}")
    expect(page.locator("#preview")).to_contain_text("does not end with a question mark")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Save in spite of errors")).to_be_visible()
    page.get_by_label("Question", exact=True).fill("Which city is the capital of {subject}?")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#preview")).to_contain_text("Which city is the capital of Canada?")
    check_page(page)


def test_two_entities_become_one(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server, page = start_server(), new_page()
    become_admin(page, server)
    page.goto(f"{server.url}/entities/places?q=kenya")
    check_page(page)
    page.get_by_role("link", name="Kenya").click()
    page.get_by_label("Name of the other one").fill("Ottawa")
    page.get_by_role("button", name="See what it would do").click()
    expect(page.locator("del", has_text="Ottawa").first).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Merge them").click()
    expect(page.get_by_label("Also known as")).to_have_value(re.compile("Ottawa"))
    expect(page.get_by_text("The capital of Canada is Kenya.")).to_be_visible()


def test_a_deck_goes_out_and_comes_back_changed(
    new_page: Callable[[], Page], start_server: Callable[[], Server], tmp_path: Path
) -> None:
    server, page = start_server(), new_page()
    become_admin(page, server)
    page.goto(f"{server.url}/transfer/places")
    check_page(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    file = tmp_path / "places.csv"
    download.value.save_as(file)
    file.write_bytes(file.read_bytes().replace(b"Ottawa", b"Toronto"))
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="Before importing places.csv")).to_be_visible()
    expect(page.locator("ins", has_text="toronto").first).to_be_visible()
    expect(page.get_by_text("1 answer will change.")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_text("Imported: 0 new facts, 1 changed.")).to_be_visible()
    page.goto(f"{server.url}/facts/places?q=toronto")
    expect(page.get_by_text("The capital of Canada is Toronto.")).to_be_visible()
    file.write_text("format: factdeck/1\ndeck: {key: x, colour: red}\nfacts: [7]\n")
    page.goto(f"{server.url}/transfer/places")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("ol.problems li")).to_have_count(3)
    check_page(page)


def test_a_deck_is_made_from_nothing_and_gets_a_curator(
    new_page: Callable[[], Page], start_server: Callable[[], Server]
) -> None:
    server = start_server()
    admin, other = new_page(), new_page()
    become_admin(admin, server)
    other.goto(f"{server.url}/sign-up")
    other.get_by_label("E-mail address").fill("other@example.org")
    other.get_by_label("Password").fill("correct horse battery")
    follow(other.get_by_role("button", name="Create account"))
    admin.goto(f"{server.url}/people/")
    follow(admin.get_by_role("link", name="other@example.org"))
    expect(admin.get_by_label("The planets")).to_be_hidden()
    admin.get_by_label("Curator: edits facts").check()
    for title in ("The planets", "People and places", "DeepSeek, January 2025"):
        admin.get_by_label(title).uncheck()
    check_page(admin)
    follow(admin.get_by_role("button", name="Save"))

    admin.goto(f"{server.url}/facts/")
    follow(admin.get_by_role("link", name="New deck from an article"))
    check_page(admin)
    admin.get_by_label("Title").fill("The bridge")
    follow(admin.get_by_role("button", name="Make it and add the article"))
    expect(admin.get_by_role("heading", level=1)).to_have_text("New source")
    other.goto(f"{server.url}/facts/the-bridge")
    expect(other.get_by_role("heading", level=1)).to_have_text("That is not yours to do")
    admin.goto(f"{server.url}/edit-decks/deck/the-bridge")
    check_page(admin)
    admin.get_by_label("E-mail address").fill("other@example.org")
    follow(admin.get_by_role("button", name="Add a curator"))
    expect(admin.get_by_text("other@example.org").first).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_contain_text("Facts of")
