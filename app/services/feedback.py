"""What a learner is told after answering: the mark, the truth, its evidence, what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Stance
from app.core.marking import Mark, Verdict
from app.core.memory import Rating
from app.core.questions import Question, QuestionType
from app.core.questions.codec import load_question, load_response
from app.core.questions.question import Response
from app.core.sentences import Sentence, say, say_many
from app.core.wording import join_names
from app.models.content import DeckRow, FactRow, SourceRow
from app.models.effective import Amended, amended
from app.models.learning import LearningSession, MemoryEvent, Review, ReviewAmendment, ShownQuestion
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
    position: int
    total: int | None
    question: Question
    answered: bool
    fact_id: int
    told: tuple[Told, ...] = ()
    """What became of the fact since it was learned; told before the first question after it."""


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """The paragraph that proves a fact, parted around the quotation."""

    source_key: str
    source_title: str
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


AnsweredRow = Row[
    ShownQuestion,
    LearningSession,
    str,
    str,
    Review,
    FactRow,
    SourceRow | None,
    ReviewAmendment | None,
    int | None,
]


_CAUGHT = (
    select(MemoryEvent.change)
    .where(
        MemoryEvent.user_id == Review.user_id,
        MemoryEvent.fact_id == Review.fact_id,
        MemoryEvent.cause == Review.number,
    )
    .limit(1)
    .correlate(Review)
    .scalar_subquery()
)


def _shown_query() -> Select[ShownQuestion, LearningSession, str, str]:
    return (
        select(ShownQuestion, LearningSession, DeckRow.key, DeckRow.title)
        .join(
            LearningSession,
            (LearningSession.user_id == ShownQuestion.user_id)
            & (LearningSession.token == ShownQuestion.session_token),
        )
        .join(DeckRow, DeckRow.id == LearningSession.deck_id)
        .where(ShownQuestion.user_id == bindparam("learner"))
    )


_ONE_SHOWN = _shown_query().where(ShownQuestion.token == bindparam("token"))


def one_shown(session: Session, user_id: int, token: str) -> ShownPage:
    """Return a question as it was shown to this learner. Raises NotFound."""
    row = session.execute(_ONE_SHOWN, {"learner": user_id, "token": token}).one_or_none()
    if row is None:
        raise NotFound(say("There is no such question, or it is not yours."))
    return page_of(*row)


def one_feedback(session: Session, user_id: int, token: str) -> Feedback:
    """Return what is told about one answer, in one query. Raises NotFound."""
    rows = session.execute(_ONE_ANSWERED, {"learner": user_id, "token": token}).all()
    if not rows:
        raise NotFound(say("There is no such answer, or it is not yours."))
    return _feedback_of(rows[0])


def session_feedback(session: Session, user_id: int, session_token: str) -> tuple[Feedback, ...]:
    """Return what is told about each answer of a session, in order, in one query."""
    rows = session.execute(_ANSWERED_IN, {"learner": user_id, "token": session_token}).all()
    return tuple(_feedback_of(row) for row in rows)


def _answered_query() -> Select[
    ShownQuestion,
    LearningSession,
    str,
    str,
    Review,
    FactRow,
    SourceRow | None,
    ReviewAmendment | None,
    int | None,
]:
    return amended(
        _shown_query()
        .join(
            Review,
            (Review.user_id == ShownQuestion.user_id) & (Review.token == ShownQuestion.token),
        )
        .join(FactRow, FactRow.id == ShownQuestion.fact_id)
        .outerjoin(SourceRow, SourceRow.id == FactRow.source_id)
        .add_columns(Review, FactRow, SourceRow, Amended, _CAUGHT)
    )


_ONE_ANSWERED = _answered_query().where(ShownQuestion.token == bindparam("token"))
_ANSWERED_IN = (
    _answered_query()
    .where(ShownQuestion.session_token == bindparam("token"))
    .order_by(ShownQuestion.position)
)


def page_of(
    row: ShownQuestion, owner: LearningSession, deck_key: str, deck_title: str
) -> ShownPage:
    """Return the page of a shown question."""
    return ShownPage(
        token=row.token,
        session_token=row.session_token,
        kind=owner.kind,
        deck_key=deck_key,
        deck_title=deck_title,
        position=row.position,
        total=len(owner.plan) if owner.kind == "quiz" else None,
        question=load_question(row.body),
        answered=row.answered_epoch_s is not None,
        told=told_with(row.body),
        fact_id=row.fact_id,
    )


def _feedback_of(row: AnsweredRow) -> Feedback:
    shown, owner, deck_key, deck_title, review, fact, source, amendment, caught = row
    counts: Review | ReviewAmendment = amendment or review
    due = (amendment.due_epoch_s if amendment else None) or review.due_epoch_s
    page = page_of(shown, owner, deck_key, deck_title)
    return Feedback(
        shown=page,
        response=load_response(review.response),
        mark=Mark(counts.credit, Verdict(counts.verdict), counts.why),
        key_text=key_text(page.question),
        statement=page.question.statement,
        note=fact.note,
        stance=page.question.stance,
        attribution=page.question.according_to,
        evidence=evidence_page(source, fact.quote) if source else None,
        points=counts.points / 10,
        rating=counts.rating,
        due_epoch_s=due,
        stability_days=review.stability_days,
        why_due=why_due(review, counts.rating, due),
        changed_since=fact.revision != shown.fact_revision,
        session_finished=owner.finished_epoch_s is not None,
        amendment=amendment.kind if amendment else "",
        set_aside_as_leech=counts.rating == Rating.AGAIN and caught is not None,
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
        return join_names(list(question.keys))
    return " or ".join(question.keys)


def evidence_page(source: SourceRow, quote: str) -> EvidencePage:
    """Return the paragraph around the first occurrence of a quotation, parted in three."""
    before, found, after = _part_around(source.text, quote)
    return EvidencePage(
        source_key=source.key,
        source_title=source.title,
        publisher=source.publisher,
        published=source.published,
        url=source.url,
        before=before,
        quote=found,
        after=after,
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


def why_due(review: Review, rating: int, due_epoch_s: int | None) -> str:
    """Return why a fact is due when it is, in a sentence."""
    if not review.moves_memory or review.stability_days is None:
        return say("A quiz does not move your schedule.")
    if rating == Rating.AGAIN:
        return say("You missed it, so it comes again today.")
    days = max(1, round(((due_epoch_s or 0) - review.reviewed_epoch_s) / DAY_S))
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
