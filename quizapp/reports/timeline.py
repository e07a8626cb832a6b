"""What one person read, tried and was awarded, day by day, and how long they look at questions.

For the person, or for who leads them: each sees the attempts and scores that they see elsewhere.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from quizapp.certification.models import (
    Certification,
    CertificationAct,
    Program,
    ProgramRevision,
)
from quizapp.content.visibility import READABLE
from quizapp.db import UtcDateTime
from quizapp.people import calendars
from quizapp.quiz.models import Attempt, AttemptItem, Response
from quizapp.reports import analysis
from quizapp.reports.heatmap import few
from quizapp.reports.progress import Tried
from quizapp.reports.readers import Reader

PAGE = 30


@dataclass(frozen=True)
class Event:
    """Something on a day of the reader's zone; `at` is None for what has no time of day.

    read: so many `sections` of the procedure `slug` (None where it is gone). attempt: `tried`.
    award, revoked, reinstated: a certification of the program `slug`, an award valid to `until`.
    away: absent to `until`, None while nobody knows.
    """

    kind: str
    on: date
    at: datetime | None = None
    title: str = ""
    slug: str | None = None
    sections: int = 0
    tried: Tried | None = None
    until: date | None = None

    @property
    def used(self) -> timedelta | None:
        """How long an attempt took, once it was submitted."""
        if self.tried is None or self.tried.submitted_at is None:
            return None
        return self.tried.submitted_at - self.tried.started_at


DAWN = datetime(1970, 1, 1, tzinfo=UTC)


def of_person(
    session: Session, reader: Reader, user_id: int, tried: Sequence[Tried]
) -> list[Event]:
    """Everything, the newest first; `tried` are the attempts that the reader sees."""
    found = [
        *_read(session, reader, user_id),
        *_attempts(reader, tried),
        *_awards(session, user_id),
        *_acts(session, reader, user_id),
        *(
            Event("away", absence.first, until=absence.last)
            for absence in calendars.absences_of(session, [user_id])
        ),
    ]
    return sorted(found, key=lambda event: (event.on, event.at or DAWN), reverse=True)


def _read(session: Session, reader: Reader, user_id: int) -> list[Event]:
    """A line for each day and procedure."""
    sections: Counter[tuple[date, str]] = Counter()
    last: dict[tuple[date, str], tuple[datetime, str, str | None]] = {}
    for at, slug, title, is_gone in session.execute(
        _READ, {"user": user_id, "viewer": reader.user_id}
    ):
        key = at.astimezone(reader.zone).date(), slug
        sections[key] += 1
        last[key] = at, title, None if is_gone else slug
    return [
        Event("read", key[0], at, title, slug, sections=sections[key])
        for key, (at, title, slug) in last.items()
    ]


# Of what the reader may read; the title is that of the text that was shown.
_READ = text(
    f"""
    SELECT acknowledgement.at, procedure.slug, procedure_revision.title,
           procedure.retired_at IS NOT NULL
    FROM acknowledgement
    JOIN procedure ON procedure.id = acknowledgement.procedure_id
    JOIN procedure_revision ON procedure_revision.id = acknowledgement.revision_id
    WHERE acknowledgement.user_id = :user AND {READABLE}
    ORDER BY acknowledgement.at
    """  # noqa: S608
).columns(at=UtcDateTime)


def _attempts(reader: Reader, tried: Sequence[Tried]) -> list[Event]:
    return [
        Event("attempt", at.astimezone(reader.zone).date(), at, one.title, one.quiz, tried=one)
        for one in tried
        for at in [one.submitted_at or one.started_at]
    ]


def _awards(session: Session, user_id: int) -> list[Event]:
    rows = session.execute(
        select(
            Certification.awarded_on,
            Certification.awarded_at,
            ProgramRevision.title,
            Program.slug,
            Certification.valid_until,
        )
        .join(ProgramRevision, ProgramRevision.id == Certification.program_revision_id)
        .join(Program, Program.id == Certification.program_id)
        .where(Certification.user_id == user_id)
    )
    return [Event("award", on, at, title, slug, until=until) for on, at, title, slug, until in rows]


def _acts(session: Session, reader: Reader, user_id: int) -> list[Event]:
    rows = session.execute(
        select(CertificationAct.act, CertificationAct.at, ProgramRevision.title, Program.slug)
        .join(Certification, Certification.id == CertificationAct.certification_id)
        .join(ProgramRevision, ProgramRevision.id == Certification.program_revision_id)
        .join(Program, Program.id == Certification.program_id)
        .where(Certification.user_id == user_id)
    )
    return [
        Event(act, at.astimezone(reader.zone).date(), at, title, slug)
        for act, at, title, slug in rows
    ]


@dataclass(frozen=True)
class Pace:
    """How long so many questions were in sight the first time: the person's median, everybody's.

    The latter is the median of the questions' medians, as the item analysis has them.
    """

    items: int
    own: timedelta
    all: timedelta


# The exams whose questions are looked at.
EXAMS = 3


def pace(session: Session, tried: Sequence[Tried]) -> Pace | None:
    """Time on item in the latest of these exams; None where too few say anything.

    The first time counts, for the person too: afterwards one knows what is asked.
    """
    exams = [one for one in tried if one.use == "exam" and one.state == "submitted"]
    shown = [one for one in exams if one.percent is not None][:EXAMS]
    latest, quizzes = {one.public_id for one in shown}, {one.quiz for one in shown}
    known = analysis.medians(session, quizzes)
    before = [one.public_id for one in exams if one.quiz in quizzes]
    first: dict[tuple[int, int], int] = {}
    asked = set()
    for attempt, quiz_id, item_id, spent in session.execute(_SPENT, {"attempts": before}):
        first.setdefault((quiz_id, item_id), spent)
        if attempt in latest:
            asked.add((quiz_id, item_id))
    places = [place for place in sorted(asked) if place in known]
    if len(places) < few():
        return None
    return Pace(
        len(places),
        _time([first[place] for place in places]),
        _time([known[place] for place in places]),
    )


def _time(milliseconds: Sequence[float]) -> timedelta:
    return timedelta(milliseconds=median(milliseconds))


_SPENT = (
    select(Attempt.public_id, Attempt.quiz_id, AttemptItem.item_id, Response.spent)
    .join(Attempt, Attempt.id == AttemptItem.attempt_id)
    .join(
        Response,
        (Response.attempt_id == AttemptItem.attempt_id)
        & (Response.position == AttemptItem.position),
    )
    .where(Attempt.public_id.in_(bindparam("attempts", expanding=True)), Response.spent > 0)
    .order_by(Attempt.id)
)
