"""Charts as plain numbers for inline SVG: no script, no style attribute, a table beside each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.web.language import gettext, number, written_date

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
                title = f"{bar.label}: {number(bar.amount)}"
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
class MonthMark:
    """Where a month begins on a heatmap."""

    x: int
    name: str


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Half a year of days in columns of weeks, Monday on top: as much as a phone can show."""

    cells: tuple[Cell, ...]
    months: tuple[MonthMark, ...]
    width: int


def heatmaps(days: Sequence[tuple[int, int, str]]) -> tuple[Heatmap, ...]:
    """Shade days, each an ordinal, an amount and a label, against the busiest of them.

    In two halves of whole weeks; none where nothing was done.
    """
    most = max((amount for _, amount, _ in days), default=0)
    if not most:
        return ()
    middle = days[len(days) // 2][0]
    middle -= (middle - 1) % WEEK
    halves = ([d for d in days if d[0] < middle], [d for d in days if d[0] >= middle])
    return tuple(_heatmap(half, most) for half in halves if half)


def _heatmap(days: Sequence[tuple[int, int, str]], most: int) -> Heatmap:
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
    begun = ((cell, date.fromordinal(day)) for cell, (day, _, _) in zip(cells, days, strict=True))
    months = tuple(MonthMark(cell.x, written_date(at, "LLL")) for cell, at in begun if at.day == 1)
    return Heatmap(cells, months, cells[-1].x + CELL)


@dataclass(frozen=True, slots=True)
class Trend:
    """Shares over time, a line for each series with gaps where nothing is known.

    `runs` are (series, points of a polyline); the drawing reaches from `low` percent to 100, and
    `wish` is the height of what is wanted.
    """

    runs: tuple[tuple[int, str], ...]
    low: int
    wish: float


def trend(series: Sequence[Sequence[float | None]], wanted: float) -> Trend:
    """Place series of shares, 0-1 or None, side by side from 100 percent down."""
    given = [share for shares in series for share in shares if share is not None]
    low = int(10 * min((*given, wanted, 0.85))) * 10
    runs = [
        (at, line(run if len(run) > 1 else [*run, *run], (0, len(shares) - 1, low / 100, 1)))
        for at, shares in enumerate(series)
        for run in _runs(shares)
    ]
    return Trend(tuple(runs), low, round(HEIGHT * (1 - (wanted - low / 100) / (1 - low / 100)), 1))


def _runs(shares: Sequence[float | None]) -> list[list[tuple[float, float]]]:
    """Return the stretches without a gap, as points."""
    runs: list[list[tuple[float, float]]] = [[]]
    for at, share in enumerate(shares):
        if share is not None:
            runs[-1].append((at, share))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


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
            gettext(
                "predicted %(predicted)s %%, recalled %(actual)s %% of %(count)s",
                predicted=number(100 * predicted),
                actual=number(100 * actual),
                count=number(count),
            ),
        )
        for predicted, actual, count in bins
    ]
