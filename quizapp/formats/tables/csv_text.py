"""Text becomes rows of cells: quotes, line breaks within them, and the sign between cells."""

import re
from array import array
from collections.abc import Iterator
from functools import cache
from itertools import islice

from quizapp.formats.model import Problem
from quizapp.formats.tables.headers import read_header
from quizapp.formats.tables.rows import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Faulty,
    Row,
    Sheet,
    cell_too_long,
    too_large,
)

_DELIMITERS = ";\t|,"
_SAYS = re.compile(r"sep=(.)\n", re.IGNORECASE)
_SAMPLE = 40


def parse_csv(text: str) -> Sheet | Problem:
    """The rows of a text, or why they are not read."""
    said = _SAYS.match(text)
    delimiter = said[1] if said else delimiter_of(text)
    problems: list[Problem] = []
    try:
        rows = list(split_rows(text, delimiter, problems, said.end() if said else 0))
    except Faulty as fault:
        return fault.problem
    return Sheet("", rows, tuple(problems))


def delimiter_of(text: str) -> str:
    """The sign that divides the first rows into a header that we know, or most evenly."""
    return max(_DELIMITERS, key=lambda delimiter: _fit(sample_rows(text, delimiter)))


def sample_rows(text: str, delimiter: str) -> list[Row]:
    """The first rows; none where the text is no table with this sign."""
    try:
        return list(islice(split_rows(text, delimiter, []), _SAMPLE))
    except Faulty:
        return []


def _fit(rows: list[Row]) -> tuple[bool, float, int]:
    """How well rows make a table: a header, the share that is of the commonest width, the width."""
    widths = [len(row.cells) for row in rows]
    width = max(set(widths), key=widths.count, default=0)
    if width < 2:
        return False, 0.0, 0
    has_header = any(read_header(row.cells) for row in rows[:20])
    return has_header, widths.count(width) / len(widths), width


@cache
def _cell(delimiter: str) -> re.Pattern[str]:
    """A cell and the sign after it; nothing in it is looked at twice."""
    sign = re.escape(delimiter)
    return re.compile(
        rf' *+"(?P<quoted>(?:[^"]|"")*+)"(?P<rest>[^{sign}\n]*+)(?P<end>{sign}|\n|\Z)'
        rf"|(?P<plain>[^{sign}\n]*+)(?P<stop>{sign}|\n|\Z)"
    )


def split_rows(text: str, delimiter: str, problems: list[Problem], start: int = 0) -> Iterator[Row]:
    """The rows of a text that are not blank. Raises Faulty where there is more than a table has."""
    pattern = _cell(delimiter)
    position, line, count = start, 1 + text.count("\n", 0, start), 0
    while position < len(text):
        first, line_start = line, position
        cells: list[str] = []
        columns = array("i")
        blanks = 0
        while True:
            match = pattern.match(text, position)
            if match is None:  # every text begins with a cell, be it an empty one
                raise AssertionError
            cell = _text_of(match, delimiter, line, problems)
            if cell.strip():
                _check(len(cells) + blanks, cell, line, position - line_start + 1)
                cells += [""] * blanks
                columns.extend([1] * blanks)
                cells.append(cell)
                columns.append(position - line_start + 1 if line == first else 1)
                blanks = 0
            else:
                blanks += 1
            end = match["end"] if match["plain"] is None else match["stop"]
            line += text.count("\n", position, match.end())
            position = match.end()
            if end != delimiter:
                break
        if cells:
            count += 1
            if count > MAX_ROWS:
                raise too_large(first, 1)
            yield Row(first, cells, columns)


def _text_of(match: re.Match[str], delimiter: str, line: int, problems: list[Problem]) -> str:
    """The cell's text; where its quotes do not enclose it, they belong to it."""
    quoted, rest = match["quoted"], match["rest"]
    if quoted is None:
        plain = str(match["plain"])
        if plain.lstrip(" ").startswith('"'):
            problems.append(Problem(line, 1, "warning", "csv-quote-open"))
        return plain
    text = str(quoted).replace('""', '"')
    if not rest.strip():
        return text
    if "\n" not in text and delimiter not in text:
        return match[0].removesuffix(match["end"])
    problems.append(Problem(line, 1, "warning", "csv-quote-open"))
    return text + rest


def _check(index: int, cell: str, line: int, column: int) -> None:
    if index >= MAX_COLUMNS:
        raise too_large(line, column)
    if len(cell) > MAX_CELL:
        raise cell_too_long(line, column)
