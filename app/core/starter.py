"""The starter library: relations that most articles need, worded and ready to add to a deck.

`cues` are phrases between subject and value ("… was founded by …") by which a sentence shows the
relation; `inverse_cues` stand between value and subject ("… founded …").
"""

from dataclasses import dataclass
from enum import StrEnum

from app.core.facts import Relation, relation_label
from app.core.values import ValueKind


class Topic(StrEnum):
    """What a relation is about: how the library is laid out."""

    PEOPLE = "People and organisations"
    WORKS = "Works and inventions"
    PLACES = "Places"
    EVENTS = "Events"
    AMOUNTS = "Amounts"
    IDEAS = "Things and ideas"


@dataclass(frozen=True, slots=True)
class StarterRelation:
    """A relation of the library. Cues are lower case and whole words."""

    key: str
    topic: Topic
    value_kind: ValueKind
    ask: str
    say: str
    ask_inverse: str = ""
    many: bool = False
    cues: tuple[str, ...] = ()
    inverse_cues: tuple[str, ...] = ()

    @property
    def relation(self) -> Relation:
        """The relation as a deck has it."""
        return Relation(
            self.key, self.ask, self.ask_inverse, self.say, str(self.value_kind), self.many
        )

    @property
    def label(self) -> str:
        """The key as people read it: founded by."""
        return relation_label(self.key)


