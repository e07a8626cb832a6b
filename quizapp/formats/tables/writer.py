"""A bank as a CSV file that opens in a Brazilian Excel, and that we read back.

UTF-8 with a byte order mark, `;` between cells, decimal commas. Texts stay our Markdown, with an
option's pin and unequal share behind it as in native banks. A cell that a spreadsheet would take
for a formula is defused (see `defusing`).
"""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from quizapp.formats.bank_guards import joined_pair, with_tags
from quizapp.formats.bank_keys import hinting, letter_of
from quizapp.formats.bank_options import is_all_or_none
from quizapp.formats.front_matter import DEFAULT_LANGUAGE
from quizapp.formats.images import NAME as PICTURE
from quizapp.formats.item_writer import DIFFICULTY_NAMES, USE_NAMES, answer_text
from quizapp.formats.model import Answer, Bank, Item, Option, Problem
from quizapp.formats.tables.defusing import defused
from quizapp.formats.tables.headers import (
    AFTER_OPTIONS,
    MAX_OPTIONS,
    NAMES,
    OWN_HEADER,
    option_name,
)
from quizapp.formats.tables.rows import MAX_CELL
from quizapp.formats.tables.types import TYPE_NAMES
from quizapp.formats.text import title_from_name
from quizapp.items.kinds import CHOICE

_DIVIDES = re.compile(r"[,;\n]")
_MAX_LETTERS = 26


def write_csv(bank: Bank) -> tuple[bytes, list[Problem]]:
    """The file, and a warning for each thing of the bank that a table cannot hold."""
    problems = [_lost(1, bank.id, what) for what in _lost_of_bank(bank)]
    held: list[Item] = []
    for item in bank.items:
        lost = list(_lost_of_item(item))
        problems += [_lost(item.line, item.id, what) for what in lost]
        if "item" not in lost:
            held.append(item)
    width = max((len(_choices(item)) for item in held), default=0)
    has_feedback = any(option.feedback for item in held for option in item.options)
    names = [*OWN_HEADER, *(option_name(place) for place in range(width))]
    names += [NAMES[role] for role in AFTER_OPTIONS]
    names += [f"Feedback {option_name(place)}" for place in range(width if has_feedback else 0)]
    file = StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(names)
    for item in held:
        writer.writerow([defused(cell) for cell in _row(item, width)[: len(names)]])
    return file.getvalue().encode("utf-8-sig"), problems


def _row(item: Item, width: int) -> list[str]:
    """The cells of an item, its options filled up to a width."""
    choices = _choices(item)
    return [
        item.id,
        item.number,
        TYPE_NAMES.get(item.kind, ""),
        USE_NAMES[item.use],
        item.stem,
        *choices,
        *[""] * (width - len(choices)),
        _key(item),
        item.explanation,
        item.category,
        ", ".join(item.competencies),
        DIFFICULTY_NAMES.get(item.difficulty or "", ""),
        ", ".join(item.tags),
        ", ".join(item.sources),
        item.name,
        *(option.feedback for option in item.options),
        *[""] * (width - len(item.options)),
    ]


def _choices(item: Item) -> list[str]:
    """The cells of the options, or of the pairs."""
    if item.kind == "matching":
        return [joined_pair(left, right) for left, right in item.pairs]
    keyed = _keyed(item)
    even = 1 / (len(keyed) or 1)
    return [
        _option(option, even if place in keyed else 0.0, item)
        for place, option in enumerate(item.options)
    ]


def _keyed(item: Item) -> list[int]:
    """The options that earn something."""
    return [place for place, option in enumerate(item.options) if (option.fraction or 0) > 0]


def _option(option: Option, expected: float, item: Item) -> str:
    """An option with its pin, and its share where it is not the one that its key gives it."""
    is_odd = item.kind in CHOICE and option.fraction not in (None, expected)
    return with_tags(
        option.text,
        option.fraction if is_odd else None,
        option.pinned and not is_all_or_none(option.text),
    )


def _key(item: Item) -> str:
    """Letters, with question marks where the key is in doubt; or the answers, one a line."""
    if item.key == "doubtful" and not item.answers:
        return hinting(item.doubt)
    if item.kind not in CHOICE:
        return "\n".join(map(_answer, item.answers))
    return ", ".join(map(letter_of, _keyed(item)))


def _answer(answer: Answer) -> str:
    return with_tags(answer_text(answer), answer.fraction if answer.fraction != 1 else None, False)


def _lost_of_bank(bank: Bank) -> Iterator[str]:
    if bank.title != title_from_name(bank.id):
        yield "title"
    if bank.language != DEFAULT_LANGUAGE:
        yield "language"
    if bank.cut_score is not None:
        yield "cut_score"
    if bank.lint:
        yield "lint"


def _lost_of_item(item: Item) -> Iterator[str]:
    """What of an item has no place in a row; "item" if that is all of it: scenes, or too much."""
    limit = _MAX_LETTERS if item.kind in CHOICE else MAX_OPTIONS
    cells = _row(item, 0)
    is_long = len(_choices(item)) > limit or max(map(len, cells)) >= MAX_CELL
    if item.kind not in TYPE_NAMES or is_long:
        yield "item"
        return
    lists = {"tags": item.tags, "competencies": item.competencies, "sources": item.sources}
    for what, texts in lists.items():
        if any(map(_DIVIDES.search, texts)):
            yield what
    if item.key == "doubtful" and (item.answers or item.pairs):
        yield "doubt"
    if any(answer.feedback for answer in item.answers):
        yield "feedback"
    if any("\n" in answer_text(answer) for answer in item.answers):
        yield "answers"
    if item.accepted:
        yield "accepted"
    if any(map(PICTURE.search, cells)):
        yield "images"


def _lost(line: int, item_id: str, what: str) -> Problem:
    return Problem(line, 1, "warning", "export-lost", {"item": item_id, "what": what})
