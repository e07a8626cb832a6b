"""HTML fragments, as other systems keep stems and options, become Markdown of ours."""

import html
import re

from markdownify import markdownify

from quizapp.formats.text import escape_text, normalise

_MARKUP = re.compile(r"[<&]")


def from_html(fragment: str) -> str:
    """The Markdown of an HTML fragment; no scripts or styles, `<img>` as `![alt](src)`."""
    if not _MARKUP.search(fragment):
        return from_text(fragment)
    return normalise(html.unescape(markdownify(fragment))).strip()


def from_text(plain: str) -> str:
    """The Markdown that shows exactly this plain text; a newline stays one."""
    return "\n".join(escape_text(line) for line in normalise(plain).strip().split("\n"))
