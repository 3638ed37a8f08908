"""What a question asks for by its own words: who, which city."""

import re
from functools import lru_cache

from app.core.facts import Fact

WHO = "who"
_MAY_BE_GROUPS = re.compile(
    r"^Whom? (?:\w+ )?(?:won|wins?|beat|defeated|owns?|owned|bought|acquired|makes?|manufactures?|"
    r"publishe[sd]|sells?|sold|sponsors?|plays?|played|hosts?|hosted|funds?|funded|runs?|operates?|"
    r"supplies|supplied|competes?|competed|signed|organi[sz]e[sd]|controls?|uses?|used)\b"
)
"""What teams, firms and states do as well as people."""
_ASKED = re.compile(
    r"^(?:(?P<who>Who|Whom)\b|(?:(?:In|On|At|To|From|By|For|Of) )?(?:[Ww]hich|[Ww]hat) "
    r"(?P<noun>[a-z]+(?: [a-z]+)?) (?:is|was|are|were|did|does|do|has|have|had|can|will)\b)"
)


def asked_for(fact: Fact) -> str:
    """Return what a fact's question asks for by its own words: who, city, language; or ""."""
    return _asked_in(fact.ask_template)


@lru_cache(maxsize=1000)
def _asked_in(template: str) -> str:
    found = _ASKED.match(template)
    if found is None or (found["who"] and _MAY_BE_GROUPS.match(template)):
        return ""
    return found["noun"] or WHO