_PEOPLE = (
    StarterRelation(
        "founded_by",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "Who founded {subject}?",
        "{subject} was founded by {value}.",
        "What did {value} found?",
        many=True,
        cues=(
            "was founded by",
            "were founded by",
            "founded by",
            "was established by",
            "was set up by",
            "was started by",
            "was created by",
        ),
        inverse_cues=("founded", "established", "set up", "started"),
    ),
    StarterRelation(
        "co_founder",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "Who co-founded {subject}?",
        "{subject} was co-founded by {value}.",
        "What did {value} co-found?",
        many=True,
        cues=("was co-founded by", "co-founded by", "was cofounded by"),
        inverse_cues=("co-founded", "cofounded", "is a co-founder of", "is co-founder of"),
    ),
    StarterRelation(
        "founded_on",
        Topic.PEOPLE,
        ValueKind.DATE,
        "When was {subject} founded?",
        "{subject} was founded on {value}.",
        cues=(
            "was founded in",
            "was founded on",
            "founded in",
            "founded on",
            "was established in",
            "was set up in",
            "was started in",
        ),
    ),
    StarterRelation(
        "led_by",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "Who leads {subject}?",
        "{subject} is led by {value}.",
        "What does {value} lead?",
        cues=("is led by", "led by", "is headed by", "headed by", "is run by", "is directed by"),
        inverse_cues=("leads", "heads", "runs", "is the head of", "directs"),
    ),
    StarterRelation(
        "chief_executive",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "Who is the chief executive of {subject}?",
        "The chief executive of {subject} is {value}.",
        "Which organisation has {value} as its chief executive?",
        cues=("'s chief executive is", "'s ceo is", "'s chief executive,", "'s ceo,"),
        inverse_cues=(
            "is chief executive of",
            "is the chief executive of",
            "is ceo of",
            "is the ceo of",
            ", chief executive of",
            ", ceo of",
        ),
    ),
    StarterRelation(
        "headquartered_in",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "Where is {subject} headquartered?",
        "{subject} is headquartered in {value}.",
        "Which organisation is headquartered in {value}?",
        cues=(
            "is headquartered in",
            "headquartered in",
            "has its headquarters in",
            "is based in",
            "based in",
            "has its head office in",
        ),
    ),
    StarterRelation(
        "owns",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "What does {subject} own?",
        "{subject} owns {value}.",
        "Who owns {value}?",
        many=True,
        cues=("owns", "is the owner of", "holds a stake in"),
        inverse_cues=("is owned by", "belongs to"),
    ),
    StarterRelation(
        "acquired_by",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "Who acquired {subject}?",
        "{subject} was acquired by {value}.",
        "What did {value} acquire?",
        cues=("was acquired by", "was bought by", "was taken over by"),
        inverse_cues=("acquired", "bought", "took over"),
    ),
    StarterRelation(
        "funded_by",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "Who funded {subject}?",
        "{subject} was funded by {value}.",
        "What did {value} fund?",
        many=True,
        cues=("was funded by", "is funded by", "funded by", "was financed by", "was backed by"),
        inverse_cues=("funded", "funds", "financed", "backed", "invested in"),
    ),
    StarterRelation(
        "employs",
        Topic.PEOPLE,
        ValueKind.NUMBER,
        "How many people does {subject} employ?",
        "{subject} employs {value}.",
        cues=("employs", "has a staff of", "has a workforce of"),
    ),
    StarterRelation(
        "works_for",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "For whom does {subject} work?",
        "{subject} works for {value}.",
        "Who works for {value}?",
        many=True,
        cues=("works for", "works at", "is employed by", "joined"),
        inverse_cues=("hired", "employed"),
    ),
    StarterRelation(
        "member_of",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "What is {subject} a member of?",
        "{subject} is a member of {value}.",
        "Who or what is a member of {value}?",
        many=True,
        cues=("is a member of", "was a member of", "belongs to"),
    ),
    StarterRelation(
        "successor_of",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "Who or what came before {subject}?",
        "{subject} is the successor of {value}.",
        "Who or what came after {value}?",
        cues=("is the successor of", "is the successor to", "succeeded", "replaced", "followed"),
        inverse_cues=("was succeeded by", "was replaced by", "was followed by"),
    ),
    StarterRelation(
        "born_on",
        Topic.PEOPLE,
        ValueKind.DATE,
        "When was {subject} born?",
        "{subject} was born on {value}.",
        cues=("was born on", "was born in", "born on", "born in"),
    ),
    StarterRelation(
        "born_in",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "Where was {subject} born?",
        "{subject} was born in {value}.",
        "Who was born in {value}?",
        cues=("was born in", "was born at", "born in"),
        inverse_cues=("is the birthplace of",),
    ),
    StarterRelation(
        "died_on",
        Topic.PEOPLE,
        ValueKind.DATE,
        "When did {subject} die?",
        "{subject} died on {value}.",
        cues=("died on", "died in"),
    ),
    StarterRelation(
        "studied_at",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "Where did {subject} study?",
        "{subject} studied at {value}.",
        "Who studied at {value}?",
        many=True,
        cues=("studied at", "graduated from", "attended", "was educated at"),
    ),
    StarterRelation(
        "signed",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "What did {subject} sign?",
        "{subject} signed {value}.",
        "Who signed {value}?",
        many=True,
        cues=("signed",),
        inverse_cues=("was signed by",),
    ),
    StarterRelation(
        "won",
        Topic.PEOPLE,
        ValueKind.ENTITY,
        "What did {subject} win?",
        "{subject} won {value}.",
        "Who won {value}?",
        many=True,
        cues=("won", "was awarded", "received"),
        inverse_cues=("was won by", "was awarded to", "went to"),
    ),
)

