"""Which questions give each other away: they are not asked in one sitting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.questions.building import leaks
from app.core.questions.question import Question, QuestionType

WHOLE = frozenset({QuestionType.TRUE_FALSE, QuestionType.ORDERING, QuestionType.MATCHING})
"""Types whose keys are no answers that another stem could say."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the questions asked so far have said: each one's fact with its stem, folded.

    `besides` are the facts that a matching or an ordering has told about, but no question asked.
    """

    stems: tuple[tuple[str, str], ...] = ()
    besides: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()

    def tells(self, question: Question) -> bool:
        """Whether the answer of a question has been told by one of another fact."""
        if question.fact_key in self.besides:
            return True
        if question.type in WHOLE:
            return False
        said = "\n".join(stem for fact, stem in self.stems if fact != question.fact_key)
        return leaks(said, question.keys)

    def forestalls(self, question: Question) -> bool:
        """Whether a question would tell of facts that have not been asked yet.

        A matching or an ordering comes best when each of its facts has been asked alone.
        """
        return any(
            fact != question.fact_key and fact not in self.asked for fact in question.fact_keys
        )

    def spoils(self, question: Question) -> bool:
        """Whether a question has been told of, or would tell of others."""
        return self.forestalls(question) or self.tells(question)


def told_by(shown: Iterable[Mapping[str, Any]]) -> Told:
    """Gather what questions have told, from their stored form (see `codec`)."""
    stems: list[tuple[str, str]] = []
    besides: set[str] = set()
    asked: set[str] = set()
    for body in shown:
        asked.add(body["fact_key"])
        if body["type"] not in WHOLE:
            stems.append((body["fact_key"], body["stem"].casefold()))
        besides.update(fact for fact in body["fact_keys"] if fact != body["fact_key"])
    return Told(tuple(stems), frozenset(besides - asked), frozenset(asked))


def tells_another(question: Question, others: Sequence[Question]) -> bool:
    """Whether the stem of one of these questions says the answer of another."""
    return any(
        leaks(question.stem, other.keys) or leaks(other.stem, question.keys)
        for other in others
        if other.type not in WHOLE and question.type not in WHOLE
    )
