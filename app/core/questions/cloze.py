"""The statement with one part blanked, typed."""

import re
from dataclasses import replace
from random import Random

from app.core.facts import Fact
from app.core.marking import Mark
from app.core.questions.building import all_values, fits, hint_for, leaks, question_for
from app.core.questions.distractors import right_subjects
from app.core.questions.index import DeckIndex
from app.core.questions.question import Direction, Question, QuestionType, Response
from app.core.questions.short_answer import mark_typed
from app.core.values import EntityValue, Value
from app.core.wording import BLANK, answer_texts, attributed, display, statement

ARTICLE = re.compile(rf"(?<!/)\b(a|an) (?={BLANK})", re.IGNORECASE)


def ask(index: DeckIndex, fact: Fact, direction: Direction, _rng: Random) -> Question | None:
    """Return the question, or None where the gap cannot be made or the rest gives it away."""
    if not fact.say_template:
        return None
    if direction is Direction.FORWARD:
        values: tuple[Value, ...] = all_values(index, fact)
        sentence = statement(fact, BLANK)
    elif fact.subject is not None and "{subject}" in fact.say_template:
        values = tuple(EntityValue(entity) for entity in right_subjects(index, fact))
        sentence = statement(fact, subject=BLANK)
    else:
        return None
    sentence = attributed(fact, blanked(sentence, answer_texts(values[0])))
    if sentence.count(BLANK) != 1 or leaks(sentence, answer_texts(values[0])):
        return None
    question = question_for(
        fact, QuestionType.CLOZE, direction, sentence, [display(value) for value in values]
    )
    question = replace(
        question, answers=values, rivals=index.rivals(values[0]), hint=hint_for(values[0])
    )
    return question if fits(question) else None


def blanked(sentence: str, answers: tuple[str, ...]) -> str:
    """Blank every further occurrence of an answer, and hide a or an before the gap."""
    for answer in sorted(answers, key=len, reverse=True):
        sentence = re.sub(
            rf"(?<!\w){re.escape(answer)}(?!\w)", BLANK, sentence, flags=re.IGNORECASE
        )
    return ARTICLE.sub("a/an ", sentence)


def mark(question: Question, response: Response) -> Mark:
    """Mark what was typed."""
    return mark_typed(question, response)
