"""What a process has kept of a session is what it would read anew, whatever happened meanwhile."""

from random import Random

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.services import amendments, answering, memory_events, study
from app.services.sessions import learner_of
from app.services.study import so_far as keeping
from app.services.study.so_far import SoFar, so_far
from tests.services.test_amendments import answered
from tests.services.test_answering import right, wrong

NOW = 1_763_900_000


def read_anew(session: Session, learner: int, token: str) -> SoFar:
    """Return what another process reads, and leave to this one what it has kept."""
    kept = keeping._kept(learner, token)  # noqa: SLF001 what is under test
    mine, kept[0] = kept[0], keeping.NOT_READ
    found = so_far(session, learner_of(session, learner), token)
    kept[0] = mine
    return found


class Sitting:
    """A learner who answers, takes back and sets aside, by chance, in two sessions at once."""

    def __init__(self, session: Session, deck: Deck, learner: int, seed: int) -> None:
        self.session, self.learner = session, learner
        self.rng = Random(seed)  # noqa: S311 a test's
        self.tokens = [study.start(session, learner, deck.key, NOW) for _ in range(2)]
        self.given: list[str] = []

    def goes_on(self, at: int) -> None:
        """Do one thing."""
        chance = self.rng.randrange(8)
        if chance == 0 and self.given:
            amendments.undo(self.session, self.learner, self.given.pop(), at)
        elif chance == 1 and self.given:
            token = self.rng.choice(self.given)
            amendments.i_was_right(self.session, self.learner, token, at)
        elif chance == 2:
            self._sets_aside(at)
        else:
            self._answers(at)

    def _sets_aside(self, at: int) -> None:
        known = self.kept(self.rng.choice(self.tokens)).history
        if known:
            memory_events.suspend(self.session, self.learner, self.rng.choice(known)[0], at)

    def _answers(self, at: int) -> None:
        token = self.rng.choice(self.tokens)
        shown = study.next_question(self.session, self.learner, token, at)
        if shown is not None:
            question = answering.shown(self.session, self.learner, shown).question
            response = self.rng.choice((right, wrong))(question)
            answering.answer(self.session, self.learner, shown, response, at, 900)
            self.given.append(shown)

    def kept(self, token: str) -> SoFar:
        """Return what this process says of a session."""
        return so_far(self.session, learner_of(self.session, self.learner), token)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_what_would_be_read(
    session: Session, deck: Deck, learner: int, seed: int
) -> None:
    sitting = Sitting(session, deck, learner, seed)
    for step in range(40):
        sitting.goes_on(NOW + 60 * step)
        if sitting.rng.random() < 0.6:  # else another process had this request
            which = sitting.rng.choice(sitting.tokens)
            assert sitting.kept(which) == read_anew(session, learner, which), step
    assert sitting.given


def test_a_long_session_is_not_read_again(
    session: Session, engine: Engine, deck: Deck, learner: int
) -> None:
    token = study.start(session, learner, deck.key, NOW)
    answered(session, learner, token, NOW, set(), 6)
    sent: list[str] = []

    def note(*args: object) -> None:
        sent.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    before = so_far(session, learner_of(session, learner), token)
    event.remove(engine, "before_cursor_execute", note)
    assert len(before.history) == 6
    assert len(sent) == 2, sent  # the learner, and what was answered since
    assert len(before.said) == 6


def test_two_learners_have_their_own(session: Session, deck: Deck, learner: int) -> None:
    token = study.start(session, learner, deck.key, NOW)
    answered(session, learner, token, NOW, set(), 2)
    mine = learner_of(session, learner)
    assert so_far(session, mine, token).history
    assert not so_far(session, mine, "another").history
