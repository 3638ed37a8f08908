"""Imports from the browser: nothing is stored before it was seen, and then exactly that."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.facts import Deck, Status
from app.core.values import DateValue
from app.interchange import uploads
from app.interchange.archives import BadArchive
from app.interchange.deck_file import write_deck
from app.interchange.decoding import NotText
from app.interchange.facts_csv_export import write_facts_csv
from app.interchange.loading import DeckFileRefused
from app.models.content import FactRow
from app.models.studio import PendingImport
from app.services import decks, exporting, importing
from app.services.importing import Upload
from app.services.rewriting import DeckChanged

NOW = 1_763_900_000


def look(session: Session, learner: int, deck: Deck, into: str = "", **how: bool) -> str:
    upload = Upload(write_deck(deck).encode(), "deck.yaml", into, **how)
    return importing.look_at(session, learner, upload, NOW).token


def changed(deck: Deck) -> Deck:
    first, second, *rest = deck.facts
    new = replace(second, key="new-fact")
    facts = (replace(first, value=DateValue(1801)), replace(second, note="A note."), *rest[1:], new)
    return replace(deck, title="Ports", facts=facts)


def test_an_import_is_reported_before_anything_is_stored(
    session: Session, deck: Deck, learner: int
) -> None:
    token = look(session, learner, changed(deck))
    seen = importing.review(session, learner, token)
    assert decks.export_deck(session, deck.key) == deck
    assert (seen.is_new, seen.is_stale, seen.is_empty) == (False, False, False)
    assert seen.head == (("title", "Harbours", "Ports"),)
    facts = seen.sections[0]
    assert facts.new == ("new-fact",)
    assert [one.key for one in facts.changed] == ["opened_0", "cranes_0"]
    assert facts.changed[1].changes == (("note", "", "A note."),)
    assert (facts.unchanged, facts.absent) == (23, 1)
    assert seen.corrections == 1
    assert seen.encoding == "UTF-8"
    done = importing.apply(session, learner, token, NOW)
    assert (done.report.new, done.report.changed, done.report.unchanged) == (1, 2, 23)
    after = decks.export_deck(session, deck.key)
    assert after.title == "Ports"
    assert after.fact_by_key["opened_0"].value == DateValue(1801)
    assert len(after.facts) == 27
    with pytest.raises(NotFound):
        importing.apply(session, learner, token, NOW)


def test_what_was_seen_is_what_is_stored_or_nothing_is(
    session: Session, deck: Deck, learner: int
) -> None:
    token = look(session, learner, changed(deck))
    decks.import_deck(session, replace(deck, title="Theirs"), NOW)
    assert importing.review(session, learner, token).is_stale
    with pytest.raises(DeckChanged):
        importing.apply(session, learner, token, NOW)
    assert decks.export_deck(session, deck.key).title == "Theirs"
    importing.look_again(session, learner, token)
    assert importing.apply(session, learner, token, NOW).deck_key == deck.key
    assert decks.export_deck(session, deck.key).title == "Ports"


def test_an_upload_belongs_to_who_sent_it(
    session: Session, deck: Deck, learner: int, new_learner: object
) -> None:
    token = look(session, learner, deck)
    other = new_learner()  # type: ignore[operator]  # a fixture that makes people
    for use in (importing.review, importing.drop):
        with pytest.raises(NotFound):
            use(session, other, token)
    with pytest.raises(NotFound):
        importing.apply(session, other, token, NOW)
    importing.drop(session, learner, token)
    with pytest.raises(NotFound):
        importing.review(session, learner, token)


def test_old_and_surplus_uploads_are_forgotten(session: Session, deck: Deck, learner: int) -> None:
    tokens = [look(session, learner, deck) for _ in range(8)]
    assert session.scalar(select(func.count()).select_from(PendingImport)) == 5
    assert importing.review(session, learner, tokens[-1]).is_empty
    upload = Upload(write_deck(deck).encode(), "deck.yaml")
    importing.look_at(session, learner, upload, NOW + 2 * importing.KEPT_S)
    assert session.scalar(select(func.count()).select_from(PendingImport)) == 1


def test_an_exported_deck_comes_back_unchanged(session: Session, deck: Deck, learner: int) -> None:
    for file_format in ("yaml", "json", "csv"):
        data = exporting.export_file(session, deck.key, file_format, NOW)
        upload = Upload(data, f"x.{file_format}", deck.key)
        token = importing.look_at(session, learner, upload, NOW).token
        seen = importing.review(session, learner, token)
        assert seen.is_empty, (file_format, seen)
        assert seen.sections[0].unchanged == 26
    with pytest.raises(NotFound):
        exporting.export_file(session, deck.key, "exe", NOW)


def test_new_facts_can_come_as_drafts(session: Session, deck: Deck, learner: int) -> None:
    token = look(session, learner, changed(deck), new_as_drafts=True)
    importing.apply(session, learner, token, NOW)
    status = {row.key: row.status for row in session.scalars(select(FactRow))}
    assert status["new-fact"] == Status.DRAFT
    assert status["opened_0"] == Status.PUBLISHED


def test_a_file_of_another_deck_brings_its_things_into_this_one(
    session: Session, deck: Deck, learner: int
) -> None:
    other = replace(deck, key="other", title="Another", facts=deck.facts[:1])
    token = look(session, learner, other, deck.key)
    seen = importing.review(session, learner, token)
    assert (seen.deck_key, seen.deck_title, seen.is_empty) == ("harbours", "Harbours", True)
    fresh = importing.review(session, learner, look(session, learner, other))
    assert fresh.is_new
    importing.apply(session, learner, fresh.token, NOW)
    assert decks.export_deck(session, "other").title == "Another"


def test_a_new_deck_that_appears_meanwhile_is_not_overwritten(
    session: Session, deck: Deck, learner: int
) -> None:
    token = look(session, learner, replace(deck, key="fresh", title="Mine"))
    decks.import_deck(session, replace(deck, key="fresh", title="Theirs"), NOW)
    with pytest.raises(DeckChanged):
        importing.apply(session, learner, token, NOW)
    assert decks.export_deck(session, "fresh").title == "Theirs"


def test_a_table_needs_its_deck_and_is_recognised_by_its_first_row(
    session: Session, deck: Deck, learner: int
) -> None:
    table = write_facts_csv(deck).encode()
    with pytest.raises(Refused, match="does not name its deck"):
        importing.look_at(session, learner, Upload(table, "facts.txt"), NOW)
    assert importing.look_at(session, learner, Upload(table, "facts.txt", deck.key), NOW)
    assert uploads.is_table("subject;relation;value\n", "x")
    assert not uploads.is_table("format: factdeck/1\nvalue: x\n", "x")
    assert not uploads.is_table('{"value": 1}', "x")


def test_an_edited_table_changes_what_was_edited_alone(
    session: Session, deck: Deck, learner: int
) -> None:
    text = write_facts_csv(deck).replace("Without the cranes.", "With the cranes.")
    upload = Upload(text.encode(), "t.csv", deck.key)
    token = importing.look_at(session, learner, upload, NOW).token
    seen = importing.review(session, learner, token)
    assert [(one.key, one.changes) for one in seen.sections[0].changed] == [
        ("cost", (("note", "Without the cranes.", "With the cranes."),))
    ]
    assert [section.changed for section in seen.sections[1:]] == [(), (), ()]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + b"\0" * 100,
        b"\x1f\x8b\x08" + b"x" * 100,
        b"%PDF-1.7",
        b"SQLite format 3\0",
        b"format: factdeck/1\0",
        b"\xff\xfe\x00",
        b"\x89PNG\r\n",
    ],
)
def test_what_is_no_text_is_named_and_refused(
    session: Session, deck: Deck, learner: int, data: bytes
) -> None:
    with pytest.raises((NotText, BadArchive)):
        importing.look_at(session, learner, Upload(data, "x.yaml", deck.key), NOW)
    assert session.scalar(select(func.count()).select_from(PendingImport)) == 0


def test_every_problem_of_a_file_is_told(session: Session, learner: int) -> None:
    text = """format: factdeck/1