_WORKS = (
    StarterRelation(
        "written_by",
        Topic.WORKS,
        ValueKind.ENTITY,
        "Who wrote {subject}?",
        "{subject} was written by {value}.",
        "What did {value} write?",
        many=True,
        cues=("was written by", "written by", "is a book by", "is a novel by"),
        inverse_cues=("wrote", "is the author of", "is the writer of"),
    ),
    StarterRelation(
        "published_in",
        Topic.WORKS,
        ValueKind.ENTITY,
        "Where was {subject} published?",
        "{subject} was published in {value}.",
        "What was published in {value}?",
        cues=("was published in", "appeared in", "was printed in"),
        inverse_cues=("published", "printed"),
    ),
    StarterRelation(
        "published_on",
        Topic.WORKS,
        ValueKind.DATE,
        "When was {subject} published?",
        "{subject} was published on {value}.",
        cues=("was published on", "was published in", "came out in", "appeared in"),
    ),
    StarterRelation(
        "invented_by",
        Topic.WORKS,
        ValueKind.ENTITY,
        "Who invented {subject}?",
        "{subject} was invented by {value}.",
        "What did {value} invent?",
        many=True,
        cues=("was invented by", "invented by", "was devised by"),
        inverse_cues=("invented", "devised", "is the inventor of"),
    ),
    StarterRelation(
        "discovered_by",
        Topic.WORKS,
        ValueKind.ENTITY,
        "Who discovered {subject}?",
        "{subject} was discovered by {value}.",
        "What did {value} discover?",
        many=True,
        cues=("was discovered by", "discovered by", "was first seen by", "was found by"),
        inverse_cues=("discovered", "is the discoverer of"),
    ),
    StarterRelation(
        "developed_by",
        Topic.WORKS,
        ValueKind.ENTITY,
        "Who developed {subject}?",
        "{subject} was developed by {value}.",
        "What did {value} develop?",
        many=True,
        cues=("was developed by", "developed by", "was built by", "was made by", "was designed by"),
        inverse_cues=("developed", "built", "designed", "makes"),
    ),
    StarterRelation(
        "released_on",
        Topic.WORKS,
        ValueKind.DATE,
        "When was {subject} released?",
        "{subject} was released on {value}.",
        cues=(
            "was released on",
            "was released in",
            "released on",
            "was launched on",
            "was launched in",
            "came out on",
            "came out in",
            "appeared on",
        ),
    ),
    StarterRelation(
        "used_hardware",
        Topic.WORKS,
        ValueKind.ENTITY,
        "What hardware was used for {subject}?",
        "The hardware used for {subject} was {value}.",
        "What was {value} used for as hardware?",
        many=True,
        cues=("ran on", "runs on", "used a cluster of", "was trained with", "was run on"),
        inverse_cues=("was used for", "were used for", "was used to train", "were used to train"),
    ),
    StarterRelation(
        "trained_on",
        Topic.WORKS,
        ValueKind.ENTITY,
        "What was {subject} trained on?",
        "{subject} was trained on {value}.",
        "What was trained on {value}?",
        many=True,
        cues=("was trained on", "trained on", "learned from"),
        inverse_cues=("was used to train", "were used to train"),
    ),
    StarterRelation(
        "based_on",
        Topic.WORKS,
        ValueKind.ENTITY,
        "What is {subject} based on?",
        "{subject} is based on {value}.",
        "What is based on {value}?",
        many=True,
        cues=("is based on", "was based on", "builds on", "derives from"),
        inverse_cues=("is the basis of", "inspired"),
    ),
)

_PLACES = (
    StarterRelation(
        "located_in",
        Topic.PLACES,
        ValueKind.ENTITY,
        "Where is {subject} located?",
        "{subject} is located in {value}.",
        "What is located in {value}?",
        cues=("is located in", "located in", "is situated in", "lies in", "stands in", "is in"),
    ),
    StarterRelation(
        "capital",
        Topic.PLACES,
        ValueKind.ENTITY,
        "What is the capital of {subject}?",
        "The capital of {subject} is {value}.",
        "Which country or region has {value} as its capital?",
        cues=("has its capital at", "'s capital is", "'s capital,"),
        inverse_cues=("is the capital of", "is the capital city of", ", the capital of"),
    ),
    StarterRelation(
        "population",
        Topic.PLACES,
        ValueKind.NUMBER,
        "What is the population of {subject}?",
        "The population of {subject} is {value}.",
        cues=("has a population of", "has about", "is home to", "has around"),
    ),
    StarterRelation(
        "area",
        Topic.PLACES,
        ValueKind.NUMBER,
        "What is the area of {subject}?",
        "The area of {subject} is {value}.",
        cues=("has an area of", "covers", "covers an area of"),
    ),
    StarterRelation(
        "official_language",
        Topic.PLACES,
        ValueKind.ENTITY,
        "Which language is official in {subject}?",
        "An official language of {subject} is {value}.",
        "Where is {value} an official language?",
        many=True,
        cues=("'s official language is", "has as its official language"),
        inverse_cues=("is official in", "is an official language of", "is an official language in"),
    ),
    StarterRelation(
        "flows_into",
        Topic.PLACES,
        ValueKind.ENTITY,
        "What does {subject} flow into?",
        "{subject} flows into {value}.",
        "What flows into {value}?",
        cues=("flows into", "empties into", "drains into", "joins"),
    ),
)

