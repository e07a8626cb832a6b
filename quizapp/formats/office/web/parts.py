"""The parts of elements whose children have fixed places: tables, and preformatted text."""

import re

from quizapp.formats.office.web.tree import Node

_GROUPS = {"thead", "tbody", "tfoot"}
_HEADING = re.compile(r"h[1-6]")


def verbatim(node: Node) -> str:
    """The text of an element with its lines."""
    parts: list[str] = []
    stack: list[Node | str] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            parts.append(part)
        elif part.name == "br":
            parts.append("\n")
        elif part.name not in ("script", "style", "button"):
            stack += reversed(part.children)
    return "".join(parts)


def rows_of(table: Node) -> tuple[list[list[Node]], list[str]]:
    """The cells of each row of a table, not of those in it, and the words outside of cells."""
    rows: list[list[Node]] = []
    strays: list[str] = []
    for part in table.children:
        inner = part.children if isinstance(part, Node) and part.name in _GROUPS else [part]
        for row in inner:
            if isinstance(row, str):
                strays.append(row)
            elif row.name == "tr":
                strays += [cell for cell in row.children if isinstance(cell, str)]
                cells = [cell for cell in row.children if isinstance(cell, Node)]
                rows.append([cell for cell in cells if cell.name in ("td", "th")])
    return rows, strays


def is_layout(row: list[Node]) -> bool:
    """Whether cells hold what no cell of data does."""
    names = (node.name for cell in row for node in cell.walk())
    return any(name == "table" or _HEADING.fullmatch(name) for name in names)
