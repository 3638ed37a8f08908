"""What a learner is told after answering: the mark, the truth, its evidence, what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Stance
from app.core.marking import Mark, Verdict
from app.core.memory import Rating
from app.core.questions import Question, QuestionType
from app.core.questions.codec import load_question, load_response
from app.core.questions.question import Response
from app.core.sentences import Sentence, say, say_many
from app.core.wording import join_choices, join_names
from app.models.content import SourceRow
from app.models.driving import Found, all_rows, connection_of, first_row
from app.models.statements.showing import ANSWERED, ANSWERED_IN_SESSION, SHOWN
from app.services.notices import Told, told_with

DAY_S = 86_400
_MONTH_DAYS = 31
TYPED = frozenset({QuestionType.CLOZE, QuestionType.SHORT_ANSWER})
"""Where the marker reads what people write, and can be wrong about it."""


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A question as the learner sees it; `total` is None where nobody knows how many follow."""

    token: str
    session_token: str
    kind: str
    deck_key: str
    deck_title: str
    language: str
    """Of the deck (BCP 47): stem, options, prompts, evidence and notes are written in it."""
    position: int
    total: int | None
    question: Question
    answered: bool
    fact_id: int
    fact_revision: int
    told: tuple[Told, ...] = ()
    """What became of the fact since it was learned; told before the first question after it."""


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """The paragraph that proves a fact, parted around the quotation."""

    source_key: str
    source_title: str
    author: str
    publisher: str
    published: str
    url: str
    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """Everything about an answer that was given."""

    shown: ShownPage
    response: Response
    mark: Mark
    key_text: str
    statement: str
    note: str
    stance: Stance
    attribution: str
    evidence: EvidencePage | None
    points: float
    rating: int
    due_epoch_s: int | None
    stability_days: float | None
    why_due: str
    changed_since: bool
    session_finished: bool
    amendment: str
    """What became of it: the kind of its latest amendment, "" for none."""
    set_aside_as_leech: bool
    """Whether this very answer has set its fact aside."""

    @property
    def may_overrule(self) -> bool:
        """Whether the learner may say that a typed answer was right."""
        return self.mark.credit < 1 and self.shown.question.type in TYPED

    @property
    def may_admit(self) -> bool:
        """Whether the learner may say that they only guessed: a flashcard they rate themselves."""
        is_rated = self.shown.question.type is QuestionType.FLASHCARD
        return self.mark.correct and self.shown.kind == "study" and not is_rated


def one_shown(session: Session, user_id: int, token: str) -> ShownPage:
    """Return a question as it was shown to this learner. Raises NotFound."""
    at = {"learner": user_id, "which": token}
    row = first_row(connection_of(session), SHOWN, at)
    if row is None:
        raise NotFound(say("There is no such question, or it is not yours."))
    return _page_of(row)


def one_feedback(session: Session, user_id: int, token: str) -> Feedback:
    """Return what is told about one answer, in one query. Raises NotFound."""
    at = {"learner": user_id, "which": token}
    row = first_row(connection_of(session), ANSWERED, at)
    if row is None:
        raise NotFound(say("There is no such answer, or it is not yours."))
    return _feedback_of(row)


def session_feedback(session: Session, user_id: int, session_token: str) -> tuple[Feedback, ...]:
    """Return what is told about each answer of a session, in order, in one query."""
    at = {"learner": user_id, "which": session_token}
    rows = all_rows(connection_of(session), ANSWERED_IN_SESSION, at)
    return tuple(_feedback_of(row) for row in rows)


def _page_of(row: Found) -> ShownPage:
    return ShownPage(
        token=row.token,
        session_token=row.session_token,
        kind=row.kind,
        deck_key=row.deck_key,
        deck_title=row.deck_title,
        language=row.language,
        position=row.position,
        total=len(row.plan) if row.kind == "quiz" else None,
        question=load_question(row.body),
        answered=row.answered_epoch_s is not None,
        told=told_with(row.body),
        fact_id=row.fact_id,
        fact_revision=row.fact_revision,
    )


def _feedback_of(row: Found) -> Feedback:
    page = _page_of(row)
    return Feedback(
        shown=page,
        response=load_response(row.response),
        mark=Mark(row.credit, Verdict(row.verdict), row.why),
        key_text=key_text(page.question),
        statement=page.question.statement,
        note=row.note,
        stance=page.question.stance,
        attribution=page.question.according_to,
        evidence=_evidence_of(row) if row.source_key is not None else None,
        points=row.points / 10,
        rating=row.rating,
        due_epoch_s=row.due_epoch_s,
        stability_days=row.stability_days,
        why_due=_why_due(row),
        changed_since=row.revision != row.fact_revision,
        session_finished=row.finished_epoch_s is not None,
        amendment=row.amendment,
        set_aside_as_leech=row.rating == Rating.AGAIN and row.caught is not None,
    )


def _evidence_of(row: Found) -> EvidencePage:
    return EvidencePage(
        row.source_key,
        row.source_title,
        row.author,
        row.publisher,
        row.published,
        row.url,
        *_part_around(row.text, row.quote),
    )


def key_text(question: Question) -> str:
    """Return the right answer in words."""
    if question.type is QuestionType.ORDERING:
        return " → ".join(question.keys)
    if question.type is QuestionType.MATCHING:
        return "; ".join(
            f"{prompt}: {key}" for prompt, key in zip(question.prompts, question.keys, strict=True)
        )
    if question.type is QuestionType.MULTIPLE_SELECT:
        return join_names(list(question.keys), question.language)
    return join_choices(list(question.keys), question.language)


def evidence_page(source: SourceRow, quote: str) -> EvidencePage:
    """Return the paragraph around the first occurrence of a quotation, parted in three."""
    return EvidencePage(
        source.key,
        source.title,
        source.author,
        source.publisher,
        source.published,
        source.url,
        *_part_around(source.text, quote),
    )


def _part_around(text: str, quote: str) -> tuple[str, str, str]:
    for paragraph in _paragraphs(text):
        before, found, after = paragraph.partition(" ".join(quote.split()))
        if found:
            return before, found, after
    return "", quote, ""


def _paragraphs(text: str) -> Iterable[str]:
    """Give each paragraph on one line: a quotation may cross the source's line breaks."""
    return (" ".join(paragraph.split()) for paragraph in text.replace("\r", "").split("\n\n"))


def _why_due(row: Found) -> str:
    """Return why a fact is due when it is, in a sentence."""
    if not row.moves_memory or row.stability_days is None:
        return say("A quiz does not move your schedule.")
    if row.rating == Rating.AGAIN:
        return say("You missed it, so it comes again today.")
    days = max(1, round(((row.due_epoch_s or 0) - row.reviewed_epoch_s) / DAY_S))
    return say(
        "You should still recall it in {days}; just before you would forget, it is due.",
        days=span(days),
    )


def span(days: int) -> Sentence:
    """Return a number of days in the unit that people would use."""
    if days <= _MONTH_DAYS:
        return say_many("1 day", "{number} days", days)
    months = round(days / 30.44)
    if months < 24:  # noqa: PLR2004 two years and more are told in years
        return say_many("1 month", "{number} months", months)
    return say_many("1 year", "{number} years", round(days / 365.25))
