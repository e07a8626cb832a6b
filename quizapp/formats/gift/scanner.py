"""A GIFT file cut into its questions: where each begins and ends, and where its answers stand."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

# `::name::`, where the name may hold single colons and escaped ones.
NAME = re.compile(r"\s*::((?:[^\\:\n]|\\.|:(?!:))*)::")
CATEGORY = re.compile(r"\s*\$CATEGORY:", re.IGNORECASE)
_BRACE = re.compile(r"\\.|([{}])")
# Of the braces that belong nowhere, as many as one needs to see.
_MOST_STRAYS = 20


@dataclass
class Raw:
    """One question's lines, comments apart.

    `numbers` are the lines' numbers in the file, `starts` their offsets in `text`; `open` and
    `close` are the offsets of the braces around the answers (-1: none), `strays` those of others.
    `joined` says that the question before ends on the line above.
    """

    category: str = ""
    joined: bool = False
    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    comments: list[tuple[int, str]] = field(default_factory=list)
    open: int = -1
    close: int = -1
    strays: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines as one text, which all offsets refer to."""
        return "\n".join(self.lines)

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the column in the file of an offset in the text."""
        index = max(bisect_right(self.starts, offset) - 1, 0)
        return self.numbers[index], offset - self.starts[index] + 1

    def is_open(self) -> bool:
        """Whether the answers have begun and not ended."""
        return self.open >= 0 > self.close

    def add(self, number: int, line: str) -> None:
        """Take in a line, and note its braces; a name may hold some."""
        start = self.starts[-1] + len(self.lines[-1]) + 1 if self.lines else 0
        name = None if self.lines else NAME.match(line)
        self.lines.append(line)
        self.numbers.append(number)
        self.starts.append(start)
        for at, brace in _braces(line, name.end() if name else 0):
            if brace == "{" and self.open < 0:
                self.open = start + at
            elif brace == "}" and self.is_open():
                self.close = start + at
            elif len(self.strays) < _MOST_STRAYS:
                self.strays.append(start + at)

    def divide(self) -> "Raw":
        """Cut off the lines below the one that closes the answers, as a question of their own."""
        last = bisect_right(self.starts, self.close)
        below = Raw(self.category, joined=True)
        for number, line in zip(self.numbers[last:], self.lines[last:], strict=True):
            below.add(number, line)
        if below.lines:
            self.strays = [at for at in self.strays if at < self.starts[last]]
            del self.lines[last:], self.numbers[last:], self.starts[last:]
        return below


def scan(text: str) -> list[Raw]:
    """The questions of a file in order, each under the category that stands above it.

    A blank line ends a question, as in Moodle. Among answers that are closed further down it
    does not; and questions without one between them are told apart by braces and names.
    """
    return _Scanner(text.split("\n")).run()


class _Scanner:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.ahead = _next_braces(lines)
        self.found: list[Raw] = []
        self.raw = Raw()

    def run(self) -> list[Raw]:
        for index, line in enumerate(self.lines):
            self._take(index, line)
        self._begin(Raw())
        return self.found

    def _begin(self, raw: Raw) -> None:
        """End the question at hand, and begin another."""
        if self.raw.lines:
            self.found.append(self.raw)
        self.raw = raw

    def _take(self, index: int, line: str) -> None:
        stripped, raw = line.strip(), self.raw
        if not stripped:
            self._take_blank(index)
        elif stripped.startswith("//"):
            if raw.close >= 0:
                self._begin(Raw(raw.category))
            self.raw.comments.append((len(self.raw.lines), stripped))
        elif CATEGORY.match(line):
            self._begin(Raw(stripped.partition(":")[2].strip()))
        else:
            if raw.lines and self._is_begun(index, stripped):
                below = Raw(raw.category)
                below.comments = [found for found in raw.comments if found[0] == len(raw.lines)]
                self._begin(below)
            elif raw.close >= 0 and next(_braces(line), (0, ""))[1] == "{":
                self._begin(raw.divide())
            self.raw.add(index + 1, line)

    def _take_blank(self, index: int) -> None:
        raw = self.raw
        if raw.is_open() and self.ahead[index] == "}":
            raw.add(index + 1, "")
        else:
            self._begin(Raw(raw.category))

    def _is_begun(self, index: int, stripped: str) -> bool:
        """Whether a line with a name begins another question; not so within answers."""
        if not stripped.startswith("::") or not NAME.match(stripped):
            return False
        within = self.raw.is_open() and self.ahead[index] == "}"
        return not within or not self.raw.lines[-1]


def _braces(line: str, start: int = 0) -> Iterator[tuple[int, str]]:
    """The unescaped braces of a line, with their offsets."""
    if "{" in line or "}" in line:
        for match in _BRACE.finditer(line, start):
            if match[1]:
                yield match.start(), match[1]


def _next_braces(lines: list[str]) -> list[str]:
    """For each line the first brace at or below it; a category's line counts as an opening one."""
    found, brace = [""] * len(lines), ""
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if "$" in line and CATEGORY.match(line):
            brace = "{"
        elif not line.lstrip().startswith("//"):
            brace = next((sign for _, sign in _braces(line)), brace)
        found[index] = brace
    return found
