"""A procedure in plain text: its looks become Markdown, which is read like any other."""

from quizapp.formats.front_matter import FrontMatter
from quizapp.formats.limits import MAX_SECTIONS
from quizapp.formats.markdown_procedure import assemble, too_large
from quizapp.formats.model import Procedure
from quizapp.formats.sections import Draft
from quizapp.formats.text import clean_heading, escape_text
from quizapp.formats.text_blocks import Writer
from quizapp.formats.text_lines import Line, in_capitals, lines_of
from quizapp.formats.titles import heading_text, title_like

_LEVEL = 2
_MAX_ADJACENT = 2


def read_text(name: str, matter: FrontMatter, source: str) -> Procedure:
    """The sections that the capitals of a plain text open."""
    lines = lines_of(matter.body, matter.body_line)
    title, lines = _take_title(lines, clean_heading(matter.get("title")))
    if len(_headings(lines)) > MAX_SECTIONS:
        return too_large(name, matter, source, "text")
    return assemble(name, matter, source, "text", title, _drafts(lines))


def _take_title(lines: list[Line], given: str) -> tuple[str, list[Line]]:
    """The title on the first line, or on lines in capitals right below each other."""
    if not lines:
        return "", lines
    after = lines[1].text if len(lines) > 1 and not lines[1].gap else ""
    if not title_like(lines[0].text, after):
        return "", lines
    count = 1
    while (
        count < min(3, len(lines))
        and not lines[count].gap
        and in_capitals(lines[0].text)
        and in_capitals(lines[count].text)
    ):
        count += 1
    title = _heading(lines[:count])
    return (title, lines[count:]) if given in ("", title) else ("", lines)


def _heading(lines: list[Line]) -> str:
    return heading_text(" ".join(escape_text(line.text) for line in lines))


def _drafts(lines: list[Line]) -> list[Draft]:
    """The lines before the first heading, and each heading with the lines below it."""
    headings = _headings(lines)
    starts = sorted(headings)
    first = starts[0] if starts else len(lines)
    drafts = [_draft("", 0, lines[0].number, lines[:first], None)] if first else []
    for position, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        heading, level, count = headings[position]
        body = lines[position + count : end]
        strong = body[0] if level > _LEVEL and body and in_capitals(body[0].text) else None
        drafts.append(_draft(heading, level, lines[position].number, body, strong))
    return drafts


def _draft(heading: str, level: int, number: int, lines: list[Line], strong: Line | None) -> Draft:
    markdown, numbers = Writer().write(lines, strong)
    return Draft(heading, level, number, markdown, numbers)


def _headings(lines: list[Line]) -> dict[int, tuple[str, int, int]]:
    """By position: the heading's text, its level, and how many lines it takes."""
    capitals = [_is_heading(line) for line in lines]
    shouting = sum(capitals) * 2 > len(lines)  # all in capitals: they say nothing
    found: dict[int, tuple[str, int, int]] = {}
    position = 0
    while position < len(lines):
        count = 1
        if _is_named_bullet(lines, position):
            found[position] = (heading_text(escape_text(lines[position].words)), _LEVEL + 1, 1)
        elif _is_underlined(lines, position):
            found[position] = (_heading(lines[position : position + 1]), _LEVEL, 2)
            count = 2
        elif capitals[position] and not shouting:
            while position + count < len(lines) and _goes_on(lines, capitals, position + count):
                count += 1
            belongs = found.get(position - 1, ("", 0, 0))[1] > _LEVEL
            if count <= _MAX_ADJACENT and not belongs:
                text = _heading(lines[position : position + count])
                found[position] = (text, _LEVEL, count)
        position += count
    return found


def _is_heading(line: Line) -> bool:
    return in_capitals(line.text) and not line.bullet and not line.is_rule


def _goes_on(lines: list[Line], capitals: list[bool], position: int) -> bool:
    return capitals[position] and not lines[position].gap


def _is_named_bullet(lines: list[Line], position: int) -> bool:
    """Whether a line is a bullet alone, in capitals, that ends in a colon: "* URGENTE:"."""
    line = lines[position]
    near = lines[max(0, position - 1) : position] + lines[position + 1 : position + 2]
    return (
        line.bullet
        and line.text.rstrip("*").endswith(":")
        and in_capitals(line.words)
        and not any(other.bullet for other in near)
    )


def _is_underlined(lines: list[Line], position: int) -> bool:
    if position + 1 >= len(lines) or lines[position].is_rule or lines[position].bullet:
        return False
    below = lines[position + 1]
    return (
        below.is_rule
        and below.text[0] in "-="
        and not below.gap
        and len(lines[position].text) <= len(below.text) + 3
    )
