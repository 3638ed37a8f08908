"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error makes a question wrong or unfair; a warning makes it weaker."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw: of which fact ("" for the whole deck) and question type ("" for the fact itself).

    `field` names the part of the fact to look at, where there is one.
    """

    fact: str
    type: str
    rule: str
    severity: Severity
    message: str
    field: str = ""
