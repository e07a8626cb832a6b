"""Numbers, letters and bullets that somebody typed become entries, as if they were lists."""

import re
from dataclasses import replace
from itertools import pairwise

from quizapp.formats.office.pieces import Lines, Piece
from quizapp.formats.runs import Run

_NUMBER = re.compile(r"(?P<number>\d{1,3})\s{0,2}(?:(?P<end>[.)])|[º°][.)]?(?:\s?[-–—])?)\s+(?=\S)")
_DASHED = re.compile(r"(?P<number>\d{1,3})\s?[-–—](?!\s*\d)\s+(?=\S)")
_LETTER = re.compile(
    r"(?P<open>\()?(?P<letter>[A-Za-z])(?:(?P<round>\))|[.:](?=\s)|\s?[-–—](?=\s))\s*(?=\S)"
)
_BULLET = re.compile(r"[•·●▪◦‣○■□❖➢➔✓✔*+–—-]\s+(?=\S)|[•●▪◦‣➢➔]\s*(?=\S)")
_BOX = re.compile(r"(?:\[(?P<box>[ xX]?)\]|(?P<sign>[☐☑☒]))\s*(?=\S)")
_RULE = re.compile(r"(?:[-_=*~–—] ?){3,}")


def with_entries(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with an entry for every line that begins with a mark."""
    found = [part for piece in pieces for part in _split(piece)]
    letters = [_letter(piece) for piece in found]
    for place, piece in enumerate(found):
        if piece.kind == "paragraph" and _RULE.fullmatch(piece.text.strip()):
            piece.kind, piece.lines = "rule", []
        if piece.kind != "paragraph":
            continue
        if letters[place] and _in_sequence(letters, place, piece):
            _take_letter(piece)
        else:
            _take_mark(piece)
    return found


def begins_entry(text: str) -> bool:
    """Whether a line begins with a mark, as far as can be told without those around it."""
    return any(mark.match(text) for mark in (_NUMBER, _DASHED, _LETTER, _BULLET, _BOX))


def _split(piece: Piece) -> list[Piece]:
    """A paragraph or entry with marks at the beginning of its later lines, as one piece each."""
    if piece.kind not in ("paragraph", "entry") or len(piece.lines) < 2:
        return [piece]
    starts = [0]
    for number, line in enumerate(piece.lines[1:], start=1):
        text = "".join(run.text for run in line).lstrip()
        if begins_entry(text):
            starts.append(number)
    if len(starts) < 2:
        return [piece]
    parts = [piece.lines[start:end] for start, end in pairwise([*starts, len(piece.lines)])]
    first = replace(piece, lines=parts[0])
    return [first, *(_paragraph_of(piece, lines) for lines in parts[1:])]


def _paragraph_of(piece: Piece, lines: Lines) -> Piece:
    return Piece("paragraph", lines, indent=piece.indent, quoted=piece.quoted, looks=piece.looks)


def _letter(piece: Piece) -> str:
    """The letter that an entry has, or that a paragraph may begin with."""
    if piece.kind == "entry":
        return piece.label[0] if piece.label[0].isalpha() else ""
    match = _LETTER.match(piece.text.lstrip()) if piece.kind == "paragraph" else None
    return match["letter"] if match else ""


def _in_sequence(letters: list[str], place: int, piece: Piece) -> bool:
    """Whether a letter counts: `a)` by itself, others beside the letter before or after theirs."""
    match = _LETTER.match(piece.text.lstrip())
    if match and match["round"] and (match["open"] or letters[place].islower()):
        return True
    near = letters[max(0, place - 2) : place + 3]
    return any(other and abs(ord(other) - ord(letters[place])) == 1 for other in near)


def _take_letter(piece: Piece) -> None:
    match = _LETTER.match(piece.text.lstrip())
    if match:
        _make_entry(piece, f"{match['letter']})", "typed letters", match.end())


def _take_mark(piece: Piece) -> None:
    """Make an entry of a paragraph that begins with a number, bullet or box."""
    text = piece.text.lstrip()
    if match := _NUMBER.match(text) or _DASHED.match(text):
        end = match.groupdict().get("end") or "."
        _make_entry(piece, f"{int(match['number'])}{end}", f"typed {end}", match.end())
    elif match := _BOX.match(text):
        ticked = (match["box"] or "").strip() or match["sign"] in ("☑", "☒")
        _make_entry(piece, "- [x]" if ticked else "- [ ]", "typed bullets", match.end())
    elif match := _BULLET.match(text):
        _make_entry(piece, "-", "typed bullets", match.end())


def _make_entry(piece: Piece, label: str, group: str, width: int) -> None:
    """Make a paragraph an entry, its mark taken off the words."""
    piece.kind, piece.label, piece.group = "entry", label, group
    first = "".join(run.text for run in piece.lines[0])
    piece.lines[0] = without_start(piece.lines[0], len(first) - len(first.lstrip()) + width)


def without_start(runs: list[Run], width: int) -> list[Run]:
    """The runs without so many characters at their beginning."""
    found: list[Run] = []
    for run in runs:
        cut = run.text[width:] if run.kind != "image" else run.text
        if run.kind != "image":
            width = max(0, width - len(run.text))
        if cut or run.kind == "image":
            found.append(run._replace(text=cut))
    return found
