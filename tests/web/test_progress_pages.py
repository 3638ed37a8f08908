"""Schedule, stories, progress and reminders as pages: empty, and after some study."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import icalendar
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.instance import Instance
from app.models.database import writing
from app.models.learning import Memory
from app.models.people import User
from app.services import accounts, answering, decks, reminders, study
from app.web.pages import days
from tests.services.test_answering import right, wrong

from .conftest import sign_in_as

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]
EMPTY = ("/schedule", "/schedule/month", "/progress", "/score", "/reminders", "/study")


@pytest.fixture
def learner(app: Flask, client: FlaskClient) -> int:
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        who = accounts.sign_up(session, None, "l@b.example", "correct horse battery", 1)
    sign_in_as(client, who)
    return who.id


@pytest.fixture
def studied(app: Flask, learner: int) -> int:
    """A learner who answered six questions, the first two wrongly."""
    instance: Instance = app.extensions["factdeck"]
    now = clock.now()
    with Session(instance.engine) as session:
        key = decks.deck_list(session)[0].key
        token = study.start(session, learner, key, now)
        for at in range(6):
            shown = study.next_question(session, learner, token, now)
            assert shown is not None
            question = answering.shown(session, learner, shown).question
            response = wrong(question) if at < 2 else right(question)
            answering.answer(session, learner, shown, response, now, 4000)
    return learner


@pytest.mark.parametrize(
    ("hour", "month"),
    [
        pytest.param(14, "January 2026", id="before the day turns"),
        pytest.param(16, "February 2026", id="after it has turned"),
    ],
)
def test_the_month_is_that_of_the_learners_day(
    app: Flask, client: FlaskClient, learner: int, visit: Visit, hour: int, month: str
) -> None:
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session, writing(session):
        session.get_one(User, learner).time_zone = "Pacific/Auckland"  # 13 hours ahead of UTC
        who = accounts.person_of(session.get_one(User, learner))
    with time_machine.travel(datetime(2026, 1, 31, hour, tzinfo=UTC), tick=False):
        sign_in_as(client, who)
        assert f"<h1>{month}" in visit("/schedule/month").text


@pytest.mark.parametrize("path", EMPTY)
@pytest.mark.usefixtures("learner")
def test_a_page_without_any_answer_says_what_will_be_there(visit: Visit, path: str) -> None:
    assert visit(path).status_code == 200


@pytest.mark.usefixtures("learner")
def test_a_month_in_which_nothing_happens_says_what_stands_there(visit: Visit) -> None:
    assert "Nothing stands in this month." in visit("/schedule/month").text


@pytest.mark.usefixtures("studied")
def test_a_month_with_answers_says_no_such_thing(visit: Visit) -> None:
    assert "Nothing stands in this month." not in visit("/schedule/month").text


@pytest.mark.parametrize(
    "path",
    [
        *EMPTY,
        "/schedule?kind=new&sort=recall&page=2",
        "/schedule?kind=nonsense&sort=1&page=x&deck=none",
        "/schedule?kind=leech&tag=%00a%25_",
        "/schedule?page=99999999999999999999",
        "/schedule/month?month=2026-02",
        "/schedule/month?month=0001-01",
        "/schedule/month?month=9999-12",
        "/progress?span=365",
        "/progress?span=nonsense",
    ],
)
@pytest.mark.usefixtures("studied")
def test_every_page_answers_after_study_whatever_its_address_says(visit: Visit, path: str) -> None:
    assert visit(path).status_code == 200


@pytest.mark.usefixtures("studied")
def test_from_the_schedule_to_a_facts_story(visit: Visit) -> None:
    path = re.search(r'href="(/schedule/facts/\d+)"', visit("/schedule").text)
    assert path is not None
    page = visit(path[1]).text
    assert "<polyline" in page
    assert "What happened" in page
    assert visit("/schedule/facts/999999").status_code == 404


@pytest.mark.usefixtures("studied")
def test_a_fact_not_studied_yet_does_not_tell_its_answer(visit: Visit) -> None:
    page = visit("/schedule?kind=new").text
    path = re.search(r'href="(/schedule/facts/\d+)"[^>]*>([^<]+)<', page)
    assert path is not None
    assert path[2].strip().endswith("?")
    assert "Not studied yet" in visit(path[1]).text


def test_the_calendar_has_a_secret_address_that_can_be_revoked(
    app: Flask, studied: int, client: FlaskClient, submit: Submit
) -> None:
    made = submit("/reminders", "/reminders/calendar")
    path = re.search(r"/calendar/[^\"<]+\.ics", made.text)
    assert path is not None
    given = client.get(path[0])
    assert given.mimetype == "text/calendar"
    events = icalendar.Calendar.from_ical(given.data).walk("VEVENT")
    with Session(app.extensions["factdeck"].engine) as session:
        facts = session.scalar(select(func.count()).where(Memory.user_id == studied))
    assert sum(int(str(one["SUMMARY"]).split()[1]) for one in events) == facts
    assert client.get(path[0].replace(".ics", "x.ics")).status_code == 404
    assert submit("/reminders", "/reminders/calendar/revoke").status_code == 303
    assert client.get(path[0]).status_code == 404


def test_a_goal_is_kept_and_a_wrong_one_said_beside_its_field(
    submit: Submit, visit: Visit, studied: int
) -> None:
    assert studied
    given = {"goal": "20", "hour": "7", "wants_digest": "y"}
    assert submit("/reminders", "/reminders", **given).status_code == 303
    assert "6 of 20" in visit("/study").text
    refused = submit("/reminders", "/reminders", **given | {"goal": "-1"})
    assert refused.status_code == 422
    assert "Choose from 0 to 1,000." in refused.text


def test_a_mail_program_unsubscribes_at_one_press_and_opening_the_link_changes_nothing(
    app: Flask, client: FlaskClient, submit: Submit, visit: Visit, learner: int
) -> None:
    submit("/reminders", "/reminders", goal="0", hour="7", wants_digest="y")
    instance: Instance = app.extensions["factdeck"]

    def wants() -> bool:
        with Session(instance.engine) as session:
            return reminders.reminders(session, learner).wants_digest

    path = f"/unsubscribe/{reminders.unsubscribe_token(learner, instance.config.secret_key)}"
    assert visit(path).status_code == 200
    assert wants()
    assert client.post(path + "0", data={"List-Unsubscribe": "One-Click"}).status_code == 404
    assert wants()
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not wants()


def test_a_suspended_facts_story_has_no_next_due_and_a_way_back(
    visit: Visit, submit: Submit, studied: int
) -> None:
    assert studied
    path = re.search(r'href="/schedule/facts/(\d+)"', visit("/schedule").text)
    assert path is not None
    page = f"/schedule/facts/{path[1]}"
    assert "next due" in visit(page).text
    submit("/planner/settings", f"/planner/facts/{path[1]}/suspend")
    assert "next due" not in visit(page).text
    assert submit(page, f"/planner/facts/{path[1]}/resume").status_code == 303
    assert "next due" in visit(page).text


@pytest.mark.usefixtures("studied")
def test_what_was_learned_this_week_links_to_its_stories(visit: Visit) -> None:
    page = visit("/progress").text
    listed = page.split('id="learned"')[1].split("</section>")[0]
    stories = re.findall(r'href="(/schedule/facts/\d+)"', listed)
    assert 3 <= len(stories) <= 6
    assert visit(stories[0]).status_code == 200


@pytest.mark.parametrize("by", ["day", "week", "month", "nonsense"])
@pytest.mark.usefixtures("learner")
def test_every_chart_without_data_says_what_it_will_show(visit: Visit, by: str) -> None:
    page = visit(f"/progress?by={by}").text
    assert "<polyline" not in page
    drawings = page.count('<figure class="drawing"')
    assert drawings >= 11
    for figure in page.split('<figure class="drawing"')[1:]:
        assert 'class="quiet"' in figure.split("</figure>")[0]
        assert "Nothing here yet" not in figure


@pytest.mark.parametrize(
    ("stability", "said"),
    [(0.0, "under 0.1 days"), (0.1, "0.1 days"), (2.34, "2.3 days"), (45.2, "45 days")],
)
def test_a_stability_is_never_nothing(app: Flask, stability: float, said: str) -> None:
    with app.test_request_context():
        assert days(stability) == said