deck: {key: d, title: D, colour: red}
entities:
- {key: a, name: A}
- {key: a, name: ""}
facts:
- key: f
  ask: What?
  value: {kind: money, amount: lots, currency: dollars, bound: about}
- key: g
  value: {kind: entity, entity: nobody}
  stance: claimed
"""
    with pytest.raises(DeckFileRefused) as refused:
        importing.look_at(session, learner, Upload(text.encode(), "d.yaml"), NOW)
    found = {(one.line, one.field) for one in refused.value.problems}
    assert found == {
        (2, "deck.colour"),
        (5, "entities[1].key"),
        (5, "entities[1].name"),
        (9, "facts[0].value.amount"),
        (9, "facts[0].value.currency"),
        (9, "facts[0].value.bound"),
        (10, "facts[1]"),
        (11, "facts[1].value.entity"),
        (10, "facts[1].according_to"),
    }


def test_lint_errors_of_what_comes_in_are_shown(session: Session, deck: Deck, learner: int) -> None:
    bad = replace(deck.facts[-1], ask="No question mark")
    token = look(session, learner, replace(deck, facts=(*deck.facts[:-1], bad)))
    seen = importing.review(session, learner, token)
    assert {one.rule for one in seen.errors} == {"not-a-question"}
    assert {one.fact for one in seen.errors} == {"motto"}


def test_a_changed_article_shows_where_it_changed_and_whose_passage_it_loses(
    session: Session, deck: Deck, learner: int
) -> None:
    text = deck.sources[0].text * 3
    long = replace(deck, sources=(replace(deck.sources[0], text=text),))
    decks.import_deck(session, long, NOW)
    shorter = text.replace("Riga opened its\nharbour", "Riga closed its\nharbour")
    file = replace(long, sources=(replace(long.sources[0], text=shorter),), facts=())
    seen = importing.review(session, learner, look(session, learner, file))
    ((field, before, after),) = seen.sections[3].changed[0].changes
    assert field == "text"
    assert "Riga opened" in before
    assert "Riga closed" in after
    assert before.startswith("… ")
    assert len(before) < 700
    assert [(one.fact, one.rule) for one in seen.errors] == [("opened_4", "quote-not-found")]


def test_an_import_sent_by_several_at_once_is_done_once(
    engine: Engine, session: Session, deck: Deck, learner: int
) -> None:
    token = look(session, learner, changed(deck))
    session.rollback()
    start = Barrier(4)

    def send() -> str:
        with Session(engine) as own:
            start.wait()
            try:
                importing.apply(own, learner, token, NOW)
            except Refused as refused:
                return type(refused).__name__
            return "done"

    with ThreadPoolExecutor(4) as pool:
        outcomes = [one.result() for one in [pool.submit(send) for _ in range(4)]]
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "DeckChanged", "NotFound", "Busy"}
    row = session.scalars(select(FactRow).where(FactRow.key == "cranes_0")).one()
    assert row.revision == 2
