"""Charts as numbers: where each bar, dot and word stands in an SVG; templates draw them.

Lengths are in units of the drawing, which is as wide as a phone shows it, so that its words can be
read there; y grows downwards. Values that nobody knows are None and leave a gap.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

WIDTH = 300.0
MOST_BARS = 40  # beyond, the table has them
MOST_DOTS = 40  # beyond, a line goes without
_LETTER = 6.2  # about the width of one

# How a part of a whole is drawn: colour and pattern both.
Tone = Literal["good", "half", "bad", "rest"]


@dataclass(frozen=True)
class Point:
    """A value and what it is of; `text` is the value in words where it is more than a number."""

    label: str
    value: float | None
    text: str = ""


@dataclass(frozen=True)
class Bar:
    """A bar with its label above it and its value behind it; `x` is where the bar ends."""

    point: Point
    label: str
    y: float
    x: float


@dataclass(frozen=True)
class Bars:
    """Bars that lie one below the other; `mark` is where a line for comparison stands."""

    height: float
    bars: tuple[Bar, ...]
    points: tuple[Point, ...]
    mark: float | None
    thickness: float = 11.0
    width: float = WIDTH


@dataclass(frozen=True)
class Tick:
    """A place on an axis with its word or number; `anchor` is start, middle or end."""

    at: float
    label: str | float
    anchor: str = "middle"


@dataclass(frozen=True)
class Dot:
    """A point of a line."""

    x: float
    y: float
    point: Point


@dataclass(frozen=True)
class Line:
    """Values in order; a line breaks where a value is unknown. `paths` are lists of points."""

    height: float
    left: float
    right: float
    paths: tuple[str, ...]
    dots: tuple[Dot, ...]
    levels: tuple[Tick, ...]
    ticks: tuple[Tick, ...]
    points: tuple[Point, ...]
    mark: float | None
    width: float = WIDTH


@dataclass(frozen=True)
class Bin:
    """How many values lie from `low` up to, and without, `high`; the last bin has its end."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Pillar:
    """A bin as it is drawn."""

    bin: Bin
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Histogram:
    """How values are spread; `mark` is where a line for comparison stands."""

    height: float
    left: float
    right: float
    floor: float
    pillars: tuple[Pillar, ...]
    levels: tuple[Tick, ...]
    ticks: tuple[Tick, ...]
    bins: tuple[Bin, ...]
    mark: float | None
    width: float = WIDTH


@dataclass(frozen=True)
class Part:
    """A part of a whole."""

    label: str
    value: float
    tone: Tone = "rest"


@dataclass(frozen=True)
class Segment:
    """A part as it is drawn."""

    part: Part
    x: float
    width: float
    share: float


@dataclass(frozen=True)
class Stacked:
    """A whole in its parts, side by side; `share` of a segment is in per cent."""

    segments: tuple[Segment, ...]
    parts: tuple[Part, ...]
    total: float
    height: float = 22.0
    width: float = WIDTH


@dataclass(frozen=True)
class Spread:
    """Values that several gave for one thing, and what they come to."""

    label: str
    values: tuple[int, ...]
    mean: float


@dataclass(frozen=True)
class SpreadDot:
    """A value as it is drawn; `count` gave it, and the dot's area is as their number."""

    x: float
    value: int
    count: int
    radius: float


@dataclass(frozen=True)
class SpreadRow:
    """A thing with its dots on one line; `mark` is where their mean stands."""

    spread: Spread
    label: str
    y: float
    dots: tuple[SpreadDot, ...]
    mark: float


@dataclass(frozen=True)
class Dots:
    """How far apart values are, a row for each thing; `ticks` are the ends and the middle."""

    height: float
    left: float
    right: float
    rows: tuple[SpreadRow, ...]
    ticks: tuple[Tick, ...]
    spreads: tuple[Spread, ...]
    width: float = WIDTH


@dataclass(frozen=True)
class Spark:
    """A small line within a row of a table; `end` is where it ends."""

    paths: tuple[str, ...]
    end: tuple[float, float] | None
    points: tuple[Point, ...]
    width: float = 96.0
    height: float = 24.0


