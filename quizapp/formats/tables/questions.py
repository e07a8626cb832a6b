"""The rows of a table become items; rows that are no question are said, or passed over if blank."""

import re
from collections.abc import Sequence

from quizapp.formats.model import Item, LeftOut
from quizapp.formats.tables.finding import Table
from quizapp.formats.tables.found import Found
from quizapp.formats.tables.headers import Column, Role, first_number, words_of
from quizapp.formats.tables.keys import Question, with_keys
from quizapp.formats.tables.own import read_own
from quizapp.formats.tables.row_items import Rows, Unserved
from quizapp.formats.tables.rows import Row
from quizapp.formats.text import collapse

_EXAMPLE = re.compile(r"(?:exemplo|example)s? ?\d{0,2}[:.]?", re.IGNORECASE)
_NOTE = re.compile(
    r"(?:(?:sub)?total|obs|observa[cç](?:[aã]o|[oõ]es)|notas?|notes?|legenda|fonte)(?:\s*\d*$|\s?[:.-])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\D{0,12}\d{1,5}\W{0,2}")
# What a row may have and yet be no question: its number, and what was filled in beforehand.
_PREPARED: frozenset[Role] = frozenset(
    {"type", "use", "difficulty", "aside", "competencies", "category", "tags", "source"}
)


def read_table(table: Table, first: int, *, keep_numbers: bool = True) -> Found:
    """The items of a table; those without a number of their own are counted from `first`."""
    if table.is_own:
        return read_own(table, first)
    found = Found(problems=list(table.problems))
    reader = Rows(table, keep_numbers=keep_numbers)
    drafts: list[Item | Question] = []
    for number, row in enumerate(_questions(table, found), start=first):
        draft = reader.read(row, number)
        if isinstance(draft, Unserved):
            found.leave_out(row.line, draft.name, draft.type)
        else:
            drafts.append(draft)
    keyed, problems = with_keys(
        [draft for draft in drafts if isinstance(draft, Question)],
        first_number([column.label for column in table.columns]),
    )
    found.problems += reader.problems + problems
    items = iter(keyed)
    found.items = [next(items) if isinstance(draft, Question) else draft for draft in drafts]
    return found


def _questions(table: Table, found: Found) -> list[Row]:
    """The rows that are questions; an example that stands alone is the only one there is."""
    rows: list[Row] = []
    examples: list[Row] = []
    for row in table.rows:
        if _is_too_long(table, row):
            out = LeftOut(row.line, collapse(table.text(row, "stem"))[:80], "csv")
            found.left_out.append(out)
            found.say("warning", "table-row-too-long", row, out.name)
        elif _is_question(table, row, found):
            (examples if _is_example(table, row) else rows).append(row)
    if not rows and len(examples) == 1:
        found.say("warning", "table-example", examples[0], table.text(examples[0], "stem"))
        return examples
    for row in examples:
        found.leave_out(row.line, table.text(row, "stem"), "example")
    return rows


def _is_too_long(table: Table, row: Row) -> bool:
    """Whether a row of a CSV file has more cells than its header: a sign in a text divided it."""
    return not table.sheet and table.header is not None and len(row.cells) > len(table.header.cells)


def _is_question(table: Table, row: Row, found: Found) -> bool:
    stem = table.text(row, "stem")
    columns = table.of("option", "right", "wrong", "options", "mark", "true", "false", "key")
    answers = [column for column in columns if row.cell(column.index)]
    if not stem and not answers:
        notes = [row.cell(c.index) for c in table.columns if c.role not in _PREPARED]
        said = [note for note in notes if note and not _NUMBER.fullmatch(note)]
        if said:
            found.say("warning", "table-row-aside", row, said[0])
        return False
    if row is table.rows[0] and _is_hints(row, answers):
        found.say("info", "table-row-aside", row, stem)
        return False
    if not answers and (row.is_wide or _NOTE.match(stem) or _NOTE.match(row.cell(0))):
        found.say("warning", "table-row-aside", row, row.cell(0) or stem)
        return False
    return True


def _is_hints(row: Row, answers: Sequence[Column]) -> bool:
    """Whether a row repeats the header's words: "Text for option 1" below "Option 1"."""
    hints = [
        column
        for column in answers
        if len(column.label) > 4 and words_of(column.label) in words_of(row.cell(column.index))
    ]
    return len(hints) > 1 and len(hints) >= len(answers) - 1


def _is_example(table: Table, row: Row) -> bool:
    cells = [row.cell(column.index) for column in table.of("number", "id", "name")]
    return any(_EXAMPLE.fullmatch(cell) for cell in (*cells, row.cell(0)))
