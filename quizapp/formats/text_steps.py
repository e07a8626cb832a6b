"""Which lines of a plain text are steps, and which lines belong to them."""

from dataclasses import dataclass, field

from quizapp.formats.text_lines import Line


@dataclass(frozen=True)
class Marked:
    """A line that is a step: the list that it stands in, its depth, its mark, its text."""

    series: int
    depth: int
    mark: str
    text: str


@dataclass
class Steps:
    """The steps of a section, by the position of their line.

    A number goes on with the list that is open if it is greater than the last one; `1` and
    `1.` begin a list; letters number below the number before them.
    """

    lines: list[Line]
    found: dict[int, Marked] = field(default_factory=dict)
    series: int = 0
    path: list[int] = field(default_factory=list)
    letter: int = 0

    def find(self) -> dict[int, Marked]:
        """Read the lines in order."""
        for position, line in enumerate(self.lines):
            marked = self._numbered(position, line) or self._lettered(position, line)
            if marked:
                self.found[position] = marked
        return self.found

    def _numbered(self, position: int, line: Line) -> Marked | None:
        if deep := line.deep:
            return self._deep([int(part) for part in deep["path"].split(".")], line, deep.end())
        match = line.numbered
        if not match:
            return None
        number = int(match["number"])
        if not self.path or number <= self.path[0]:
            sure = number == 1 or match["end"] in ".)"
            if not sure and not self._follows(position, number + 1):
                return None
            self.series += 1
        self.path, self.letter = [number], 0
        return Marked(self.series, 1, f"{number}. ", line.text[match.end() :])

    def _follows(self, position: int, number: int) -> bool:
        """Whether a line with this number comes after the position."""
        return any(
            match is not None and int(match["number"]) == number
            for match in (line.numbered for line in self.lines[position + 1 : position + 30])
        )

    def _deep(self, path: list[int], line: Line, end: int) -> Marked | None:
        """`3.1` is a step of the list under 3, if that is where we are."""
        if path[:-1] != self.path[: len(path) - 1] or self.letter:
            return None
        self.path = path
        return Marked(self.series, len(path), f"{path[-1]}. ", line.text[end:])

    def _lettered(self, position: int, line: Line) -> Marked | None:
        match = line.lettered
        if not match:
            return None
        ordinal = ord(match["letter"].lower()) - ord("a") + 1
        if not self._is_next_letter(position, ordinal, match["end"]):
            return None
        if not self.path and not self.letter:
            self.series += 1
        self.letter = ordinal
        return Marked(
            self.series, len(self.path) + 1, f"{match['letter']}) ", line.text[match.end() :]
        )

    def _is_next_letter(self, position: int, ordinal: int, end: str) -> bool:
        if self.letter:
            return self.letter < ordinal <= self.letter + 3
        if ordinal != 1:
            return False
        # A lone "a - " may be a word; below a number, or before a "b", it is a step.
        following = (line.lettered for line in self.lines[position + 1 : position + 30])
        return bool(self.path) or end == ")" or any(m and m["letter"] in "bB" for m in following)


def owned(lines: list[Line], steps: dict[int, Marked]) -> dict[int, int]:
    """The depth of the step that each line without a mark belongs to.

    What stands between two steps of a list belongs to the first of them; after the last one, an
    indented line or a bullet right below it does.
    """
    depths: dict[int, int] = {}
    positions = sorted(steps)
    for position, following in zip(positions, [*positions, len(lines)][1:], strict=True):
        step = steps[position]
        between = following < len(lines) and steps[following].series == step.series
        for index in range(position + 1, following):
            line = lines[index]
            inside = line.indent > lines[position].indent or (line.bullet and not line.gap)
            if not between and not inside:
                break
            depths[index] = step.depth
    return depths
