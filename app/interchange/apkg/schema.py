"""Anki's collection as packages carry it that every version reads: schema 11, tables and types.

After the notes on the format in Anki's own source and manual; nothing is taken from there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CREATE = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL,
  scm integer NOT NULL, ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL,
  ls integer NOT NULL, conf text NOT NULL, models text NOT NULL, decks text NOT NULL,
  dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL,
  mod integer NOT NULL, usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL,
  sfld integer NOT NULL, csum integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL,
  ord integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL,
  queue integer NOT NULL, due integer NOT NULL, ivl integer NOT NULL, factor integer NOT NULL,
  reps integer NOT NULL, lapses integer NOT NULL, left integer NOT NULL, odue integer NOT NULL,
  odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL,
  ease integer NOT NULL, ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL,
  time integer NOT NULL, type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn); CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn); CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid); CREATE INDEX ix_notes_csum ON notes (csum);
"""
SEPARATOR = "\x1f"
"""Between the fields of a note."""
CLOZE = 1
_CSS = (
    ".card { font-family: Georgia, serif; font-size: 21px; text-align: center; line-height: 1.45; }"
    " .cloze { font-weight: bold; } .told { font-size: 16px; margin-top: 1em; }"
    " .who { font-style: italic; } blockquote { margin: 1em auto; max-width: 34em; }"
)
_BACK = """{{#Statement}}<p class="told">{{Statement}}</p>{{/Statement}}
{{#Attribution}}<p class="told who">{{Attribution}}</p>{{/Attribution}}
{{#Evidence}}<blockquote class="told">{{Evidence}}</blockquote>{{/Evidence}}
{{#Source}}<p class="told">{{Source}}</p>{{/Source}}
{{#Note}}<p class="told">{{Note}}</p>{{/Note}}"""
_ABOUT = ("Statement", "Attribution", "Evidence", "Source", "Note", "Key")


@dataclass(frozen=True, slots=True)
class OwnType:
    """One of our note types. Its id never changes, so that Anki knows it again."""

    id: int
    name: str
    fields: tuple[str, ...]
    front: str
    back: str
    is_cloze: bool = False


_ASKED = ("Question", "Answer", *_ABOUT)
_TURNED = f'{{{{FrontSide}}}}<hr id="answer"><p>{{{{Answer}}}}</p>{_BACK}'
FORWARD = OwnType(1_762_041_600_001, "Factdeck forward", _ASKED, "{{Question}}", _TURNED)
INVERSE = OwnType(1_762_041_600_002, "Factdeck inverse", _ASKED, "{{Question}}", _TURNED)
GAP = OwnType(
    1_762_041_600_003,
    "Factdeck cloze",
    ("Text", *_ABOUT),
    "{{cloze:Text}}",
    "{{cloze:Text}}" + _BACK.replace("{{#Statement}}", "", 1).split("{{/Statement}}", 1)[1],
    is_cloze=True,
)
OWN_TYPES = (FORWARD, INVERSE, GAP)


def col_row(deck: Mapping[str, Any], created_epoch_s: int, now: int) -> tuple[object, ...]:
    """Return the row of `col` for one deck; its days are counted from `created_epoch_s`."""
    default = {"id": 1, "name": "Default", "desc": ""}
    decks = {str(one["id"]): _deck(one, now) for one in (default, deck)}
    conf = {
        "schedVer": 2,
        "nextPos": 1,
        "curDeck": 1,
        "activeDecks": [1],
        "sortType": "noteFld",
        "sortBackwards": False,
        "addToCur": True,
        "collapseTime": 1200,
        "curModel": str(FORWARD.id),
        "dueCounts": True,
        "estTimes": True,
        "newSpread": 0,
        "timeLim": 0,
        "dayLearnFirst": False,
    }
    models = {str(one.id): _model(one, int(deck["id"]), now) for one in OWN_TYPES}
    as_json = [json.dumps(part) for part in (conf, models, decks, {"1": _OPTIONS})]
    return (1, created_epoch_s, now * 1000, now * 1000, 11, 0, 0, 0, *as_json, "{}")


def _deck(deck: Mapping[str, Any], now: int) -> dict[str, Any]:
    today = {name: [0, 0] for name in ("newToday", "revToday", "lrnToday", "timeToday")}
    made = {"mod": now, "usn": -1, "collapsed": False, "browserCollapsed": False, "dyn": 0}
    return {**deck, **made, **today, "conf": 1, "extendNew": 0, "extendRev": 0}


def _model(one: OwnType, deck_id: int, now: int) -> dict[str, Any]:
    field = {"sticky": False, "rtl": False, "font": "Georgia", "size": 18, "media": []}
    template = {"name": one.name, "ord": 0, "qfmt": one.front, "afmt": one.back, "did": None}
    return {
        "id": one.id,
        "name": one.name,
        "type": CLOZE if one.is_cloze else 0,
        "mod": now,
        "usn": -1,
        "sortf": 0,
        "did": deck_id,
        "tmpls": [{**template, "bqfmt": "", "bafmt": ""}],
        "flds": [{"name": name, "ord": at, **field} for at, name in enumerate(one.fields)],
        "css": _CSS,
        "latexPre": "",
        "latexPost": "",
        "tags": [],
        "vers": [],
        "req": [[0, "any", [0]]],
    }


_OPTIONS = {
    "id": 1,
    "name": "Default",
    "mod": 0,
    "usn": 0,
    "maxTaken": 60,
    "autoplay": True,
    "timer": 0,
    "replayq": True,
    "dyn": False,
    "new": {
        "bury": True,
        "delays": [1.0, 10.0],
        "initialFactor": 2500,
        "ints": [1, 4, 0],
        "order": 1,
        "perDay": 20,
    },
    "rev": {
        "bury": True,
        "ease4": 1.3,
        "ivlFct": 1.0,
        "maxIvl": 36500,
        "perDay": 200,
        "hardFactor": 1.2,
    },
    "lapse": {"delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0},
}
