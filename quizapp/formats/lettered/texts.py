"""The lines of a pasted stem, option or explanation as Markdown of ours."""

import re
from collections.abc import Sequence

from quizapp.formats.lettered.lines import Line
from quizapp.formats.text import escape_text

_STATEMENT = re.compile(
    r"\W{0,3}(?:[IVX]{1,5}|\d{1,2}|[a-z])\s?[.)–-]\s|[•·▪●○◦]|\(\s{0,3}[VFCE]?\s{0,3}\)"
)
_WIDE = 60


def text_of(lines: Sequence[Line], is_markdown: bool) -> str:
    """The lines as one text: paragraphs apart, statements each on a line of its own.

    A line of plain text that is no wrapped sentence stays a line.
    """
    parts: list[str] = []
    code_indent = 0
    for position, line in enumerate(lines):
        before = lines[position - 1] if position else None
        if line.is_code:
            if not before or not before.is_code:
                code_indent = line.indent
            text = line.text[min(code_indent, line.indent) :]
        else:
            text = line.text if is_markdown else escape_text(line.text)
        if before:
            parts.append(_between(before, line, is_markdown))
        parts.append(text)
    return "".join(parts).strip()


def _between(before: Line, line: Line, is_markdown: bool) -> str:
    """What stands between two lines: a new paragraph, a line that ends, or only the next."""
    if line.is_code and before.is_code:
        return "\n"
    if line.gap or line.is_code or before.is_code:
        return "\n\n"
    is_list = is_markdown and re.match(r"[-*+>|]|\d{1,9}[.)]\s", line.text)
    if is_list:
        return "\n"
    if _STATEMENT.match(line.text):
        return "  \n"
    wraps = len(before.text) >= _WIDE or line.text[:1].islower()
    return "\n" if is_markdown or wraps else "  \n"
