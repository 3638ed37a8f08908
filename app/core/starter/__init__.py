"""The starter library: relations that most articles need, worded and ready to add to a deck.

`cues` are phrases between subject and value ("… was founded by …") by which a sentence shows the
relation; `inverse_cues` stand between value and subject ("… founded …").
"""

from app.core.starter.kinds import StarterRelation, Topic
from app.core.starter.library import STARTER_RELATIONS

__all__ = [
    "STARTER_RELATIONS",
    "StarterRelation",
    "Topic",
]
