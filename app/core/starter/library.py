"""The whole starter library."""

from app.core.starter.amounts import AMOUNTS
from app.core.starter.events import EVENTS
from app.core.starter.ideas import IDEAS
from app.core.starter.kinds import StarterRelation
from app.core.starter.people import PEOPLE
from app.core.starter.places import PLACES
from app.core.starter.works import WORKS

STARTER_RELATIONS: tuple[StarterRelation, ...] = (
    *PEOPLE,
    *WORKS,
    *PLACES,
    *EVENTS,
    *AMOUNTS,
    *IDEAS,
)
