"""Charts as plain numbers for inline SVG: no script, no style attribute, a table beside each."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, GAP = 600, 140, 2
CELL, WEEK = 10, 7
SHADES = 4
LARGEST_DOT, SMALLEST_DOT = 5.0, 1.6


@dataclass(frozen=True, slots=True)
class Bar:
    """A label and an amount; `parts` are stacked, in the order of the chart's series."""

    label: str
    amount: float
    parts: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Rect:
    """A part of a bar with its place in the drawing, in units of the view box."""

    x: float
    y: float
    width: float
    height: float
    series: int
    title: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Bars side by side: what is drawn, and the same as rows of a table."""

    rects: tuple[Rect, ...]
    bars: tuple[Bar, ...]
    most: float

    @property
    def ticks(self) -> tuple[str, ...]:
        """Return the labels below the drawing: the first, the middle and the last."""
        if not self.bars:
            return ()
        middle, last = len(self.bars) // 2, len(self.bars) - 1
        return tuple(self.bars[at].label for at in sorted({0, middle, last}))


def columns(wanted: Sequence[Bar]) -> Columns:
    """Place bars side by side, the highest as high as the drawing."""
    most = max((bar.amount for bar in wanted), default=0.0)
    width = WIDTH / max(1, len(wanted))
    gap = min(GAP, width / 5)
    rects: list[Rect] = []
    for at, bar in enumerate(wanted):
        top = float(HEIGHT)
        for series, part in enumerate(bar.parts or (bar.amount,)):
            height = part / (most or 1) * HEIGHT
            top -= height
            if height > 0:
                left, wide = round(at * width + gap / 2, 2), round(width - gap, 2)
                title = f"{bar.label}: {bar.amount:,.0f}"
                rects.append(Rect(left, round(top, 2), wide, round(height, 2), series, title))
    return Columns(tuple(rects), tuple(wanted), most)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the heatmap, shaded 0-4."""

    x: int
    y: int
    shade: int
    title: str


@dataclass(frozen=True, slots=True)
class Heatmap:
    """A year of days in columns of weeks, Monday on top."""

    cells: tuple[Cell, ...]
    width: int


def heatmap(days: Sequence[tuple[int, int, str]]) -> Heatmap:
    """Shade days, each an ordinal, an amount and a label, against the busiest of them."""
    if not days:
        return Heatmap((), CELL)
    most = max(amount for _, amount, _ in days) or 1
    first = days[0][0] - (days[0][0] - 1) % WEEK
    cells = tuple(
        Cell(
            (day - first) // WEEK * CELL,
            (day - first) % WEEK * CELL,
            -(-amount * SHADES // most),
            f"{label}: {amount}",
        )
        for day, amount, label in days
    )
    return Heatmap(cells, cells[-1].x + CELL)


def line(points: Sequence[tuple[float, float]], box: tuple[float, float, float, float]) -> str:
    """Return the points of an SVG polyline; `box` is the least and most of x and y."""
    left, right, low, high = box
    across, up = (right - left) or 1, (high - low) or 1
    places = (
        (round((x - left) / across * WIDTH, 1), round(HEIGHT - (y - low) / up * HEIGHT, 1))
        for x, y in points
    )
    return " ".join(f"{x},{y}" for x, y in places)


@dataclass(frozen=True, slots=True)
class Dot:
    """A bin of the calibration drawing, in a square of 100."""

    x: float
    y: float
    radius: float
    title: str


def dots(bins: Sequence[tuple[float, float, int]]) -> list[Dot]:
    """Place bins (predicted, actual, count); a dot's area follows its count."""
    most = max((count for _, _, count in bins), default=1)
    return [
        Dot(
            round(100 * predicted, 1),
            round(100 - 100 * actual, 1),
            round(max(SMALLEST_DOT, LARGEST_DOT * (count / most) ** 0.5), 2),
            f"predicted {predicted:.0%}, recalled {actual:.0%} of {count}",
        )
        for predicted, actual, count in bins
    ]
