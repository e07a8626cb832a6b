"""A bank in our own Markdown: a heading is a stem, a task list its options."""

import re
from dataclasses import dataclass

from quizapp.formats.bank_blocks import Blocks, is_options
from quizapp.formats.bank_fields import TYPES, Field, field_of
from quizapp.formats.bank_raw import RawItem
from quizapp.formats.blocks import outline
from quizapp.formats.front_matter import is_id
from quizapp.formats.limits import MAX_ITEMS, too_many_items
from quizapp.formats.marks import Fences
from quizapp.formats.model import Problem
from quizapp.formats.structure import Block
from quizapp.formats.text import fold
from quizapp.formats.titles import heading_text

_ID = re.compile(r"\s*\{#([^{}]*)\}\s*$")


@dataclass(frozen=True)
class Part:
    """A heading of the file with the blocks right below it; level 0 has no heading."""

    level: int
    line: int
    heading: str
    given_id: str
    nodes: list[Block]
    node: Block | None = None


@dataclass(frozen=True)
class Outline:
    """A file's parts, its lines as they were parsed, and their numbers in the source."""

    lines: list[str]
    numbers: list[int]
    parts: list[Part]


def outline_of(body: str, first_line: int) -> Outline:
    """The parts of a Markdown text."""
    lines, numbers = spread(body.split("\n"), first_line)
    root, _ = outline("\n".join(lines))
    parts = [Part(0, first_line, "", "", [])]
    for node in root.children:
        if node.type == "heading":
            content = node.text
            given = _ID.search(content)
            heading = content[: given.start()] if given else content
            line = numbers[node.first]
            given_id = given[1].strip() if given else ""
            parts.append(Part(node.level, line, heading, given_id, [], node))
        else:
            parts[-1].nodes.append(node)
    return Outline(lines, numbers, parts)


def spread(lines: list[str], first_line: int) -> tuple[list[str], list[int]]:
    """The lines with blank ones around each field, which else would join its neighbours."""
    out: list[str] = []
    numbers: list[int] = []
    fences = Fences()
    after_field = False
    for number, line in enumerate(lines, start=first_line):
        if fences.takes(line):
            after_field = False
        elif found := field_of(line):
            out.append("")
            numbers.append(number)
            after_field = found.name != "explanation"
        elif after_field and not line.startswith(">"):
            out.append("")
            numbers.append(number)
            after_field = False
        out.append(line)
        numbers.append(number)
    return out, numbers


def has_key(document: Outline, part: Part) -> bool:
    """Whether a part is a stem by its looks: it has an id, boxes, or a field of ours."""
    return part.level > 0 and bool(
        part.given_id
        or any(is_options(document.lines, node) for node in part.nodes)
        or any(field_in(document, node) for node in part.nodes)
    )


def field_in(document: Outline, node: Block) -> Field | None:
    """The field that a block is, if it is one."""
    first, end = node.first, node.end
    is_text = node.type == "paragraph"
    return field_of("\n".join(document.lines[first:end])) if is_text else None


@dataclass
class _Group:
    """A stem with all that belongs to it."""

    part: Part
    is_scenario: bool
    nodes: list[Block]
    end: int = 0

    def take(self, part: Part) -> None:
        """Add a heading below the stem's own."""
        self.nodes += [part.node, *part.nodes] if part.node else part.nodes


def read_native(body: str, first_line: int) -> tuple[str, list[RawItem], list[Problem]]:
    """The title that the text gives, the items found, and the lines that belong to none."""
    document = outline_of(body, first_line)
    title, groups, problems = _grouped(document)
    if len(groups) > MAX_ITEMS:
        return title, [], [too_many_items(first_line)]
    source = body.split("\n")
    items: list[RawItem] = []
    for number, group in enumerate(groups, start=1):
        part = group.part
        item = RawItem(part.line, str(number), part.heading.strip(), part.given_id)
        nodes = part.nodes if group.is_scenario else group.nodes
        items.append(Blocks(item, document.lines, document.numbers).read(nodes))
        if group.is_scenario:
            first = part.line + 1 - first_line
            item.body = "\n".join(source[first : group.end - first_line]).strip("\n")
        if part.given_id and not is_id(part.given_id):
            problems.append(Problem(part.line, 1, "error", "id-invalid", {"id": part.given_id}))
    return title, items, problems


def _grouped(document: Outline) -> tuple[str, list[_Group], list[Problem]]:
    level = _stem_level(document)
    title = ""
    groups: list[_Group] = []
    problems: list[Problem] = []
    for part in document.parts:
        scene_level = groups[-1].part.level if groups and groups[-1].is_scenario else 9
        if part.level > scene_level:
            groups[-1].take(part)
        elif part.level == level or has_key(document, part):
            groups.append(_Group(part, _is_scenario(document, part), list(part.nodes)))
        elif groups and part.level > level:
            groups[-1].take(part)
        else:
            is_title = part.level > 0 and not title and not groups
            title = heading_text(part.heading) if is_title else title
            problems += _outside(document, part, is_title)
    starts = [group.part.line for group in groups]
    for group, end in zip(groups, [*starts[1:], document.numbers[-1] + 1], strict=False):
        group.end = end
    return title, groups, problems


def _stem_level(document: Outline) -> int:
    """The level of the first stem; in a file without any, the deepest below the title's."""
    keyed = [part.level for part in document.parts if has_key(document, part)]
    deepest = max(part.level for part in document.parts)
    return keyed[0] if keyed else max(deepest, 2)


def _is_scenario(document: Outline, part: Part) -> bool:
    fields = [field_in(document, node) for node in part.nodes]
    return any(
        found is not None and found.name == "type" and TYPES.get(fold(found.value)) == "scenario"
        for found in fields
    )


def _outside(document: Outline, part: Part, is_title: bool) -> list[Problem]:
    """A warning where text stands outside of every item: no conversion keeps it."""
    nodes = [node for node in part.nodes if node.type != "hr"]
    if nodes:
        line = document.numbers[nodes[0].first]
    elif part.level and not is_title:
        line = part.line
    else:
        return []
    return [Problem(line, 1, "warning", "text-outside-items")]
