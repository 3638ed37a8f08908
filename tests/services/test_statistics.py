"""Item statistics are what the log gives, whenever and in whatever order they are counted."""

import statistics
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from app.core import statistics as core
from app.core.facts import Deck
from app.core.marking import Mark, Verdict
from app.core.questions import Question, QuestionType
from app.core.questions.question import Chosen, Matched, Ordered, Response, SelfRated, Typed
from app.core.statistics import Flag
from app.core.wording import fact_text
from app.models.database import writing
from app.models.learning import Review
from app.models.people import User
from app.models.statistics import CountedAnswer, ItemResponse, ItemStatistic
from app.services import accounts, amendments, answering, checking, quiz, study
from app.services.statistics import (
    Order,
    count_for,
    count_new,
    deck_items,
    fact_items,
    rebuild,
    uncounted,
)

NOW = 1_763_900_000


def chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 a made-up crowd


def right(question: Question) -> Response:
    match question.type:
        case QuestionType.CLOZE | QuestionType.SHORT_ANSWER:
            return Typed(question.keys[0])
        case QuestionType.ORDERING:
            return Ordered(question.keys)
        case QuestionType.MATCHING:
            return Matched(question.keys)
        case QuestionType.FLASHCARD:
            return SelfRated(3)
        case _:
            return Chosen(question.keys)


def wrong(question: Question, rng: Random) -> Response:
    match question.type:
        case QuestionType.CLOZE | QuestionType.SHORT_ANSWER:
            return Typed(rng.choice(["no idea", "No  Idea!", "the sea"]))
        case QuestionType.ORDERING:
            return Ordered(question.options)
        case QuestionType.MATCHING:
            return Matched(("",) * len(question.prompts))
        case QuestionType.FLASHCARD:
            return SelfRated(1)
        case _:
            return Chosen(tuple(o for o in question.options if o not in question.keys)[:1])


def give(session: Session, learner: int, token: str, able: float, rng: Random) -> None:
    question = answering.shown(session, learner, token).question
    response = right(question) if rng.random() < able else wrong(question, rng)
    answering.answer(session, learner, token, response, NOW, rng.randint(0, 20_000))


def take_quiz(session: Session, learner: int, deck: Deck, rng: Random, *types: QuestionType) -> str:
    token = quiz.start(session, learner, deck.key, 8, types, NOW)
    able = rng.random()
    while (question := quiz.next_question(session, learner, token, NOW)) is not None:
        give(session, learner, question, able, rng)
    return token


def study_some(session: Session, learner: int, deck: Deck, rng: Random, answers: int) -> None:
    token = study.start(session, learner, deck.key, NOW)
    for _ in range(answers):
        question = study.next_question(session, learner, token, NOW)
        assert question is not None
        give(session, learner, question, 0.6, rng)


Stored = dict[tuple[object, ...], tuple[object, ...]]


def stored(session: Session) -> tuple[Stored, Stored, Stored]:
    session.rollback()
    session.expire_all()
    items = {
        (one.fact_id, one.question_type, one.direction): (
            one.answers,
            one.credit_sum,
            repr(sorted(one.body.items())),
            one.facility,
            one.discrimination,
            one.efficiency,
            one.median_ms,
            one.flags,
        )
        for one in session.scalars(select(ItemStatistic))
    }
    responses = {
        (one.fact_id, one.question_type, one.direction, one.response_key, one.is_key): (
            one.offered,
            one.picked,
        )
        for one in session.scalars(select(ItemResponse))
    }
    counted = {
        (one.user_id, one.fact_id, one.question_type, one.direction): (
            one.number,
            one.credit,
            one.rest,
        )
        for one in session.scalars(select(CountedAnswer))
    }
    return items, responses, counted


def count_all(session: Session) -> None:
    while count_new(session):
        pass


