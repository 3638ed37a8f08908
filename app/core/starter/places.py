"""Relations of places."""

from app.core.starter.kinds import StarterRelation, Topic
from app.core.values import ValueKind

PLACES = (
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
        cues=("flows into", "empties into", "drains into"),
    ),
)
