"""What the page of a person's progress shows, as tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from quizapp.people import calendars, teams
from quizapp.reports import person
from quizapp.reports.heatmap import Line
from quizapp.reports.progress import Progress, Standing, Tried
from quizapp.reports.readers import Reader
from quizapp.reports.sheets.model import Column, Share, Sheet
from quizapp.reports.timeline import Event
from quizapp.reports.words import STATE_NAMES, USE_NAMES


def of_person(
    session: Session, reader: Reader, args: Mapping[str, str], now: datetime
) -> list[Sheet]:
    """The progress of `person` in the arguments, whose leader asks, or the reader's own."""
    user_id, name = reader.user_id, reader.name
    if asked := args.get("person"):
        found = teams.led_user(session, reader.user_id, asked)
        user_id, name = found.id, found.name
    today = calendars.day_of(None, now)
    all_of = person.of_person(session, reader, user_id, today, now)
    said = all_of.progress
    title = gettext("Progress of %(name)s", name=name)
    return [
        _quizzes(title, said.standings),
        _lines(gettext("By competency"), gettext("Competency"), title, all_of.competencies),
        _lines(gettext("By section"), gettext("Section"), title, all_of.sections),
        _reading(title, said),
        _attempts(title, said.tried),
        _events(title, all_of.events),
    ]


def _quizzes(title: str, standings: Sequence[Standing]) -> Sheet:
    columns = (
        Column("quiz", gettext("Quiz"), "text", 40),
        Column("state", gettext("Result"), "state"),
        Column("score", gettext("Score"), "percent"),
        Column("cut", gettext("Cut score"), "percent"),
        Column("attempts", gettext("Attempts"), "count"),
    )
    rows = [
        (
            one.title,
            STATE_NAMES[one.state],
            one.counted and one.counted.percent,
            one.cut_score,
            len(one.tried),
        )
        for one in standings
    ]
    return Sheet(gettext("Quizzes"), title, gettext("Where the person stands"), columns, rows)


def _lines(name: str, what: str, title: str, lines: Sequence[Line]) -> Sheet:
    columns = (
        Column("name", what, "text", 40),
        Column("procedure", gettext("Procedure"), "text", 36),
        Column("points", gettext("Points"), "share"),
        Column("percent", gettext("Points (%)"), "percent"),
        Column("cut", gettext("Cut score"), "percent"),
        Column("unreached", gettext("Not reached"), "count"),
        Column("changed", gettext("Changed since"), "count"),
    )
    rows = [
        (
            one.place.title,
            one.place.at and one.place.at.title,
            Share(one.cell.points, one.cell.answers) if one.cell.answers else None,
            None if one.cell.is_few else one.cell.percent,
            one.cut_score,
            one.cell.unreached or None,
            one.cell.changed or None,
        )
        for one in lines
    ]
    said = gettext("The latest answer to each question in exams of the last twelve months")
    note = gettext("There is no percentage where there are few answers.")
    return Sheet(name, title, said, columns, rows, (note,))


def _reading(title: str, said: Progress) -> Sheet:
    columns = (
        Column("procedure", gettext("Procedure"), "text", 48),
        Column("read", gettext("Sections read"), "share"),
    )
    rows = [(one.procedure.title, Share(one.read, one.procedure.sections)) for one in said.readings]
    return Sheet(gettext("Reading"), title, "", columns, rows)


def _attempts(title: str, tried: Sequence[Tried]) -> Sheet:
    columns = (
        Column("quiz", gettext("Quiz"), "text", 36),
        Column("use", gettext("Use"), "state", 8),
        Column("attempt", gettext("Attempt"), "count"),
        Column("started", gettext("Started"), "time"),
        Column("submitted", gettext("Submitted"), "time"),
        Column("score", gettext("Score"), "percent"),
        Column("points", gettext("Points"), "share"),
        Column("result", gettext("Result"), "state"),
    )
    rows = [
        (
            one.title,
            USE_NAMES[one.use],
            one.number,
            one.started_at,
            one.submitted_at,
            one.percent,
            _points(one),
            STATE_NAMES[one.word],
        )
        for one in tried
    ]
    return Sheet(gettext("Attempts"), title, "", columns, rows, landscape=True)


def _events(title: str, events: Sequence[Event]) -> Sheet:
    columns = (
        Column("on", gettext("Day"), "date"),
        Column("what", gettext("What"), "state", 24),
        Column("title", gettext("Of what"), "text", 44),
        Column("sections", gettext("Sections"), "count"),
        Column("points", gettext("Points"), "share"),
        Column("minutes", gettext("Minutes"), "minutes"),
        Column("until", gettext("Until"), "date"),
    )
    words: dict[str, str] = {
        "read": gettext("Read"),
        "attempt": gettext("Attempt"),
        "award": gettext("Certified"),
        "revoked": gettext("Certification revoked"),
        "reinstated": gettext("Certification reinstated"),
        "away": gettext("Away"),
    }
    rows = [
        (
            one.on,
            words[one.kind],
            one.title,
            one.sections or None,
            _points(one.tried) if one.tried else None,
            one.used.total_seconds() / 60 if one.used else None,
            one.until,
        )
        for one in events
    ]
    return Sheet(gettext("Timeline"), title, "", columns, rows, landscape=True)


def _points(tried: Tried) -> Share | None:
    if tried.points is None or tried.max_points is None:
        return None
    return Share(tried.points, tried.max_points)
