"""Tables of questions, CSV and XLSX, become banks."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from quizapp.formats.archive import Archive, check_parts
from quizapp.formats.foreign import MAX_ITEMS, assemble
from quizapp.formats.model import Bank, Problem, Unreadable
from quizapp.formats.tables.csv_text import delimiter_of, parse_csv, sample_rows
from quizapp.formats.tables.finding import Table, find_table
from quizapp.formats.tables.found import Found
from quizapp.formats.tables.questions import read_table
from quizapp.formats.tables.rows import Sheet
from quizapp.formats.tables.workbook import read_sheets

_CSV_NAME = re.compile(r"\.(?:csv|tsv|tab)$", re.IGNORECASE)
# What a sheet is called before somebody gives it a name.
_NO_NAME = re.compile(r"(?:planilha|plan|sheet|folha|tabela|p[aá]gina)\d*", re.IGNORECASE)
_TOP = 5_000
_OTHER_NAME = re.compile(r"\.(?:md|markdown|mdown|gift|json|x?html?)$", re.IGNORECASE)


def is_csv(name: str, text: str) -> bool:
    """Whether a text is a table of questions: by its file's ending, or clearly by its content."""
    if _CSV_NAME.search(name):
        return True
    if _OTHER_NAME.search(name):
        return False
    delimiter = delimiter_of(text)
    if delimiter == "|" and any(map(_is_rule, text[:_TOP].split("\n"))):
        return False  # a table of Markdown
    rows = sample_rows(text, delimiter)
    table = find_table(Sheet("", rows)) if len(rows) > 1 else None
    if table is None or not table.rows or len(table.columns) < 3:
        return False
    widths = [len(row.cells) for row in table.rows]
    return min(widths) > 2 or (
        table.header is not None and sum(w > 2 for w in widths) * 5 >= len(widths) * 4
    )


def _is_rule(line: str) -> bool:
    return "---" in line and set(line) <= set("|:- \t")


def read_csv(name: str, text: str) -> Bank | Unreadable:
    """The bank that a CSV file holds."""
    sheet = parse_csv(text)
    if isinstance(sheet, Problem):
        return Unreadable((sheet,))
    return _bank(name, "csv", [sheet])


def read_xlsx(name: str, data: bytes, archive: Archive) -> Bank | Unreadable:
    """The bank that the sheets of a workbook hold."""
    sheets = check_parts(archive) or read_sheets(archive)
    if isinstance(sheets, Problem):
        return Unreadable((sheets,))
    return _bank(name, "xlsx", sheets)


def _bank(name: str, format_name: str, sheets: Sequence[Sheet]) -> Bank | Unreadable:
    """The bank made of the questions of all sheets."""
    tables = {sheet.name: table for sheet in sheets if (table := find_table(sheet))}
    if not tables:
        problems = [problem for sheet in sheets for problem in sheet.problems]
        return Unreadable((*problems, Problem(1, 1, "error", "table-not-found")))
    if sum(bool(t.text(row, "stem")) for t in tables.values() for row in t.rows) > MAX_ITEMS:
        return Unreadable((Problem(1, 1, "error", "too-many-items", {"most": MAX_ITEMS}),))
    found = _read_all(list(tables.values()))
    problems = [problem for part in found.values() for problem in part.problems]
    problems += [
        Problem(1, 1, "info", "sheet-without-questions", {"name": sheet.name})
        for sheet in sheets
        if sheet.rows and sheet.name not in tables
    ]
    bank = assemble(
        name,
        format_name,
        [item for part in found.values() for item in part.items],
        title=next((t.above["title"] for t in tables.values() if "title" in t.above), ""),
        left_out=[out for part in found.values() for out in part.left_out],
        problems=problems,
    )
    return bank if len(found) < 2 else _with_sheets(bank, found)


def _read_all(tables: Sequence[Table]) -> dict[str, Found]:
    """What each table gave, by its sheet's name; no number stands for two questions."""
    given = Counter(
        text for table in tables for row in table.rows if (text := table.text(row, "number"))
    )
    found: dict[str, Found] = {}
    count = 0
    for table in tables:
        part = read_table(
            table, count + 1, keep_numbers=len(tables) == 1 or max(given.values(), default=0) < 2
        )
        count += len(part.items) + len(part.left_out)
        if len(tables) > 1:
            if not _NO_NAME.fullmatch(table.sheet):
                part.items = [replace(i, category=i.category or table.sheet) for i in part.items]
            part.problems = [
                replace(p, args={**p.args, "sheet": table.sheet}) for p in part.problems
            ]
        found[table.sheet] = part
    return found


def _with_sheets(bank: Bank, found: dict[str, Found]) -> Bank:
    """The bank with the sheet named in each problem: the lines are those of several."""
    sheets = {item.number: sheet for sheet, part in found.items() for item in part.items}
    lines: dict[int, set[str]] = {}
    for sheet, part in found.items():
        for item in part.items:
            lines.setdefault(item.line, set()).add(sheet)
    problems = []
    for problem in bank.problems:
        here = lines.get(problem.line, set())
        sheet = sheets.get(str(problem.args.get("number"))) or (min(here) if len(here) == 1 else "")
        if sheet and "sheet" not in problem.args:
            problem = replace(problem, args={**problem.args, "sheet": sheet})
        problems.append(problem)
    return replace(bank, problems=tuple(problems))