def test_the_numbers_are_those_of_the_log(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    rng = chance(7)
    for _ in range(12):
        learner = new_learner()
        take_quiz(session, learner, deck, rng, QuestionType.MULTIPLE_CHOICE)
        take_quiz(session, learner, deck, rng, QuestionType.MULTIPLE_CHOICE)
    count_all(session)
    reviews = session.scalars(select(Review).order_by(Review.user_id, Review.number)).all()
    first: dict[tuple[int, int, str], Review] = {}
    for one in reviews:
        first.setdefault((one.user_id, one.fact_id, one.direction), one)
    pairs = defaultdict(list)
    for (_, fact, direction), one in first.items():
        others = [
            other.credit
            for other in reviews
            if other.session_token == one.session_token and other.fact_id != fact
        ]
        rest = round(100 * statistics.fmean(others)) if others else None
        pairs[fact, direction].append((one.credit, rest))
    rows = session.scalars(select(ItemStatistic)).all()
    assert len(rows) == len(pairs) > 10
    compared = 0
    for row in rows:
        expected = pairs[row.fact_id, row.direction]
        assert row.answers == len(expected)
        assert row.facility == pytest.approx(statistics.fmean(x for x, _ in expected))
        xs = [x for x, y in expected if y is not None]
        ys = [y for _, y in expected if y is not None]
        if len(set(xs)) > 1 and len(set(ys)) > 1:
            assert row.discrimination == pytest.approx(statistics.correlation(xs, ys))
            compared += 1
    assert compared > 3
    offered = sum(one.offered for one in session.scalars(select(ItemResponse)))
    assert offered >= 3 * sum(row.answers for row in rows)
    picked = sum(one.picked for one in session.scalars(select(ItemResponse)))
    assert picked == sum(row.answers for row in rows)


def test_counting_bit_by_bit_gives_what_counting_anew_gives(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    rng = chance(3)
    learners = [new_learner(new_per_day=30) for _ in range(5)]
    for step in range(12):
        learner = rng.choice(learners)
        if rng.random() < 0.5:
            study_some(session, learner, deck, rng, 3)
        else:
            take_quiz(session, learner, deck, rng)
        if step % 3:
            count_new(session)
    count_all(session)
    assert uncounted(session) == 0
    before = stored(session)
    assert len(before[0]) > 20
    assert any(one[3] == "noidea" for one in before[1])
    rebuild(session)
    assert stored(session) == before


def test_a_session_that_goes_on_changes_the_rest_of_its_first_answers(
    session: Session, deck: Deck, learner: int
) -> None:
    rng = chance(1)
    token = study.start(session, learner, deck.key, NOW)
    for _ in range(4):
        question = study.next_question(session, learner, token, NOW)
        assert question is not None
        give(session, learner, question, 0.5, rng)
        count_all(session)
    before = stored(session)
    rebuild(session)
    assert stored(session) == before
    assert {one[2] for one in before[2].values()} != {None}


def test_only_the_first_answer_to_an_item_counts(
    session: Session, deck: Deck, learner: int
) -> None:
    rng = chance(2)
    for _ in range(5):
        take_quiz(session, learner, deck, rng, QuestionType.SHORT_ANSWER)
    count_all(session)
    rows = session.scalars(select(ItemStatistic)).all()
    assert {row.answers for row in rows} == {1}
    numbers = {row.number for row in session.scalars(select(CountedAnswer))}
    for review in session.scalars(select(Review).where(Review.number.in_(numbers))):
        earlier = session.scalar(
            select(Review.number).where(
                Review.fact_id == review.fact_id,
                Review.direction == review.direction,
                Review.number < review.number,
            )
        )
        assert earlier is None


def test_an_answer_marked_anew_is_counted_anew(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    rng = chance(5)
    for _ in range(3):
        take_quiz(session, new_learner(), deck, rng, QuestionType.SHORT_ANSWER)
    count_all(session)
    before = stored(session)
    review = session.scalars(select(Review).where(Review.credit == 0)).first()
    assert review is not None
    key = (review.user_id, review.fact_id, review.question_type, review.direction)
    assert before[2][key][1] == 0
    with writing(session):
        mark = Mark(1, Verdict.EQUIVALENT, "It counts now.")
        amendments.remark(session, review.user_id, review.token, mark, NOW)
    assert uncounted(session) == 1
    count_all(session)
    after = stored(session)
    assert after[2][key][1] == 100
    assert after[0][key[1:]][1] == before[0][key[1:]][1] + 100
    rebuild(session)
    assert stored(session) == after


def test_what_a_learner_says_of_their_answer_says_nothing_of_the_question(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    take_quiz(session, new_learner(), deck, chance(5), QuestionType.SHORT_ANSWER)
    count_all(session)
    before = stored(session)
    review = session.scalars(select(Review).where(Review.credit == 0)).first()
    assert review is not None
    amendments.i_was_right(session, review.user_id, review.token, NOW)
    count_all(session)
    assert stored(session) == before


def test_an_undone_first_answer_gives_way_to_the_next(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    rng, learner = chance(8), new_learner(new_per_day=30)
    for _ in range(3):
        study_some(session, learner, deck, rng, 5)
        count_all(session)
    rows = session.execute(select(Review.number, Review.token).order_by(Review.number)).all()
    first = dict(map(tuple, rows[:7]))
    for number, token in first.items():
        amendments.undo(session, learner, token, NOW)
        if number % 2:
            count_all(session)
    count_all(session)
    numbers = {one[0] for one in stored(session)[2].values()}
    assert not numbers & first.keys()
    before = stored(session)
    rebuild(session)
    assert stored(session) == before
    for token in list(first.values())[:3]:
        amendments.as_marked(session, learner, token, NOW)
    count_all(session)
    before = stored(session)
    assert {one[0] for one in before[2].values()} & first.keys()
    rebuild(session)
    assert stored(session) == before


def test_a_guest_who_joins_an_account_is_counted_once(session: Session, deck: Deck) -> None:
    rng = chance(9)
    guest = accounts.make_guest(session, "g" * 40, NOW)
    account = accounts.sign_up(session, None, "a@b.example", "correct horse battery", NOW)
    for who in (account, guest):
        take_quiz(session, who.id, deck, rng, QuestionType.CLOZE)
        take_quiz(session, who.id, deck, rng, QuestionType.MULTIPLE_CHOICE)
    count_all(session)
    accounts.merge_guest(session, guest, account)
    assert uncounted(session) == 1
    count_all(session)
    before = stored(session)
    assert {row[0] for row in before[0].values()} == {1}
    rebuild(session)
    assert stored(session) == before


def test_different_responses_are_bounded_and_none_is_lost(
    session: Session,
    deck: Deck,
    new_learner: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.services.statistics.items.MOST_RESPONSES", 5)
    typed: dict[int, int] = defaultdict(int)
    for at in range(12):
        learner = new_learner()
        token = quiz.start(session, learner, deck.key, 26, [QuestionType.SHORT_ANSWER], NOW)
        while (question := quiz.next_question(session, learner, token, NOW)) is not None:
            answering.answer(session, learner, question, Typed(f"guess {at}"), NOW, 1)
        count_new(session)
    rows = session.scalars(select(ItemResponse)).all()
    for row in rows:
        typed[row.fact_id] += 1
        assert row.label or row.response_key == ""
    assert max(typed.values()) <= 2 * 6
    total = sum(row.picked for row in rows)
    assert total == sum(one.answers for one in session.scalars(select(ItemStatistic)))
    assert core.MOST_RESPONSES == 200


def test_answering_asks_nothing_more_of_the_database(
    engine: Engine, session: Session, deck: Deck, learner: int
) -> None:
    token = study.next_question(session, learner, study.start(session, learner, deck.key, NOW), NOW)
    assert token is not None
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: sent.append(str(args[2])))
    give(session, learner, token, 1, chance(1))
    assert not any("item_" in one or "counted_answer" in one for one in sent)
    assert session.get_one(User, learner).reviews_counted == 0


def plans(session: Session, engine: Engine, work: Callable[[], object]) -> list[str]:
    """The plan of every statement that this work sends, on SQLite."""
    sent: list[tuple[str, object]] = []

    def note(*args: object) -> None:
        if str(args[2]).startswith(("SELECT", "UPDATE", "DELETE")) and not args[5]:
            sent.append((str(args[2]), args[3]))

    event.listen(engine, "before_cursor_execute", note)
    work()
    event.remove(engine, "before_cursor_execute", note)
    session.rollback()
    found = []
    for statement, parameters in sent:
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
        found += [f"{row[3]}  <- {statement}" for row in rows]
    assert len(found) > 3
    return found


def test_counting_never_reads_a_whole_table(session: Session, deck: Deck, learner: int) -> None:
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    if engine.dialect.name != "sqlite":
        pytest.skip("plans are SQLite's")
    take_quiz(session, learner, deck, chance(1))
    found = plans(session, engine, lambda: count_new(session))
    scans = [one for one in found if one.startswith("SCAN")]
    assert [one for one in scans if "ix_user_uncounted" not in one.split("<-")[0]] == []


def test_the_pages_of_statistics_never_read_a_whole_table(
    session: Session, deck: Deck, learner: int
) -> None:
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    if engine.dialect.name != "sqlite":
        pytest.skip("plans are SQLite's")
    take_quiz(session, learner, deck, chance(1))
    count_all(session)
    fact_id = session.scalars(select(CountedAnswer.fact_id)).first()
    assert fact_id is not None

    def look() -> None:
        page = deck_items(session, deck.key, Flag.TOO_HARD, Order.DISCRIMINATION, 1)
        assert page.total == 0
        assert deck_items(session, deck.key, None, Order.FLAGS, 1).total == 8
        assert fact_items(session, fact_id, deck.facts[0])

    found = plans(session, engine, look)
    # Reading the whole deck for its questions' texts is cached, and not of statistics.
    scans = [one for one in found if one.startswith("SCAN") and "item_" in one]
    assert scans == []
    assert any("SEARCH item_statistic USING" in one for one in found)


def test_items_are_listed_by_flag_and_order(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    rng = chance(11)
    for _ in range(24):
        learner = new_learner()
        token = quiz.start(session, learner, deck.key, 26, [QuestionType.SHORT_ANSWER], NOW)
        while (question := quiz.next_question(session, learner, token, NOW)) is not None:
            shown = answering.shown(session, learner, question).question
            response = right(shown) if shown.fact_key == "motto" else wrong(shown, rng)
            answering.answer(session, learner, question, response, NOW, 900)
        count_for(session, 5)
    count_all(session)
    whole = deck_items(session, deck.key, None, Order.FLAGS, 1)
    assert whole.by_flag[Flag.TOO_EASY] == 1
    easy = deck_items(session, deck.key, Flag.TOO_EASY, Order.FACT, 1)
    assert [line.facility for line in easy.lines] == [1.0]
    assert easy.lines[0].flags == (Flag.TOO_EASY,)
    assert "Ships before sheds" in easy.lines[0].text
    hard = deck_items(session, deck.key, Flag.OFTEN_REJECTED, Order.ANSWERS, 1)
    answers = [line.answers for line in hard.lines]
    assert answers == sorted(answers, reverse=True)
    assert all(line.has_verdict for line in hard.lines)
    line = hard.lines[0]
    fact = next(f for f in deck.facts if fact_text(f) == line.text)
    items = fact_items(session, line.fact_id, fact)
    told = next(one for one in items if one.line.direction == line.direction)
    assert {one.label.casefold() for one in told.responses} <= {"no idea", "no idea!", "the sea"}
    assert told.responses[0].picked == max(one.picked for one in told.responses)


@pytest.mark.writes_rows
def test_a_check_finds_statistics_that_do_not_add_up_and_repair_counts_anew(
    session: Session, deck: Deck, learner: int
) -> None:
    take_quiz(session, learner, deck, chance(4))
    count_all(session)
    before = stored(session)
    with writing(session):
        row = session.scalars(select(ItemStatistic)).first()
        assert row is not None
        row.answers += 1
    assert any("item statistics" in one for one in checking.check(session))
    assert any("counted anew" in one for one in checking.repair(session))
    assert stored(session) == before


def test_counting_while_people_answer_loses_nothing(
    engine: Engine, session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learners = [new_learner() for _ in range(4)]
    session.rollback()

    def answer(learner: int) -> None:
        with Session(engine) as own:
            for at in range(3):
                take_quiz(own, learner, deck, chance(at))

    def count(_: int) -> None:
        with Session(engine) as own:
            for _ in range(12):
                count_new(own, 7)

    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(answer, one) for one in learners]
        jobs += [pool.submit(count, one) for one in range(2)]
        for job in jobs:
            job.result()
    count_all(session)
    before = stored(session)
    rebuild(session)
    assert stored(session) == before
    assert len(before[2]) > 40
