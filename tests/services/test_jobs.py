"""Files that are read and written aside: in pieces, once, told how far, given up in time."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck, Fact
from app.core.values import TextValue
from app.interchange.apkg import CardState, Rated, Schedule, write_apkg
from app.interchange.deck_file import read_deck, write_deck
from app.models.content import FactRow
from app.models.database import writing
from app.models.jobs import JobPart, TransferJob
from app.services import decks, importing, imports, jobs, ledger
from app.services.jobs import Incoming

from .conftest import NOW

DAY_S = 86_400

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


def kept(session: Session, learner: int) -> str:
    """Let a package of many facts be read, and return its token."""
    state = CardState(420, 20, 21.5, 5.5, NOW - DAY_S, 1, 0, log=(Rated(NOW - DAY_S, 3, 20, 4000),))
    schedule = Schedule(NOW - 400 * DAY_S, {fact.key: state for fact in MANY.facts})
    data = io.BytesIO(write_apkg(MANY, NOW, schedule))
    told = Incoming("many.apkg", learning=True)
    token = jobs.begin_import(session, learner, data, told, NOW)
    assert work(session)
    return token


@contextmanager
def watched(session: Session, learner: int, token: str) -> Iterator[list[tuple[int, int, int]]]:
    """Yield what anybody sees at each write of a job: facts there are, steps done and in all."""
    engine = session.get_bind().engine
    seen: list[tuple[int, int, int]] = []

    def look(_: object, __: object, statement: str, *___: object) -> None:
        if not statement.startswith(("INSERT INTO", "DELETE FROM")):
            return
        with Session(engine) as elsewhere:
            page = jobs.job_page(elsewhere, learner, token)
            facts = elsewhere.scalar(select(func.count()).select_from(FactRow)) or 0
        if page is not None:
            seen.append((facts, page.done, page.total))

    event.listen(engine, "before_cursor_execute", look)
    yield seen
    event.remove(engine, "before_cursor_execute", look)


def test_a_long_import_is_stored_and_undone_by_jobs_that_say_how_far_they_are(
    session: Session, learner: int, deck: Deck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.jobs.working.BEAT_S", 0.0)
    there = len(deck.facts)
    read = kept(session, learner)
    assert not jobs.is_long_to_store(session, learner, read)
    monkeypatch.setattr("app.services.jobs.beginning.LIGHT", 1000)
    assert jobs.is_long_to_store(session, learner, read)
    token = jobs.begin_store(session, learner, read, NOW)
    assert jobs.begin_store(session, learner, read, NOW) == token  # pressed twice
    with watched(session, learner, token) as seen:
        assert work(session)
    assert {facts for facts, _, _ in seen} == {there}  # nothing of it is there before all of it
    told = [done for _, done, total in seen if total == 4 * len(MANY.facts)]
    assert told == sorted(told)
    assert set(told) == {1800, 2700, 3600}
    page = jobs.job_page(session, learner, token)
    assert page is not None
    assert (page.state, page.does, page.deck_key) == ("done", jobs.STORE, "many")
    assert page.result == {"new": 900, "changed": 0, "reviews": 900, "known": 0}
    assert ledger.check_learner(session, learner) == []
    [record] = imports.past_imports(session, "many")
    undoing = jobs.begin_undo(session, learner, record.id, NOW)
    with watched(session, learner, undoing) as seen:
        assert work(session)
    assert {facts for facts, _, _ in seen} == {there + 900}
    assert len({done for _, done, _ in seen}) >= 4
    page = jobs.job_page(session, learner, undoing)
    assert page is not None
    assert (page.state, page.deck_key) == ("done", "")
    assert page.result == {"deleted": 900, "retired": 0, "restored": 0, "kept": 0}


def test_a_job_that_meets_a_changed_deck_stores_nothing_and_shows_it_anew(
    session: Session, learner: int
) -> None:
    token = jobs.begin_store(session, learner, kept(session, learner), NOW)
    decks.import_deck(session, replace(MANY, title="Theirs", facts=MANY.facts[:1]), NOW)
    assert work(session)
    page = jobs.job_page(session, learner, token)
    assert page is not None
    assert (page.state, page.result) == ("failed", {})
    assert page.problems[0].startswith("Somebody has changed this deck")
    assert len(decks.export_deck(session, "many").facts) == 1
    assert not importing.review(session, learner, token).is_stale
    assert jobs.begin_store(session, learner, token, NOW) == token
    assert work(session)
    assert len(decks.export_deck(session, "many").facts) == 900
    with pytest.raises(NotFound):
        jobs.begin_store(session, learner, token + "x", NOW)
