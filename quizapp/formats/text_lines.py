"""The lines of a plain text and what their looks say: heading, step, bullet, paragraph."""

import re
from dataclasses import dataclass

_BULLET = re.compile(r"^[-*+•·●▪◦‣–—]\s+(?=\S)")
_RULE = re.compile(r"[-=_*~]{3,}$")
_NUMBERED = re.compile(
    r"(?P<number>\d{1,3})\s{0,2}(?P<end>[.)]|[º°][.)]?(?:\s?[-–—])?|[-–—](?!\s*\d))\s+(?=\S)"
)
_DEEP = re.compile(r"(?P<path>\d{1,3}(?:\.\d{1,3}){1,3})[.)]?(?:\s?[-–—])?\s+(?=\S)")
_LETTERED = re.compile(r"(?P<letter>[A-Za-z])\s{0,2}(?P<end>[.)]|[-–—])\s+(?=\S)")
_MAX_HEADING = 160


@dataclass(frozen=True)
class Line:
    """A line that is not blank; `gap` says that a blank one stands before it."""

    number: int
    text: str
    indent: int
    gap: bool

    @property
    def bullet(self) -> bool:
        """Whether the line begins with a bullet."""
        return bool(_BULLET.match(self.text)) and not self.is_rule

    @property
    def words(self) -> str:
        """The line without its bullet."""
        return _BULLET.sub("", self.text, count=1)

    @property
    def is_rule(self) -> bool:
        """Whether the line only divides."""
        return bool(_RULE.match(self.text))

    @property
    def numbered(self) -> re.Match[str] | None:
        """A number as steps have it: `1 -`, `1.`, `1)`, `1º`."""
        return _NUMBERED.match(self.text)

    @property
    def deep(self) -> re.Match[str] | None:
        """A number of several parts: `3.1`."""
        return _DEEP.match(self.text)

    @property
    def lettered(self) -> re.Match[str] | None:
        """A letter as steps have it: `a -`, `a)`, `a.`."""
        return _LETTERED.match(self.text)


def lines_of(text: str, first: int) -> list[Line]:
    """The lines of a text that are not blank; `first` is the number of its first."""
    found: list[Line] = []
    gap = False
    for number, raw in enumerate(text.split("\n"), start=first):
        line = raw.expandtabs(4)
        stripped = line.strip()
        if stripped:
            found.append(Line(number, stripped, len(line) - len(line.lstrip()), gap))
        gap = not stripped
    return found


def in_capitals(text: str) -> bool:
    """Whether a line is all in capitals, as a heading is, and not a code or a sentence."""
    text = text.replace("**", "").strip()
    letters = [c for c in text[: _MAX_HEADING + 1] if c.isalpha()]
    digits = sum(c.isdigit() for c in text[:_MAX_HEADING])
    return (
        len(text) <= _MAX_HEADING
        and len(letters) >= max(2, digits)
        and all(c.isupper() or c in "ºª" for c in letters)
        and not text.endswith((".", ",", ";", "!"))
        and not any(mark in text for mark in ("|", "@", "://", "www."))
    )


def wraps(before: Line, line: Line, width: int) -> bool:
    """Whether a sentence broken by hand at this width goes on in the next line."""
    return (
        not line.gap
        and width <= 110
        and len(before.text) >= max(40, 0.7 * width)
        and not before.text.endswith((".", "!", "?", ":", ";"))
        and line.text[0].islower()
    )
