"""The numbers and letters that Word counts by itself, which stand in no paragraph's text."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from quizapp.formats.office.word.names import attribute, child, local, number, value
from quizapp.formats.office.word.styles import indent_of

_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True)
class Level:
    """How the entries of one level of a list are marked; `text` has %1 for the first level's."""

    start: int = 1
    format: str = "decimal"
    text: str = "%1."
    style: str = ""
    indent: float | None = None
    restarts: bool = True


@dataclass(frozen=True)
class Label:
    """The mark of an entry: as Word shows it, and as Markdown has it ("" where it has none)."""

    shown: str
    mark: str
    group: str
    rank: int
    indent: float


@dataclass
class _List:
    """A list's own numbering: the levels that it shares, and where it begins anew."""

    shared: str
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


@dataclass
class Numbering:
    """Counts the entries of a document's lists, in the order of the text."""

    lists: dict[str, _List] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def rank_of_style(self, list_id: str, style: str, rank: int) -> int:
        """The level of a list that a style is bound to."""
        levels = self.lists[list_id].levels if list_id in self.lists else {}
        return next((r for r, level in levels.items() if style and level.style == style), rank)

    def label(self, list_id: str, rank: int) -> Label | None:
        """The mark of the next entry of a list at this level; None where there is no such list."""
        found = self.lists.get(list_id)
        if not found:
            return None
        rank = min(max(rank, 0), _LEVELS - 1)
        level = found.levels.get(rank, Level(text=f"%{rank + 1}."))
        counts = self._count(list_id, found, rank)
        shown = _PLACE.sub(lambda place: _written(found, counts, int(place[1]) - 1), level.text)
        if level.format == "bullet":
            shown = "•"
        indent = 36.0 * (rank + 1) if level.indent is None else level.indent
        # Lists that share their levels are one to the reader.
        group = f"list {found.shared}"
        return Label(shown.strip(), _mark(level, counts[rank]), group, rank, indent)

    def _count(self, list_id: str, found: _List, rank: int) -> dict[int, int]:
        """The counts of a list's levels, with one more at this level and none below it."""
        counts = self.counts.setdefault(found.shared, {})
        for higher in range(rank):
            counts.setdefault(higher, found.levels.get(higher, Level()).start)
        anew = rank in found.starts and (list_id, rank) not in self.begun
        self.begun.add((list_id, rank))
        if anew:
            counts[rank] = found.starts[rank]
        elif rank in counts:
            counts[rank] += 1
        else:
            counts[rank] = found.levels.get(rank, Level()).start
        for lower in [lower for lower in counts if lower > rank]:
            if found.levels.get(lower, Level()).restarts:
                del counts[lower]
        return counts


def read_numbering(root: Element | None) -> Numbering:
    """The lists of a document, from the root of their part."""
    shared: dict[str, dict[int, Level]] = {}
    links: dict[str, str] = {}
    names: dict[str, str] = {}
    numbering = Numbering()
    for element in root if root is not None else ():
        if local(element.tag) == "abstractNum":
            known = attribute(element, "abstractNumId")
            shared[known] = _levels(element)
            links[known] = value(element, "numStyleLink")
            names[value(element, "styleLink")] = known
        elif local(element.tag) == "num":
            known = value(element, "abstractNumId")
            known = names.get(links.get(known, ""), known) if links.get(known) else known
            numbering.lists[attribute(element, "numId")] = _list(element, known, shared)
    return numbering


def _list(element: Element, known: str, shared: dict[str, dict[int, Level]]) -> _List:
    found = _List(known, dict(shared.get(known, {})))
    for override in element:
        if local(override.tag) != "lvlOverride":
            continue
        rank = number(attribute(override, "ilvl"))
        if start := value(override, "startOverride"):
            found.starts[rank] = number(start, 1)
        if (own := child(override, "lvl")) is not None:
            found.levels[rank] = _level(own)
    return found


def _levels(element: Element) -> dict[int, Level]:
    return {
        number(attribute(level, "ilvl")): _level(level)
        for level in element
        if local(level.tag) == "lvl"
    }


def _level(element: Element) -> Level:
    return Level(
        start=number(value(element, "start"), 1) if value(element, "start") else 1,
        format=value(element, "numFmt") or "decimal",
        text=value(element, "lvlText"),
        style=value(element, "pStyle"),
        indent=indent_of(child(element, "pPr")),
        restarts=value(element, "lvlRestart") != "0",
    )


def _mark(level: Level, count: int) -> str:
    """A mark of Markdown that says the same; roman numbers and words have none."""
    if level.format in ("bullet", "none"):
        return "-" if level.format == "bullet" else ""
    if any(character.isalpha() for character in _PLACE.sub("", level.text)):
        return ""
    if level.format in ("decimal", "decimalZero", "ordinal"):
        return f"{count})" if level.text.endswith(")") else f"{count}."
    if level.format in ("lowerLetter", "upperLetter") and 1 <= count <= 26:
        return f"{_counted(level.format, count)})"
    return ""


def _written(found: _List, counts: dict[int, int], rank: int) -> str:
    level = found.levels.get(rank, Level())
    return _counted(level.format, counts.get(rank, level.start))


def _counted(style: str, count: int) -> str:
    """A count as Word writes it in this format."""
    count = min(max(count, 0), 9999)
    match style:
        case "lowerLetter" | "upperLetter" if count:
            letter = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 9)
            return letter.upper() if style == "upperLetter" else letter
        case "lowerRoman" | "upperRoman":
            text = ""
            for amount, letters in _ROMAN:
                text += letters * (count // amount)
                count %= amount
            return text.upper() if style == "upperRoman" else text
        case "decimalZero":
            return f"{count:02}"
        case "ordinal":
            return f"{count}º"
        case "none" | "bullet":
            return ""
        case _:
            return str(count)
