"""Reports of questions: what learners send, what curators read, and how one is closed."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, NotFound, Refused
from app.core.marking import Mark, Verdict
from app.core.questions import Question
from app.core.questions.codec import dump_response, load_question, load_response
from app.core.questions.question import Response, Typed
from app.core.sentences import say
from app.models.content import DeckRow, FactRow, SourceRow
from app.models.database import writing
from app.models.effective import Amended, amended
from app.models.learning import LearningSession, Review, ShownQuestion
from app.models.reports import Report
from app.services.feedback import EvidencePage, evidence_page, key_text
from app.services.notices import NoticeKind, tell
from app.services.revisions import By
from app.services.sessions import lock_learner

LONGEST_COMMENT = 1000
PAGE = 30


class ReportKind(StrEnum):
    """What is the matter with a question."""

    WRONG = "wrong"
    AMBIGUOUS = "ambiguous"
    SHOULD_COUNT = "should_count"
    OUT_OF_DATE = "out_of_date"


class ReportStatus(StrEnum):
    """Where a report is in its life."""

    OPEN = "open"
    ACCEPTED = "accepted"
    FIXED = "fixed"
    DISMISSED = "dismissed"


class ReportClosed(Conflict):
    """A curator has already closed the report."""


class NoReply(Refused):
    """A report is not dismissed without telling the learner why."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a learner says; `draft` is what stood in the form where nothing is answered yet."""

    kind: ReportKind
    comment: str = ""
    draft: Response | None = None


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report at a glance, for the learner's own list and the curators' queue."""

    user_id: int
    token: str
    kind: str
    status: str
    deck_title: str
    language: str
    """Of the deck, in which the question speaks."""
    stem: str
    comment: str
    reply: str
    reported_epoch_s: int
    closed_epoch_s: int | None
    response: Response | None
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One page of the queue, and how many open reports each deck has."""

    lines: tuple[ReportLine, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class OpenDeck:
    """A deck with open reports."""

    key: str
    title: str
    open: int


@dataclass(frozen=True, slots=True)
class ReportDetail:
    """A report whole: the question as shown, the response, its mark and the evidence now."""

    line: ReportLine
    fact_id: int
    deck_key: str
    question: Question
    key_text: str
    mark: Mark | None
    evidence: EvidencePage | None
    changed_since: bool

    @property
    def typed(self) -> str:
        """What was typed, "" where the response is none of text."""
        response = self.line.response
        return response.text if isinstance(response, Typed) else ""


def send(session: Session, user_id: int, token: str, complaint: Complaint, now: int) -> None:
    """Keep a learner's report of a question of theirs; sent again, it says what it said last.

    Raises NotFound for somebody else's question, and ReportClosed.
    """
    with writing(session):
        lock_learner(session, user_id)
        shown = _shown(session, user_id, token)
        report = session.get(Report, (user_id, token))
        if report is not None and report.status != ReportStatus.OPEN:
            raise ReportClosed(
                say("You have reported this question before, and it has been settled.")
            )
        if report is None:
            report = _new(session, shown, now)
        report.kind, report.comment = str(complaint.kind), complaint.comment[:LONGEST_COMMENT]
        if complaint.draft is not None and shown.answered_epoch_s is None:
            report.draft = dump_response(complaint.draft)


def _shown(session: Session, user_id: int, token: str) -> ShownQuestion:
    shown = session.get(ShownQuestion, (user_id, token), populate_existing=True)
    if shown is None:
        raise NotFound(say("There is no such question, or it is not yours."))
    return shown


def _new(session: Session, shown: ShownQuestion, now: int) -> Report:
    owner = session.get_one(LearningSession, (shown.user_id, shown.session_token))
    question = load_question(shown.body)
    report = Report(
        user_id=shown.user_id,
        token=shown.token,
        deck_id=owner.deck_id,
        fact_id=shown.fact_id,
        fact_revision=shown.fact_revision,
        question_type=str(question.type),
        direction=str(question.direction),
        status=str(ReportStatus.OPEN),
        reported_epoch_s=now,
    )
    session.add(report)
    return report


def own(session: Session, user_id: int, limit: int = 100) -> list[ReportLine]:
    """Return a learner's own reports with what was replied, newest first."""
    rows = session.execute(
        _lines([Report.user_id == user_id])
        .order_by(Report.reported_epoch_s.desc(), Report.token)
        .limit(limit)
    )
    return [_line(*row) for row in rows]


def queue(session: Session, deck_keys: Collection[str], *, closed: bool, page: int) -> ReportPage:
    """Return the open reports on decks, oldest first, or the closed ones, newest first."""
    wanted = [_is_open(closed=closed), _about(deck_keys)]
    total = session.scalar(select(func.count()).select_from(Report).where(*wanted)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    at = Report.closed_epoch_s.desc() if closed else Report.reported_epoch_s.asc()
    rows = session.execute(
        _lines(wanted)
        .order_by(at, Report.user_id, Report.token)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return ReportPage(tuple(_line(*row) for row in rows), page, pages, total)


def _is_open(*, closed: bool) -> ColumnElement[bool]:
    """Name the statuses one by one: an index serves that, and not "anything but open"."""
    if not closed:
        return Report.status == str(ReportStatus.OPEN)
    return Report.status.in_([str(one) for one in ReportStatus if one is not ReportStatus.OPEN])


def _about(deck_keys: Collection[str]) -> ColumnElement[bool]:
    return Report.deck_id.in_(select(DeckRow.id).where(DeckRow.key.in_(deck_keys)))


def open_count(session: Session, deck_keys: Collection[str]) -> int:
    """Return how many reports on decks wait for a curator."""
    counted = select(func.count()).select_from(Report)
    return session.scalar(counted.where(_is_open(closed=False), _about(deck_keys))) or 0


def open_decks(session: Session, deck_keys: Collection[str]) -> list[OpenDeck]:
    """Return those of the decks that have open reports, by title."""
    rows = session.execute(
        select(DeckRow.key, DeckRow.title, func.count())
        .join(Report, Report.deck_id == DeckRow.id)
        .where(_is_open(closed=False), DeckRow.key.in_(deck_keys))
        .group_by(DeckRow.id, DeckRow.key, DeckRow.title)
        .order_by(DeckRow.title, DeckRow.id)
    )
    return [OpenDeck(*row) for row in rows]


def opened(session: Session, user_id: int, token: str) -> ReportDetail:
    """Return a report whole, for a curator. Raises NotFound."""
    row = session.execute(
        _lines([Report.user_id == user_id, Report.token == token])
        .join(FactRow, FactRow.id == Report.fact_id)
        .outerjoin(SourceRow, SourceRow.id == FactRow.source_id)
        .add_columns(DeckRow.key, FactRow, SourceRow, Amended)
    ).one_or_none()
    if row is None:
        raise NotFound(say("There is no such report."))
    report, body, title, language, review, deck_key, fact, source, amendment = row
    marked = amendment or review
    question = load_question(body)
    return ReportDetail(
        line=_line(report, body, title, language, review),
        fact_id=report.fact_id,
        deck_key=deck_key,
        question=question,
        key_text=key_text(question),
        mark=Mark(marked.credit, Verdict(marked.verdict), marked.why) if marked else None,
        evidence=evidence_page(source, fact.quote) if source else None,
        changed_since=fact.revision != report.fact_revision,
    )


def dismiss(session: Session, user_id: int, token: str, reply: str, by: By) -> None:
    """Close a report with a reply that the learner reads. Raises NoReply, ReportClosed."""
    if not reply.strip():
        raise NoReply(say("Say why: the learner reads it."))
    with writing(session):
        close(session, user_id, token, (ReportStatus.DISMISSED, reply.strip()), by)


def fixed(session: Session, which: tuple[int, str], fact_id: int, by: By) -> None:
    """Close a report (user, token) whose fact has just been mended; a closed one stays as it is."""
    report = session.get(Report, which)
    if report is None or (report.fact_id, report.status) != (fact_id, ReportStatus.OPEN):
        return
    with suppress(ReportClosed), writing(session):
        settled = ReportStatus.FIXED, say("The question has been mended. Thank you.")
        close(session, *which, settled, by)


def close(
    session: Session, user_id: int, token: str, settled: tuple[ReportStatus, str], by: By
) -> None:
    """Close a report and tell the learner. Inside `writing`. Raises NotFound, ReportClosed."""
    lock_learner(session, user_id)
    report = session.get(Report, (user_id, token), populate_existing=True)
    if report is None:
        raise NotFound(say("There is no such report."))
    if report.status != ReportStatus.OPEN:
        raise ReportClosed(say("Somebody else has closed this report already."))
    status, reply = settled
    report.status, report.reply = str(status), reply
    report.closed_epoch_s, report.closed_by_id = by.at_epoch_s, by.user_id
    stem = load_question(_shown(session, user_id, token).body).stem
    body = {"ask": stem, "text": f"Reply to your report: {reply}", "reply": reply}
    tell(session, user_id, NoticeKind.REPORT_REPLY, report.fact_id, body, by.at_epoch_s)


def _lines(wanted: Sequence[ColumnElement[bool]]) -> Any:  # noqa: ANN401 SQLAlchemy's own generic
    return amended(
        select(Report, ShownQuestion.body, DeckRow.title, DeckRow.language, Review)
        .join(
            ShownQuestion,
            (ShownQuestion.user_id == Report.user_id) & (ShownQuestion.token == Report.token),
        )
        .join(DeckRow, DeckRow.id == Report.deck_id)
        .outerjoin(Review, (Review.user_id == Report.user_id) & (Review.token == Report.token))
        .where(*wanted)
    )


def _line(
    report: Report, body: dict[str, Any], deck_title: str, language: str, review: Review | None
) -> ReportLine:
    given = review.response if review is not None else report.draft
    question = load_question(body)
    return ReportLine(
        user_id=report.user_id,
        token=report.token,
        kind=report.kind,
        status=report.status,
        deck_title=deck_title,
        language=language,
        stem=question.stem,
        comment=report.comment,
        reply=report.reply,
        reported_epoch_s=report.reported_epoch_s,
        closed_epoch_s=report.closed_epoch_s,
        response=load_response(given) if given else None,
        prompts=question.prompts,
    )