def bars(points: Sequence[Point], *, top: float | None = None, mark: float | None = None) -> Bars:
    """A bar for each of the first MOST_BARS points; `top` is the value of a full width."""
    drawn = points[:MOST_BARS]
    most = _top([point.value for point in drawn] + [mark], top)
    row, thickness = 34.0, 11.0
    made = []
    for place, point in enumerate(drawn):
        x = _across(point.value, most, 0.0, WIDTH)
        longest = int(WIDTH / _LETTER) - max(len(point.text), 5) - 2
        made.append(Bar(point, shortened(point.label, longest), place * row + 17, x))
    at = None if mark is None else _across(mark, most, 0.0, WIDTH)
    return Bars(len(drawn) * row, tuple(made), tuple(points), at, thickness)


def line(
    points: Sequence[Point],
    *,
    top: float | None = None,
    mark: float | None = None,
    height: float = 170.0,
) -> Line:
    """A line through the points, from 0 up to `top`, at equal distances."""
    most = _top([point.value for point in points] + [mark], top)
    left, right, head, floor = 34.0, WIDTH - 8.0, 10.0, height - 22.0
    step = (right - left) / (len(points) - 1) if len(points) > 1 else 0.0
    dots: list[Dot | None] = [
        None
        if point.value is None
        else Dot(
            _round(left + place * step if step else (left + right) / 2),
            _down(point.value, most, head, floor),
            point,
        )
        for place, point in enumerate(points)
    ]
    known = tuple(dot for dot in dots if dot)
    # A value between two gaps has no line: its dot has to be there.
    alone = {run[0] for run in _runs(dots) if len(run) == 1}
    shown = known if len(points) <= MOST_DOTS else tuple(dot for dot in known if dot in alone)
    return Line(
        height,
        left,
        right,
        tuple(_path(run) for run in _runs(dots) if len(run) > 1),
        shown,
        _levels(most, head, floor),
        _ends([point.label for point in points], left, right),
        tuple(points),
        None if mark is None else _down(mark, most, head, floor),
    )


def histogram(
    bins: Sequence[Bin], *, mark: float | None = None, height: float = 170.0
) -> Histogram:
    """A pillar for each bin, as wide as its bin is; bins follow one another without gaps."""
    most = _top([float(one.count) for one in bins], None)
    left, right, head, floor = 34.0, WIDTH - 8.0, 14.0, height - 22.0
    low, high = (bins[0].low, bins[-1].high) if bins else (0.0, 1.0)
    span = (high - low) or 1.0

    def across(value: float) -> float:
        return _round(left + (min(max(value, low), high) - low) / span * (right - left))

    pillars = []
    for one in bins:
        x, y = across(one.low), _down(one.count, most, head, floor)
        width = across(one.high) - x
        gap = min(1.5, width / 5)
        pillars.append(Pillar(one, x, y, _round(width - gap), _round(floor - y)))
    edges = [one.low for one in bins] + ([high] if bins else [])
    every = next((n for n in (1, 2, 5, 10, 20, 25, 50) if len(edges) <= 6 * n + 1), len(edges))
    ticks = [Tick(across(edge), edge) for edge in edges[:: every or 1]]
    return Histogram(
        height,
        left,
        right,
        floor,
        tuple(pillars),
        _levels(most, head, floor),
        tuple(ticks),
        tuple(bins),
        None if mark is None else across(mark),
    )


def stacked(parts: Sequence[Part]) -> Stacked:
    """The parts side by side; one that is there is never too thin to be seen."""
    there = [part for part in parts if part.value > 0]
    total = sum(part.value for part in there)
    thinnest, gap = 3.0, 1.5
    room = WIDTH - gap * (len(there) - 1) - thinnest * len(there) if there else 0.0
    segments, x = [], 0.0
    for part in there:
        width = thinnest + max(room, 0.0) * part.value / total
        segments.append(Segment(part, _round(x), _round(width), 100 * part.value / total))
        x += width + gap
    return Stacked(tuple(segments), tuple(parts), total)


