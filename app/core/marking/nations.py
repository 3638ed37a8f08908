"""Nations by their people and teams: the German team, the Germans for Germany."""

import re
from functools import lru_cache

from app.core.marking.normalise import folded, squeezed
from app.core.marking.rules import Rule
from app.core.marking.vocabulary import listed

_DEMONYMS = dict(
    pair.split(":")
    for pair in listed(
        """
    afghan:afghanistan albanian:albania algerian:algeria american:unitedstates
    argentine:argentina argentinian:argentina armenian:armenia australian:australia
    austrian:austria belgian:belgium bolivian:bolivia brazilian:brazil british:britain
    bulgarian:bulgaria cambodian:cambodia cameroonian:cameroon canadian:canada chilean:chile
    chinese:china colombian:colombia croatian:croatia cuban:cuba cypriot:cyprus czech:czechia
    danish:denmark dutch:netherlands ecuadorian:ecuador egyptian:egypt english:england
    estonian:estonia ethiopian:ethiopia finnish:finland french:france georgian:georgia
    german:germany ghanaian:ghana greek:greece haitian:haiti hungarian:hungary
    icelandic:iceland indian:india indonesian:indonesia iranian:iran iraqi:iraq irish:ireland
    israeli:israel italian:italy ivorian:cotedivoire jamaican:jamaica japanese:japan
    jordanian:jordan kenyan:kenya kuwaiti:kuwait latvian:latvia lebanese:lebanon libyan:libya
    lithuanian:lithuania malaysian:malaysia maltese:malta mexican:mexico mongolian:mongolia
    moroccan:morocco nepalese:nepal nepali:nepal nigerian:nigeria norwegian:norway
    pakistani:pakistan panamanian:panama paraguayan:paraguay peruvian:peru polish:poland
    portuguese:portugal romanian:romania russian:russia saudi:saudiarabia scottish:scotland
    senegalese:senegal serbian:serbia singaporean:singapore slovak:slovakia slovenian:slovenia
    somali:somalia spanish:spain sudanese:sudan swedish:sweden swiss:switzerland syrian:syria
    tanzanian:tanzania thai:thailand tunisian:tunisia turkish:turkey ugandan:uganda
    ukrainian:ukraine uruguayan:uruguay venezuelan:venezuela vietnamese:vietnam welsh:wales
    zambian:zambia zimbabwean:zimbabwe
    """
    )
)
"""What is of a nation, by the nation's name run together."""
_TEAM = re.compile(
    r"^(?:the )?(?P<of>[a-z]+)(?: national)?(?: (?:men's|women's))?"
    r"(?: (?:foot|basket|hand|volley)ball| (?:soccer|hockey|cricket|rugby))? (?:team|side|squad)$"
)
_PEOPLE = re.compile(r"^(?:the )?(?P<of>[a-z]+(?:an|ian|i|k|h|b|c|t|n))s$")
_THEM = re.compile(r"^the (?P<of>[a-z]+(?:sh|ch|ese|ss))$")


def of_nation(name: str, text: str) -> bool:
    """Take the German team, the Germans for "Germany", and the other way round."""
    known, typed = _nation(name), _nation(text)
    return bool(known and squeezed(text) == known) or bool(typed and squeezed(name) == typed)


@lru_cache(maxsize=5000)
def _nation(text: str) -> str:
    """Return whose team or people a text names, run together; "" for anything else."""
    plain = folded(text).strip(" .")
    found = _TEAM.match(plain) or _PEOPLE.match(plain) or _THEM.match(plain)
    return squeezed(_DEMONYMS.get(found["of"], "")) if found else ""


OF_NATIONS = (Rule(of_nation, _nation), Rule(of_nation, of_text=_nation))
