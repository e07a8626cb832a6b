"""A gabarito as trainers write it: `1-A 2-C`, `3) B`, `Questão 4: B`, `ssi-001: B`, or in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.formats.bank_keys import letters, places, truth
from quizapp.formats.bank_options import bare
from quizapp.formats.model import Item, Problem
from quizapp.items.kinds import CHOICE

_HEADER = re.compile(
    r"(?:gabaritos?|respostas?|chaves?|answers?|key|answer key)(?!\w) ?:?", re.IGNORECASE
)
_NUMBER = (
    r"(?:(?i:quest[ãa]o|quest\.?|question|pergunta|item|q\.?) ?)?(?:[nN][º°o.]{1,2} ?)?(\d{1,4})"
)
_ID = r"([A-Za-z][A-Za-z0-9._]{0,40}(?:-[A-Za-z0-9._]{1,40}){1,8})"
_LETTER = r"[A-Za-z](?!\w)"
_LETTERS = (
    rf"((?:{_LETTER}(?: ?[,/+&] ?{_LETTER}| (?:e|E|and) {_LETTER}){{0,11}}|[A-L]{{2,12}}(?!\w)))"
)
_ENTRY = re.compile(
    rf"[ ,;|/]{{0,99}}(?:{_NUMBER} {{0,9}}[-–—.:)=|>ºª°]{{0,3}} {{0,9}}"
    rf"|{_ID}(?: ?[:=] ?| {{1,9}}[-–—] {{1,9}}| {{1,9}})){_LETTERS}"
)
_IN_WORDS = re.compile(
    rf" ?(?:{_NUMBER} {{0,9}}[-–—.:)=ºª°]{{1,2}}|([A-Za-z][A-Za-z0-9._-]{{0,79}}) ?[:=])"
    r" {0,9}(\S.*)"
)
_NOTHING = re.compile(r"[ ,;.|/]*")
_BULLET = re.compile(r"[-*•] +")


@dataclass(frozen=True)
class KeyEntry:
    """One answer: the item's number or id, and letters or an option's text, as written."""

    ref: str
    answer: str
    line: int
    column: int


def parse_gabarito(text: str) -> tuple[list[KeyEntry], list[Problem]]:
    """The entries of a gabarito, and the lines that are none."""
    entries: dict[str, KeyEntry] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), start=1):
        found = _line(line, number)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        for entry in found:
            before = entries.setdefault(entry.ref, entry)
            if bare(before.answer) != bare(entry.answer):
                problems.append(_problem("key-twice", entry, item=entry.ref, first=before.line))
    return list(entries.values()), problems


def _line(line: str, number: int) -> list[KeyEntry] | Problem:
    """The entries on a line; none on a blank one, a comment or a title."""
    text = line.rstrip()
    start = len(text) - len(text.lstrip())
    if bullet := _BULLET.match(text, start):
        start = bullet.end()
    if text.startswith("#", start) or not any(c.isalnum() for c in text):
        return []
    header = _HEADER.match(text, start)
    begin = header.end() if header else start
    entries = _short(text, number, begin) or _worded(text, number, begin)
    if entries:
        return entries
    if header and not _ENTRY.search(text, begin):
        return []
    return Problem(number, start + 1, "error", "key-line-unreadable", {"text": text[:80].strip()})


def _short(text: str, line: int, position: int) -> list[KeyEntry]:
    """The entries of a line that is nothing but numbers and letters."""
    entries: list[KeyEntry] = []
    while match := _ENTRY.match(text, position):
        ref = _ref(match[1], match[2])
        begin = match.start(1) if match[1] else match.start(2)
        entries.append(KeyEntry(ref, match[3], line, begin + 1))
        position = match.end()
    return entries if _NOTHING.fullmatch(text, position) else []


def _worded(text: str, line: int, position: int) -> list[KeyEntry]:
    """The one entry of a line that gives an option's text."""
    match = _IN_WORDS.fullmatch(text, position)
    if not match:
        return []
    begin = match.start(1) if match[1] else match.start(2)
    return [KeyEntry(_ref(match[1], match[2]), match[3], line, begin + 1)]


def _ref(number: str | None, item_id: str) -> str:
    return str(int(number)) if number else item_id


def match_keys(
    entries: Sequence[KeyEntry], items: Sequence[Item]
) -> tuple[dict[str, tuple[int, ...]], list[Problem]]:
    """The options that the entries key, by item id, in the source's order; and what fails."""
    keys: dict[str, tuple[int, ...]] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for entry in entries:
        found = [item for item in items if item.number == entry.ref]
        found = found or [item for item in items if item.id == entry.ref]
        if len(found) != 1:
            code = "key-item-ambiguous" if found else "key-item-missing"
            problems.append(_problem(code, entry, item=entry.ref))
            continue
        resolved = resolve(entry, found[0])
        if isinstance(resolved, Problem):
            problems.append(resolved)
        elif keys.setdefault(found[0].id, resolved) != resolved:
            first = lines[found[0].id]
            problems.append(_problem("key-twice", entry, item=entry.ref, first=first))
        lines.setdefault(found[0].id, entry.line)
    return keys, problems


def resolve(entry: KeyEntry, item: Item) -> tuple[int, ...] | Problem:
    """The positions, from 0, of the options that an entry means, or why it means none."""
    if item.kind not in CHOICE:
        return _problem("key-not-choice", entry, item=entry.ref)
    texts = [bare(option.text) for option in item.options]
    same = [index for index, text in enumerate(texts) if text == bare(entry.answer)]
    if len(same) > 1:
        return _problem("key-option-ambiguous", entry, item=entry.ref, option=entry.answer)
    if same:
        return (same[0],)
    named = letters(entry.answer)
    indices = truth(named, texts) or places(named)
    if not named or indices[-1] >= len(texts):
        return _problem("key-option-missing", entry, item=entry.ref, option=entry.answer)
    if len(indices) > 1 and not _takes_several(item):
        return _problem("key-too-many", entry, item=entry.ref, option=entry.answer)
    return indices


def _takes_several(item: Item) -> bool:
    """A draft that nobody has keyed may turn out to have several right options."""
    is_draft = all(option.fraction is None for option in item.options)
    return item.kind == "multiple" or (item.kind == "single" and is_draft)


def _problem(code: str, entry: KeyEntry, **args: str | int) -> Problem:
    return Problem(entry.line, entry.column, "error", code, args)
