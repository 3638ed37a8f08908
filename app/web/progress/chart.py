"""Bar charts as plain numbers for an inline SVG: no script, no style attribute."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, GAP = 600, 140, 2


@dataclass(frozen=True, slots=True)
class Bar:
    """A label and an amount."""

    label: str
    amount: float


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar with its place in the drawing, in units of the view box."""

    label: str
    amount: float
    x: float
    y: float
    width: float
    height: float


def bars(wanted: Sequence[Bar]) -> list[DrawnBar]:
    """Place the bars side by side, the highest as high as the drawing."""
    most = max((bar.amount for bar in wanted), default=0) or 1
    width = WIDTH / max(1, len(wanted))
    return [
        DrawnBar(
            bar.label,
            bar.amount,
            round(at * width + GAP / 2, 1),
            round(HEIGHT - bar.amount / most * HEIGHT, 1),
            round(width - GAP, 1),
            round(bar.amount / most * HEIGHT, 1),
        )
        for at, bar in enumerate(wanted)
    ]
