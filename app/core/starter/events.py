"""Relations of events."""

from app.core.starter.kinds import StarterRelation, Topic
from app.core.values import ValueKind

EVENTS = (
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
        cues=("began on", "began in", "started on", "started in", "broke out in"),
    ),
    StarterRelation(
        "opened_on",
        Topic.EVENTS,
        ValueKind.DATE,
        "When did {subject} open?",
        "{subject} opened on {value}.",
        cues=(
            "opened on",
            "opened in",
            "was opened on",
            "was opened in",
            "was inaugurated on",
            "was inaugurated in",
            "opened to traffic on",
            "opened to traffic in",
            "opened to the public on",
            "opened to the public in",
            "first opened its doors in",
        ),
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
        cues=("caused by", "resulted from", "is due to", "was due to"),
        inverse_cues=("caused", "causes", "led to", "brought about", "resulted in"),
    ),
)
