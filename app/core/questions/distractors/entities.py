"""Names that may be taken for the right one: of its relation, kind and question."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random

from app.core.facts import Fact
from app.core.marking.people import PERSON_KINDS, could_be_person
from app.core.questions.asked import WHO, asked_for
from app.core.questions.building import leaks, says
from app.core.questions.distractors.neighbours import WANTED
from app.core.questions.distractors.rightness import known_values, names_of, near_subjects
from app.core.questions.families import PERSON, family_of, well_known
from app.core.questions.index import DeckIndex
from app.core.questions.looks import entities_in
from app.core.questions.scripts import beside_script, script_of
from app.core.values import Entity, SetValue
from app.core.wording import inverse_stem, stem

RELATED = 120
SAME_KIND = 40
ENOUGH = 2
"""Wrong names; well-known ones only help out where a deck and the others have fewer."""
POOL = 8
"""Of the nearest POOL candidates WANTED are drawn, so that the same ones do not always appear."""


def entity_distractors(index: DeckIndex, fact: Fact, key: Entity, rng: Random) -> list[Entity]:
    """Return wrong entities of the key's kind: same relation first, then same passage, then any."""
    right = {name.casefold() for value in known_values(index, fact) for name in names_of(value)}
    taken = right | ({name.casefold() for name in fact.subject.names} if fact.subject else set())
    taken |= {name.casefold() for name in index.linked[key.name]}
    named = "\n".join((stem(fact), *(fact.subject.names if fact.subject else ())))
    tiers = (
        _of_relation(index, fact, key, values_of),
        _of_kind(index, fact, key),
        _asked_alike(index, fact, key),
        _of_family(index, fact, key),
    )
    far = _unjoined(index, named, _unnamed(fact, _far_asked_alike(index, fact, key)))
    drawn = draw(tiers, far, (key, taken), rng)
    if len(drawn) >= ENOUGH:
        return drawn
    names = taken | {name.casefold() for entity in drawn for name in entity.names}
    known = _unjoined(index, named, _unnamed(fact, _well_known(index, fact, key)))
    return drawn + _distinct(known, key, names, WANTED - len(drawn))


def subject_distractors(index: DeckIndex, fact: Fact, rng: Random) -> list[Entity]:
    """Return wrong subjects for the inverse question: none that has this value too."""
    if fact.subject is None or fact.relation is None:
        return []
    right = {name.casefold() for entity in near_subjects(index, fact) for name in entity.names}
    taken = right | {name.casefold() for name in names_of(fact.value)}
    tiers = (
        _of_relation(index, fact, fact.subject, subject_of),
        _of_kind(index, fact, fact.subject),
        _of_family(index, fact, fact.subject),
    )
    named = "\n".join((inverse_stem(fact), *names_of(fact.value)))
    far = _unjoined(index, named, _unnamed(fact, _far(index, fact, fact.subject)))
    return draw(tiers, far, (fact.subject, taken), rng)


def draw(
    tiers: Iterable[Iterator[Entity]],
    far: Iterator[Entity],
    barred: tuple[Entity, set[str]],
    rng: Random,
) -> list[Entity]:
    """Draw WANTED entities, each tier's nearest POOL before the next; `far` ones fill up.

    `barred` are the key, which none may be taken for, and the names that would be right.
    """
    key, taken = barred
    names = set(taken)
    drawn: list[Entity] = []
    for tier in tiers:
        wanted = WANTED - len(drawn)
        if wanted == 0:
            break
        pool = _distinct(tier, key, names, POOL)
        drawn += rng.sample(pool, min(wanted, len(pool)))
    return drawn + _distinct(far, key, names, WANTED - len(drawn))


def _distinct(entities: Iterator[Entity], key: Entity, names: set[str], most: int) -> list[Entity]:
    """Return up to `most` entities with names of their own, which join `names`."""
    found: list[Entity] = []
    if most <= 0:
        return found
    barred, script = f" {key.name.casefold()} ", script_of(key.name)
    for entity in entities:
        folded = set(map(str.casefold, entity.names))
        if (
            names.isdisjoint(folded)
            and not _overlaps(entity.name, barred)
            and beside_script(entity.name, script)
        ):
            names |= folded
            found.append(entity)
            if len(found) == most:
                break
    return found


Role = Callable[[Fact], Iterable[Entity]]


def values_of(fact: Fact) -> Iterable[Entity]:
    """Return the entities that a fact has as its value."""
    return entities_in(fact.value)


def subject_of(fact: Fact) -> Iterable[Entity]:
    """Return a fact's subject."""
    return (fact.subject,) if fact.subject else ()


