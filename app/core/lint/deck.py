"""Checks that need the whole deck: its entities, and all its questions together."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.core.facts import Deck, Fact
from app.core.lint.finding import Finding, Severity
from app.core.marking.normalise import squeezed, words
from app.core.questions.looks import entities_in
from app.core.questions.question import Question, QuestionType
from app.core.sentences import say
from app.core.values import Entity

NEAR_LETTERS = 6
"""Shorter names are near to many: Iran and Iraq, Mars and Mali."""
ENOUGH_CHOICES = 20
MOST_NEVER_WRONG = 0.34
EVEN, SLACK = 0.5, 0.05
"""True statements should be 45 to 55 % of all, or as near as chance brings a small deck."""


def duplicate_entities(deck: Deck) -> Iterator[Finding]:
    """Warn of near-equal names: one thing entered twice is asked against itself.

    Names that differ in a figure (H100, H800) are different things.
    """
    names = [squeezed(entity.name) for entity in deck.entities]
    by_shorter: dict[str, list[int]] = defaultdict(list)
    for at, entity in enumerate(deck.entities):
        cutoff = 1 if len(names[at]) >= NEAR_LETTERS else 0
        shorter = _with_one_letter_less(names[at])
        before = {place: names[place] for one in shorter for place in by_shorter[one]}
        for one in shorter:
            by_shorter[one].append(at)
        near = process.extract(
            names[at],
            dict(sorted(before.items())),
            scorer=OSA.distance,
            score_cutoff=cutoff,
            limit=4,
        )
        others = (deck.entities[place] for _, _, place in near)
        twin = next((other for other in others if _may_be_one(entity, other)), None)
        if twin is not None:
            message = say(
                "{name} and {name_2} look like one thing.",
                name=repr(entity.name),
                name_2=repr(twin.name),
            )
            yield Finding("", "", "duplicate-entity", Severity.WARNING, message, entity.key)


def _with_one_letter_less(name: str) -> set[str]:
    """Return a name and what is left of it without each of its letters.

    Two names with a letter more, less, changed or swapped share one of these, so that a name is
    compared with the few that do and not with all of a deck.
    """
    return {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}


def _may_be_one(one: Entity, other: Entity) -> bool:
    """Whether near-equal names may be one thing: not where kinds, figures or a letter differ.

    Vitamin C and vitamin D, lines U1 and S1, the radius and radium, the club Glenhaven and the
    town Glen Haven are two things each.
    """
    if one.kind and other.kind and one.kind != other.kind:
        return False
    apart = set(words(one.name)) ^ set(words(other.name))
    lettered = len(apart) == 2 and all(len(word) == 1 for word in apart)  # noqa: PLR2004 one of each
    coded = len(apart) == 2 and all(any(map(str.isdigit, word)) for word in apart)  # noqa: PLR2004
    return not lettered and not coded and not _figures_differ(one.name, other.name)


def _figures_differ(one: str, other: str) -> bool:
    return [c for c in one if c.isdigit()] != [c for c in other if c.isdigit()]


def shared_names(deck: Deck) -> Iterator[Finding]:
    """Warn of a name that two entities go by: who types it is right about either."""
    first: dict[str, Entity] = {}
    for entity in deck.entities:
        for name in entity.names:
            other = first.setdefault(squeezed(name), entity)
            # Main names that are alike are told of by `duplicate_entities`.
            both_main = name == entity.name and squeezed(other.name) == squeezed(name)
            if other is not entity and not both_main:
                message = say(
                    "{name} is a name of {name_2} and of {name_3}.",
                    name=repr(name),
                    name_2=repr(other.name),
                    name_3=repr(entity.name),
                )
                yield Finding("", "", "shared-name", Severity.WARNING, message, entity.key)


def orphan_entities(deck: Deck) -> Iterator[Finding]:
    """Warn of an entity in no fact: it is asked nowhere, yet may serve as a wrong answer."""
    used = {name for fact in deck.facts for name in _entities_of(fact)}
    for entity in deck.entities:
        if entity.name not in used:
            message = say("{name} is in no fact.", name=repr(entity.name))
            yield Finding("", "", "orphan-entity", Severity.WARNING, message, entity.key)


def _entities_of(fact: Fact) -> list[str]:
    who = [fact.according_to] if isinstance(fact.according_to, Entity) else []
    subject = [fact.subject] if fact.subject else []
    return [entity.name for entity in (*subject, *entities_in(fact.value), *who)]


def same_questions(questions: Sequence[Question]) -> Iterator[Finding]:
    """Warn of a typed question that reads as another fact's but accepts other answers."""
    first: dict[tuple[object, ...], Question] = {}
    for question in questions:
        if question.type not in {QuestionType.CLOZE, QuestionType.SHORT_ANSWER}:
            continue
        other = first.setdefault((question.type, question.stem, question.asked_with), question)
        if set(other.answers) != set(question.answers):
            message = say(
                "Reads as a question of {fact_key} with another answer.", fact_key=other.fact_key
            )
            yield Finding(
                question.fact_key, question.type, "same-question", Severity.WARNING, message
            )


def true_false_balance(questions: Sequence[Question]) -> Iterator[Finding]:
    """Warn when "true" is the better guess over the deck."""
    keys = [question.keys for question in questions if question.type is QuestionType.TRUE_FALSE]
    share = sum(key == ("True",) for key in keys) / max(1, len(keys))
    by_chance = 2 * math.sqrt(EVEN * EVEN / max(1, len(keys)))
    if keys and abs(share - EVEN) > max(SLACK, by_chance):
        message = say(
            "{share:.0%} of {keys} true/false questions are true.", share=share, keys=len(keys)
        )
        kind = QuestionType.TRUE_FALSE
        yield Finding("", kind, "true-false-balance", Severity.WARNING, message)


def only_when_right(questions: Sequence[Question]) -> Iterator[Finding]:
    """Warn when many names are offered only where they are right: seeing one is enough then."""
    choices = [
        question
        for question in questions
        if question.type is QuestionType.MULTIPLE_CHOICE
        and all(not any(map(str.isdigit, option)) for option in question.options)
    ]
    keys = {key for question in choices for key in question.keys}
    wrong = {
        option for question in choices for option in question.options if option not in question.keys
    }
    never = keys - wrong
    if len(choices) >= ENOUGH_CHOICES and len(never) > len(keys) * MOST_NEVER_WRONG:
        message = say(
            "{never} of {keys} right answers are never offered as wrong ones.",
            never=len(never),
            keys=len(keys),
        )
        kind = QuestionType.MULTIPLE_CHOICE
        yield Finding("", kind, "only-when-right", Severity.WARNING, message)


def longest_key(questions: Sequence[Question]) -> Iterator[Finding]:
    """Warn when the longest option is the better guess over the deck."""
    told = [
        (len(question.keys[0]) > max(map(len, wrong)), 1 / len(question.options))
        for question in questions
        if question.type is QuestionType.MULTIPLE_CHOICE
        and (wrong := [one for one in question.options if one not in question.keys])
    ]
    expected = sum(chance for _, chance in told)
    longest = sum(is_longest for is_longest, _ in told)
    if longest > expected + 3 * math.sqrt(max(1.0, expected)):
        message = say(
            "The right answer is the longest option in {longest} of {told} questions.",
            longest=longest,
            told=len(told),
        )
        kind = QuestionType.MULTIPLE_CHOICE
        yield Finding("", kind, "longest-key", Severity.WARNING, message)
