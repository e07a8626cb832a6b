"""Where on a sheet the questions stand, and what each column of theirs holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from quizapp.formats.bank_fields import DIFFICULTIES
from quizapp.formats.model import Problem
from quizapp.formats.tables.defusing import fused
from quizapp.formats.tables.headers import OWN_HEADER, Column, Role, name_of, read_header, role_of
from quizapp.formats.tables.looks import guess_columns, has_key_like
from quizapp.formats.tables.options import is_crosses
from quizapp.formats.tables.rows import Row, Sheet
from quizapp.formats.tables.types import type_of
from quizapp.formats.text import fold
from quizapp.items.kinds import Difficulty

# How far down a header may stand: Kahoot's is on the eighth row.
_TOP = 20
# In a header of two rows, the lower one has letters and short words.
_MAX_LETTER = 30
_LEVELS: dict[str, Difficulty] = {
    **DIFFICULTIES,
    **dict.fromkeys(("baixa", "baixo", "basico", "basica", "iniciante", "low"), "easy"),
    **dict.fromkeys(("intermediario", "intermediaria", "moderado", "moderate"), "medium"),
    **dict.fromkeys(("alta", "alto", "avancado", "avancada", "high", "advanced"), "hard"),
}
_HELD_ABOVE: frozenset[Role | None] = frozenset(
    {"title", "category", "competencies", "difficulty", "source", "tags"}
)


@dataclass(frozen=True)
class Table:
    """The questions of a sheet; `above` is what lines above the header say of all of them."""

    sheet: str
    columns: list[Column]
    header: Row | None
    rows: list[Row]
    above: dict[Role, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether we wrote it."""
        return self.header is not None and _is_own(self.header)

    def of(self, *roles: Role) -> list[Column]:
        """The columns of these roles, by the option they belong to, then from left to right."""
        if roles not in self._found:
            found = [column for column in self.columns if column.role in roles]
            self._found[roles] = sorted(found, key=lambda column: (column.place, column.index))
        return self._found[roles]

    @cached_property
    def _found(self) -> dict[tuple[Role, ...], list[Column]]:
        """What `of` found before: it is asked the same for each row."""
        return {}

    def text(self, row: Row, role: Role) -> str:
        """What the columns of a role say in a row, else what stands above the table."""
        said = [text for column in self.of(role) if (text := row.cell(column.index))]
        return "\n".join(said) or self.above.get(role, "")


def level_of(cell: str) -> Difficulty | None:
    """The difficulty that a cell names."""
    return _LEVELS.get(fold(cell))


# Columns that may hold something else than their header says: "Nível" N1 and N2 on a support desk.
_KNOWN: dict[Role, Callable[[str], object]] = {"difficulty": level_of, "type": type_of}


def find_table(sheet: Sheet) -> Table | None:
    """The table of questions on a sheet, if there is one."""
    if sheet.rows and _is_own(sheet.rows[0]):
        own, *rows = sheet.rows
        rows = [replace(row, cells=[fused(cell) for cell in row.cells]) for row in rows]
        return Table(sheet.name, read_header(own.cells) or [], own, rows)
    position, header, columns = _header(sheet.rows)
    if header:
        rows = [row for row in sheet.rows[position + 1 :] if row.cells != header.cells]
        columns = _settled(columns, rows)
        stems = [row.cell(c.index) for c in columns if c.role == "stem" for row in rows]
        if all(map(str.isdecimal, filter(None, stems))) and any(stems):
            return None  # numbers and letters: a gabarito
        above = _above(sheet.rows[:position])
        problems = (*sheet.problems, *_left_aside(header, columns, rows))
        return Table(sheet.name, columns, header, rows, above, problems)
    return _guessed(sheet)


def _guessed(sheet: Sheet) -> Table | None:
    """The table as its columns look, the first row taken for a header if it is no question."""
    rows, header = sheet.rows, None
    guessed = guess_columns(rows)
    if len(rows) > 2 and (not guessed or not has_key_like(rows[0], rows[1:], guessed)):
        below = guess_columns(rows[1:])
        if below:
            guessed, (header, *rows) = below, rows
    if not guessed:
        return None
    named = ", ".join(f"{column.index + 1} {name_of(column)}" for column in guessed)
    args: dict[str, str | int] = {"columns": named}
    guess = Problem(sheet.rows[0].line, 1, "warning", "table-columns-guessed", args)
    return Table(sheet.name, guessed, header, rows, {}, (*sheet.problems, guess))


