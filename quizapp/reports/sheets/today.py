"""What a manager looks at each day, as tables: who is ready for which queue, whom to see to."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from quizapp.people.teams import Led
from quizapp.reports import attention, readers, readiness
from quizapp.reports.readers import Reader
from quizapp.reports.sheets.model import Column, Share, Sheet
from quizapp.reports.words import COUNTED_NAMES, READY_NAMES, REASON_NAMES, STATUS_NAMES


def ready(session: Session, reader: Reader, args: Mapping[str, str], now: datetime) -> list[Sheet]:
    """The queues in figures, then everybody whom each concerns; of a `team` or of all one leads."""
    led = readers.led(session, reader, args.get("team"))
    queues = readiness.of_teams(session, reader.user_id, led, now)
    title = _title(gettext("Who is ready today"), led, args)
    summary = Sheet(
        gettext("The queues"),
        title,
        gettext("How many may work each queue"),
        (
            Column("queue", gettext("Queue")),
            Column("ready", gettext("Ready today"), "share"),
            Column("soon", gettext("About to stop"), "count"),
            Column("others", gettext("Not ready"), "count"),
        ),
        [
            (
                queue.name,
                Share(len(queue.ready), len(queue.standings)),
                len(queue.soon),
                len(queue.others),
            )
            for queue in queues
        ],
    )
    people = Sheet(
        gettext("People"),
        title,
        gettext("Who may work each queue, and who may not"),
        (
            Column("queue", gettext("Queue"), width=16),
            Column("name", gettext("Name"), width=22),
            Column("number", gettext("Company number"), width=12),
            Column("team", gettext("Team"), width=18),
            Column("state", gettext("State"), "state"),
            Column("certification", gettext("Certification"), "state"),
            Column("until", gettext("Valid until"), "date"),
            Column("back", gettext("Away until"), "date"),
            Column("program", gettext("Program"), width=18),
            Column("steps", gettext("Steps done"), "share"),
            Column("due", gettext("Due"), "date"),
            Column("next", gettext("Next step"), width=20),
        ),
        [_standing(queue.name, one) for queue in queues for one in queue.standings],
        landscape=True,
    )
    return [summary, people]


def _title(title: str, led: list[Led], args: Mapping[str, str]) -> str:
    """The name of a report, with that of the one team that was asked for."""
    return f"{title}: {led[0].name}" if args.get("team") else title


def _standing(queue: str, one: readiness.Standing) -> tuple[object, ...]:
    path = one.path
    return (
        queue,
        one.person.name,
        one.person.employee_number,
        one.person.team,
        READY_NAMES[one.state],
        STATUS_NAMES[one.held.state] if one.held else None,
        one.until,
        one.back,
        one.program,
        path and Share(sum(step.is_over for step in path.steps), len(path.steps)),
        path and path.due_on,
        path and path.next and path.next.title,
    )


def to_see_to(
    session: Session, reader: Reader, args: Mapping[str, str], now: datetime
) -> list[Sheet]:
    """The teams at a glance, then whom to see to first; of a `team` or of all one leads."""
    led = readers.led(session, reader, args.get("team"))
    found = attention.of_teams(session, reader.user_id, led, now)
    title = _title(gettext("Whom to see to first"), led, args)
    return [
        Sheet(
            gettext("Whom to see to"),
            title,
            gettext("The most pressing first; who is away is not here"),
            (
                Column("name", gettext("Name")),
                Column("number", gettext("Company number"), width=12),
                Column("team", gettext("Team"), width=18),
                Column("reason", gettext("Reason"), "state"),
                Column("day", gettext("Day"), "date"),
                Column("about", gettext("What it is about")),
                Column("score", gettext("score (%)"), "percent"),
                Column("next", gettext("Next step")),
            ),
            [
                _line(line)
                for line in attention.with_paths(session, reader.user_id, found.lines, now)
            ],
            landscape=True,
        ),
        Sheet(
            gettext("Teams"),
            title,
            gettext("The teams at a glance"),
            (
                Column("team", gettext("Team")),
                Column("certified", gettext("Hold some certification"), "share"),
                Column("away", gettext("Away"), "count"),
                *(
                    Column(reason, str(COUNTED_NAMES[reason]), "count")
                    for reason in attention.REASONS
                ),
            ),
            [
                (
                    one.team.name,
                    Share(one.certified, one.people),
                    one.away,
                    *(one.counts.get(reason, 0) for reason in attention.REASONS),
                )
                for one in found.teams
            ],
        ),
    ]


def _line(line: attention.Line) -> tuple[object, ...]:
    return (
        line.person.name,
        line.person.employee_number,
        line.person.team,
        REASON_NAMES[line.reason],
        line.since,
        line.title,
        line.failing and line.failing.percent,
        line.path and line.path.next and line.path.next.title,
    )
