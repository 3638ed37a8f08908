"""Item-writing checks as code: a small function a rule, its docstring the reason.

`lint_fact` checks one fact and its questions, `lint_deck` all of them and the deck as a whole.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from app.core.facts import Deck, Fact, Status
from app.core.lint import deck as whole
from app.core.lint import options, stems
from app.core.lint.facts import FACT_RULES, check_fact
from app.core.lint.finding import Finding, Severity
from app.core.lint.reference import CHRISTEN, FRISBIE, HALADYNA, NBME, TARRANT, WOZNIAK, reason_of
from app.core.questions import DeckIndex, Question, questions_of

__all__ = [
    "DECK_RULES",
    "FACT_RULES",
    "QUESTION_RULES",
    "Finding",
    "QuestionRule",
    "Severity",
    "TogetherRule",
    "check_question",
    "lint_deck",
    "lint_fact",
    "new_errors",
]
MOST_CHECKED = 300
"""Facts that a change is checked on; more would keep a page waiting."""


@dataclass(frozen=True, slots=True)
class QuestionRule:
    """A check of a question: it gives a message when the rule is broken."""

    name: str
    severity: Severity
    check: Callable[[Question], str | None]
    reference: str


@dataclass(frozen=True, slots=True)
class TogetherRule:
    """A check of all questions of a deck together, or of its entities: what it finds warns."""

    name: str
    check: Callable[[Sequence[Question]], Iterator[Finding]] | None
    reference: str
    check_entities: Callable[[Deck], Iterator[Finding]] | None = None

    @property
    def reason(self) -> str:
        """Why the rule is there."""
        return reason_of(self.check or self.check_entities)


QUESTION_RULES = (
    QuestionRule("key-not-offered", Severity.ERROR, options.key_not_offered, HALADYNA),
    QuestionRule("duplicate-options", Severity.ERROR, options.duplicate_options, HALADYNA),
    QuestionRule("catch-all-option", Severity.ERROR, options.catch_all_option, HALADYNA),
    QuestionRule("long-option", Severity.WARNING, options.long_option, HALADYNA),
    QuestionRule("vague-option", Severity.WARNING, options.vague_option, NBME),
    QuestionRule("overlapping-options", Severity.ERROR, options.overlapping_options, HALADYNA),
    QuestionRule("key-longest", Severity.WARNING, options.key_longest, HALADYNA),
    QuestionRule("key-alone-in-figures", Severity.WARNING, options.key_alone_in_figures, NBME),
    QuestionRule("key-alone-qualified", Severity.WARNING, options.key_alone_qualified, NBME),
    QuestionRule("grammar-clue", Severity.WARNING, options.grammar_clue, HALADYNA),
    QuestionRule("option-grammar", Severity.WARNING, options.option_grammar, TARRANT),
    QuestionRule("misfit-in-gap", Severity.WARNING, options.misfit_in_gap, TARRANT),
    QuestionRule("combined-options", Severity.ERROR, options.combined_options, HALADYNA),
    QuestionRule("uneven-figures", Severity.WARNING, options.uneven_figures, NBME),
    QuestionRule("mixed-options", Severity.WARNING, options.mixed_options, HALADYNA),
    QuestionRule("clang", Severity.WARNING, options.clang, NBME),
    QuestionRule("unordered-figures", Severity.WARNING, options.unordered_figures, HALADYNA),
    QuestionRule("answer-in-stem", Severity.ERROR, stems.answer_in_stem, NBME),
    QuestionRule("not-a-question", Severity.ERROR, stems.not_a_question, HALADYNA),
    QuestionRule("long-stem", Severity.WARNING, stems.long_stem, HALADYNA),
    QuestionRule("article-clue", Severity.ERROR, stems.article_clue, TARRANT),
    QuestionRule("absolute-terms", Severity.WARNING, stems.absolute_terms, NBME),
    QuestionRule("negated-stem", Severity.WARNING, stems.negated_stem, HALADYNA),
    QuestionRule("double-negative", Severity.WARNING, stems.double_negative, HALADYNA),
    QuestionRule("doubled-punctuation", Severity.WARNING, stems.doubled_punctuation, HALADYNA),
    QuestionRule("lower-start", Severity.WARNING, stems.lower_start, HALADYNA),
    QuestionRule("several-of-one", Severity.WARNING, stems.several_of_one, HALADYNA),
)

DECK_RULES = (
    TogetherRule("same-question", whole.same_questions, WOZNIAK),
    TogetherRule("true-false-balance", whole.true_false_balance, FRISBIE),
    TogetherRule("longest-key", whole.longest_key, HALADYNA),
    TogetherRule("only-when-right", whole.only_when_right, HALADYNA),
    TogetherRule("duplicate-entity", None, CHRISTEN, whole.duplicate_entities),
    TogetherRule("shared-name", None, CHRISTEN, whole.shared_names),
    TogetherRule("orphan-entity", None, HALADYNA, whole.orphan_entities),
)


def check_question(question: Question) -> list[Finding]:
    """Return what is wrong with a question as it would be shown."""
    found = ((rule, rule.check(question)) for rule in QUESTION_RULES)
    return [
        Finding(question.fact_key, question.type, rule.name, rule.severity, message)
        for rule, message in found
        if message
    ]


def lint_fact(index: DeckIndex, fact: Fact, seed: int = 0) -> list[Finding]:
    """Return what is wrong with a fact and the questions that `seed` makes of it."""
    return _with_questions(index, fact, questions_of(index, fact, seed))


def lint_deck(index: DeckIndex, seed: int = 0) -> list[Finding]:
    """Return what is wrong with a deck: its facts in order, then what shows over all of it.

    Retired facts are left alone; drafts are checked as if they were to be published.
    """
    found: list[Finding] = []
    published: list[Question] = []
    for fact in index.deck.facts:
        if fact.status is Status.RETIRED:
            continue
        questions = questions_of(index, fact, seed)
        found += _with_questions(index, fact, questions)
        if fact.status is Status.PUBLISHED:
            published += questions
    for rule in DECK_RULES:
        if rule.check is not None:
            found += rule.check(published)
        if rule.check_entities is not None:
            found += rule.check_entities(index.deck)
    return found


def new_errors(
    before: Deck, after: Deck, keys: Collection[str], most: int = MOST_CHECKED, seed: int = 1
) -> list[Finding]:
    """Return the errors that a change brings to published facts of these keys.

    What was wrong already is left out; of many facts the first `most` are looked at.
    """
    wanted = set(keys)
    touched = [one for one in after.published if one.key in wanted][:most]
    index = DeckIndex(after)
    found = [one for fact in touched for one in _errors(index, fact, seed)]
    if not found:
        return []
    old_index = DeckIndex(before)
    flawed = {one.fact for one in found}
    old = [fact for fact in before.published if fact.key in flawed]
    known = {
        (one.fact, one.type, one.rule) for fact in old for one in _errors(old_index, fact, seed)
    }
    return [one for one in found if (one.fact, one.type, one.rule) not in known]


def _errors(index: DeckIndex, fact: Fact, seed: int) -> list[Finding]:
    return [one for one in lint_fact(index, fact, seed) if one.severity is Severity.ERROR]


def _with_questions(index: DeckIndex, fact: Fact, questions: list[Question]) -> list[Finding]:
    of_questions = (finding for question in questions for finding in check_question(question))
    # One flaw of the wording shows in both directions of a type: tell it once.
    return list(dict.fromkeys((*check_fact(index, fact), *of_questions)))
