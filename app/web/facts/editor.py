"""The editor's page: the form, its preview, the texts to pick a passage from."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import render_template
from flask.typing import ResponseReturnValue

from app.core.corrections import told_kind
from app.core.facts import Deck, Fact, Stance, Status
from app.core.sentences import say
from app.core.values import ValueProblem
from app.services import candidates, drafts, picking, previews, statistics
from app.services.previews import Preview
from app.services.starters import starters_for
from app.services.statistics import ItemLine
from app.web.current import db_session
from app.web.facts.forms import GROUPS, FactForm
from app.web.words import FLAGS


@dataclass(frozen=True, slots=True)
class EditorPage:
    """What the editor shows beside its form."""

    deck: Deck
    heading: str
    fact_id: int | None = None
    fact: Fact | None = None
    """The fact as it is stored; None for a new one."""
    proposed: bool = False
    saved_id: int | None = None
    learned: int | None = None
    """How many people have learned the fact; None where no kind of edit is asked for."""

    @property
    def is_new(self) -> bool:
        """Whether the fact is not stored yet."""
        return self.fact_id is None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the typed fact would be: its questions, what keeps it from any, what the edit means."""

    preview: Preview | None
    problems: list[ValueProblem]
    told_kind: str = ""


def render(form: FactForm, page: EditorPage) -> ResponseReturnValue:
    """Return the page; a form with errors is 422 unless it was only looked at."""
    seen = look(form, page.deck)
    problems = seen.problems
    if form.is_submitted() and not form.errors:
        for problem in problems:
            form.explain(problem)
    failed = form.is_submitted() and not form.stays
    quote, source = str(form.quote.data or ""), str(form.source.data or "")
    body = render_template(
        "facts/edit.html",
        form=form,
        page=page,
        deck=page.deck,
        learned=page.learned,
        groups=GROUPS,
        preview=seen.preview,
        told_kind=seen.told_kind,
        problems=[] if form.errors else problems,
        lint=form.by_field(seen.preview.findings if seen.preview else ()),
        answered=answered(page),
        flags=FLAGS,
        readings=picking.readings(page.deck, source, quote),
    )
    return body, HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK


def answered(page: EditorPage) -> tuple[ItemLine, ...]:
    """Return what learners' answers say of the stored fact's questions."""
    if page.fact is None or page.fact_id is None:
        return ()
    items = statistics.fact_items(db_session(), page.fact_id, page.fact)
    return tuple(one.line for one in items)


def look(form: FactForm, deck: Deck) -> Seen:
    """Return the questions that the typed fact would produce, and what keeps it from any."""
    if form.stance.data not in list(Stance):
        return Seen(None, [ValueProblem("stance", say("Choose a stance."))])
    draft, response = form.draft(), str(form.response.data or "")
    problems = drafts.problems_of(deck, draft)
    if problems:
        mark = previews.tried(deck, draft, response) if response.strip() else None
        return Seen(Preview((), (), mark) if mark else None, problems)
    fact = drafts.fact_of(deck, draft, str(form.key.data or "preview"), Status.DRAFT)
    before = deck.fact_by_key.get(fact.key)
    told = told_kind(before, fact) if before else ""
    return Seen(previews.preview(deck, fact, response), [], told)


def opened_form(deck: Deck, data: dict[str, object]) -> FactForm:
    """Return the form for a deck: typed where something was sent, else filled with `data`."""
    return FactForm.of(deck, data, starters_for(deck))


def pick_sentence(form: FactForm, deck: Deck) -> None:
    """Take the sentence whose button was pressed: "source:start"."""
    key, _, start = str(form.pick.data or "").rpartition(":")
    found = picking.sentence_at(deck, key, int(start)) if start.isdecimal() else None
    if found:
        form.source.data, form.quote.data = key, found


def next_address(form: FactForm, deck_key: str) -> dict[str, str]:
    """Return where "next sentence" leads: the source's next candidate, or none of it."""
    source = str(form.source.data or "")
    kept = {"tags": str(form.tags.data or ""), "subject": str(form.subject.data or "")}
    if not source:
        return kept
    quote = str(form.quote.data or "")
    found = candidates.next_sentence(db_session(), deck_key, source, quote)
    return {"source": source, "quote": found, **kept} if found else {"source": source, "quote": ""}