def _is_own(header: Row) -> bool:
    return tuple(header.cells[: len(OWN_HEADER)]) == OWN_HEADER


def _header(rows: Sequence[Row]) -> tuple[int, Row | None, list[Column]]:
    """Place and row of the header near the top that announces most columns, and these."""
    place, header, best = 0, None, list[Column]()
    for index, row in enumerate(rows[:_TOP]):
        for candidate in (row, _with_above(rows, index)):
            columns = read_header(candidate.cells) or []
            if len(columns) > len(best):
                place, header, best = index, candidate, columns
    return place, header, best


def _with_above(rows: Sequence[Row], index: int) -> Row:
    """The lower row of a header of two, "Alternativas" above the letters, as the whole of it."""
    below, above = rows[index], rows[max(index - 1, 0)]
    if max(map(len, below.cells)) > _MAX_LETTER:
        return below
    width = max(len(above.cells), len(below.cells))
    columns = above.columns if len(above.cells) > len(below.cells) else below.columns
    return Row(below.line, [below.cell(i) or above.cell(i) for i in range(width)], columns)


def _settled(columns: list[Column], rows: Sequence[Row]) -> list[Column]:
    """The columns as their cells confirm them: crosses mark options, a level may be "N2"."""
    cells = {c.index: [cell for row in rows if (cell := row.cell(c.index))] for c in columns}
    columns = _with_crosses(columns, cells)
    columns = _with_interleaved(columns, "key", "mark")
    columns = _with_interleaved(columns, "explanation", "feedback")
    return [
        replace(column, role="aside" if all(map(str.isdecimal, cells[column.index])) else "tags")
        if column.role in _KNOWN and not any(map(_KNOWN[column.role], cells[column.index]))
        else column
        for column in columns
    ]


def _with_crosses(columns: list[Column], cells: dict[int, list[str]]) -> list[Column]:
    """Beside a column that has all options, columns A, B, C with crosses say which are right."""
    marks = [column for column in columns if column.role == "option"]
    if not any(column.role == "options" for column in columns):
        return columns
    if not is_crosses([cell for column in marks for cell in cells[column.index]]):
        return columns
    return [replace(column, role="mark") if column in marks else column for column in columns]


def _with_interleaved(columns: list[Column], role: Role, about: Role) -> list[Column]:
    """Columns of a role that stand one after each option speak of that option alone."""
    options = sorted((c.index, c.place) for c in columns if c.role == "option")
    places = {
        column.index: [place for index, place in options if index < column.index][-1]
        for column in columns
        if column.role == role and options and options[0][0] < column.index
    }
    if len(options) < 2 or sorted(places.values()) != sorted(place for _, place in options):
        return columns
    return [
        replace(column, role=about, place=places[column.index])
        if column.index in places
        else column
        for column in columns
    ]


def _above(rows: Sequence[Row]) -> dict[Role, str]:
    """What lines such as "Tema: Rede" say of all questions, the words in one cell or in two."""
    found: dict[Role, list[str]] = {}
    for row in rows:
        label, colon, value = row.cell(0).partition(":")
        role = role_of(label) if colon else None
        role = "title" if role == "name" else role
        said = value.strip() or row.cell(1)
        if role in _HELD_ABOVE and role and said:
            found.setdefault(role, []).append(said)
    return {role: "\n".join(said) for role, said in found.items()}


def _left_aside(header: Row, columns: Sequence[Column], rows: Sequence[Row]) -> list[Problem]:
    """What the columns hold that no item keeps."""
    known = {column.index for column in columns if column.role != "aside"}
    return [
        Problem(
            header.line,
            header.column(index),
            "info",
            "table-column-aside",
            {"column": label.strip()},
        )
        for index, label in enumerate(header.cells)
        if index not in known and label.strip() and any(row.cell(index) for row in rows)
    ]