def _of_relation(index: DeckIndex, fact: Fact, key: Entity, role: Role) -> Iterator[Entity]:
    """Yield what stands in the key's place in other facts of its relation, nearest first.

    Entities without a kind are only compared there: "France" is no answer to which city is its
    capital.
    """
    for other in index.around(fact, RELATED):
        yield from (entity for entity in role(other) if entity.kind == key.kind)


def _of_kind(index: DeckIndex, fact: Fact, key: Entity) -> Iterator[Entity]:
    """Yield others of the key's kind: from the same passage, then from the deck."""
    if not key.kind:
        return
    for other in index.facts_by_quote[fact.evidence.quote] if fact.evidence else ():
        entities = (*values_of(other), *subject_of(other))
        yield from (entity for entity in entities if entity.kind == key.kind)
    yield from _turned(index.entities.of_kind[key.kind], index.position.get(fact.key, 0))


def _asked_alike(index: DeckIndex, fact: Fact, key: Entity) -> Iterator[Entity]:
    """Yield answers to questions that ask for the same in their own words: who, which city.

    Who is only asked of people: a club that answers one such question is no rival to a person, nor
    a person to a band.
    """
    asked, at = asked_for(fact), index.position.get(fact.key, 0)
    person = _is_person(key)
    for entity in _turned(index.asked_alike[asked], at) if asked else ():
        if asked != WHO or _is_person(entity) is person:
            yield entity
    if asked not in {"", WHO}:
        yield from _turned(index.entities.of_kind[asked], at)


def _is_person(entity: Entity) -> bool:
    """Whether an entity is a person: by its kind where that tells, else by how its name looks."""
    family = family_of(entity.kind)
    return family == PERSON if family else could_be_person(entity.name)


def _of_family(index: DeckIndex, fact: Fact, key: Entity) -> Iterator[Entity]:
    """Yield others of kinds that the key's kind may stand among."""
    family = family_of(key.kind)
    if family:
        yield from _turned(index.entities.of_family[family], index.position.get(fact.key, 0))


def _well_known(index: DeckIndex, fact: Fact, key: Entity) -> Iterator[Entity]:
    """Yield well-known names, where the relation has one value and the deck is English."""
    several = isinstance(fact.value, SetValue) or (fact.relation and fact.relation.many)
    if several or index.deck.language.split("-")[0] != "en":
        return
    with_the = key.name.casefold().startswith("the ")
    names = well_known(
        key.kind or asked_for(fact), with_the=with_the, capital=key.name[:1].isupper()
    )
    yield from _turned(names, index.position.get(fact.key, 0))


def _unnamed(fact: Fact, entities: Iterable[Entity]) -> Iterator[Entity]:
    """Yield the entities that neither the fact's passage nor its note names: those may be right."""
    passage = f"{fact.evidence.quote if fact.evidence else ''}\n{fact.note}".casefold()
    yield from (one for one in entities if not leaks(passage, one.names))


def _unjoined(index: DeckIndex, named: str, entities: Iterable[Entity]) -> Iterator[Entity]:
    """Yield the entities that no fact of another deck joins with what a question names.

    Whatever that fact says of both: its deck has other relations and words than this one.
    """
    folded = named.casefold()
    for entity in entities:
        if not any(says(folded, name) for name in index.elsewhere.partners(entity)):
            yield entity


def _far_asked_alike(index: DeckIndex, fact: Fact, key: Entity) -> Iterator[Entity]:
    """Yield entities of other decks that are what the question asks for by its own words."""
    yield from _far(index, fact, key)
    asked, at = asked_for(fact), index.position.get(fact.key, 0)
    kinds = sorted(PERSON_KINDS) if asked == WHO and _is_person(key) else [asked]
    for kind in kinds:
        yield from _turned(index.elsewhere.entities.of_kind[kind], at) if kind else ()


def _far(index: DeckIndex, fact: Fact, key: Entity) -> Iterator[Entity]:
    """Yield entities of the key's kind from other decks, then of kinds that it stands among."""
    at, family = index.position.get(fact.key, 0), family_of(key.kind)
    if key.kind:
        yield from _turned(index.elsewhere.entities.of_kind[key.kind], at)
    if family:
        yield from _turned(index.elsewhere.entities.of_family[family], at)


def _turned(entities: Sequence[Entity], at: int) -> Iterator[Entity]:
    """Yield up to SAME_KIND entities from a place on, so that no few serve all questions."""
    for step in range(min(SAME_KIND, len(entities))):
        yield entities[(at + step) % len(entities)]


def _overlaps(name: str, barred: str) -> bool:
    """Whether one name stands whole within the other: "High-Flyer" and "High-Flyer Quant".

    The barred one is folded, with a space at each end.
    """
    folded = f" {name.casefold()} "
    return folded in barred or barred in folded
