"""Tables on paper: A4, PDF/UA, the headings on each page.

A table too wide for a page goes on in a further one that begins with the same first column.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext

from quizapp import typesetting
from quizapp.reports.readers import Reader
from quizapp.reports.sheets.model import Column, ColumnKind, Share, Sheet, cut

TEMPLATE = Path(__file__).with_name("sheet.typ")
# What a line holds, in characters: upright and across, at the smallest letters.
UPRIGHT, ACROSS = 108, 172
_AT_THE_END = ("count", "number", "percent", "share", "minutes")


def write(sheets: Sequence[Sheet], reader: Reader, at: datetime) -> bytes:
    """The file, in the language of the request; times are in the reader's zone."""
    settings = current_app.config
    company, logo = settings["COMPANY"], settings["COMPANY_LOGO"]
    is_english = reader.language == "en"
    print_cell = _cells(reader)
    shown = {
        "lang": "en" if is_english else "pt",
        "region": "us" if is_english else "br",
        "title": sheets[0].title,
        "company": company,
        "logo": f"/{Path(logo).name}" if logo else "",
        "logo_alt": gettext("Logo of %(company)s", company=company or "quizapp"),
        "made": gettext(
            "Made on %(when)s for %(name)s",
            when=print_cell("time", at),
            name=reader.name or reader.public_id,
        ),
        "page": gettext("Page"),
        "nothing": gettext("Nothing to show."),
        "landscape": any(_is_wide(sheet) for sheet in sheets),
        "parts": [
            part for sheet in sheets for part in _parts(sheet, print_cell, several=len(sheets) > 1)
        ],
    }
    inputs = {"shown": json.dumps(typesetting.printable(shown), ensure_ascii=False)}
    return typesetting.made(TEMPLATE, inputs, at.replace(microsecond=0), logo)


_Print = Callable[[ColumnKind, Any], str]


def _cells(reader: Reader) -> _Print:
    """What prints a cell as people read it in this language and zone."""
    is_english = reader.language == "en"
    day = "%d %b %Y" if is_english else "%d/%m/%Y"

    def number(value: float, decimals: int) -> str:
        shown = f"{value:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:.0f}"
        return shown if is_english else shown.replace(".", ",")

    def cell(kind: ColumnKind, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, Share):
            of: str = gettext("%(n)s of %(all)s", n=number(cut(value.k, 1), 1), all=value.n)
            return of
        if isinstance(value, datetime):
            return value.astimezone(reader.zone).strftime(f"{day} %H:%M")
        if isinstance(value, date):
            return value.strftime(day)
        if isinstance(value, int | float):
            if kind == "percent":
                return f"{number(cut(value, 1), 1)}%"
            return number(value, 3) if kind == "number" else number(cut(value, 2), 2)
        return str(value)

    return cell


def _is_wide(sheet: Sheet) -> bool:
    return sheet.landscape or sum(column.characters for column in sheet.columns) > UPRIGHT


def _parts(sheet: Sheet, print_cell: _Print, *, several: bool) -> Iterator[dict[str, Any]]:
    """The tables of a sheet, as the template takes them."""
    rows = [
        [print_cell(column.kind, value) for column, value in zip(sheet.columns, row, strict=True)]
        for row in sheet.rows
    ]
    widths = [_width(column, [row[n] for row in rows]) for n, column in enumerate(sheet.columns)]
    groups = list(_groups(widths, ACROSS if _is_wide(sheet) else UPRIGHT))
    head = sheet.name if several else ""
    for number, places in enumerate(groups, start=1):
        columns = [sheet.columns[place] for place in places]
        is_first, is_last = number == 1, number == len(groups)
        counting = gettext("Part %(n)s of %(all)s", n=number, all=len(groups))
        yield {
            "head": " · ".join([*([head] if head else []), counting]) if len(groups) > 1 else head,
            "subtitle": sheet.subtitle if is_first else "",
            "columns": [column.title for column in columns],
            "widths": [widths[place] for place in places],
            "aligned": ["end" if column.kind in _AT_THE_END else "start" for column in columns],
            "size": 9 if len(columns) <= 8 else 8,
            "rows": [[row[place] for place in places] for row in rows],
            "notes": list(sheet.notes) if is_last else [],
        }


def _width(column: Column, cells: Sequence[str]) -> int:
    """What a column needs, in characters: less than its kind may have, where little is in it."""
    longest = max(map(len, [*cells, *column.title.split()]), default=0)
    return min(column.characters, longest + 1)


def _groups(widths: Sequence[int], room: int) -> Iterator[list[int]]:
    """The places of the columns that fit beside one another, each time with the first."""
    group, used = [0], widths[0]
    for place, width in enumerate(widths[1:], start=1):
        if used + width > room and len(group) > 1:
            yield group
            group, used = [0], widths[0]
        group.append(place)
        used += width
    yield group
