"""The options of a row: in cells of their own or all in one, with letters and marks or without."""

import re
from collections.abc import Sequence

_LETTERED = re.compile(r"\(?([A-Ja-j])(?:[).:]|\s?[-–—]\s)\s*(?=\S)")
_NUMBERED = re.compile(r"\(?(\d{1,2})(?:[).]|\s?[-–—]\s)\s+(?=\S)")
_IN_LINE = re.compile(
    r"(?<!\w)\(?([A-Ja-j])\)\s*(?=\S)|(?:^|(?<=[\n;|]))\s*([A-Ja-j])[.:-]\s+(?=\S)"
)
_AT_LINE = re.compile(r"^[ \t]*\(?([A-Ja-j])[).-]\s+(?=\S)", re.MULTILINE)
_MARK_WORDS = r"corret[ao]|cert[ao]|correct|right|gabarito|resposta(?: corret[ao])?|x"
_BEFORE = re.compile(r"^(?:\*(?!\*)|[✓✔✅☑]️?|\(\s*[xX]\s*\)|\[\s*[xX]\s*\])\s*(?=\S)")
_AFTER = re.compile(
    rf"(?<=\S)\s*(?:(?<!\*)\*|[✓✔✅☑]️?|\((?:{_MARK_WORDS})\)|\[(?:{_MARK_WORDS})\])$",
    re.IGNORECASE,
)
_EMPTY_BOX = re.compile(r"^(?:\(\s*\)|\[\s*\]|☐)\s*(?=\S)")
_CROSSES = {"x", "*", "✓", "✔", "✅", "☑", "sim", "s", "yes", "y", "1", "v", "verdadeiro", "true"}
_NO_CROSSES = {"", "-", "não", "nao", "n", "no", "0", "f", "falso", "false"}
_SEPARATORS = ("\n", "|", ";")


def is_cross(cell: str) -> bool:
    """Whether a cell is nothing but a mark: `x`, `*`, `sim`."""
    return cell.strip().casefold() in _CROSSES


def is_crosses(cells: Sequence[str]) -> bool:
    """Whether cells hold nothing but marks and blanks, and some mark."""
    words = {cell.strip().casefold() for cell in cells}
    return bool(words & _CROSSES) and words <= _CROSSES | _NO_CROSSES


def split_options(cell: str) -> list[str]:
    """The options that stand in one cell, by their letters, else by lines, bars or semicolons."""
    before, lettered = _by_letters(_IN_LINE, cell)
    if lettered and not before.strip():
        return lettered
    for separator in _SEPARATORS:
        parts = [part.strip() for part in cell.split(separator)]
        if sum(map(bool, parts)) > 1:
            return [part for part in parts if part]
    return [cell.strip()]


def split_stem(cell: str) -> tuple[str, list[str]]:
    """A stem and the options that stand below it in its own cell, each on a lettered line."""
    before, lettered = _by_letters(_AT_LINE, cell)
    return (before.strip(), lettered) if lettered and before.strip() else (cell, [])


def _by_letters(pattern: re.Pattern[str], text: str) -> tuple[str, list[str]]:
    """The text before `a)`, and those after `a)`, `b)`…; none unless the letters run on."""
    marks: list[re.Match[str]] = []
    for match in pattern.finditer(text):
        letter = next(group for group in match.groups() if group).lower()
        if ord(letter) - ord("a") == len(marks):
            marks.append(match)
    if len(marks) < 2:
        return text, []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    parts = [text[mark.start() : end] for mark, end in zip(marks, ends, strict=True)]
    return text[: marks[0].start()], [part.strip().rstrip(";|").strip() for part in parts]


def bare_options(texts: Sequence[str]) -> tuple[list[str], bool]:
    """The options without `(A)`, `b.` or `3)` where all have theirs; and whether it was numbers."""
    for pattern in (_LETTERED, _NUMBERED):
        matches = [pattern.match(text) for text in texts]
        if len(texts) > 1 and all(
            match and _place(match[1]) == place for place, match in enumerate(matches)
        ):
            bare = [
                text[match.end() :].strip()
                for text, match in zip(texts, matches, strict=True)
                if match
            ]
            return bare, pattern is _NUMBERED
    return list(texts), False


def lettered_place(text: str) -> int | None:
    """The place that a text's own letter gives it: 1 for `(B) …`."""
    match = _LETTERED.match(text)
    return _place(match[1]) if match else None


def _place(mark: str) -> int:
    return int(mark) - 1 if mark.isdigit() else ord(mark.lower()) - ord("a")


def unmarked(texts: Sequence[str]) -> tuple[list[str], tuple[int, ...]]:
    """The options without the marks of the right ones, and the places of those.

    All marked, or none, is no mark: a star may as well belong to the text.
    """
    cleaned = [_without_mark(text) for text in texts]
    marked = tuple(place for place, text in enumerate(texts) if cleaned[place] != text)
    if not marked or len(marked) == len(texts):
        return list(texts), ()
    return [_EMPTY_BOX.sub("", text, count=1) for text in cleaned], marked


def _without_mark(text: str) -> str:
    if text.startswith("*") and text.endswith("*"):
        return text  # emphasis
    return _AFTER.sub("", _BEFORE.sub("", text, count=1), count=1).strip() or text
