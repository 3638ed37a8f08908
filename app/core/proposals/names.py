"""Names found inside a sentence: those the deck knows, and new ones by their capitals."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.core.proposals.proposal import Span, SpanKind
from app.core.proposals.vocabulary import words as word_set
from app.core.values import Entity
from app.core.wording import MONTHS

MOST = 24
"""Names looked at in one sentence."""
LONG, HEADING_SHARE = 4, 0.85
_TOKEN = re.compile(r"(?:[A-Z]\.){2,}|[A-Z]\.(?=\s+[A-Z])|[^\W_]+(?:[-'’&.+#/][^\W_]+)*[+#]*")
_IN_MONEY = re.compile(r"[$€£¥]|\s+(?:dollars?|francs|rupees|pounds)\b")
"""Behind the US of US$6 million or 6 million US dollars."""
_BESIDE = re.compile(r",\s+(?:the|an?|who|which|whose)\b")
_POSSESSIVE = re.compile(r"['’]s$")
_TITLES = word_set(
    "Mr Mrs Ms Dr Prof Professor President Premier Chancellor Senator Governor Mayor Judge "
    "Justice General Colonel Captain Admiral King Queen Prince Princess Pope Sir Lady Lord "
    "Saint Minister Secretary Ambassador Congressman Congresswoman Representative Chairman "
    "Chairwoman CEO Archbishop Bishop Emperor Empress Sultan Tsar Inspector Sergeant Lieutenant "
    "Major Deputy Vice Prime Foreign Finance Defence Defense"
)
_ROLES = word_set(
    "Actor Actress Analyst Architect Artist Astronaut Astronomer Author Banker Billionaire "
    "Biologist Businessman Businesswoman Chemist Coach Composer Critic Designer Director "
    "Doctor Economist Engineer Entrepreneur Explorer Farmer Founder Goalkeeper Historian "
    "Inventor Investor Journalist Lawyer Manager Mathematician Merchant Novelist Painter "
    "Philosopher Photographer Physicist Pilot Poet Producer Researcher Scientist Sculptor "
    "Singer Striker Surgeon Teacher Writer"
)
"""What somebody is, before a whole name at the beginning of a sentence: Architect Zuri Okafor."""
_LINKS = word_set("of de da do dos del della di la le van von der den ter ten bin ibn al el du")
_DEMONYMS = word_set(
    "American British English French German Italian Spanish Russian Indian Korean Canadian "
    "Australian Mexican Brazilian African European Asian Dutch Swiss Swedish Danish Norwegian "
    "Finnish Polish Greek Turkish Israeli Iranian Iraqi Egyptian Arab Latin Roman Ukrainian "
    "Austrian Belgian Irish Scottish Welsh Czech Hungarian Romanian Thai Pakistani Saudi "
    "Chilean Argentine Colombian Kenyan Nigerian Western Eastern Northern Southern Christian "
    "Muslim Jewish Islamic Catholic Protestant Buddhist Hindu Republican Democratic Victorian "
    "Soviet Persian Peruvian Cuban"
)
NO_NAMES = word_set(
    "The A An It He She They We I You This That These Those In On At By For From With But And "
    "Or So Yet As If When While After Before Since Until Although Though However Meanwhile "
    "There Its His Her Their Our My What Who Why How Where Which One Two Three Four Five Six "
    "Seven Eight Nine Ten Some Many Most All Both Each No Not Now Then Today Later According "
    "Soon Not Only Even Still Also Under Over Between During Through About Against Among Around "
    "Behind Below Above Beyond Despite Like Near Once Per To Up Upon Within Without Of Out Off "
    "Nor Because Unlike Instead Thus Hence Here Other Others Another Such More Less Few Several "
    "Every Everybody Nobody Critics Analysts Experts Officials Researchers Scientists Observers "
    "Investors Yes Perhaps Maybe Earlier Last Next New First Second Third Finally Overall "
    "Roughly Nearly Almost Around Approximately Mr Mrs Ms Dr Monday Tuesday Wednesday Thursday "
    "Friday Saturday Sunday Shares Sales Prices Early Late Mid AI CEO CFO CTO TV PhD AD BC BCE "
    "CE AM PM OK Half Further Whether Having Being Born Founded Coming"
) | set(MONTHS)
_ORGANISATION = re.compile(
    r"\b(?:Inc|Corp|Corporation|Ltd|LLC|Limited|GmbH|AG|University|Institute|College|"
    r"School|Bank|Company|"
    r"Group|Ministry|Agency|Party|Committee|Council|Association|Foundation|"
    r"Organi[sz]ation|Union|Court|"
    r"Department|Commission|Society|Club|Museum|Hospital|Airlines|Airways|Motors|"
    r"Records|Times|Post|"
    r"Journal|Press|Laboratory|Laboratories|Labs?|Technologies|Systems|Partners|"
    r"Capital|Centre|Center|"
    r"Authority|Administration|Service|Office|Bureau|Fund|Trust|Church|Team|Parliament|"
    r"Senate|Congress)$"
)
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|from|outside|across|throughout|to|into)\s+(?:the\s+)?$"
)
_PLACE_WORD = re.compile(
    r"^(?:Mount|Lake|Cape|Port|Fort|River|Gulf|Bay|Isle)\b|\b(?:River|Island|Islands|"
    r"Sea|Ocean|Lake|"
    r"Mountains?|Valley|Bay|City|County|Province|Desert|Peninsula|Canal|Strait|Street|Avenue)$"
)
_PERSON_AFTER = re.compile(
    r",?\s+(?:\(born|who\b|said\b|says\b|told\b|wrote\b|argued\b|claimed\b|was born|"
    r"(?:has\s+)?led\b|heads\b|noticed\b|resigned\b|invented\b|discovered\b|married\b|died\b|"
    r", an? |, the (?:chief|"
    r"head|president|director|founder|author|chair))"
)


@dataclass(frozen=True)
class KnownNames:
    """Every name and alias of a deck, by its first word."""

    by_word: dict[str, list[tuple[tuple[str, ...], str, Entity]]]

    @classmethod
    def of(cls, entities: Iterable[Entity]) -> "KnownNames":
        """Gather the names, longest first for each first word."""
        found: dict[str, list[tuple[tuple[str, ...], str, Entity]]] = defaultdict(list)
        for entity in entities:
            for name in entity.names:
                words = tuple(token[0].casefold() for token in _TOKEN.finditer(name))
                if words:
                    found[words[0]].append((words, name, entity))
        for names in found.values():
            names.sort(key=lambda one: -len(one[0]))
        return cls(dict(found))

    def at(self, words: Sequence[str], place: int, sentence: str) -> tuple[int, Entity] | None:
        """Return how many words from a place are a known name, and whose; None for none."""
        for name_words, name, entity in self.by_word.get(words[place], ()):
            size = len(name_words)
            if tuple(words[place : place + size]) == name_words and _same_case(name, sentence):
                return size, entity
        return None


def _same_case(name: str, sentence: str) -> bool:
    """Whether a name stands in a sentence as it is written: Meta is not meta."""
    return name in sentence or not any(char.isupper() for char in name) or len(name.split()) > 1


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


def _words(sentence: str) -> list[_Word]:
    found = []
    for token in _TOKEN.finditer(sentence):
        text = _POSSESSIVE.sub("", token[0])
        found.append(_Word(text, token.start(), token.start() + len(text)))
    return found


def capitalised_inside(sentences: Iterable[str]) -> frozenset[str]:
    """Return the words that a text capitalises where no sentence begins."""
    found: set[str] = set()
    for sentence in sentences:
        words = _words(sentence)
        if not _is_heading(sentence, words):
            found.update(word.text for word in words[1:] if word.text[:1].isupper())
    return frozenset(found)


def find_names(sentence: str, known: KnownNames, seen: frozenset[str]) -> list[Span]:
    """Return the names of a sentence in order, known ones first where both fit."""
    words = _words(sentence)
    lowered = [word.text.casefold() for word in words]
    heading = _is_heading(sentence, words)
    found: list[Span] = []
    at = 0
    while at < len(words) and len(found) < MOST:
        hit = known.at(lowered, at, sentence)
        if hit and _IN_MONEY.match(sentence, words[at + hit[0] - 1].end):
            hit = None
        new = None if heading else _new_name(sentence, words, at, seen)
        if hit and (new is None or new[0] <= hit[0]):
            last = words[at + hit[0] - 1]
            sort = SpanKind.NAME if hit[1].key else SpanKind.NEW_NAME
            found.append(Span(words[at].start, last.end, sort, entity=hit[1]))
            at += hit[0]
        elif new:
            size, skip, name, kind = new
            first, last = words[at + skip], words[at + size - 1]
            inner = known.at(lowered, at + skip, sentence)
            whole = inner is not None and inner[0] == size - skip
            entity = inner[1] if inner and whole else Entity(name, kind=kind)
            span_kind = SpanKind.NAME if whole else SpanKind.NEW_NAME
            found.append(Span(first.start, last.end, span_kind, entity=entity))
            at += size
        else:
            at += 1
    return found


def _is_heading(sentence: str, words: Sequence[_Word]) -> bool:
    """Whether nearly every word begins with a capital, so that capitals tell nothing."""
    if sentence.endswith((".", "!", "?")) and not sentence.isupper():
        return False
    letters = [word.text for word in words if len(word.text) >= LONG and word.text[0].isalpha()]
    capitals = sum(one[0].isupper() for one in letters)
    return len(letters) >= LONG and capitals > HEADING_SHARE * len(letters)


def _new_name(
    sentence: str, words: Sequence[_Word], at: int, seen: frozenset[str]
) -> tuple[int, int, str, str] | None:
    """Return words taken, title words to skip, name and kind of a run of capitals; None if none."""
    if _is_unit(sentence, words[at]):
        return None
    if not _is_capital(words[at].text) or _IN_MONEY.match(sentence, words[at].end):
        return None
    size = _run(sentence, words, at)
    begins = at == 0 or bool(_BEGINS.search(sentence[: words[at].start]))
    skip = _skipped(sentence, words, (at, size), begins=begins)
    titled = skip > 0 and _is_title(words[at + skip - 1].text)
    rest = [word.text for word in words[at + skip : at + size]]
    beside = bool(_BESIDE.match(sentence, words[at + size - 1].end))
    while rest and rest[-1] in _LINKS:
        rest.pop()
        size -= 1
    if at == 0 and len(rest) == 1 and rest[0].endswith("ly") and rest[0] not in seen:
        return None
    if not rest or not _tells(
        rest, begins=begins and skip == 0 and not beside, seen=seen, titled=titled
    ):
        return None
    name = sentence[words[at + skip].start : words[at + size - 1].end]
    return size, skip, name, _kind(sentence, name, words[at + skip].start, titled=titled)


_BEGINS = re.compile(r"(?:[.!?:]\s*[\"“'\u2018]?|[\"“]|[-–—]\s)$")


def _skipped(sentence: str, words: Sequence[_Word], run: tuple[int, int], *, begins: bool) -> int:
    """Return how many first words of a run of capitals are no part of the name: Then Mr Holm."""
    at, size = run
    skip = int(words[at].text in NO_NAMES and not _is_named_so(words, run, begins=begins))
    skip = skip or int(size > 1 and bool(_COUNTRYMAN.fullmatch(words[at].text)))
    skip = skip or int(begins and size > 2 and words[at].text in _ROLES)  # noqa: PLR2004 Poet Ada Holm
    article = sentence[: words[at].start].endswith(("the ", "The "))  # the Lady Blunt
    while skip < size and not article and _is_title(words[at + skip].text):
        skip += 1
    return skip


_COUNTRYMAN = re.compile(r"(?:English|Welsh|Irish|Scots|French|Dutch|Cornish|Norse)(?:wo)?man")


def _is_named_so(words: Sequence[_Word], run: tuple[int, int], *, begins: bool) -> bool:
    """Whether a small word with a capital belongs to a name: The Bridge, Second World War."""
    at, size = run
    if size < 2 or begins or not _is_capital(words[at + 1].text):  # noqa: PLR2004 a name is left
        return False
    return words[at].text in {"The", "A", "First", "Second", "New"}


def _is_unit(sentence: str, word: _Word) -> bool:
    """Whether a capital belongs to an amount: 1.6 GW, 30 degrees Celsius."""
    before = sentence[max(0, word.start - 9) : word.start]
    short = len(word.text) <= 3 and bool(re.search(r"\d[\s-]$", before))  # noqa: PLR2004
    physical = re.fullmatch(r"[kMGT](?:Wh?|Hz|B|V|A|J)", word.text) is not None
    return short or physical or before.endswith(("degrees ", "degree "))


def _is_title(word: str) -> bool:
    return word.rstrip(".") in _TITLES


def _is_capital(word: str) -> bool:
    return word[:1].isupper() or (len(word) > 2 and word[0].islower() and word[1].isupper())  # noqa: PLR2004


def _run(sentence: str, words: Sequence[_Word], at: int) -> int:
    """Return how many words from a place belong to one run of capitals."""
    size = 1
    while at + size < len(words):
        gap = sentence[words[at + size - 1].end : words[at + size].start]
        word = words[at + size].text
        joins = gap in {" ", ". "} and (gap == " " or len(words[at + size - 1].text) <= 4)  # noqa: PLR2004
        if not joins:
            break
        begun = words[at + size - 1].text not in NO_NAMES
        joins_on = begun and (
            _linked(sentence, words, at, size) or _office_goes_on(sentence, words, at, size)
        )
        if _goes_on(word) or joins_on:
            size += 1
        elif begun and size == 1 and re.fullmatch(r"\d{1,2}|[IVX]+", word):
            return size + 1
        else:
            break
    return size


_OFFICE_FOR = re.compile(
    r"\b(?:Agency|Association|Board|Bureau|Cent(?:re|er)|Commission|Committee|Council|Department|"
    r"Foundation|Fund|Institute|Ministry|Office|Society|Union)\s+for(?:\s[A-Z]\w+)*(?:\sand)?$"
)
"""An office and what it is for: Centre for Disease Prevention and Control."""


def _office_goes_on(sentence: str, words: Sequence[_Word], at: int, size: int) -> bool:
    """Whether a small word joins an office and what it is for."""
    if at + size + 1 >= len(words) or not _goes_on(words[at + size + 1].text):
        return False
    return bool(_OFFICE_FOR.search(sentence, words[at].start, words[at + size].end))


def _goes_on(word: str) -> bool:
    """Whether a word can go on a name that has begun."""
    return _is_capital(word) and (word not in NO_NAMES or word in {"New", "Second", "First"})


_ROLE_BEFORE = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Ii]ts)\s+(?:[A-Za-z-]+\s+)?[a-z]{4,}\s$")


def _linked(sentence: str, words: Sequence[_Word], begin: int, size: int) -> bool:
    """Whether a small word joins two capitals of one name: Bank of England.

    Not behind somebody whose role stands before: the analyst Rosa Lenz of Harbour Research.
    """
    at = begin + size
    if size > 1 and _ROLE_BEFORE.search(sentence, 0, words[begin].start):
        return words[at].text != "of" and _linked(sentence, words, at - 1, 1)
    if words[at].text not in _LINKS or at + 1 >= len(words):
        return False
    if words[at - 1].text in {"North", "South", "East", "West", "Most", "Part", "Much"}:
        return False
    after = words[at + 1]
    touching = sentence[words[at].end : after.start] == " "
    return touching and _is_capital(after.text) and after.text not in NO_NAMES


def _tells(rest: Sequence[str], *, begins: bool, seen: frozenset[str], titled: bool) -> bool:
    """Whether capitals make a name, and not only the beginning of a sentence or a nationality."""
    if all(word in _DEMONYMS or word.endswith("ese") for word in rest):
        return False
    if len(rest) > 1 or titled or not begins:
        return len(rest) > 1 or len(rest[0]) > 1
    word = rest[0]
    inside = any(char.isupper() or char.isdigit() for char in word[1:])
    return inside or word in seen


def _kind(sentence: str, name: str, start: int, *, titled: bool) -> str:
    """Guess what a new name names; "" where nothing tells."""
    if titled:
        return "person"
    if _ORGANISATION.search(name.rstrip(".")) or re.match(r"(?:University|Bank|Ministry) of", name):
        return "organisation"
    if _PLACE_WORD.search(name):
        return "place"
    if _PERSON_AFTER.match(sentence, start + len(name)) and len(name.split()) > 1:
        return "person"
    if _PLACE_BEFORE.search(sentence, max(0, start - 16), start) and name.isascii():
        return "place"
    return ""


def without_nation(entity: Entity) -> Entity:
    """Return a name of three words without the nation before it: Hungarian Laszlo Bene."""
    first, _, rest = entity.name.partition(" ")
    is_nation = not entity.key and first in _DEMONYMS and " " in rest
    return replace(entity, name=rest) if is_nation else entity


def joined(spans: Sequence[Span], sentence: str) -> Iterator[tuple[Span, ...]]:
    """Yield the runs of two and more names that a list joins: A, B and C."""
    run: list[Span] = []
    for span in spans:
        gap = sentence[run[-1].end : span.start] if run else ""
        if run and re.fullmatch(r",\s*(?:and\s+)?(?:the\s+)?|\s+and\s+(?:the\s+)?", gap):
            run.append(span)
            continue
        if len(run) > 1:
            yield tuple(run)
        run = [span]
    if len(run) > 1:
        yield tuple(run)
