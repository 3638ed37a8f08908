"""All keys among the options, for relations with several values and for sets."""

from app.core.facts import Fact
from app.core.marking import Mark
from app.core.questions.building import leaks, partly, question_for, stem_for, wrong
from app.core.questions.chance import Chance
from app.core.questions.distractors import entity_distractors, right_values
from app.core.questions.index import DeckIndex
from app.core.questions.looks import entities_in
from app.core.questions.question import Chosen, Direction, Question, QuestionType, Response
from app.core.sentences import say
from app.core.values import Entity, EntityValue, SetValue

MOST_KEYS = 4
FEWEST = 2


def ask(index: DeckIndex, fact: Fact, direction: Direction, chance: Chance) -> Question | None:
    """Return the question, or None for a fact with a single right value."""
    text = stem_for(fact, direction)
    if direction is Direction.INVERSE or not text:
        return None
    if not isinstance(fact.value, EntityValue | SetValue):
        return None
    keys: dict[str, Entity] = {}
    for value in right_values(index, fact):
        keys.update((entity.name, entity) for entity in entities_in(value))
    others = entity_distractors(index, fact, next(iter(keys.values())), chance.own)
    enough = 1 < len(keys) <= MOST_KEYS and len(others) >= FEWEST
    if not enough or leaks(text, [name for entity in keys.values() for name in entity.names]):
        return None
    options = [*keys, *(entity.name for entity in others)]
    chance.own.shuffle(options)
    how = QuestionType.MULTIPLE_SELECT, direction
    return question_for(fact, how, text, tuple(keys), options=tuple(options))


def mark(question: Question, response: Response) -> Mark:
    """Give each key its share, and take a share for each wrong option."""
    if not isinstance(response, Chosen) or not response.options:
        return wrong(say("Pick every option that is right."))
    picked, keys = set(response.options), set(question.keys)
    hits, slips = len(picked & keys), len(picked - keys)
    if picked == keys:
        return partly(1, say("You found all of them."))
    return partly(
        (hits - slips) / len(keys),
        say("{hits} of {keys} right, {slips} wrong.", hits=hits, keys=len(keys), slips=slips),
    )
