"""A table as its file has it: sheets of rows, and the limits that both kinds of file keep."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.formats.model import Problem

MAX_ROWS = 50_000
MAX_COLUMNS = 200
# What Excel itself lets a cell hold.
MAX_CELL = 32_767


@dataclass(frozen=True)
class Row:
    """A row that is not blank; `line` is its line in a text, its number in a spreadsheet.

    `columns` has for each cell the column in which it begins: of the text, or of the sheet; a row
    is wide where one of its cells spans several columns, as a title does.
    """

    line: int
    cells: list[str]
    columns: Sequence[int]
    is_wide: bool = False

    def cell(self, index: int) -> str:
        """The text of a cell without outer space; cells that are not there are empty."""
        return self.cells[index].strip() if index < len(self.cells) else ""

    def column(self, index: int) -> int:
        """Where the cell begins."""
        return self.columns[index] if index < len(self.columns) else 1


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or the whole of a CSV file, which has no name."""

    name: str
    rows: list[Row]
    problems: tuple[Problem, ...] = ()


class Faulty(Exception):
    """The file is not read any further."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def too_large(line: int, column: int) -> Faulty:
    """What is raised where a table passes its limits."""
    args: dict[str, str | int] = {"rows": MAX_ROWS, "columns": MAX_COLUMNS}
    return Faulty(Problem(line, column, "error", "table-too-large", args))


def cell_too_long(line: int, column: int) -> Faulty:
    """What is raised where one cell holds more than Excel would let it."""
    return Faulty(Problem(line, column, "error", "table-cell-too-long", {"limit": MAX_CELL}))
