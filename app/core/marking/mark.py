"""What marking a response gives."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a response compares with the key."""

    EXACT = "exact"
    EQUIVALENT = "equivalent"
    TYPO = "typo"
    PARTIAL = "partial"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Mark:
    """Credit from 0 to 1, the verdict, and a sentence that tells the learner why."""

    credit: float
    verdict: Verdict
    why: str

    @property
    def correct(self) -> bool:
        """Whether the response earns full credit."""
        return self.credit >= 1
