"""The heatmap as a table, one for each team that is asked for."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from quizapp.people import calendars
from quizapp.people.teams import Led
from quizapp.reports import heatmap, readers
from quizapp.reports.heatmap import Cell, Heatmap, Row, View
from quizapp.reports.readers import Reader
from quizapp.reports.sheets.model import Column, Share, Sheet


def of_team(
    session: Session, reader: Reader, args: Mapping[str, str], now: datetime
) -> list[Sheet]:
    """The people of `team` in the arguments, or of all teams one leads, as the page sorts them."""
    view, today = View.of(args), calendars.day_of(None, now)
    return [
        _sheet(team, heatmap.of_team(session, reader, team, view, today, now))
        for team in readers.led(session, reader, args.get("team"))
    ]


def _sheet(team: Led, found: Heatmap) -> Sheet:
    columns = [
        Column("name", gettext("Name")),
        Column("number", gettext("Company number"), "text", 12),
        Column("total", gettext("Total"), "share"),
        Column("percent", gettext("Total (%)"), "percent"),
    ]
    changed = [bool(column.total.changed) for column in found.columns]
    for column, has_changed in zip(found.columns, changed, strict=True):
        columns.append(Column(column.place.key, column.place.title, "share"))
        if has_changed:
            since = gettext("%(section)s: changed since", section=column.place.title)
            columns.append(Column(f"{column.place.key}_changed", since, "count"))
    everybody = Row(
        "", gettext("Everybody"), None, tuple(c.total for c in found.columns), found.total
    )
    rows = [_row(row, changed) for row in (*found.rows, everybody)]
    least = heatmap.few()
    notes = (
        gettext(
            "Of each question the person's latest answer in a submitted exam counts; voided "
            "questions and attempts do not."
        ),
        gettext("There is no percentage below %(n)s different questions.", n=least),
    )
    title = gettext("Heatmap of team %(team)s", team=team.name)
    said = gettext("Points of different questions, by competency or by what they cite")
    return Sheet(team.name, title, said, tuple(columns), rows, notes, landscape=True)


def _row(row: Row, changed: list[bool]) -> tuple[object, ...]:
    total = row.total
    percent = None if total.is_few else total.percent
    cells: list[object] = [row.name, row.employee_number, _share(total), percent]
    for cell, has_changed in zip(row.cells, changed, strict=True):
        cells.append(_share(cell))
        if has_changed:
            cells.append(cell.changed if cell.answers else None)
    return tuple(cells)


def _share(cell: Cell) -> Share | None:
    return Share(cell.points, cell.answers) if cell.answers else None