_EVENTS = (
    StarterRelation(
        "happened_on",
        Topic.EVENTS,
        ValueKind.DATE,
        "When did {subject} happen?",
        "{subject} happened on {value}.",
        cues=(
            "happened on",
            "happened in",
            "took place on",
            "took place in",
            "occurred on",
            "occurred in",
            "was held on",
        ),
    ),
    StarterRelation(
        "happened_in",
        Topic.EVENTS,
        ValueKind.ENTITY,
        "Where did {subject} take place?",
        "{subject} took place in {value}.",
        "What took place in {value}?",
        cues=("took place in", "happened in", "was held in", "occurred in"),
    ),
    StarterRelation(
        "began_on",
        Topic.EVENTS,
        ValueKind.DATE,
        "When did {subject} begin?",
        "{subject} began on {value}.",
        cues=("began on", "began in", "started on", "started in", "broke out in", "opened in"),
    ),
    StarterRelation(
        "ended_on",
        Topic.EVENTS,
        ValueKind.DATE,
        "When did {subject} end?",
        "{subject} ended on {value}.",
        cues=("ended on", "ended in", "closed in", "came to an end in"),
    ),
    StarterRelation(
        "caused_by",
        Topic.EVENTS,
        ValueKind.ENTITY,
        "What caused {subject}?",
        "{subject} was caused by {value}.",
        "What did {value} cause?",
        many=True,
        cues=("was caused by", "is caused by", "resulted from", "is due to", "was due to"),
        inverse_cues=("caused", "causes", "led to", "brought about", "resulted in"),
    ),
)

_AMOUNTS = (
    StarterRelation(
        "cost",
        Topic.AMOUNTS,
        ValueKind.MONEY,
        "How much did {subject} cost?",
        "{subject} cost {value}.",
        cues=("cost", "costs", "was bought for", "was sold for", "at a cost of"),
    ),
    StarterRelation(
        "revenue",
        Topic.AMOUNTS,
        ValueKind.MONEY,
        "What was the revenue of {subject}?",
        "The revenue of {subject} was {value}.",
        cues=("had a revenue of", "had revenue of", "earned", "made sales of", "'s revenue was"),
    ),
    StarterRelation(
        "valued_at",
        Topic.AMOUNTS,
        ValueKind.MONEY,
        "What was {subject} valued at?",
        "{subject} was valued at {value}.",
        cues=("was valued at", "is valued at", "is worth", "was worth", "has a valuation of"),
    ),
    StarterRelation(
        "raised",
        Topic.AMOUNTS,
        ValueKind.MONEY,
        "How much money did {subject} raise?",
        "{subject} raised {value}.",
        cues=("raised", "collected"),
    ),
    StarterRelation(
        "length",
        Topic.AMOUNTS,
        ValueKind.NUMBER,
        "How long is {subject}?",
        "The length of {subject} is {value}.",
        cues=("is long", "has a length of", "runs for", "stretches for", "measures"),
    ),
    StarterRelation(
        "height",
        Topic.AMOUNTS,
        ValueKind.NUMBER,
        "How high is {subject}?",
        "The height of {subject} is {value}.",
        cues=("is high", "is tall", "has a height of", "rises to", "stands"),
    ),
    StarterRelation(
        "mass",
        Topic.AMOUNTS,
        ValueKind.NUMBER,
        "What is the mass of {subject}?",
        "The mass of {subject} is {value}.",
        cues=("weighs", "has a mass of", "has a weight of"),
    ),
    StarterRelation(
        "speed",
        Topic.AMOUNTS,
        ValueKind.NUMBER,
        "What is the speed of {subject}?",
        "The speed of {subject} is {value}.",
        cues=("travels at", "moves at", "reaches", "has a speed of", "has a top speed of"),
    ),
    StarterRelation(
        "duration",
        Topic.AMOUNTS,
        ValueKind.NUMBER,
        "How long did {subject} last?",
        "{subject} lasted {value}.",
        cues=("lasted", "took", "went on for"),
    ),
    StarterRelation(
        "temperature",
        Topic.AMOUNTS,
        ValueKind.NUMBER,
        "What is the temperature of {subject}?",
        "The temperature of {subject} is {value}.",
        cues=("has a temperature of", "is heated to", "reaches a temperature of"),
    ),
    StarterRelation(
        "contains",
        Topic.AMOUNTS,
        ValueKind.NUMBER,
        "How much or how many does {subject} contain?",
        "{subject} contains {value}.",
        cues=("contains", "holds", "consists of", "comprises", "has"),
    ),
)

