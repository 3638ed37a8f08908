"""Files that are read and written aside: in pieces, once, told how far, given up in time."""

import io

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck, Fact
from app.core.values import TextValue
from app.interchange.apkg import write_apkg
from app.interchange.deck_file import read_deck, write_deck
from app.models.database import writing
from app.models.jobs import JobPart, TransferJob
from app.services import importing, jobs
from app.services.jobs import Incoming

from .conftest import NOW

MANY = Deck(
    "many",
    "Many",
    facts=tuple(Fact(f"f{at}", TextValue(f"v{at}"), ask=f"What is {at}?") for at in range(900)),
)


def parts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(JobPart)) or 0


def work(session: Session) -> bool:
    """Let a worker do the next job, and see what became of it."""
    done = jobs.work(session.get_bind().engine, lambda: NOW)
    session.rollback()
    return done


def test_a_large_file_is_read_by_a_job_and_then_looked_at(session: Session, learner: int) -> None:
    data = write_apkg(MANY, NOW)
    assert not jobs.is_light(io.BytesIO(data))
    told = Incoming("many.apkg", learning=True)
    token = jobs.begin_import(session, learner, io.BytesIO(data), told, NOW)
    page = jobs.job_page(session, learner, token)
    assert page is not None
    assert (page.state, page.file_name, page.kind) == ("waiting", "many.apkg", "import")
    assert jobs.file_of(session, learner, token) == data
    assert work(session)
    assert jobs.job_page(session, learner, token) is None
    assert importing.is_package(session, learner, token)
    assert len(importing.review(session, learner, token).sections[0].new) == 900
    assert parts(session) == 0
    assert not work(session)
    with pytest.raises(NotFound):
        jobs.job_page(session, learner + 1, token)


def test_a_file_with_problems_tells_them_all(session: Session, learner: int) -> None:
    text = write_deck(MANY, "json").replace('"kind": "text"', '"kind": "odd"')
    told = Incoming("many.json")
    token = jobs.begin_import(session, learner, io.BytesIO(text.encode()), told, NOW)
    assert work(session)
    page = jobs.job_page(session, learner, token)
    assert page is not None
    assert (page.state, len(page.problems)) == ("failed", 500)
    assert page.problems[0].startswith("line ")
    assert parts(session) == 0
    jobs.drop(session, learner, token)
    with pytest.raises(NotFound):
        jobs.job_page(session, learner, token)


def test_a_job_whose_worker_died_is_taken_again_and_then_given_up(
    session: Session, learner: int
) -> None:
    told = Incoming("x.json", deck_key="")
    token = jobs.begin_import(session, learner, io.BytesIO(b"{" * 400_000), told, NOW)
    lost = update(TransferJob).values(state="working", attempts=1, beat_epoch_s=NOW - 10)
    with writing(session):
        session.execute(lost)
    assert not work(session)  # it was heard of just now
    with writing(session):
        session.execute(lost.values(beat_epoch_s=NOW - 500, attempts=2))
    assert not work(session)
    page = jobs.job_page(session, learner, token)
    assert page is not None
    assert (page.state, len(page.problems)) == ("failed", 1)


def test_nobody_begins_more_than_a_few(session: Session, learner: int) -> None:
    for _ in range(jobs.MOST_WAITING):
        jobs.begin_import(session, learner, io.BytesIO(b"x"), Incoming("x"), NOW)
    with pytest.raises(jobs.TooManyJobs):
        jobs.begin_import(session, learner, io.BytesIO(b"x"), Incoming("x"), NOW)
    jobs.begin_import(session, learner, io.BytesIO(b"x"), Incoming("x"), NOW + 2 * 86_400)


def test_a_deck_is_written_by_a_job(session: Session, learner: int, deck: Deck) -> None:
    token = jobs.begin_export(session, learner, deck.key, "json", NOW)
    assert jobs.export_of(session, learner, token).state == "waiting"
    assert work(session)
    assert jobs.export_of(session, learner, token).state == "done"
    assert read_deck(jobs.file_of(session, learner, token).decode()) == deck
    with pytest.raises(NotFound):
        jobs.export_of(session, learner + 1, token)
    with pytest.raises(NotFound):
        jobs.begin_export(session, learner, deck.key, "exe", NOW)
