"""A procedure in Markdown."""

from dataclasses import replace

from quizapp.formats.blocks import outline
from quizapp.formats.front_matter import (
    DEFAULT_LANGUAGE,
    FrontMatter,
    check_id,
    in_force_from,
)
from quizapp.formats.limits import MAX_SECTIONS, too_many_sections
from quizapp.formats.links import References
from quizapp.formats.model import Problem, Procedure
from quizapp.formats.sections import Draft, build
from quizapp.formats.structure import Block
from quizapp.formats.text import PLACEHOLDER, clean_heading
from quizapp.formats.titles import heading_text, identity, title_like, title_or_name


def read_markdown(name: str, matter: FrontMatter, source: str) -> Procedure:
    """The sections that the headings of a Markdown file open."""
    root, references = outline(matter.body, html=True)
    headings = [block for block in root.children if block.type == "heading"]
    if len(headings) > MAX_SECTIONS:
        return too_large(name, matter, source, "markdown")
    drafts = _drafts(matter, root)
    title, drafts = _take_title(drafts, matter)
    return assemble(name, matter, source, "markdown", title, drafts, references)


def _drafts(matter: FrontMatter, root: Block) -> list[Draft]:
    """The text before the first heading, and each heading with the text below it."""
    lines = matter.body.split("\n")
    openings = [
        (block.first, block.end, block.level, heading_text(block.text.replace(PLACEHOLDER, "<")))
        for block in root.children
        if block.type == "heading"
    ]
    starts = [*(opening[0] for opening in openings), len(lines)]
    drafts = [_draft(lines, 0, starts[0], matter.body_line, "", 0)]
    for (start, first, level, heading), end in zip(openings, starts[1:], strict=True):
        draft = _draft(lines, first, end, matter.body_line, heading, level)
        drafts.append(replace(draft, line=start + matter.body_line))
    return drafts


def _draft(lines: list[str], first: int, end: int, offset: int, heading: str, level: int) -> Draft:
    """The lines from first to end without the blank ones around them."""
    while first < end and not lines[first].strip():
        first += 1
    while end > first and not lines[end - 1].strip():
        end -= 1
    numbers = list(range(first + offset, end + offset)) or [first + offset]
    return Draft(heading, level, first + offset, "\n".join(lines[first:end]), numbers)


def _take_title(drafts: list[Draft], matter: FrontMatter) -> tuple[str, list[Draft]]:
    """The title that the text gives, and the sections without a heading that is only a title."""
    given = clean_heading(matter.get("title"))
    position = next((i for i, draft in enumerate(drafts) if draft.level), None)
    if position is None:
        return ("", drafts) if given else _take_first_line(drafts)
    heading = drafts[position]
    if not heading.markdown and heading.heading and given in ("", heading.heading):
        return heading.heading, drafts[:position] + drafts[position + 1 :]
    return heading.heading, drafts


def _take_first_line(drafts: list[Draft]) -> tuple[str, list[Draft]]:
    """A text without headings may begin with a line that is a title, a blank line below it."""
    first, _, rest = drafts[0].markdown.partition("\n")
    if rest.partition("\n")[0].strip() or not title_like(first, ""):
        return "", drafts
    below = rest.lstrip("\n")
    taken = len(drafts[0].lines) - below.count("\n") - 1
    numbers = drafts[0].lines[taken:]
    if not below:
        return heading_text(first), []
    return heading_text(first), [Draft("", 0, numbers[0], below, numbers)]


def too_large(name: str, matter: FrontMatter, source: str, format_name: str) -> Procedure:
    """The procedure of a text with too many headings: nothing of it is read."""
    empty = assemble(name, matter, source, format_name, "", [])
    return replace(empty, problems=(too_many_sections(matter.body_line),))


def assemble(
    name: str,
    matter: FrontMatter,
    source: str,
    format_name: str,
    title: str,
    drafts: list[Draft],
    references: References | None = None,
) -> Procedure:
    """The procedure made of a title and drafts, with all that was found on the way."""
    drafts = [draft for draft in drafts if draft.level or draft.markdown.strip("-*_ \n")]
    title, title_problems = title_or_name(title, name, matter)
    sections, section_problems = build(drafts, references)
    since, date_problems = in_force_from(matter)
    problems = [*matter.problems, *check_id(matter), *date_problems, *title_problems]
    problems += section_problems
    if not sections:
        problems.append(Problem(matter.body_line, 1, "warning", "procedure-empty"))
    return Procedure(
        id=identity(name, matter),
        title=title,
        format=format_name,
        language=matter.get("language") or DEFAULT_LANGUAGE,
        source=source,
        sections=sections,
        problems=tuple(sorted(problems, key=lambda problem: (problem.line, problem.column))),
        owner=matter.get("owner"),
        approved_by=matter.get("approved_by"),
        in_force_from=since,
    )
