"""Reports: sent, read, settled; and an answer let count for everybody who gave it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from app.core.accepting import CannotAccept, NamesAnother
from app.core.errors import NotFound
from app.core.facts import Deck
from app.core.questions import Direction, Question, QuestionType
from app.core.questions.question import Chosen, Matched, Ordered, Response, SelfRated, Typed
from app.core.statistics import TYPED
from app.core.values import Entity
from app.models.content import EntityRevision, EntityRow, FactRow
from app.models.learning import Memory, ReviewAmendment, ShownQuestion
from app.models.people import User
from app.models.reports import RemarkJob, Report
from app.models.statistics import ItemStatistic
from app.services import (
    accepting,
    accounts,
    amendments,
    answering,
    housekeeping,
    ledger,
    notices,
    parts,
    quiz,
    reports,
    statistics,
)
from app.services import study as studying
from app.services.accepting import Acceptance
from app.services.decks import export_deck
from app.services.reports import Complaint, NoReply, ReportClosed, ReportKind, ReportStatus
from app.services.revisions import By
from app.services.statistics import count_new

NOW = 1_763_900_000
SHORT = [QuestionType.SHORT_ANSWER]


def fact_id(session: Session, key: str) -> int:
    return session.scalars(select(FactRow.id).where(FactRow.key == key)).one()


def answer_all(
    session: Session, learner: int, deck: Deck, typed: str
) -> dict[tuple[str, str], str]:
    """Take a quiz over every fact, answering all the same; return tokens by fact and direction."""
    token = quiz.start(session, learner, deck.key, 26, SHORT, NOW)
    given = {}
    while (one := quiz.next_question(session, learner, token, NOW)) is not None:
        question = answering.shown(session, learner, one).question
        response = Typed(typed) if not question.options else Chosen(question.options[:1])
        answering.answer(session, learner, one, response, NOW, 900)
        given[question.fact_key, str(question.direction)] = one
    return given


def answered(
    session: Session, learner: int, deck: Deck, key: str, typed: str, direction: str = "forward"
) -> str:
    """Answer one fact's typed question, in as many quizzes as it takes to be asked it."""
    for _ in range(40):
        found = answer_all(session, learner, deck, typed)
        if (key, direction) in found:
            return found[key, direction]
    raise AssertionError("never asked")


def shown_token(session: Session, learner: int, deck: Deck) -> str:
    token = quiz.start(session, learner, deck.key, 3, SHORT, NOW)
    found = quiz.next_question(session, learner, token, NOW)
    assert found is not None
    return found


def send(session: Session, learner: int, token: str, kind: ReportKind, comment: str = "") -> None:
    reports.send(session, learner, token, Complaint(kind, comment), NOW)


def test_a_report_before_answering_keeps_what_was_typed(
    session: Session, deck: Deck, learner: int
) -> None:
    token = shown_token(session, learner, deck)
    complaint = Complaint(ReportKind.AMBIGUOUS, "Which quay?", Typed("perhaps"))
    reports.send(session, learner, token, complaint, NOW)
    (line,) = reports.own(session, learner)
    assert (line.kind, line.status, line.comment) == ("ambiguous", "open", "Which quay?")
    assert line.response == Typed("perhaps")
    found = reports.opened(session, learner, token)
    assert (found.typed, found.mark, found.deck_key) == ("perhaps", None, deck.key)
    answering.answer(session, learner, token, Typed("certainly"), NOW, 1)
    found = reports.opened(session, learner, token)
    assert found.typed == "certainly"
    assert found.mark is not None
    assert not found.mark.correct


def test_a_report_sent_twice_is_one_and_says_what_it_said_last(
    session: Session, deck: Deck, learner: int
) -> None:
    token = shown_token(session, learner, deck)
    send(session, learner, token, ReportKind.WRONG)
    send(session, learner, token, ReportKind.OUT_OF_DATE, "since May")
    (line,) = reports.own(session, learner)
    assert (line.kind, line.comment) == ("out_of_date", "since May")
    assert reports.open_count(session, {deck.key}) == 1


