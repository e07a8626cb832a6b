"""What serves as a document's title."""

import re

from quizapp.formats.blocks import parse_inline
from quizapp.formats.front_matter import FrontMatter
from quizapp.formats.model import Problem
from quizapp.formats.plain import plain
from quizapp.formats.text import clean_heading, file_stem, slug, title_from_name

_MAX_TITLE = 100
_NO_TITLE = re.compile(
    r"[-*+•·>|#`~\[]|\d+\s*[-.)ºª–]|[A-Za-z][.)]\s|\(?\d[\d ()-]{6,}|[\w.+-]{1,64}@|https?:|www\."
)


def title_like(line: str, after: str) -> bool:
    """Whether a file's first line can serve as its title, seen with the line after it."""
    words = clean_heading(line.replace("**", ""))
    return (
        0 < len(words) <= _MAX_TITLE
        and not _NO_TITLE.match(words)
        and "|" not in words
        and not words.endswith((":", ".", ";", ","))
        and any(c.isalpha() for c in words)
        and not after.strip()[:1].islower()
    )


def heading_text(markdown: str) -> str:
    """A heading's words as the screen shows them."""
    return clean_heading(plain(parse_inline(markdown, html=True)))


def title_or_name(title: str, name: str, matter: FrontMatter) -> tuple[str, list[Problem]]:
    """The document's title; made from the file's name, with a warning, where there is none."""
    given = clean_heading(matter.get("title")) or title
    if given:
        return given, []
    made = title_from_name(name)
    return made, [Problem(matter.body_line, 1, "warning", "title-from-file-name", {"title": made})]


# Where a trainer begins a new quiz or program: one of this id would have no page. A bank becomes
# the quiz of its id.
RESERVED = frozenset({"new"})


def identity(name: str, matter: FrontMatter) -> str:
    """The front matter's id, else the file's stem as a slug."""
    return matter.get("id") or identity_from_name(name)


def identity_from_name(name: str) -> str:
    """The file's stem as a slug."""
    return slug(file_stem(name)) or "documento"