def spark(points: Sequence[Point], *, top: float | None = None) -> Spark:
    """The same as a line, in the height of a word."""
    most = _top([point.value for point in points], top)
    width, height, edge = 96.0, 24.0, 3.5
    step = (width - 2 * edge) / (len(points) - 1) if len(points) > 1 else 0.0
    dots = [
        None
        if point.value is None
        else Dot(
            _round(edge + place * step if step else width / 2),
            _down(point.value, most, edge, height - edge),
            point,
        )
        for place, point in enumerate(points)
    ]
    known = [dot for dot in dots if dot]
    return Spark(
        tuple(_path(run) for run in _runs(dots) if len(run) > 1),
        (known[-1].x, known[-1].y) if known else None,
        tuple(points),
    )


def dots(spreads: Sequence[Spread], *, top: int) -> Dots:
    """A row for each of the first MOST_BARS things, on a scale from 0 to `top`."""
    left, right, row = 10.0, WIDTH - 10.0, 36.0
    drawn = spreads[:MOST_BARS]
    longest = int(WIDTH / _LETTER) - 8
    rows = []
    for place, spread in enumerate(drawn):
        counts = Counter(spread.values)
        found = [
            SpreadDot(
                _across(value, top, left, right), value, n, _round(min(3.6 * math.sqrt(n), 9.5))
            )
            for value, n in sorted(counts.items())
        ]
        mark = _across(spread.mean, top, left, right)
        label = shortened(spread.label, longest)
        rows.append(SpreadRow(spread, label, place * row + 24, tuple(found), mark))
    ends = (Tick(left, 0.0, "start"), Tick((left + right) / 2, top / 2), Tick(right, top, "end"))
    height = len(drawn) * row + 20
    return Dots(height, left, right, tuple(rows), ends, tuple(spreads))


def shortened(label: str, longest: int) -> str:
    """The label as far as it fits; tables have all of it."""
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"


def _top(values: Sequence[float | None], given: float | None) -> float:
    """A round number that no value is above: 1, 2 or 5 times a power of ten."""
    most = max((value for value in values if value is not None), default=0.0)
    if given is not None and given >= most:
        return given
    if most <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= most * (1 - 1e-9))


def _levels(most: float, head: float, floor: float) -> tuple[Tick, ...]:
    return tuple(Tick(_down(value, most, head, floor), value) for value in _marked(most))


def _marked(top: float) -> tuple[float, ...]:
    """What a scale names: its ends and the middle, but no half of a person or answer."""
    return (0.0, top) if top % 2 == 1 else (0.0, top / 2, top)


def _ends(labels: Sequence[str], left: float, right: float) -> tuple[Tick, ...]:
    """The first, the last and, where they do not touch, the middle label."""
    if not labels:
        return ()
    if len(labels) == 1:
        return (Tick((left + right) / 2, shortened(labels[0], 24)),)
    ends = (
        Tick(left, shortened(labels[0], 14), "start"),
        Tick(right, shortened(labels[-1], 14), "end"),
    )
    middle, odd = divmod(len(labels) - 1, 2)
    if odd or middle == 0:
        return ends
    return (ends[0], Tick((left + right) / 2, shortened(labels[middle], 14)), ends[1])


def _runs(dots: Sequence[Dot | None]) -> list[list[Dot]]:
    """The dots between the gaps."""
    runs = groupby(dots, key=lambda dot: dot is not None)
    return [[dot for dot in run if dot] for is_there, run in runs if is_there]


def _path(dots: Sequence[Dot]) -> str:
    return " ".join(f"{dot.x:g},{dot.y:g}" for dot in dots)


def _across(value: float | None, most: float, left: float, right: float) -> float:
    share = min(max((value or 0.0) / most, 0.0), 1.0)
    return _round(left + share * (right - left))


def _down(value: float, most: float, head: float, floor: float) -> float:
    return _round(floor - min(max(value / most, 0.0), 1.0) * (floor - head))


def _round(value: float) -> float:
    return round(value, 1)
