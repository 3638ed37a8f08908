"""Curators going through an article: what is proposed, dismissed, covered, and what comes next."""

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck, Relation, Status
from app.core.values import Entity, EntityValue
from app.models.content import RelationRow
from app.models.studio import DismissedSentence
from app.services import candidates, drafts, facts, previews, starters
from app.services.decks import export_deck
from app.services.drafts import FactDraft
from app.services.facts import Edit
from app.services.revisions import By
from app.services.source_edits import SourceDraft, add_source

NOW = 1_763_900_000
TEXT = """Oslo has 40 cranes. According to the port office, the new quay cost $12 million.

The flagship of Bergen is Ship Bergen. It was launched on 3 May 2019.

Nobody came.

Porto has a crane for 40 containers or 60 tonnes."""


@pytest.fixture
def source(session: Session, deck: Deck) -> str:
    draft = SourceDraft("Harbour news", TEXT, publisher="Press", published="2025-01-29")
    return add_source(session, deck.key, draft, By(None, NOW))


def texts(session: Session, deck: Deck, source: str, show: str = "open") -> list[str]:
    page = candidates.candidate_page(session, deck.key, source, show)
    return [one.text for one in page.candidates]


def test_sentences_are_listed_by_what_they_carry(session: Session, deck: Deck, source: str) -> None:
    page = candidates.candidate_page(session, deck.key, source)
    assert page.counts == {"open": 6, "covered": 0, "dismissed": 0}
    assert page.candidates[-1].text == "Nobody came."
    quay = next(one for one in page.candidates if "quay" in one.text)
    assert (quay.answer, quay.stance) == ("US$12 million", "reported")
    assert quay.according_to == "the port office"
    assert ("$12 million", "amount") in [(one.text, one.kind) for one in quay.pieces]
    assert "".join(one.text for one in quay.pieces) == quay.text


def test_a_dismissed_sentence_stays_away_until_it_is_taken_back(
    session: Session, deck: Deck, source: str, learner: int
) -> None:
    mark = candidates.fingerprint("Nobody  CAME.")
    for _ in range(2):
        candidates.dismiss(session, deck.key, source, mark, (learner, NOW))
    assert session.scalar(select(func.count()).select_from(DismissedSentence)) == 1
    assert "Nobody came." not in texts(session, deck, source)
    assert texts(session, deck, source, "dismissed") == ["Nobody came."]
    candidates.take_back(session, deck.key, source, mark)
    assert "Nobody came." in texts(session, deck, source)
    with pytest.raises(NotFound):
        candidates.dismiss(session, deck.key, source, "f" * 64, (learner, NOW))
    with pytest.raises(NotFound):
        candidates.candidate_page(session, deck.key, "nowhere")


def test_a_saved_fact_covers_its_sentence_and_the_next_one_follows(
    session: Session, deck: Deck, source: str, learner: int
) -> None:
    first, second, *_ = texts(session, deck, source)
    suggested = candidates.suggest(session, deck.key, source, first).draft
    draft = replace(suggested, ask="What is told?", relation="")
    facts.create(session, deck.key, Edit(learner, draft, NOW, Status.DRAFT))
    assert texts(session, deck, source, "covered") == [first]
    assert candidates.next_sentence(session, deck.key, source, first) == second
    candidates.dismiss(session, deck.key, source, candidates.fingerprint(second), (learner, NOW))
    third = texts(session, deck, source)[0]
    assert candidates.next_sentence(session, deck.key, source, first) == third


def test_skipping_a_sentence_goes_on_and_the_last_one_ends(
    session: Session, deck: Deck, source: str, learner: int
) -> None:
    seen, here = [], ""
    for _ in range(6):
        here = candidates.next_sentence(session, deck.key, source, here) or ""
        seen.append(here)
    assert seen == texts(session, deck, source)
    for text in seen:
        mark = candidates.fingerprint(text)
        candidates.dismiss(session, deck.key, source, mark, (learner, NOW))
    assert candidates.next_sentence(session, deck.key, source, "") is None


def test_a_passage_becomes_a_draft_in_names(session: Session, deck: Deck, source: str) -> None:
    draft = candidates.suggest(session, deck.key, source, "The flagship of Bergen is").draft
    assert draft.quote == "The flagship of Bergen is Ship Bergen."
    assert (draft.subject, draft.relation) == ("Bergen", "flagship")
    assert draft.value == {"kind": "entity", "name": "Ship Bergen"}
    fact = drafts.fact_of(deck_with(session, deck), draft, "k", Status.DRAFT)
    assert fact.subject is not None
    assert fact.subject.key == "bergen"


def deck_with(session: Session, deck: Deck) -> Deck:
    return export_deck(session, deck.key)


