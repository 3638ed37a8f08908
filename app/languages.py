"""The languages of the interface and what is said in them. Knows nothing of HTTP.

Catalogues are read from their .po files when a process first needs one (45 ms for 1,600
messages): nothing is compiled beforehand, so nothing can be out of date. English is written in
the code itself and costs no catalogue at all.
"""

import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter

from babel import Locale
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations

from app.core.sentences import Sentence

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch"}
"""The languages by code, each by its own name."""
FORMATS = {ENGLISH: "en_GB"}
"""Whose dates and numbers a language writes, where not its own code says so."""
FOLDER = Path(__file__).parent / "translations"
REASON = "reason"
"""The place of a sentence within another one."""
_PLACE = re.compile(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})")


@cache
def locale_of(language: str) -> Locale:
    """Return how a language writes dates and numbers."""
    return Locale.parse(FORMATS.get(language, language))


@cache
def translations(language: str) -> NullTranslations:
    """Return a language's catalogue, read once in each process."""
    if language == ENGLISH:
        return NullTranslations()
    return _read(FOLDER / language / "LC_MESSAGES" / "messages.po", language)


def _read(path: Path, language: str) -> Translations:
    # Only those who speak another language pay for these.
    from io import BytesIO  # noqa: PLC0415

    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def in_language(language: str, text: str) -> str:
    """Return what core and services say, in a language; text that is no such sentence unchanged.

    Text that comes from the database is plain English: its wording is found again by comparing
    it with all wordings that the catalogue knows.
    """
    if language == ENGLISH:
        return text
    if type(text) is Sentence:
        return _translated(language, text)
    return _recognised(language, text)


def _translated(language: str, sentence: Sentence) -> str:
    known = translations(language)
    if sentence.many:
        wording = known.ungettext(sentence.wording, sentence.many, int(sentence.number))
    else:
        wording = known.ugettext(sentence.wording)
    values = {name: _worded(language, value) for name, value in sentence.values.items()}
    return Spoken(language).vformat(wording, (), values)


def _worded(language: str, value: object) -> object:
    """Return what goes into a place: sentences and names of ours in the language."""
    if type(value) is Sentence:
        return in_language(language, value)
    if isinstance(value, StrEnum):
        return translations(language).ugettext(value.replace("_", " "))
    return value


def _retold(language: str, values: dict[str, str]) -> dict[str, str]:
    """Return what stood in the places of a stored sentence; a reason is a sentence itself."""
    return {
        name: in_language(language, value) if name == REASON else value
        for name, value in values.items()
    }


class Spoken(Formatter):
    """Fills the places of a wording, figures as its language writes them: 100.000, 60 %."""

    def __init__(self, language: str) -> None:
        self._locale = locale_of(language)

    def format_field(self, value: object, format_spec: str) -> str:
        """Return what goes into a place; `{:,}` and `{:.0%}` are what differs by language.

        A figure that was stored is text, as English writes it.
        """
        if format_spec and isinstance(value, str):
            stored = _figure(value)
            return value if stored is None else self.format_field(stored, format_spec)
        if isinstance(value, int | float) and format_spec == ",":
            return str(format_decimal(value, locale=self._locale))
        if isinstance(value, int | float) and format_spec.endswith("%"):
            return str(format_percent(value, locale=self._locale))
        return str(super().format_field(value, format_spec))


def _figure(stored: str) -> float | None:
    """Return a figure from English text: 100,000 or 60%."""
    try:
        number = float(stored.replace(",", "").removesuffix("%"))
    except ValueError:
        return None
    return number / 100 if stored.endswith("%") else number


def _recognised(language: str, text: str) -> str:
    known = translations(language).ugettext(text)
    if known != text:
        return known
    for start, english, wording in _wordings(language):
        found = _pattern(english).fullmatch(text) if text.startswith(start) else None
        if found:
            return Spoken(language).vformat(wording, (), _retold(language, found.groupdict()))
    lines = text.split("\n")
    return "\n".join(_recognised(language, one) for one in lines) if len(lines) > 1 else text


@cache
def _wordings(language: str) -> list[tuple[str, str, str]]:
    """Return the wordings with places in them: how each starts, in English, translated.

    Those with the most words of their own come first: they say the most about a text.
    """
    catalogue: dict[str | tuple[str, int], str] = getattr(translations(language), "_catalog", {})
    found = []
    for key, wording in catalogue.items():
        english = key if isinstance(key, str) else key[0]
        place = _PLACE.search(english)
        if place and "%(" not in english:
            found.append((_plain(english[: place.start()]), english, wording))
    found.sort(key=lambda one: -len(_PLACE.sub("", one[1])))
    return found


@cache
def _pattern(wording: str) -> re.Pattern[str]:
    """Return what recognises a wording with anything in its places, the same in the same ones."""
    parts, seen = [], set[str]()
    at = 0
    for place in _PLACE.finditer(wording):
        name = place[1]
        parts.append(re.escape(_plain(wording[at : place.start()])))
        parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+?)")
        seen.add(name)
        at = place.end()
    return re.compile("".join(parts) + re.escape(_plain(wording[at:])), re.DOTALL)


def _plain(text: str) -> str:
    """Return what a wording shows of its own: a brace is written twice in it."""
    return text.replace("{{", "{").replace("}}", "}")
