"""What a program may read with the scope `read` (`admin` for people)."""

from dataclasses import asdict
from datetime import date
from http import HTTPStatus

from flask import Response

from app import clock
from app.services import accounts, decks, progress, schedule, study
from app.services.api_tokens import Scope
from app.web.api.base import FieldErrors, operation, part_of, read_cursor, told, write_cursor
from app.web.api.shapes.base import PageQuery, instant
from app.web.api.shapes.learning import (
    PersonList,
    PersonOut,
    ProgressOut,
    ScheduledOut,
    SchedulePage,
    ScheduleQuery,
    ScoreDayOut,
    TodayOut,
    TodayQuery,
)
from app.web.api.shapes.studio import DeckOut, DeckPage
from app.web.current import caller, db_session

MOST_DIGITS = 6


@operation("GET", "/decks", Scope.READ, DeckPage)
def list_decks(query: PageQuery) -> Response:
    """List the decks, by key."""
    part, following = part_of(decks.deck_list(db_session()), query, lambda one: one.key)
    return told(DeckPage(items=[DeckOut.model_validate(one) for one in part], next=following))


@operation("GET", "/decks/<deck_key>", Scope.READ, DeckOut)
def read_deck(deck_key: str) -> Response:
    """Read a deck at a glance."""
    return told(DeckOut.model_validate(decks.deck_card(db_session(), deck_key)))


@operation("GET", "/today", Scope.READ, TodayOut)
def read_today(query: TodayQuery) -> Response:
    """Read the study queue: what is due today, and new."""
    day = study.today(db_session(), caller().person.id, query.deck or None, clock.now())
    return told(
        TodayOut(
            due=day.due,
            new_left=day.new_left,
            later_today=day.later_today,
            reviewed=day.reviewed,
            backlog=day.backlog,
            backlog_is_longer=day.backlog_is_longer,
            paused=day.paused,
            next_due=instant(day.next_due_epoch_s),
        )
    )


@operation("GET", "/schedule", Scope.READ, SchedulePage)
def read_schedule(query: ScheduleQuery) -> Response:
    """Read one's own schedule, 50 facts at a time."""
    number = read_cursor(query.cursor) if query.cursor else "1"
    if not (number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS):
        raise FieldErrors([("cursor", "Send what a page before told as `next`.")])
    wanted = schedule.Wanted(deck_key=query.deck, page=int(number))
    page = schedule.schedule_page(db_session(), caller().person.id, wanted, clock.now())
    items = [
        ScheduledOut(
            fact_id=one.fact_id,
            deck=one.deck_key,
            statement=one.statement,
            due=instant(one.due_epoch_s),
            stability_days=one.stability_days,
            recall=one.retrievability,
            reviews=one.reviews,
            lapses=one.lapses,
        )
        for one in page.facts
    ]
    following = write_cursor(str(page.page + 1)) if page.has_more else None
    return told(SchedulePage(items=items, next=following))


@operation("GET", "/progress", Scope.READ, ProgressOut)
def read_progress() -> Response:
    """Read one's score and all of one's work, with the last 30 days."""
    user_id, now = caller().person.id, clock.now()
    totals = progress.totals(db_session(), user_id, now)
    days = progress.score_history(db_session(), user_id, now)
    told_days = [
        ScoreDayOut(
            label=date.fromordinal(one.day).isoformat(),
            points=one.points,
            reviews=one.reviews,
            correct=one.correct,
        )
        for one in days
    ]
    return told(ProgressOut(**asdict(totals), days=told_days))


@operation("GET", "/people", Scope.ADMIN, PersonList, HTTPStatus.OK)
def list_people() -> Response:
    """List the people with accounts."""
    found = accounts.people(db_session())
    items = [
        PersonOut(
            id=one.id,
            email=one.email or "",
            display_name=one.display_name,
            roles=sorted(one.roles),
            active=one.active,
        )
        for one in found
    ]
    return told(PersonList(items=items))
