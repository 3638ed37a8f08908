"""Which language a page speaks, and what that changes: texts, numbers, dates.

The learner's own choice comes first, then the browser's of before, then what the browser asks
for, then English. What decks say is not the interface's: it stays in the deck's language.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import NumberPattern, parse_pattern
from flask import Flask, Response
from flask_babel import Babel, Domain, LazyString
from jinja2 import pass_eval_context
from jinja2.filters import do_join
from jinja2.nodes import EvalContext
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from app.core.sentences import Sentence
from app.languages import ENGLISH, LANGUAGES, in_language, locale_of, translations
from app.web.current import (
    asked_languages,
    asks_api,
    chosen_language,
    once_a_request,
    person,
    where_to_return,
)

_PATTERNS: dict[int, NumberPattern] = {
    digits: parse_pattern("#,##0" + ("." + "0" * digits if digits else "")) for digits in range(5)
}


class Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel publishes no types
    """Flask-Babel's way to the catalogues, which are ours to read."""

    def get_translations(self) -> object:
        """Return the catalogue of this request's language; that of English outside of one."""
        return translations(language())


def install(app: Flask) -> None:
    """Make the language known to Flask-Babel, to templates and to browsers."""
    babel = Babel(app, locale_selector=language)
    babel.domain_instance = Catalogues()
    jinja = app.jinja_env
    jinja.newstyle_gettext = True  # type: ignore[attr-defined]  # of Jinja's i18n extension
    jinja.globals.update({"_": _gettext, "gettext": _gettext, "ngettext": _ngettext})
    jinja.policies["ext.i18n.trimmed"] = True
    jinja.finalize = _shown
    jinja.filters["in_language"] = said
    jinja.filters["join"] = joined
    jinja.filters["number"] = number
    jinja.tests["sentence"] = lambda value: isinstance(value, str | LazyString)
    jinja.globals.update(language=language, languages=LANGUAGES, where_to_return=where_to_return)
    app.after_request(told_browsers)


def gettext(text: str, /, **values: object) -> str:
    """Return a text in the request's language: Flask-Babel's own takes five times as long."""
    wording: str = translations(language()).ugettext(text)
    return wording % values if values else wording


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Return a text about a number of things, which is `num` in it, in the request's language."""
    wording: str = translations(language()).ungettext(one, many, count)
    return wording % {"num": count, **values}


def _gettext(text: str, /, **values: object) -> Markup:
    """Return a template's text in the request's language, its values escaped.

    Finished texts are kept: a page has dozens of them.
    """
    code = language()
    return _wording(code, text) % _escapable(values) if values else finished(code, text)


@lru_cache(maxsize=8192)
def _wording(code: str, text: str) -> Markup:
    return Markup(translations(code).ugettext(text))  # noqa: S704 a template's own


@lru_cache(maxsize=8192)
def finished(code: str, text: str) -> Markup:
    """Return a template's text without values in a language."""
    return _wording(code, text) % {}  # "%%" is one percent sign


def _ngettext(one: str, many: str, count: int, /, **values: object) -> Markup:
    """Return a template's text about a number of things."""
    chosen = translations(language()).ungettext(one, many, count)
    return Markup(chosen) % {"num": count, **_escapable(values)}  # noqa: S704 a template's own


def _escapable(values: dict[str, object]) -> dict[str, object]:
    return {name: _shown(value) for name, value in values.items()}


def language() -> str:
    """Return the code of this request's language."""
    return once_a_request("language", _decided, ENGLISH)


def _decided() -> str:
    if asks_api():
        return ENGLISH  # programs are told the same everywhere
    try:
        who = person()
    except SQLAlchemyError:
        who = None
    for code in (who.language if who else "", chosen_language()):
        if code in LANGUAGES:
            return code
    return next((code for code in asked_languages() if code in LANGUAGES), ENGLISH)


def said(text: str) -> str:
    """Return a sentence of core or services, or one that was stored, in the request's language."""
    return in_language(language(), text)


def _shown(value: object) -> object:
    """Return what a template shows: sentences in the request's language, all else as it is."""
    return said(value) if type(value) is Sentence else value


@pass_eval_context
def joined(context: EvalContext, values: Iterable[object], between: str = "") -> str:
    """Return things in a row, sentences in the request's language: joined, they would be text."""
    return str(do_join(context, [_shown(value) for value in values], between))


def number(value: float, digits: int = 0) -> str:
    """Return a number as the language writes it: 1,234.5 or 1.234,5."""
    return _number(value, digits, language())


@lru_cache(maxsize=4096)
def _number(value: float, digits: int, code: str) -> str:
    return str(_PATTERNS[digits].apply(value, locale_of(code)))


def written_date(day: date, width: str = "long") -> str:
    """Return a date as the language writes it: 3 February 2026."""
    return _date(day, width, language())


@lru_cache(maxsize=4096)  # a year's heat map has each day twice
def _date(day: date, width: str, code: str) -> str:
    return format_date(day, width, locale_of(code))


def either(names: list[str]) -> str:
    """Return names as the language joins them: a, b or c."""
    return format_list(names, style="or", locale=locale_of(language()))


def told_browsers(response: Response) -> Response:
    """Say which language a page is in, and what that depended on."""
    if response.mimetype == "text/html" and not response.location:
        response.headers["Content-Language"] = language()
        if "Vary" in response.headers:
            response.vary.update(("Accept-Language", "Cookie"))
        else:
            response.headers.add("Vary", "Accept-Language, Cookie")
    return response
