"""Match three to five subjects to their values."""

from app.core.facts import Fact, Stance
from app.core.marking import Mark
from app.core.questions.building import partly, question_for, wrong
from app.core.questions.chance import Chance
from app.core.questions.distractors import may_hold
from app.core.questions.index import DeckIndex
from app.core.questions.looks import style_of
from app.core.questions.question import Direction, Matched, Question, QuestionType, Response
from app.core.sentences import say
from app.core.values import SetValue
from app.core.wording import as_dated, dated, display, fill

FEWEST, MOST = 3, 5
SAME_RELATION = 60


def ask(index: DeckIndex, fact: Fact, direction: Direction, chance: Chance) -> Question | None:
    """Return the question, or None without three subjects whose values are all different."""
    if direction is Direction.INVERSE or not _matchable(fact) or fact.relation is None:
        return None
    told = as_dated(fact)
    others = [
        other
        for other in index.beside(fact, SAME_RELATION)
        if _matchable(other) and as_dated(other) == told
    ]
    chance.own.shuffle(others)
    chosen: dict[str, Fact] = {fact.subject.name: fact} if fact.subject else {}
    for other in others:
        if other.subject and len(chosen) < MOST and _distinct(index, other, chosen):
            chosen[other.subject.name] = other
    if len(chosen) < FEWEST:
        return None
    prompts = list(chosen)
    chance.own.shuffle(prompts)
    keys = [display(chosen[prompt].value) for prompt in prompts]
    options = list(keys)
    while options == keys:
        chance.own.shuffle(options)
    return question_for(
        fact,
        (QuestionType.MATCHING, direction),
        _stem(fact),
        keys,
        prompts=tuple(prompts),
        options=tuple(options),
        fact_keys=tuple(one.key for one in chosen.values()),
    )


def _matchable(fact: Fact) -> bool:
    stated = fact.stance is Stance.STATED
    return stated and fact.subject is not None and not isinstance(fact.value, SetValue)


def _distinct(index: DeckIndex, fact: Fact, chosen: dict[str, Fact]) -> bool:
    """Whether a fact can stand beside the chosen: no value of one also fits another."""
    if fact.subject is None or fact.subject.name in chosen or fact.relation is None:
        return False
    mine = {
        display(value).casefold()
        for value in index.right_values[fact.subject.name, fact.relation.key]
    }
    style = style_of(fact.value)
    for name, other in chosen.items():
        if style_of(other.value) != style:
            return False
        theirs = index.right_values[name, fact.relation.key]
        if any(display(value).casefold() in mine for value in theirs):
            return False
        if may_hold(other.value, fact.value) or display(fact.value) == name:
            return False
    return True


def _stem(fact: Fact) -> str:
    example = dated(fact, fill(fact.ask_template, "…", "…"))
    return f"Match each with its answer: {example}"


def mark(question: Question, response: Response) -> Mark:
    """Give each right pair its share."""
    if not isinstance(response, Matched) or len(response.options) != len(question.keys):
        return wrong(say("Match every line."))
    pairs = zip(question.keys, response.options, strict=True)
    hits = sum(key == option for key, option in pairs)
    total = len(question.keys)
    return partly(hits / total, say("{hits} of {total} pairs are right.", hits=hits, total=total))
