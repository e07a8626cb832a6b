"""What the pages of a team show, as tables: one for each team that is asked for."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from quizapp.people import calendars
from quizapp.people.teams import Led
from quizapp.reports import programs, readers, teams
from quizapp.reports.readers import Reader
from quizapp.reports.sheets.model import Column, Share, Sheet
from quizapp.reports.words import STANDING_NAMES, STATE_NAMES


def progress(
    session: Session, reader: Reader, args: Mapping[str, str], now: datetime
) -> list[Sheet]:
    """Reading and quizzes of everybody in a team, `team` in the arguments, or in all one leads."""
    today = calendars.day_of(None, now)
    return [
        _progress(team, teams.of_team(session, team.id, today, now))
        for team in readers.led(session, reader, args.get("team"))
    ]


def _progress(team: Led, report: teams.TeamReport) -> Sheet:
    columns = [*_who(), Column("read", gettext("Sections read"), "share")]
    for quiz in report.quizzes:
        words = gettext("state"), gettext("score (%)"), gettext("attempts")
        state, score, attempts = (f"{quiz.title}: {word}" for word in words)
        columns += [
            Column(f"{quiz.slug}_state", state, "state"),
            Column(f"{quiz.slug}_score", score, "percent"),
            Column(f"{quiz.slug}_attempts", attempts, "count"),
        ]
    columns.append(Column("last", gettext("Last activity"), "time"))
    rows = []
    for row in report.rows:
        cells: list[object] = [
            row.name,
            row.employee_number,
            Share(row.read, report.sections),
        ]
        for cell in row.cells:
            cells += [STATE_NAMES[cell.state], cell.score, cell.attempts]
        rows.append((*cells, row.last_active))
    title = gettext("Progress of team %(team)s", team=team.name)
    said = gettext("Reading and quizzes of everybody in the team")
    return Sheet(team.name, title, said, tuple(columns), rows, landscape=True)


def by_program(
    session: Session, reader: Reader, args: Mapping[str, str], now: datetime
) -> list[Sheet]:
    """How everybody in a team, `team` in the arguments, or in all one leads stands in programs."""
    return [
        _by_program(team, programs.of_team(session, team.id, reader.user_id, now))
        for team in readers.led(session, reader, args.get("team"))
    ]


def _by_program(team: Led, report: programs.ProgramReport) -> Sheet:
    columns = _who()
    for program in report.programs:
        words = gettext("state"), gettext("steps"), gettext("due"), gettext("valid until")
        state, steps, due, valid = (f"{program.title}: {word}" for word in words)
        columns += [
            Column(f"{program.slug}_state", state, "state"),
            Column(f"{program.slug}_steps", steps, "share"),
            Column(f"{program.slug}_due", due, "date"),
            Column(f"{program.slug}_valid", valid, "date"),
        ]
    rows = []
    for row in report.rows:
        cells: list[object] = [row.name, row.employee_number]
        for cell in row.cells:
            cells += [
                STANDING_NAMES.get(cell.state),
                Share(cell.done, cell.total) if cell.is_open else None,
                cell.due_on,
                cell.valid_until,
            ]
        rows.append(tuple(cells))
    title = gettext("Programs of team %(team)s", team=team.name)
    said = gettext("Who is ready, under way, overdue or about to expire")
    return Sheet(team.name, title, said, tuple(columns), rows, landscape=True)


def _who() -> list[Column]:
    return [
        Column("name", gettext("Name")),
        Column("number", gettext("Company number"), "text", 12),
    ]
