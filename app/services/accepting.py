"""Letting a refused answer count: the fact takes it, and earlier answers are marked anew.

The revision, the closed report and the job that marks anew are stored together; the job then goes
on learner by learner, in a short transaction each, and can be taken up again where it stopped.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, select, union
from sqlalchemy.orm import Session

from app.core.accepting import Addition, NamesAnother, addition_to, names_another, takers
from app.core.errors import NotFound
from app.core.marking import Mark
from app.core.questions import DeckIndex, Direction, mark
from app.core.questions.codec import load_question, load_response
from app.core.questions.question import Typed
from app.core.sentences import say
from app.core.statistics import TYPED
from app.models.content import DeckRow, FactRow
from app.models.database import writing
from app.models.effective import CREDIT, KIND, effective
from app.models.learning import Review, ShownQuestion
from app.models.mapping import load_deck
from app.models.people import User
from app.models.reports import RemarkJob, Report
from app.models.statistics import CountedAnswer
from app.services import amendments, facts, parts, reports
from app.services.notices import NoticeKind, tell
from app.services.reports import ReportKind, ReportStatus
from app.services.revisions import By
from app.services.sessions import lock_learner

_WAITING = (str(ReportStatus.OPEN), str(ReportKind.SHOULD_COUNT))
_MARKED = case((KIND == amendments.REMARKED, CREDIT), else_=Review.credit)
"""What rules and curators gave: who overruled the marker gains the points now as well."""
LATE_S = 86_400
"""Seconds for which questions that were up when an answer was accepted are looked out for."""
AT_ONCE = 100
"""Learners looked up at a time; each is a transaction of its own."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What is to count as an answer to a fact, in a direction; `confirmed` in spite of a clash.

    `report` is whose report (user and token) is answered by it, if one is.
    """

    fact_id: int
    direction: Direction
    accepted: str
    confirmed: bool = False
    report: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Remarking:
    """Marking anew that is not finished yet."""

    id: int
    accepted: str
    learners: int


def accept(session: Session, wanted: Acceptance, by: By) -> int:
    """Let an answer count from now on and return the number of the job that marks anew.

    Raises NotFound, CannotAccept, NamesAnother unless confirmed, and ReportClosed.
    """
    deck_id = session.scalar(select(FactRow.deck_id).where(FactRow.id == wanted.fact_id))
    if deck_id is None:
        raise NotFound(say("There is no such fact."))
    with writing(session):
        parts.lock_deck(session, deck_id)
        row = session.get_one(FactRow, wanted.fact_id, populate_existing=True)
        deck = load_deck(session, deck_id)
        addition = addition_to(deck.fact_by_key[row.key], wanted.direction, wanted.accepted)
        others = names_another(deck, addition)
        if others and not wanted.confirmed:
            raise NamesAnother(others)
        if addition.entity_key:
            parts.add_alias(session, deck_id, addition.entity_key, addition.accepted, by)
        else:
            facts.add_accepted(session, row.id, addition.accepted, by)
        job = _job(session, deck_id, addition, by.at_epoch_s)
        if wanted.report is not None:
            settled = ReportStatus.ACCEPTED, _thanks(addition)
            reports.close(session, *wanted.report, settled, by)
        return job.id


def _thanks(addition: Addition) -> str:
    return say("“{accepted}” counts now. Thank you.", accepted=addition.accepted)


def _job(session: Session, deck_id: int, addition: Addition, now: int) -> RemarkJob:
    deck = load_deck(session, deck_id)
    index = DeckIndex(deck)
    keys = [fact.key for fact in takers(index, deck.facts, addition)]
    ids = select(FactRow.id).where(FactRow.deck_id == deck_id, FactRow.key.in_(keys))
    job = RemarkJob(
        deck_id=deck_id,
        fact_ids=list(session.scalars(ids.order_by(FactRow.id))),
        entity_key=addition.entity_key,
        text=addition.text,
        accepted=addition.accepted,
        started_epoch_s=now,
    )
    session.add(job)
    session.flush()
    return job


def remarkings(session: Session, deck_keys: Collection[str]) -> list[Remarking]:
    """Return the jobs of these decks that are not finished, oldest first."""
    decks = set(session.scalars(select(DeckRow.id).where(DeckRow.key.in_(deck_keys))))
    return [
        Remarking(job.id, job.accepted, job.learners)
        for job in _unfinished(session)
        if job.deck_id in decks
    ]


def _unfinished(session: Session) -> Sequence[RemarkJob]:
    query = select(RemarkJob).where(RemarkJob.finished_epoch_s.is_(None)).order_by(RemarkJob.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def go_on(session: Session, now: int, for_s: float) -> bool:
    """Mark anew what waits for it, for about that long; return whether all is done.

    Stopped at any moment, it goes on with the next learner: what is marked anew already gains
    nothing a second time. Then come late answers: those to questions that had been up when the
    answer was accepted, and know nothing of it.
    """
    until = time.monotonic() + for_s
    for job_id in [job.id for job in _unfinished(session)]:
        while time.monotonic() < until:
            if not _some_more(session, job_id, now, until):
                break
        else:
            return False
    return _look_at_late_ones(session, now, until)


def _look_at_late_ones(session: Session, now: int, until: float) -> bool:
    """Look at answers that are not counted yet once more for what was accepted lately.

    Every new answer waits to be counted, so none is missed by who looks before counting.
    """
    lately = RemarkJob.finished_epoch_s.between(now - LATE_S, now)
    jobs = session.scalars(select(RemarkJob).where(lately).order_by(RemarkJob.id)).all()
    work = [
        (job.id, Addition(job.accepted, job.entity_key, job.text), job.fact_ids) for job in jobs
    ]
    learners = session.scalars(_uncounted()).all() if work else ()
    for user_id in learners:
        for one in work:
            if _better(session, user_id, *one[1:]):
                _learner(session, user_id, one, now)
        if time.monotonic() >= until:
            return False
    return True


def _uncounted() -> Select[int]:
    return select(User.id).where(User.reviews > User.reviews_counted)


def _some_more(session: Session, job_id: int, now: int, until: float) -> bool:
    """Look at some more learners; return whether there were any. Finishes the job at its end."""
    job = session.get_one(RemarkJob, job_id, populate_existing=True)
    addition = Addition(job.accepted, job.entity_key, job.text)
    fact_ids, after = list(job.fact_ids), job.after_user_id
    learners = _learners(session, fact_ids, after)
    if not learners:
        with writing(session):
            session.get_one(RemarkJob, job_id).finished_epoch_s = now
        return False
    for user_id in learners:
        _learner(session, user_id, (job_id, addition, fact_ids), now)
        if time.monotonic() >= until:
            break
    return True


def _learners(session: Session, fact_ids: Sequence[int], after: int) -> list[int]:
    """Return the next learners who may have answered these facts: counted ones, and uncounted."""
    counted = select(CountedAnswer.user_id).where(
        CountedAnswer.fact_id.in_(fact_ids), CountedAnswer.user_id > after
    )
    both = union(counted, _uncounted().where(User.id > after)).subquery()
    return list(session.scalars(select(both.c[0]).order_by(both.c[0]).limit(AT_ONCE)))


def _learner(
    session: Session, user_id: int, work: tuple[int, Addition, Sequence[int]], now: int
) -> None:
    job_id, addition, fact_ids = work
    better = _better(session, user_id, addition, fact_ids)
    with writing(session):
        if better:
            lock_learner(session, user_id)
            # Read again behind the lock: an answer may have been amended in between.
            better = _better(session, user_id, addition, fact_ids)
            for review, found in better:
                amendments.remark(session, user_id, review.token, found, now)
                _tell(session, review, addition, now)
        job = session.get_one(RemarkJob, job_id, with_for_update=True, populate_existing=True)
        job.after_user_id = max(job.after_user_id, user_id)
        job.learners += bool(better)


def _better(
    session: Session, user_id: int, addition: Addition, fact_ids: Sequence[int]
) -> list[tuple[Review, Mark]]:
    """Return a learner's typed answers that earn more with the answer added, oldest first."""
    log = (
        select(Review, _MARKED, ShownQuestion.body)
        .select_from(Review)
        .join(
            ShownQuestion,
            (ShownQuestion.user_id == Review.user_id) & (ShownQuestion.token == Review.token),
        )
        .where(
            Review.user_id == user_id,
            Review.fact_id.in_(fact_ids),
            Review.question_type.in_([str(one) for one in TYPED]),
            _MARKED < 1,
        )
        .order_by(Review.number)
    )
    rows = session.execute(effective(log)).all()
    found: list[tuple[Review, Mark]] = []
    for review, credit, body in rows:
        question = addition.extend_question(load_question(body))
        given = mark(question, load_response(review.response))
        if given.credit > credit:
            found.append((review, given))
    return found


def _tell(session: Session, review: Review, addition: Addition, now: int) -> None:
    """Tell the learner of one answer that counts now, and settle their own report of it."""
    report = session.get(Report, (review.user_id, review.token))
    if report is not None and (report.status, report.kind) == _WAITING:
        settled = ReportStatus.ACCEPTED, _thanks(addition)
        reports.close(session, review.user_id, review.token, settled, By(None, now))
    shown = session.get_one(ShownQuestion, (review.user_id, review.token))
    response = load_response(review.response)
    typed = response.text if isinstance(response, Typed) else addition.accepted
    body = {
        "ask": load_question(shown.body).stem,
        "text": say(
            "Your answer “{typed}” counts as right now; your score has moved.", typed=typed
        ),
    }
    tell(session, review.user_id, NoticeKind.REMARKED, review.fact_id, body, now)
