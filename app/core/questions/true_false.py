"""A statement, true or with one part swapped; of a claim only that it was made."""

from app.core.facts import Fact, Stance
from app.core.marking import Mark
from app.core.questions.building import question_for, right, wrong
from app.core.questions.chance import Chance
from app.core.questions.distractors import untrue_values
from app.core.questions.index import DeckIndex
from app.core.questions.question import Chosen, Direction, Question, QuestionType, Response
from app.core.sentences import say
from app.core.values import SetValue
from app.core.wording import attributed, display, frame_of, statement

TRUE, FALSE = "True", "False"


def ask(index: DeckIndex, fact: Fact, direction: Direction, chance: Chance) -> Question | None:
    """Return the question, or None without a statement or a way to make it false."""
    if direction is Direction.INVERSE or not fact.say_template or isinstance(fact.value, SetValue):
        return None
    others = untrue_values(index, fact, chance.own)
    if not others:
        return None
    is_true = index.is_true(fact, chance)
    said = display(fact.value if is_true else chance.own.choice(others), fact.language)
    sentence = attributed(fact, statement(fact, said))
    frame = frame_of(fact.language)
    lead = frame.true_or_false if fact.stance is Stance.STATED else frame.was_it_said
    return question_for(
        fact,
        (QuestionType.TRUE_FALSE, direction),
        lead.format(sentence=sentence),
        (TRUE if is_true else FALSE,),
        options=(TRUE, FALSE),
    )


def mark(question: Question, response: Response) -> Mark:
    """Mark the choice between true and false."""
    if not isinstance(response, Chosen) or len(response.options) != 1:
        return wrong(say("Choose True or False."))
    if response.options[0] == question.keys[0]:
        return right()
    if question.keys[0] == TRUE:
        return wrong(say("The statement is true."))
    return wrong(say("The statement is false; the right one stands below."))
