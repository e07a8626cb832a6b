"""Reports that a page does not wait for: asked for, made by the worker, ready for a day."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp import jobs
from quizapp.errors import Missing, Refused
from quizapp.people import teams
from quizapp.reports import readers
from quizapp.reports.models import ExportedFile
from quizapp.reports.readers import Reader
from quizapp.reports.sheets import panels
from quizapp.reports.sheets.files import File
from quizapp.reports.sheets.registry import Args

EXPORT = "export"
READY = timedelta(days=1)
MOST = 20  # files of one person at a time: each takes the worker a while, and room


def ask(
    session: Session, reader: Reader, kind: str, form: str, args: Args, now: datetime
) -> ExportedFile:
    """Have the worker make a report, or the one of the same that is being made already.

    Raises Missing for a team, a person or a panel that is not the reader's, Refused for too many
    files.
    """
    _check(session, reader, args)
    there = mine(session, reader, now)
    for waiting in there:
        same = (waiting.kind, waiting.format, waiting.args) == (kind, form, dict(args))
        if same and not waiting.name and not _is_broken(session, waiting):
            return waiting
    if len(there) >= MOST:
        raise Refused(
            gettext("You have asked for %(n)s files: wait until their day is over.", n=MOST)
        )
    row = ExportedFile(
        user_id=reader.user_id,
        kind=kind,
        args=dict(args),
        format=form,
        name="",
        rows=0,
        teams=[],
        at=now,
        expires_at=now + READY,
    )
    session.add(row)
    session.flush()
    jobs.enqueue(
        session, EXPORT, {"file": row.id}, about=row.public_id, by=reader.public_id, now=now
    )
    return row


def _check(session: Session, reader: Reader, args: Args) -> None:
    readers.led(session, reader, args.get("team"))
    if person := args.get("person"):
        teams.led_user(session, reader.user_id, person)
    if panel := args.get("panel"):
        panels.find(session, reader, panel)


def _is_broken(session: Session, row: ExportedFile) -> bool:
    job = jobs.latest(session, row.public_id)
    return job is None or job.state == "failed"


def mine(session: Session, reader: Reader, now: datetime) -> Sequence[ExportedFile]:
    """What a reader asked for and may still have, the newest first."""
    return session.scalars(
        select(ExportedFile)
        .where(ExportedFile.user_id == reader.user_id, ExportedFile.expires_at > now)
        .order_by(ExportedFile.id.desc())
    ).all()


def own(session: Session, reader: Reader, public_id: str, now: datetime) -> ExportedFile:
    """What this reader asked for. Raises Missing for others' and for what is over."""
    row = session.execute(
        select(ExportedFile).where(
            ExportedFile.public_id == public_id,
            ExportedFile.user_id == reader.user_id,
            ExportedFile.expires_at > now,
        )
    ).scalar_one_or_none()
    if row is None:
        raise Missing
    return row


def keep(session: Session, row: ExportedFile, reader: Reader, made: File, now: datetime) -> None:
    """Keep what was made, for a day from now on, with the teams whose people are in it."""
    led = readers.led(session, reader, row.args.get("team"))
    row.name, row.data, row.rows = made.name, made.data, made.rows
    row.teams = [team.public_id for team in led]
    row.expires_at = now + READY
    session.flush()


def handed(session: Session, reader: Reader, row: ExportedFile) -> File:
    """The file, if its reader still leads all whose people are in it. Raises Missing."""
    _check(session, reader, row.args)
    led = {team.public_id for team in readers.led(session, reader)}
    if row.data is None or not led.issuperset(row.teams):
        raise Missing
    return File(row.name, row.data, row.rows)


def expire(session: Session, now: datetime) -> None:
    """Delete the files whose day is over; the caller commits."""
    session.execute(delete(ExportedFile).where(ExportedFile.expires_at <= now))