_IDEAS = (
    StarterRelation(
        "part_of",
        Topic.IDEAS,
        ValueKind.ENTITY,
        "What is {subject} part of?",
        "{subject} is part of {value}.",
        "What is part of {value}?",
        cues=("is part of", "is a part of", "was part of", "belongs to"),
        inverse_cues=("includes", "contains", "comprises"),
    ),
    StarterRelation(
        "defined_as",
        Topic.IDEAS,
        ValueKind.TEXT,
        "How is {subject} defined?",
        "{subject} is defined as {value}.",
        "What is defined as {value}?",
        cues=("is defined as", "means", "refers to", "is the name for", "is a term for"),
        inverse_cues=("is called", "is known as"),
    ),
    StarterRelation(
        "made_of",
        Topic.IDEAS,
        ValueKind.ENTITY,
        "What is {subject} made of?",
        "{subject} is made of {value}.",
        "What is made of {value}?",
        many=True,
        cues=("is made of", "was made of", "is made from", "consists of", "is built of"),
    ),
    StarterRelation(
        "also_known_as",
        Topic.IDEAS,
        ValueKind.TEXT,
        "What is {subject} also known as?",
        "{subject} is also known as {value}.",
        "What is also known as {value}?",
        many=True,
        cues=(
            "is also known as",
            "also known as",
            "is also called",
            "also called",
            "is nicknamed",
            "is better known as",
        ),
    ),
    StarterRelation(
        "named_after",
        Topic.IDEAS,
        ValueKind.ENTITY,
        "After whom or what is {subject} named?",
        "{subject} is named after {value}.",
        "What is named after {value}?",
        cues=("is named after", "was named after", "named after", "takes its name from"),
        inverse_cues=("gave its name to", "gave his name to", "gave her name to"),
    ),
    StarterRelation(
        "stands_for",
        Topic.IDEAS,
        ValueKind.TEXT,
        "What does {subject} stand for?",
        "{subject} stands for {value}.",
        "Which abbreviation stands for {value}?",
        cues=("stands for", "is short for", "is an abbreviation of", "abbreviates"),
        inverse_cues=("is abbreviated as", "is abbreviated to"),
    ),
    StarterRelation(
        "used_for",
        Topic.IDEAS,
        ValueKind.TEXT,
        "What is {subject} used for?",
        "{subject} is used for {value}.",
        "What is used for {value}?",
        many=True,
        cues=("is used for", "was used for", "serves for", "is meant for"),
    ),
)

STARTER_RELATIONS: tuple[StarterRelation, ...] = (
    *_PEOPLE,
    *_WORKS,
    *_PLACES,
    *_EVENTS,
    *_AMOUNTS,
    *_IDEAS,
)