def test_what_is_selected_becomes_the_answer(session: Session, deck: Deck, source: str) -> None:
    whole = candidates.suggest(session, deck.key, source, "It was launched on 3 May 2019.").draft
    assert whole.value == {"kind": "date", "date": "2019-05-03"}
    draft = candidates.suggest(session, deck.key, source, "the port office, the new quay").draft
    assert draft.quote.startswith("According to")
    picked = candidates.suggest(session, deck.key, source, "40 cranes").draft
    assert picked.quote == "Oslo has 40 cranes."
    assert picked.value == {"kind": "number", "amount": "40", "unit": "cranes"}
    sentence = "Nobody came."
    assert candidates.suggest(session, deck.key, source, sentence[:6]).draft.quote == sentence
    whole = candidates.suggest(session, deck.key, source, "new quay cost $12").draft
    assert whole.value["kind"] == "money"
    who = candidates.suggest(session, deck.key, source, "is Ship Bergen").draft
    assert who.relation == "flagship"
    bare = candidates.suggest(session, deck.key, source, "Bergen. It was launched").draft
    assert bare.quote == "The flagship of Bergen is Ship Bergen. It was launched on 3 May 2019."
    other = candidates.suggest(session, deck.key, source, "60 tonnes").draft
    assert other.value == {"kind": "number", "amount": "60", "unit": "tonnes"}
    assert other.say == "Porto has a crane for 40 containers or {value}."
    strange = candidates.suggest(session, deck.key, source, "never said")
    assert strange.draft.value == {}
    assert strange.to_word


def test_what_was_skipped_comes_back_only_at_the_end(
    session: Session, deck: Deck, source: str, learner: int
) -> None:
    shown = candidates.candidate_page(session, deck.key, source).candidates
    skipped, taken, third = (one.text for one in shown[:3])
    assert candidates.next_sentence(session, deck.key, source, skipped) == taken
    draft = candidates.suggest(session, deck.key, source, taken).draft
    edit = replace(draft, ask="What is told?", relation="", subject="")
    facts.create(session, deck.key, Edit(learner, edit, NOW, Status.DRAFT))
    assert candidates.next_sentence(session, deck.key, source, taken) == third
    last = candidates.candidate_page(session, deck.key, source).candidates[-1].text
    assert candidates.next_sentence(session, deck.key, source, last) == skipped


@dataclass(frozen=True)
class Starter:
    relation: Relation
    cues: tuple[str, ...]
    inverse_cues: tuple[str, ...] = ()
    of_people: bool = True


def test_the_editor_opens_with_the_very_proposal_of_the_list(
    session: Session, deck: Deck, source: str
) -> None:
    page = candidates.candidate_page(session, deck.key, source)
    assert page.candidates
    for one in page.candidates:
        draft = candidates.suggest(session, deck.key, source, one.text).draft
        assert (draft.subject, draft.stance) == (one.subject, one.stance)


def test_a_general_relation_joins_the_deck_with_its_first_fact(
    session: Session,
    deck: Deck,
    source: str,
    learner: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    launched = Relation("launched_on", "When was {subject} launched?", "", "", "date")
    monkeypatch.setattr(starters, "STARTERS", (Starter(launched, ("was launched on",)),))
    found = candidates.suggest(session, deck.key, source, "It was launched on 3 May 2019.")
    assert found.is_new_relation
    assert found.draft.subject == "Ship Bergen"
    for _ in range(2):
        facts.create(session, deck.key, Edit(learner, found.draft, NOW, Status.DRAFT))
    rows = session.scalars(select(RelationRow.key).where(RelationRow.key == "launched_on")).all()
    assert rows == ["launched_on"]


def test_a_new_name_gets_the_kind_that_was_typed(
    session: Session, deck: Deck, learner: int
) -> None:
    draft = FactDraft(
        {"kind": "entity", "name": "Ship Oslo"},
        subject="Oslo",
        subject_kind="city",
        name_kind="ship",
        relation="flagship",
    )
    number = facts.create(session, deck.key, Edit(learner, draft, NOW, Status.DRAFT))
    fact = facts.open_fact(session, number).fact
    assert fact.subject == Entity("Oslo", "oslo", "city")
    assert fact.value == EntityValue(Entity("Ship Oslo", "ship-oslo", "ship"))


@pytest.mark.usefixtures("deck")
def test_an_answer_is_tried_as_it_would_be_marked(session: Session) -> None:
    fact = facts.open_fact(session, 1).fact
    now = facts.open_fact(session, 1).deck
    assert previews.preview(now, fact).mark is None
    right = previews.preview(now, fact, "1800").mark
    wrong = previews.preview(now, fact, "1807").mark
    assert right is not None
    assert right.correct
    assert wrong is not None
    assert wrong.credit == 0
    assert "1800" in wrong.why
    flagship = drafts.fact_of(
        now,
        FactDraft({"kind": "entity", "name": "Ship Lisbon"}, subject="Lisbon", relation="flagship"),
        "new",
        Status.DRAFT,
    )
    typo = previews.preview(now, flagship, "Ship Lisbn").mark
    assert typo is not None
    assert typo.verdict == "typo"
    rival = previews.preview(now, flagship, "Ship Bergen").mark
    assert rival is not None
    assert rival.credit == 0
