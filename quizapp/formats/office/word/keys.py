"""Options that are marked by their looks, as exams in Word have them, become marked in the text."""

from dataclasses import replace

from quizapp.formats.office.pieces import Piece
from quizapp.formats.office.typed import without_start
from quizapp.formats.runs import BOLD

_MAX_OPTIONS = 12
_MAX_BETWEEN = 8
_LOOKS = ("highlight", "colour", "underline", "bold")


def mark_keys(pieces: list[Piece]) -> int:
    """Put options in bold that alone among theirs have a look; for how many questions."""
    groups = option_groups(pieces)
    used = [look for look in _LOOKS if any(len(_having(group, look)) == 1 for group in groups)]
    marked = 0
    for group in groups:
        # Where two looks point at different options, or one at several, the reader is to doubt.
        keys = {option for look in used for option in _having(group, look)}
        for option in keys:
            option.lines = [
                [run._replace(emphasis=run.emphasis | BOLD) for run in line]
                for line in option.lines
            ]
        marked += len(keys) == 1
    return marked


def _having(group: list[Piece], look: str) -> list[Piece]:
    """The options that have a look which not all of them have in the same way."""
    values = [next((v for v in option.looks if v.startswith(look)), "") for option in group]
    usual = max(sorted(set(values)), key=values.count)
    found = [
        option for option, value in zip(group, values, strict=True) if value and value != usual
    ]
    if len(set(values)) == 2 and "" in values and usual:
        # Two of two, or most of them: still the ones that have it.
        found = [option for option, value in zip(group, values, strict=True) if value]
    return found if len(found) < len(group) else []


def signed(pieces: list[Piece]) -> tuple[list[Piece], int, int] | None:
    """A document whose right options begin with "!", as the text of a bank of ours.

    Its pieces, how many questions have a key, and how many lines that begin with "#" are comments
    and left out; None for any other document.
    """
    groups = option_groups(pieces)
    keyed = sum(any(map(_has_sign, group)) for group in groups)
    if keyed < 2 or keyed * 2 < len(groups):
        return None
    options = {option for group in groups for option in group}
    places = {piece: place for place, piece in enumerate(pieces)}
    stems = {_stem(pieces, places[group[0]]) for group in groups}
    kept = [piece for piece in pieces if not _is_comment(piece)]
    level = max((piece.level for piece in kept if piece.kind == "heading"), default=1) + 1
    found: list[Piece] = []
    for piece in kept:
        if piece in stems:
            first, *rest = piece.lines
            found.append(replace(piece, kind="heading", lines=[first], level=level, depth=0))
            found += [Piece("paragraph", rest)] if rest else []
        elif piece in options:
            found.append(_ticked(piece))
        else:
            found.append(replace(piece, depth=0))
    return found, keyed, len(pieces) - len(kept)


def option_groups(pieces: list[Piece]) -> list[list[Piece]]:
    """Entries that look like the options of one question: letters from a on, or the bullets
    right below a number.
    """
    groups: list[list[Piece]] = []
    group: list[Piece] = []
    number: Piece | None = None
    for piece in pieces:
        if piece.kind == "heading":
            group, number = [], None
        if piece.kind != "entry" or (group and piece.depth > group[0].depth):
            continue
        if group and _follows(group[-1], piece):
            group.append(piece)
        elif _begins(piece, number):
            group = [piece]
            groups.append(group)
        else:
            group = []
        if piece.label[0].isdigit():
            number = piece
    return [group for group in groups if 2 <= len(group) <= _MAX_OPTIONS]


def _follows(before: Piece, piece: Piece) -> bool:
    if before.depth != piece.depth:
        return False
    if before.label[0].isalpha() and piece.label[0].isalpha():
        return ord(piece.label[0]) == ord(before.label[0]) + 1
    return before.label[0] == piece.label[0] == "-"


def _begins(piece: Piece, number: Piece | None) -> bool:
    if piece.label in ("a)", "A)"):
        return True
    return piece.label[0] == "-" and number is not None and piece.depth == number.depth + 1


def _has_sign(option: Piece) -> bool:
    return option.text.lstrip().startswith("!")


def _is_comment(piece: Piece) -> bool:
    lines = [line.lstrip() for line in piece.text.split("\n") if line.strip()]
    return piece.kind == "paragraph" and bool(lines) and all(line[0] == "#" for line in lines)


def _stem(pieces: list[Piece], option: int) -> Piece | None:
    """The number that the option at this place stands below."""
    for piece in reversed(pieces[max(0, option - _MAX_BETWEEN) : option]):
        if piece.kind == "entry" and piece.label[0].isdigit():
            return piece
        if piece.kind in ("heading", "entry"):
            return None
    return None


def _ticked(option: Piece) -> Piece:
    """The option as an entry of a task list, its sign taken off."""
    if not _has_sign(option):
        return replace(option, label="- [ ]", depth=0)
    text = "".join(run.text for run in option.lines[0])
    bare = text.lstrip().removeprefix("!").lstrip()
    first = without_start(option.lines[0], len(text) - len(bare))
    return replace(option, label="- [x]", depth=0, lines=[first, *option.lines[1:]])
