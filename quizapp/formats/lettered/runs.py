"""The options of a pasted question: lines with letters in their order, boxes, signs or bullets."""

from collections.abc import Callable
from dataclasses import dataclass, field

from quizapp.formats.lettered.labels import announces_keys, explanation_of, key_of
from quizapp.formats.lettered.lines import Line
from quizapp.formats.lettered.signs import Mark, bullet_of, heading_of, opener_of, option_of

_LETTERS = "ABCDEFGHIJKL"
# An option of more lines is none.
_MAX_LINES = 60


@dataclass
class Choice:
    """An option as it stands: its mark, the lines of its text, and the quote below it."""

    mark: Mark
    lines: list[Line]
    feedback: list[Line] = field(default_factory=list)

    def take(self, line: Line) -> None:
        """Add a line below the first."""
        is_quote = not line.is_code and line.text.startswith(">")
        (self.feedback if is_quote else self.lines).append(line)


@dataclass
class Run:
    """The options of one question, and which lines they are: from start to before end."""

    start: int
    end: int
    choices: list[Choice]


def runs_of(lines: list[Line], with_bullets: bool = False) -> list[Run]:
    """The runs of options in a text; plain bullets begin one only where that is asked for."""
    found: list[Run] = []
    position = 0
    while position < len(lines):
        mark = option_of(lines[position])
        run = _alphabet(lines, position, mark) if mark and mark.letter == "A" else None
        if mark and mark.kind == "box" and not (run and len(run.choices) > 1):
            run = _row(lines, position, option_of, "box")
        elif with_bullets and not mark and (bullet := bullet_of(lines[position])):
            run = _row(lines, position, bullet_of, bullet.kind)
        if run and len(run.choices) > 1:
            found.append(run)
            position = run.end
        else:
            position += 1
    return found


def _alphabet(lines: list[Line], start: int, first: Mark) -> Run:
    """The options from A on, each with the lines up to the next letter."""
    run = Run(start, start + 1, [Choice(first, [lines[start].with_text(first.text)])])
    for letter in _LETTERS[1:]:
        found = _next(lines, run.end, letter)
        if not found:
            break
        place, mark = found
        for line in lines[run.end : place]:
            run.choices[-1].take(line)
        run.choices.append(Choice(mark, [lines[place].with_text(mark.text)]))
        run.end = place + 1
    while run.end < len(lines) and _goes_on(lines[run.end]):
        run.choices[-1].take(lines[run.end])
        run.end += 1
    return run


def _next(lines: list[Line], start: int, letter: str) -> tuple[int, Mark] | None:
    """Where the option of this letter stands, with nothing before it that begins something else."""
    for place in range(start, min(start + _MAX_LINES, len(lines))):
        line = lines[place]
        mark = option_of(line)
        if mark and mark.letter == letter:
            return place, mark
        if (mark and mark.letter in ("", "A")) or _ends_options(line):
            return None
    return None


def _row(lines: list[Line], start: int, mark_of: Callable[[Line], Mark | None], kind: str) -> Run:
    """The options that follow one another with the same kind of mark."""
    run = Run(start, start, [])
    indent = lines[start].indent
    while run.end < len(lines):
        line = lines[run.end]
        mark = mark_of(line)
        if mark and mark.kind == kind and (kind == "box" or line.indent == indent):
            if kind == "number" and mark.letter != str(len(run.choices) + 1):
                break
            run.choices.append(Choice(mark, [line.with_text(mark.text)]))
        elif not run.choices or not _belongs(line, indent):
            break
        else:
            run.choices[-1].take(line)
        run.end += 1
    return run


def _belongs(line: Line, indent: int) -> bool:
    """Whether a line below an option at this indent is part of it."""
    if line.indent > indent + 1:
        return not _ends_options(line) and not option_of(line)
    return _goes_on(line)


def _goes_on(line: Line) -> bool:
    """Whether a line right below an option goes on with it."""
    if line.gap:
        return False
    if line.is_code or line.text.startswith(">"):
        return key_of(line) is None and explanation_of(line) is None
    begins = opener_of(line) or option_of(line) or line.text.endswith("?")
    return not begins and not _ends_options(line)


def _ends_options(line: Line) -> bool:
    """Whether a line cannot stand between two options of a question."""
    if line.is_code:
        return False
    opener = opener_of(line)
    return bool(
        line.is_rule
        or (opener and opener.level > 1)
        or heading_of(line)
        or announces_keys(line)
        or key_of(line) is not None
        or explanation_of(line) is not None
    )
