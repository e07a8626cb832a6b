"""Headings with their text become sections."""

from dataclasses import dataclass, field

from quizapp.formats.blocks import parse
from quizapp.formats.links import References
from quizapp.formats.model import Problem, Section
from quizapp.formats.plain import plain, substance
from quizapp.formats.render import to_html
from quizapp.formats.steps import Numbering
from quizapp.formats.text import anchor, content_hash

START = "inicio"


@dataclass(frozen=True)
class Draft:
    """A section before its text is read; `lines` are the source's, one for each of `markdown`.

    The text before the first heading has no heading and level 0.
    """

    heading: str
    level: int
    line: int
    markdown: str
    lines: list[int] = field(default_factory=list)


def build(
    drafts: list[Draft], references: References | None = None
) -> tuple[tuple[Section, ...], list[Problem]]:
    """The sections of a document under unique anchors, with what is odd in their lists."""
    taken: set[str] = set()
    sections: list[Section] = []
    problems: list[Problem] = []
    for position, draft in enumerate(drafts):
        name = anchor(draft.heading, taken) if draft.level else START
        taken.add(name)
        # What stands before the first heading is nobody's parent: it has that heading's level.
        level = draft.level or (drafts[1].level if len(drafts) > position + 1 else 1)
        section, found = _section(draft, name, level, references)
        sections.append(section)
        problems += found
    return tuple(sections), problems


def _section(
    draft: Draft, name: str, level: int, references: References | None
) -> tuple[Section, list[Problem]]:
    blocks = parse(draft.markdown, html=True, references=references)
    numbering = Numbering(name, blocks, draft.lines)
    steps = numbering.run()
    problems = numbering.problems
    if blocks.too_deep:
        problems.append(Problem(draft.line, 1, "warning", "nesting-too-deep"))
    section = Section(
        anchor=name,
        heading=draft.heading,
        level=level,
        line=draft.line,
        text=plain(blocks.page),
        html=to_html(blocks.page),
        hash=content_hash(substance(blocks.page)),
        markdown=draft.markdown,
        steps=tuple(steps),
    )
    return section, problems