def test_thirty_two_reports_at_once_are_one(
    engine: Engine, session: Session, deck: Deck, learner: int
) -> None:
    token = shown_token(session, learner, deck)
    session.rollback()

    def report(_: int) -> None:
        with Session(engine) as own:
            send(own, learner, token, ReportKind.WRONG)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(report, range(32)))
    assert session.scalar(select(func.count()).select_from(Report)) == 1


def test_nobody_reports_or_reads_what_is_not_theirs(
    session: Session, deck: Deck, learner: int, new_learner: Callable[..., int]
) -> None:
    token = shown_token(session, learner, deck)
    other = new_learner()
    with pytest.raises(NotFound):
        send(session, other, token, ReportKind.WRONG)
    send(session, learner, token, ReportKind.WRONG)
    assert reports.own(session, other) == []
    with pytest.raises(NotFound):
        reports.opened(session, other, token)


def test_the_queue_is_by_state_and_deck_and_comes_in_pages(
    session: Session, deck: Deck, learner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "PAGE", 2)
    tokens = list(answer_all(session, learner, deck, "x").values())[:3]
    for at, token in enumerate(tokens):
        reports.send(session, learner, token, Complaint(ReportKind.WRONG), NOW + at)
    page = reports.queue(session, {deck.key}, closed=False, page=1)
    assert ([one.token for one in page.lines], page.pages) == (tokens[:2], 2)
    assert reports.queue(session, {deck.key}, closed=False, page=99).lines[0].token == tokens[2]
    assert reports.queue(session, {"elsewhere"}, closed=False, page=1).total == 0
    assert [(one.key, one.open) for one in reports.open_decks(session, {deck.key})] == [
        (deck.key, 3)
    ]
    reports.dismiss(session, learner, tokens[0], "It is right.", By(None, NOW + 9))
    assert reports.open_count(session, {deck.key}) == 2
    assert reports.queue(session, {deck.key}, closed=True, page=1).lines[0].reply == "It is right."


def test_a_dismissed_report_tells_why(session: Session, deck: Deck, learner: int) -> None:
    token = shown_token(session, learner, deck)
    send(session, learner, token, ReportKind.WRONG)
    with pytest.raises(NoReply):
        reports.dismiss(session, learner, token, "  ", By(None, NOW))
    reports.dismiss(session, learner, token, "The almanac says so.", By(None, NOW))
    (told,) = notices.unseen(session, learner)
    assert told.kind == "report_reply"
    assert "The almanac says so." in told.body["text"]
    with pytest.raises(ReportClosed):
        reports.dismiss(session, learner, token, "Again.", By(None, NOW))
    with pytest.raises(ReportClosed):
        send(session, learner, token, ReportKind.WRONG)


def test_saving_the_fact_closes_the_report_that_led_there(
    session: Session, deck: Deck, learner: int
) -> None:
    token = shown_token(session, learner, deck)
    send(session, learner, token, ReportKind.WRONG)
    fact = session.get_one(ShownQuestion, (learner, token)).fact_id
    reports.fixed(session, (learner, token), fact + 1, By(None, NOW))
    assert reports.open_count(session, {deck.key}) == 1
    for _ in range(2):
        reports.fixed(session, (learner, token), fact, By(None, NOW))
    assert reports.own(session, learner)[0].status == ReportStatus.FIXED
    assert len(notices.unseen(session, learner)) == 1


def test_a_guests_reports_join_the_account(session: Session, deck: Deck) -> None:
    guest = accounts.make_guest(session, "g" * 40, NOW)
    account = accounts.sign_up(session, None, "a@b.example", "correct horse battery", NOW)
    send(session, guest.id, shown_token(session, guest.id, deck), ReportKind.WRONG)
    accounts.merge_guest(session, guest, account)
    assert len(reports.own(session, account.id)) == 1


