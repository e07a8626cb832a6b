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
    if found.total.unreached:
        columns.append(Column("unreached", gettext("Not reached"), "count"))
    for column in found.columns:
        key, title = column.place.key, column.place.title
        columns.append(Column(key, title, "share"))
        if column.total.unreached:
            left = gettext("%(section)s: not reached", section=title)
            columns.append(Column(f"{key}_unreached", left, "count"))
        if column.total.changed:
            since = gettext("%(section)s: changed since", section=title)
            columns.append(Column(f"{key}_changed", since, "count"))
    everybody = Row(
        "", gettext("Everybody"), None, tuple(c.total for c in found.columns), found.total
    )
    rows = [_row(row, everybody) for row in (*found.rows, everybody)]
    least = heatmap.few()
    notes = (
        gettext(
            "Of each question the person's latest answer in a submitted exam counts; voided "
            "questions and attempts do not."
        ),
        gettext("There is no percentage below %(n)s different questions.", n=least),
        gettext(
            "A blank counts as 0; what the person did not get to is apart and counts for nothing."
        ),
    )
    title = gettext("Heatmap of team %(team)s", team=team.name)
    said = gettext("Points of different questions, by competency or by what they cite")
    return Sheet(team.name, title, said, tuple(columns), rows, notes, landscape=True)


def _row(row: Row, everybody: Row) -> tuple[object, ...]:
    """The cells of a row; what nobody has there at all has no column."""
    total = row.total
    percent = None if total.is_few else total.percent
    cells: list[object] = [row.name, row.employee_number, _share(total), percent]
    if everybody.total.unreached:
        cells.append(total.unreached or None)
    for cell, of_all in zip(row.cells, everybody.cells, strict=True):
        cells.append(_share(cell))
        if of_all.unreached:
            cells.append(cell.unreached or None)
        if of_all.changed:
            cells.append(cell.changed if cell.answers else None)
    return tuple(cells)


def _share(cell: Cell) -> Share | None:
    return Share(cell.points, cell.answers) if cell.answers else None
