"""What the writer does to a text that would be read as something else, and the reader undoes.

One backslash more stands before a sign that has a meaning in its place: a text with `n` of them is
written with `n + 1`, so that every text comes back as it was.
"""

import re
from collections.abc import Iterable

from quizapp.formats.amounts import percent, share

_QUOTE = re.compile(r"^(?=\\*>)", re.MULTILINE)
_GUARDED_QUOTE = re.compile(r"^\\(?=\\*>)", re.MULTILINE)
_BOX = re.compile(r"^(?=\\*\[ ?[xX]? ?\](?!\())")
_GUARDED_BOX = re.compile(r"^\\(?=\\*\[ ?[xX]? ?\](?!\())")
_ARROW = re.compile(r"(?<!\\)(?=\\*(?:->|→))")
_GUARDED_ARROW = re.compile(r"(?<!\\)\\(?=\\*(?:->|→))")
_PAIR_ARROW = re.compile(r"(?<!\\)(?:->|→)")
_TAG = re.compile(
    r"\{(?:(?P<pin>fix[ao]|fixed)|(?P<percent>-?\d{1,3}(?:[.,]\d{1,9})?) ?%)\}", re.IGNORECASE
)
# As many tags are taken off an option at most: two have a meaning.
_MAX_TAGS = 4


def quoted(text: str) -> str:
    """The text as the lines of a quote, in which it is read as it stands."""
    return "\n".join(f"> {line}" if line.strip() else ">" for line in text.split("\n"))


def unquoted(lines: Iterable[str]) -> str:
    """The text of the lines of a quote."""
    return "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines).strip()


def with_tags(text: str, weight: float | None, pinned: bool) -> str:
    """An option's text with its share and its pin behind it."""
    if start := _last_tag(text):
        text = text[: start[0]] + "\\" + text[start[0] :]
    first, newline, rest = text.partition("\n")
    text = first + newline + _QUOTE.sub(r"\\", rest)
    tags = [f"{{{percent(weight)}%}}"] if weight is not None else []
    tags += ["{fixa}"] if pinned else []
    return ("\n" if newline else " ").join(filter(None, [text, " ".join(tags)]))


def take_tags(text: str) -> tuple[str, float | None, bool]:
    """An option's text without the tags behind it, its share, and whether it is pinned."""
    weight, pinned = None, False
    for _ in range(_MAX_TAGS):
        found = _last_tag(text)
        if not found or text[: found[0]].endswith("\\"):
            break
        start, tag = found
        weight = share(tag["percent"]) if tag["percent"] else weight
        pinned = pinned or bool(tag["pin"])
        text = text[:start].rstrip()
    if (found := _last_tag(text)) and text[: found[0]].endswith("\\"):
        text = text[: found[0] - 1] + text[found[0] :]
    first, newline, rest = text.partition("\n")
    return first + newline + _GUARDED_QUOTE.sub("", rest), weight, pinned


def _last_tag(text: str) -> tuple[int, re.Match[str]] | None:
    """Where the tag that ends a text begins, and the tag."""
    start = text.rfind("{") if text.endswith("}") else -1
    tag = _TAG.fullmatch(text, start) if start >= 0 else None
    return (start, tag) if tag else None


def guard_box(text: str) -> str:
    """An entry's text that begins with no box, even if it looks like one."""
    return _BOX.sub(r"\\", text)


def unguard_box(text: str) -> str:
    """The text that was guarded so."""
    return _GUARDED_BOX.sub("", text)


def joined_pair(left: str, right: str) -> str:
    """A pair with its arrow, which stands on a line of its own behind several lines."""
    left = guard_box(_ARROW.sub(r"\\", left))
    return f"{left}{chr(10) if chr(10) in left else ' '}-> {right}".strip()


def split_pair(entry: str) -> tuple[str, str] | None:
    """The two sides of an entry with an arrow."""
    arrow = _PAIR_ARROW.search(entry)
    if not arrow:
        return None
    left = unguard_box(entry[: arrow.start()].strip())
    return _GUARDED_ARROW.sub("", left), entry[arrow.end() :].strip()
