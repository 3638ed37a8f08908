"""Studying one's own way, in a browser: settings, a break, corrections, leeches, the schedule.

A study session in the browser gives the account; months of answers are put into the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.models.database import make_engine
from app.models.people import User
from app.services import answering, study
from tests.services.test_answering import right, wrong

from .conftest import Server, on_both_screens
from .walking import TYPED, answer, check_page, follow

DAY_S = 86_400
STUDIED_DAYS = (60, 45, 12, 3)
LEECH_LAPSES = 2


def sign_up(page: Page, server: Server) -> str:
    """Make an account; return its address."""
    email = f"{uuid4().hex}@example.org"
    page.goto(f"{server.url}/sign-up")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill("correct horse battery")
    follow(page.get_by_role("button", name="Create account"))
    return email


@dataclass(frozen=True)
class Given:
    """Answers of the past: a right one, and one that was typed and is wrong."""

    right: str
    typed_wrong: str


def study_for_months(home: Path, email: str) -> Given:
    """Answer a deck on some days of the past; one fact and one typed answer are always missed."""
    engine = make_engine(f"sqlite:///{home / 'factdeck.sqlite3'}")
    given: dict[str, str] = {}
    with Session(engine) as session:
        learner = session.scalars(select(User.id).where(User.email == email)).one()
        slipping = None
        for days in STUDIED_DAYS:
            now = clock.now() - days * DAY_S
            token = study.start(session, learner, "planets", now)
            for _ in range(10):
                shown = study.next_question(session, learner, token, now)
                if shown is None:
                    break
                page = answering.shown(session, learner, shown)
                slipping = slipping or page.fact_id
                typed = page.question.type in TYPED and "typed_wrong" not in given
                kind = "typed_wrong" if typed else "right"
                missed = typed or page.fact_id == slipping
                if typed or not missed:
                    given[kind] = shown
                response = wrong(page.question) if missed else right(page.question)
                answering.answer(session, learner, shown, response, now, 4000)
                now += 30
    engine.dispose()
    return Given(**given)


@pytest.fixture
def page(new_page: Callable[[], Page], server: Server) -> Page:
    """Somebody who has just signed up."""
    opened = new_page()
    sign_up(opened, server)
    return opened


def test_a_learner_sets_limits_and_easy_days_takes_a_break_and_comes_back(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}/planner/settings")
    check_page(page)
    page.get_by_label("New facts a day").fill("2")
    page.get_by_label("Reviews a day at most").fill("30")
    page.get_by_label("Sunday").select_option("free")
    follow(page.get_by_role("button", name="Save"))
    expect(page.get_by_label("New facts a day")).to_have_value("2")
    expect(page.get_by_label("Sunday")).to_have_value("0")
    follow(page.get_by_role("button", name="Pause for a while"))
    expect(page.get_by_text("You are having a break")).to_be_visible()
    check_page(page)
    follow(page.get_by_role("button", name="Come back"))
    expect(page.get_by_role("button", name="Pause for a while")).to_be_visible()
    page.goto(f"{server.url}/planner/decks/planets")
    check_page(page)
    page.get_by_label("The day you want to be ready by").fill("2099-05-06")
    follow(page.get_by_role("button", name="Save"))
    follow(page.get_by_role("link", name="Study it my way"))
    expect(page.get_by_label("The day you want to be ready by")).to_have_value("2099-05-06")
    page.goto(f"{server.url}/planner/settings")
    page.get_by_label("Reviews a day at most").fill("-1")
    follow(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Choose from 0 to 10,000.")).to_be_visible()
    check_page(page)


@on_both_screens
def test_an_answer_is_undone_and_facts_are_put_aside(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/decks/planets")
    follow(page.get_by_role("button", name="Start studying"))
    answer(page)
    follow(page.get_by_role("button", name="Undo"))
    expect(page.locator("form[data-answer]")).to_be_visible()
    for change in ("Not today", "Set it aside", "Start it anew", "I know this already"):
        page.get_by_text("More about this fact").click()
        if change == "Not today":
            check_page(page)
        follow(page.get_by_role("button", name=change))
        expect(page.locator("form[data-answer]")).to_be_visible()
    page.goto(f"{server.url}/planner/aside")
    check_page(page)
    expect(page.get_by_text("not today")).to_have_count(1)
    for left in (1, 0):
        follow(page.get_by_role("button", name="Take it up again").first)
        expect(page.get_by_role("button", name="Take it up again")).to_have_count(left)
    page.goto(f"{server.url}/planner/history")
    check_page(page)
    follow(page.get_by_role("button", name="Count it again"))
    page.goto(f"{server.url}/planner/history")
    expect(page.get_by_role("button", name="Undo")).to_have_count(1)


def amend(page: Page, server: Server, given: Given) -> None:
    """Admit a guess and overrule the marker, and take both back."""
    for token, said in ((given.right, "I only guessed"), (given.typed_wrong, "I was right")):
        page.goto(f"{server.url}/questions/{token}/feedback")
        follow(page.get_by_role("button", name=said))
        follow(page.get_by_role("button", name="Take that back"))
        expect(page.get_by_role("button", name=said)).to_be_visible()


def test_months_of_study_are_corrected_and_seen_on_schedule_story_and_progress(
    new_page: Callable[[], Page], server: Server
) -> None:
    page = new_page()
    email = sign_up(page, server)
    page.goto(f"{server.url}/planner/settings")
    page.get_by_label("Lapses that make a leech").fill(str(LEECH_LAPSES))
    follow(page.get_by_role("button", name="Save"))
    given = study_for_months(server.home, email)
    amend(page, server, given)
    page.goto(f"{server.url}/schedule")
    page.get_by_label("Sorted by").select_option("lowest recall")
    page.get_by_label("Deck").select_option("The planets")
    follow(page.get_by_role("button", name="Show"))
    check_page(page)
    expect(page.locator(".memory").first).to_contain_text("recall now")
    page.get_by_label("Which").select_option("leeches")
    follow(page.get_by_role("button", name="Show"))
    expect(page.get_by_text("leech", exact=True).first).to_be_visible()
    follow(page.locator(".memory .statement a").first)
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    expect(page.get_by_role("img", name="Predicted recall")).to_be_visible()
    check_page(page)
    follow(page.get_by_role("button", name="Take it up again"))
    page.goto(f"{server.url}/progress")
    check_page(page)
    expect(page.get_by_role("img", name="True retention by week")).to_be_visible()
    follow(page.get_by_role("link", name="By day", exact=True))
    follow(page.get_by_role("link", name="365 days", exact=True))
    expect(page.get_by_role("img", name="True retention by day")).to_be_visible()
    expect(page.get_by_role("img", name="A year of answers").first).to_be_visible()
    page.goto(f"{server.url}/schedule/month")
    check_page(page)


def test_a_goal_a_digest_and_a_calendar_are_chosen_and_the_calendar_revoked(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}/reminders")
    check_page(page)
    page.get_by_label("Goal: answers a day").fill("20")
    page.get_by_label("Send me an e-mail").check()
    page.get_by_label("At", exact=True).select_option("07:00")
    follow(page.get_by_role("button", name="Save"))
    expect(page.get_by_label("Send me an e-mail")).to_be_checked()
    follow(page.get_by_role("button", name="Make an address"))
    address = page.locator(".secret a").get_attribute("href")
    assert address is not None
    check_page(page)
    assert page.request.get(address).status == 200
    follow(page.get_by_role("button", name="Stop it"))
    assert page.request.get(address).status == 404


def test_the_pages_stand_double_size_keys_alone_and_forced_colours(
    new_page: Callable[[], Page], server: Server
) -> None:
    page = new_page()
    sign_up(page, server)
    page.emulate_media(forced_colors="active")
    page.set_viewport_size({"width": 320, "height": 600})
    for path in ("study", "schedule", "progress", "planner/settings", "reminders"):
        page.goto(f"{server.url}/{path}")
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, path
    page.goto(f"{server.url}/planner/settings")
    page.get_by_label("Reviews a day at most").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label("New facts come")).to_be_focused()
    for _ in range(8):
        page.keyboard.press("Tab")
    expect(page.get_by_label("Longest time between reviews")).to_be_focused()
