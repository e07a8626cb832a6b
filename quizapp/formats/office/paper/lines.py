"""The lines of a page: words with their place, size and weight."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from quizapp.formats.office.typed import begins_entry
from quizapp.formats.runs import BOLD, ITALIC, Run

_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique", re.IGNORECASE)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
# Signs of the fonts Symbol and Wingdings, which have no characters of their own.
_SYMBOLS = dict(zip("\uf0b7\uf0a7\uf0d8\uf0fc\uf0a8\uf0fe", "•▪➢✓☐☑", strict=True))
_BLANKS = dict.fromkeys("\t\r\x0b\x0c\x85\u2028\u2029", " ")
_SIGNS = str.maketrans({**_LIGATURES, **_SYMBOLS, **_BLANKS})
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"(?:p[aá]g(?:ina|\.)?|page)?[\s|-]*#(?:[\s-]*(?:/|de|of)\s*#)?[\s|-]*", re.IGNORECASE
)
# As many lines at the top and at the bottom may be the same on every page.
_ZONE = 3
_SAME_HEIGHT = 3.0

Matrix = Sequence[float]


@dataclass(eq=False, slots=True)
class Line:
    """A line of a page; place and size in points, `y` from the bottom."""

    page: int
    runs: list[Run] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    size: float = 0.0
    is_bold: bool = True

    @property
    def text(self) -> str:
        """The words of the line."""
        return " ".join("".join(run.text for run in self.runs).split())


class Collector:
    """Takes the pieces of text of a page as pypdf finds them, and makes lines of them."""

    def __init__(self, page: int) -> None:
        self.page = page
        self.lines: list[Line] = []
        self.line = Line(page)

    def visit(self, text: str, cm: Matrix, tm: Matrix, font: Any, size: float) -> None:
        """A piece of text, with the matrices and the font that it is written with."""
        for count, part in enumerate(text.split("\n")):
            if count:
                self.end()
            if part:
                self._add(part.translate(_SIGNS), cm, tm, font, size)

    def _add(self, text: str, cm: Matrix, tm: Matrix, font: Any, size: float) -> None:
        line = self.line
        name = str(font.get("/BaseFont", "")) if isinstance(font, dict) else ""
        is_bold = bool(_BOLD.search(name))
        if text.strip():
            if not any(run.text.strip() for run in line.runs):
                line.x, line.y = _place(cm, tm)
                line.size = _scaled(size, cm, tm)
                if text.strip() == "o" and "courier" in name.lower():
                    text = "•"  # the bullet of a second level
            line.is_bold = line.is_bold and is_bold
        emphasis = BOLD * is_bold + ITALIC * bool(_ITALIC.search(name))
        line.runs.append(Run(text, emphasis=emphasis))

    def end(self) -> None:
        """The line ends."""
        if self.line.text:
            self.lines.append(self.line)
        self.line = Line(self.page)


def _place(cm: Matrix, tm: Matrix) -> tuple[float, float]:
    x, y = tm[4], tm[5]
    return x * cm[0] + y * cm[2] + cm[4], x * cm[1] + y * cm[3] + cm[5]


def _scaled(size: float, cm: Matrix, tm: Matrix) -> float:
    """The size on the page, to half a point."""
    area = abs(cm[0] * cm[3] - cm[1] * cm[2]) * abs(tm[0] * tm[3] - tm[1] * tm[2])
    found = abs(size) * math.sqrt(area)
    return round(min(found, 500.0) * 2) / 2 if math.isfinite(found) else 0.0


def without_frames(pages: list[list[Line]]) -> tuple[list[list[Line]], list[str]]:
    """The pages without the lines that most of them have at the top or bottom, and those lines."""
    if len(pages) < 2:
        return pages, []
    outer = [line for lines in pages for line in _outermost(lines)]
    places: dict[str, list[float]] = {}
    for line in outer:
        places.setdefault(_key(line), []).append(line.y)
    least = max(2, math.ceil(0.6 * len(pages)))
    frames: set[Line] = set()
    for line in outer:
        # Text may end alike on two pages, an option may be a number: but not at one height.
        alike = sum(abs(line.y - y) <= _SAME_HEIGHT for y in places[_key(line)])
        if alike >= least and not begins_entry(line.text):
            frames.add(line)
    kept = [[line for line in lines if line not in frames] for lines in pages]
    texts = {_key(line): line.text for line in outer if line in frames}
    return kept, [text for key, text in texts.items() if not _NUMBER.fullmatch(key)]


def _outermost(lines: list[Line]) -> list[Line]:
    """The lines at the top and at the bottom of a page."""
    ordered = sorted(lines, key=lambda line: -line.y)
    return list(dict.fromkeys([*ordered[:_ZONE], *ordered[-_ZONE:]]))


def _key(line: Line) -> str:
    """The words of a line but for its numbers, which differ from page to page."""
    return _DIGITS.sub("#", line.text)
