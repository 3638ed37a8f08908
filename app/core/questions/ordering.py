"""Put three to five dated or numeric facts in order."""

import re
import unicodedata
from itertools import pairwise

from app.core.facts import Fact, Relation, Stance
from app.core.grammar import singular
from app.core.marking import Mark
from app.core.questions.building import partly, question_for, wrong
from app.core.questions.chance import Chance
from app.core.questions.distractors import may_hold, size_of
from app.core.questions.index import DeckIndex
from app.core.questions.looks import style_of
from app.core.questions.question import Direction, Ordered, Question, QuestionType, Response
from app.core.sentences import say
from app.core.values import DateValue, MoneyValue, NumberValue
from app.core.wording import BLANK, as_dated, dated, frame_of, kept, statement

FEWEST, MOST = 3, 5
_LABEL = re.compile(
    r"\b[Tt]he (?P<one>[^{}]+?)(?: of \{subject\})? (?:is|are) \{value\}"
    r"|^\{subject\} – (?P<other>[^{}]+): \{value\}"
)
"""A relation's label in the statement that a table made of it: keys have no accents."""


_VERB = re.compile(r"^(?:is|was|are|were|has|had|have|did|does|do|can)\b", re.IGNORECASE)


def ask(index: DeckIndex, fact: Fact, direction: Direction, chance: Chance) -> Question | None:
    """Return the question, or None without at least three facts of one dimension."""
    if direction is Direction.INVERSE or not _orderable(fact):
        return None
    candidates = _alike(index, fact)
    chance.own.shuffle(candidates)
    chosen = {label(fact): fact}
    told = {fact.subject}
    for other in candidates:
        if len(chosen) == MOST:
            break
        if other.subject in told and other.subject is not None:
            continue  # nobody dies before being born
        clear = not any(may_hold(other.value, taken.value) for taken in chosen.values())
        if clear and _orderable(other):
            chosen.setdefault(label(other), other)
            told.add(other.subject)
    if len(chosen) < FEWEST:
        return None
    keys = sorted(chosen, key=lambda text: size_of(chosen[text].value))
    options = list(keys)
    while options == keys:
        chance.own.shuffle(options)
    return question_for(
        fact,
        (QuestionType.ORDERING, direction),
        _stem(fact),
        keys,
        options=tuple(options),
        fact_keys=tuple(one.key for one in chosen.values()),
    )


@kept
def label(fact: Fact) -> str:
    """Return how a fact stands in the list: its subject, or for dates what happened."""
    if not isinstance(fact.value, DateValue):
        return fact.subject.name if fact.subject else ""
    text = statement(fact, BLANK).removesuffix(".") + "."
    for lead in (" on ", " in ", " at "):
        if text.endswith(f"{lead}{BLANK}."):
            return text.removesuffix(f"{lead}{BLANK}.")
    return ""


def _orderable(fact: Fact) -> bool:
    plain = isinstance(fact.value, DateValue | NumberValue | MoneyValue)
    bounded = isinstance(fact.value, NumberValue | MoneyValue) and fact.value.bound
    if not plain or bounded or fact.stance is not Stance.STATED or label(fact) == "":
        return False
    return isinstance(fact.value, DateValue) or _is_quantity(fact)


def _is_quantity(fact: Fact) -> bool:
    """Whether a relation is a quantity by its name, not "has won the cup": by that nothing is."""
    return fact.relation is None or not _VERB.match(label_of(fact.relation))


def _alike(index: DeckIndex, fact: Fact) -> list[Fact]:
    if isinstance(fact.value, DateValue):
        at = index.dated_position.get(fact.key, 0)
        near = index.dated[max(0, at - 40) :][:80]
        return [other for other in near if other.key != fact.key]
    same = index.beside(fact, 200)
    style = style_of(fact.value)
    told = as_dated(fact)
    return [
        one
        for one in same
        if style_of(one.value) == style
        and one.key != fact.key
        and one.ask_template == fact.ask_template
        and as_dated(one) == told
    ]


def _stem(fact: Fact) -> str:
    if isinstance(fact.value, DateValue):
        return frame_of(fact.language).earliest_first
    text = frame_of(fact.language).smallest_first.format(by=_dimension(fact))
    return dated(fact, text)


def _dimension(fact: Fact) -> str:
    relation = label_of(fact.relation) if fact.relation else "amount"
    unit = fact.value.unit if isinstance(fact.value, NumberValue) else ""
    if singular(unit) in {singular(word) for word in relation.split()}:
        unit = ""
    frame = frame_of(fact.language)
    by = frame.by_in if unit else frame.by
    return by.format(relation=relation, unit=unit)


def label_of(relation: Relation) -> str:
    """Return what a relation is about: as its statement has it, else by its key."""
    plain = relation.key.replace("_", " ")
    found = _LABEL.search(relation.say)
    spelt = found["one"] or found["other"] if found else ""
    letters = re.findall(r"[a-z0-9]+", _without_accents(spelt))
    return spelt if letters == plain.split() else plain


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


def mark(question: Question, response: Response) -> Mark:
    """Give each neighbouring pair in the right order its share."""
    if not isinstance(response, Ordered) or sorted(response.options) != sorted(question.keys):
        return wrong(say("Put every item in its place once."))
    place = {text: at for at, text in enumerate(question.keys)}
    pairs = list(pairwise(response.options))
    rising = sum(place[one] + 1 == place[other] for one, other in pairs)
    if rising == len(pairs):
        return partly(1, say("All in the right order."))
    return partly(
        rising / len(pairs),
        say("{rising} of {pairs} neighbours are in order.", rising=rising, pairs=len(pairs)),
    )
