"""Kinds that may stand side by side, and well-known names of some: for values without rivals.

A capital may stand among cities and a president among founders, where the kind itself has too few
of them. What is well known serves last, and never where a relation has several values: another
country that a river flows through is not wrong because the deck does not know it.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from app.core.grammar import singular
from app.core.marking.people import PERSON_KINDS
from app.core.marking.vocabulary import listed
from app.core.values import Entity

PERSON = "person"
_FAMILIES = {
    PERSON: PERSON_KINDS
    | listed(
        """
        champion chairman chancellor commander critic designer editor emperor empress governor
        guitarist historian journalist leader librettist monarch owner pioneer practitioner
        programmer prince princess professor reformer researcher saint sultan teacher translator
        winner
        """
    ),
    "city": listed("city capital town village metropolis port seaport hometown"),
    "country": listed("country nation republic kingdom homeland"),
    "company": listed("company firm corporation business startup start-up manufacturer"),
    "organisation": listed("organisation organization institution agency association charity"),
    "club": listed("club team side"),
    "band": listed("band duo trio quartet ensemble orchestra choir"),
    "river": listed("river tributary stream"),
    "mountain": listed("mountain peak summit volcano"),
    "language": listed("language tongue"),
    "currency": listed("currency"),
    "sea": listed("sea ocean gulf bay"),
    "element": listed("element"),
    "instrument": listed("instrument"),
    "animal": listed("animal mammal predator"),
    "newspaper": listed("newspaper daily"),
    "sport": listed("sport"),
    "book": listed("book novel"),
    "university": listed("university college school"),
}
_TRADES = {
    "ruler": listed(
        "president king queen emperor empress chancellor minister monarch leader politician "
        "ruler governor head-of-state"
    ),
    "author": listed("author writer novelist poet playwright journalist translator"),
    "composer": listed("composer musician pianist violinist conductor"),
    "painter": listed("painter artist sculptor"),
    "scientist": listed(
        "scientist physicist chemist biologist mathematician inventor discoverer engineer"
    ),
    "astronomer": listed("astronomer"),
    "founder": listed("founder co-founder ceo chairman owner entrepreneur"),
    "explorer": listed("explorer"),
    "philosopher": listed("philosopher"),
}
_FAMILY_OF = {kind: family for family, kinds in _FAMILIES.items() for kind in kinds}
_TRADE_OF = {kind: trade for trade, kinds in _TRADES.items() for kind in kinds}
_WELL_KNOWN = {
    "ruler": "Nelson Mandela, Golda Meir, Olof Palme, Benito Juárez, Jawaharlal Nehru, Sukarno",
    "author": "Leo Tolstoy, Jane Austen, Chinua Achebe, Astrid Lindgren, Jorge Luis Borges",
    "composer": "Jean Sibelius, Clara Schumann, Antonín Dvořák, Claude Debussy, Isaac Albéniz",
    "painter": "Frida Kahlo, Edvard Munch, Katsushika Hokusai, Paul Cézanne, Francisco Goya",
    "scientist": "Lise Meitner, Niels Bohr, Dmitri Mendeleev, C. V. Raman, Alessandro Volta",
    "astronomer": "Tycho Brahe, Annie Jump Cannon, Edmond Halley, Johannes Hevelius, Al-Battani",
    "founder": "Henry Ford, Ingvar Kamprad, Soichiro Honda, Estée Lauder, Jamsetji Tata",
    "explorer": "Fridtjof Nansen, Zheng He, James Cook, Ibn Battuta, Vitus Bering",
    "philosopher": "Baruch Spinoza, Hannah Arendt, Seneca, David Hume, Averroes",
    "city": "Nairobi, Lisbon, Montreal, Osaka, Wellington, Montevideo, Helsinki, Jakarta",
    "country": "Iceland, Botswana, Paraguay, Mongolia, New Zealand, Jamaica, Sri Lanka, Latvia",
    "company": "Nokia, Nestlé, Toyota, Maersk, Tata Steel, Embraer, Lego, Michelin",
    "organisation": (
        "Amnesty International, the Red Cross, Interpol, Greenpeace, UNESCO, Oxfam, "
        "the World Bank, the Arab League"
    ),
    "river": "the Orinoco, the Mekong, the Niger, the Yukon, the Murray, the Ebro, the Tagus",
    "mountain": (
        "Mount Elbrus, Mount Kenya, Aoraki, Denali, Ararat, Popocatépetl, Mont Ventoux, Fuji"
    ),
    "language": "Icelandic, Swahili, Korean, Tamil, Hungarian, Quechua, Georgian, Māori",
    "currency": "the rupee, the krona, the baht, the real, the dirham, the forint, the rand",
    "sea": "the Coral Sea, the Sea of Okhotsk, the Caspian Sea, the Red Sea, the Weddell Sea",
    "element": "argon, cobalt, tungsten, iodine, barium, selenium, bismuth, lithium",
    "instrument": "the oboe, the sitar, the harp, the balalaika, the trombone, the accordion",
    "animal": "the otter, the ibex, the tapir, the lynx, the badger, the okapi, the gazelle",
    "newspaper": "El País, Le Monde, The Hindu, Corriere della Sera, Asahi Shimbun, Clarín",
    "sport": "handball, curling, fencing, badminton, water polo, rowing, archery",
    "university": (
        "Uppsala University, the University of Cape Town, Kyoto University, "
        "the University of Coimbra, McGill University, the University of Otago"
    ),
}
"""Spread over the world, so that hardly one is right where the deck does not say so."""


_BEHIND_HEAD = re.compile(r" (?:of|in|for|at|on|by|from|to|with)\b.*$")


@lru_cache(maxsize=5000)
def family_of(kind: str) -> str:
    """Return what kinds a kind may stand among, "" where only its own: largest city, city."""
    return _named_in(_FAMILY_OF, kind)


class ByKind:
    """Entities by their kind, and by the family of kinds that theirs stands among."""

    def __init__(self) -> None:
        self.of_kind: dict[str, list[Entity]] = defaultdict(list)
        self.of_family: dict[str, list[Entity]] = defaultdict(list)

    def add(self, entity: Entity) -> None:
        """Put an entity with its like."""
        self.of_kind[entity.kind].append(entity)
        if family := family_of(entity.kind):
            self.of_family[family].append(entity)


@lru_cache(maxsize=1000)
def well_known(kind: str, *, with_the: bool, capital: bool) -> tuple[Entity, ...]:
    """Return names that everybody knows of a kind, in no deck, written as the key is.

    Of people only those of one trade: among the famous an unknown name would stand out.
    """
    names = _WELL_KNOWN.get(_named_in(_TRADE_OF, kind) or family_of(kind), "").split(", ")
    if not with_the:
        names = [name.removeprefix("the ") for name in names]
    if capital and not with_the:
        names = [name[:1].upper() + name[1:] for name in names]
    return tuple(Entity(name, kind=kind) for name in names if name)


def head_of(kind: str) -> str:
    """Return a kind without what stands behind its noun: founder of the party, founder."""
    return _BEHIND_HEAD.sub("", kind.replace("_", " ")).strip()


def _named_in(table: Mapping[str, str], kind: str) -> str:
    words = head_of(kind.casefold()).split()
    if not words:
        return ""
    return table.get(" ".join(words)) or table.get(singular(words[-1]), "")