def accept(session: Session, key: str, answer: str, **more: Any) -> int:  # noqa: ANN401 Acceptance's own
    direction = more.pop("direction", Direction.FORWARD)
    wanted = Acceptance(fact_id(session, key), direction, answer, **more)
    return accepting.accept(session, wanted, By(None, NOW + 50))


def test_an_accepted_alias_makes_everybodys_earlier_answers_right(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learners = [new_learner() for _ in range(3)]
    tokens = [answered(session, one, deck, "flagship_2", "Old Bessy") for one in learners]
    other = new_learner()
    answered(session, other, deck, "flagship_2", "Old Harry")
    send(session, learners[0], tokens[0], ReportKind.SHOULD_COUNT)
    send(session, learners[1], tokens[1], ReportKind.SHOULD_COUNT)
    accept(session, "flagship_2", "Old Bessy", report=(learners[0], tokens[0]))
    assert accepting.remarkings(session, [deck.key]) != []
    assert accepting.remarkings(session, ["another"]) == []
    assert accepting.go_on(session, NOW + 60, 30)
    assert accepting.remarkings(session, [deck.key]) == []
    entity = session.scalars(select(EntityRow).where(EntityRow.key == "ship_bergen")).one()
    assert entity.aliases == ["Old Bessy"]
    revisions = session.scalars(
        select(EntityRevision.revision).where(EntityRevision.entity_id == entity.id)
    )
    assert sorted(revisions) == [1, 2]
    for learner, token in zip(learners, tokens, strict=True):
        told = answering.feedback(session, learner, token)
        assert told.mark.correct
        assert told.points == 3
        assert session.get_one(User, learner).score >= 30
        assert ledger.check_learner(session, learner) == []
        assert "remarked" in {one.kind for one in notices.unseen(session, learner)}
    assert {one.status for one in session.scalars(select(Report))} == {"accepted"}
    assert session.get_one(User, other).score == 0
    assert notices.unseen(session, other) == []
    assert session.scalars(select(RemarkJob)).one().learners == 3
    # From now on it is right for everybody.
    token = answered(session, other, deck, "flagship_2", "old bessy")
    assert answering.feedback(session, other, token).mark.correct


def test_an_answer_to_a_question_that_was_up_meanwhile_counts_too(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    """It is marked by what was shown, which did not know the alias, and then marked anew."""
    first, late = new_learner(), new_learner()
    answered(session, first, deck, "flagship_2", "Old Bessy")
    token = ""
    for _ in range(40):
        began = quiz.start(session, late, deck.key, 26, SHORT, NOW)
        while (one := quiz.next_question(session, late, began, NOW)) is not None:
            question = answering.shown(session, late, one).question
            if (question.fact_key, question.direction) == ("flagship_2", Direction.FORWARD):
                token = one
                break
            answering.answer(session, late, one, _wrong(question), NOW, 900)
        if token:
            break
    while count_new(session):
        pass
    accept(session, "flagship_2", "Old Bessy")
    assert accepting.go_on(session, NOW + 60, 30)
    told = answering.answer(session, late, token, Typed("Old Bessy"), NOW + 90, 900)
    assert not told.mark.correct
    assert accepting.go_on(session, NOW + 120, 30)
    assert answering.feedback(session, late, token).mark.correct
    assert ledger.check_learner(session, late) == []
    assert "remarked" in {one.kind for one in notices.unseen(session, late)}
    assert session.scalars(select(RemarkJob)).one().learners == 2
    assert accepting.go_on(session, NOW + 180, 30)
    assert session.scalars(select(RemarkJob)).one().learners == 2


def _wrong(question: Question) -> Response:
    return Chosen(question.options[:1]) if question.options else Typed("no idea")


def test_a_running_server_marks_anew_and_counts_by_itself(
    session: Session, deck: Deck, learner: int
) -> None:
    token = answered(session, learner, deck, "flagship_2", "Old Bessy")
    accept(session, "flagship_2", "Old Bessy")
    assert accepting.remarkings(session, [deck.key]) != []
    assert statistics.uncounted(session) == 1
    session.rollback()
    housekeeping.run(session.get_bind().engine, NOW + 60)
    assert accepting.remarkings(session, [deck.key]) == []
    assert statistics.uncounted(session) == 0
    assert answering.feedback(session, learner, token).mark.correct


def right(question: Question) -> Response:
    if question.type is QuestionType.FLASHCARD:
        return SelfRated(3)
    if question.answers:
        return Typed(question.keys[0])
    kinds: dict[QuestionType, Any] = {
        QuestionType.ORDERING: Ordered,
        QuestionType.MATCHING: Matched,
    }
    response: Response = kinds.get(question.type, Chosen)(question.keys)
    return response


def study_until_typed(session: Session, learner: int, deck: Deck, key: str) -> tuple[str, int]:
    """Study, all right, until a known fact is asked by a typed question; when, too."""
    seen = set()
    for day in range(0, 90, 3):
        at = NOW + day * 86_400
        token = studying.start(session, learner, deck.key, at)
        while (one := studying.next_question(session, learner, token, at)) is not None:
            question = answering.shown(session, learner, one).question
            if question.fact_key == key and key in seen and question.type in TYPED:
                return one, at
            seen.add(question.fact_key)
            answering.answer(session, learner, one, right(question), at, 5)
    raise AssertionError("never asked")


def test_marking_anew_moves_the_schedule_of_study_as_well(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner(new_per_day=40)
    token, at = study_until_typed(session, learner, deck, "motto")
    answering.answer(session, learner, token, Typed("Hulls before halls"), at, 5)
    key = (learner, fact_id(session, "motto"))
    before = session.get_one(Memory, key)
    stability, score = before.stability_days, session.get_one(User, learner).score
    assert before.lapses == 1
    accept(session, "motto", "Hulls before halls")
    assert accepting.go_on(session, at + 60, 30)
    after = session.get_one(Memory, key, populate_existing=True)
    assert after.stability_days > stability
    assert after.lapses == 0
    assert after.due_epoch_s > at + 86_400
    assert session.get_one(User, learner, populate_existing=True).score > score
    assert ledger.check_learner(session, learner) == []


def test_the_inverse_question_gives_the_subject_another_name(
    session: Session, deck: Deck, learner: int
) -> None:
    ship = session.scalars(select(EntityRow).where(EntityRow.key == "ship_porto")).one()
    parts.revise_entity(session, ship.id, 1, Entity("Albatross", "ship_porto"), By(None, NOW))
    token = answered(session, learner, deck, "flagship_1", "Oporto", "inverse")
    accept(session, "flagship_1", "Oporto", direction=Direction.INVERSE)
    accepting.go_on(session, NOW + 60, 30)
    assert answering.feedback(session, learner, token).mark.correct
    entity = session.scalars(select(EntityRow).where(EntityRow.key == "porto")).one()
    assert "Oporto" in entity.aliases


def test_a_text_accepts_another_wording(session: Session, deck: Deck, learner: int) -> None:
    token = answered(session, learner, deck, "motto", "Hulls before halls")
    revision = session.get_one(FactRow, fact_id(session, "motto")).revision
    accept(session, "motto", "Hulls  before halls ")
    accepting.go_on(session, NOW + 60, 30)
    assert answering.feedback(session, learner, token).mark.correct
    row = session.get_one(FactRow, fact_id(session, "motto"), populate_existing=True)
    assert row.value["accept"] == ["ships first", "Hulls before halls"]
    assert row.revision == revision + 1
    assert notices.news(session, learner)[0].kind == "remarked"
    accept(session, "motto", "Hulls before halls")
    assert session.get_one(FactRow, row.id, populate_existing=True).revision == revision + 1


def test_another_things_name_is_refused_unless_it_is_meant(
    session: Session, deck: Deck, learner: int
) -> None:
    token = answered(session, learner, deck, "flagship_3", "ship riga")
    with pytest.raises(NamesAnother, match="Ship Riga") as refused:
        accept(session, "flagship_3", "ship riga")
    assert refused.value.names == ("Ship Riga",)
    assert session.scalar(select(func.count()).select_from(RemarkJob)) == 0
    accept(session, "flagship_3", "ship riga", confirmed=True)
    accepting.go_on(session, NOW + 60, 30)
    assert answering.feedback(session, learner, token).mark.correct


@pytest.mark.parametrize("key", ["cranes_1", "opened_1", "cost"])
def test_amounts_and_dates_take_no_other_wording(session: Session, deck: Deck, key: str) -> None:
    with pytest.raises(CannotAccept, match="compared as what it means"):
        accept(session, key, "about a dozen")
    assert export_deck(session, deck.key) == deck


def test_marking_anew_goes_on_where_it_stopped(
    session: Session,
    deck: Deck,
    new_learner: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    learners = [new_learner() for _ in range(4)]
    tokens = [answered(session, one, deck, "motto", "Sails ahoy") for one in learners]
    while count_new(session):
        pass
    accept(session, "motto", "Sails ahoy")
    assert not accepting.go_on(session, NOW, 0)
    whole = accepting._learner  # noqa: SLF001 it breaks down in the middle, once

    def breaks(*args: object) -> None:
        if args[1] == learners[2]:
            raise RuntimeError("the power went")
        whole(*args)

    monkeypatch.setattr(accepting, "_learner", breaks)
    with pytest.raises(RuntimeError):
        accepting.go_on(session, NOW, 30)
    session.rollback()
    marks = [
        answering.feedback(session, *one).mark.correct for one in zip(learners, tokens, strict=True)
    ]
    assert marks == [True, True, False, False]
    monkeypatch.setattr(accepting, "_learner", whole)
    assert accepting.go_on(session, NOW, 30)
    assert session.scalars(select(RemarkJob)).one().learners == 4
    for learner in learners:
        assert len(notices.unseen(session, learner)) == len(
            session.scalars(select(ReviewAmendment).where(ReviewAmendment.user_id == learner)).all()
        )
        assert ledger.check_learner(session, learner) == []


def test_statistics_follow_what_is_marked_anew(session: Session, deck: Deck, learner: int) -> None:
    answered(session, learner, deck, "motto", "Sails ahoy")
    while count_new(session):
        pass
    key = (fact_id(session, "motto"), "short_answer", "forward")
    assert session.get_one(ItemStatistic, key).facility == 0
    accept(session, "motto", "Sails ahoy")
    accepting.go_on(session, NOW, 30)
    while count_new(session):
        pass
    assert session.get_one(ItemStatistic, key, populate_existing=True).facility == 1


def test_who_overruled_the_marker_gains_the_points_too(
    session: Session, deck: Deck, learner: int
) -> None:
    token = answered(session, learner, deck, "motto", "Sails ahoy")
    amendments.i_was_right(session, learner, token, NOW)
    assert session.get_one(User, learner).score == 0
    accept(session, "motto", "Sails ahoy")
    accepting.go_on(session, NOW, 30)
    assert session.get_one(User, learner, populate_existing=True).score == 30


def test_the_queue_and_the_count_are_found_by_an_index(
    session: Session, deck: Deck, learner: int
) -> None:
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    if engine.dialect.name != "sqlite":
        pytest.skip("plans are SQLite's")
    send(session, learner, shown_token(session, learner, deck), ReportKind.WRONG)
    sent: list[tuple[str, object]] = []

    def note(*args: object) -> None:
        sent.append((str(args[2]), args[3]))

    event.listen(engine, "before_cursor_execute", note)
    reports.open_count(session, {deck.key})
    reports.queue(session, {deck.key}, closed=False, page=1)
    reports.queue(session, {deck.key}, closed=True, page=1)
    event.remove(engine, "before_cursor_execute", note)
    plans = [
        row[3]
        for statement, parameters in sent
        if statement.startswith("SELECT")
        for row in session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", parameters
        )
    ]
    assert [one for one in plans if one.startswith("SCAN")] == []
    assert any("ix_report_status_deck" in one for one in plans)
