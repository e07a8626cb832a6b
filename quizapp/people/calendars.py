"""Days as people live them: their zone, when they are away, and when something falls due."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext
from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from quizapp.errors import Invalid, Missing
from quizapp.evidence import chain
from quizapp.people.models import Absence, Holiday, User

KINDS = ("vacation", "leave", "other")
DAY = timedelta(days=1)
SUNDAY = 6
YEARS = range(2000, 2101)  # what is beyond was mistyped
# What falls due while its person is away and nobody knows until when; later than every due day.
UNKNOWN = date(9999, 1, 1)

Period = tuple[date, date | None]


def zone_of(name: str | None) -> ZoneInfo:
    """The zone of this name; the installation's for None and for one that is no longer known."""
    try:
        return ZoneInfo(name or current_app.config["TIME_ZONE"])
    except (KeyError, ValueError):
        return ZoneInfo(current_app.config["TIME_ZONE"])


def day_of(zone: str | None, now: datetime) -> date:
    """The day it is for somebody who lives by this zone; None is the installation's."""
    return now.astimezone(zone_of(zone)).date()


def shifted(due_on: date, since: date, away: Sequence[Period], holidays: Collection[date]) -> date:
    """The day on which something falls due that was given on `since`, all in the person's days.

    A person has as many days there as lie between `since` and `due_on`: each day away after
    `since` moves the end on by one, also those that come within only because it moved. Nothing
    falls due on a Sunday, a holiday or a day away: the next day that is none of these counts.
    A last day of None is not known; where such an absence begins before the end, UNKNOWN.
    """
    due, counted = due_on, since
    periods = sorted(away, key=lambda period: period[0])
    for first, last in periods:
        start = max(first, counted + DAY)
        if start > due:
            break
        if last is None:
            return UNKNOWN
        if last >= start:
            due += last - start + DAY
            counted = last
    while True:
        inside = [last for first, last in periods if first <= due and (last is None or due <= last)]
        if None in inside:
            return UNKNOWN
        if not inside and due.weekday() != SUNDAY and due not in holidays:
            return due
        due += DAY


def due_for_many(session: Session, asked: Sequence[tuple[int, date, date]]) -> list[date]:
    """When each of these (user id, since, due on) falls due by `shifted`, in their order.

    By two statements.
    """
    if not asked:
        return []
    away: dict[int, list[Period]] = {}
    # Not by their ids: there may be more of them than a statement takes, and few are away.
    for row in session.execute(_AWAY, {"since": min(since for _, since, _ in asked)}):
        away.setdefault(row.user_id, []).append((row.first, row.last))
    holidays = _holidays(session)
    return [
        shifted(due_on, since, away.get(user_id, ()), holidays) for user_id, since, due_on in asked
    ]


def away_on(session: Session, user_ids: Iterable[int], on: date) -> set[int]:
    """Who of these is away on a day."""
    return {row.user_id for row in session.execute(_AWAY_ON, {"on": on})} & set(user_ids)


def away_now(session: Session, people: Iterable[tuple[int, str | None]], now: datetime) -> set[int]:
    """Who of these, each a user id and a zone, is away on the day that it is for them."""
    by_day: dict[date, set[int]] = {}
    for user_id, zone in people:
        by_day.setdefault(day_of(zone, now), set()).add(user_id)
    return set().union(*(away_on(session, some, on) for on, some in by_day.items()))


def _holidays(session: Session) -> set[date]:
    return set(session.scalars(_HOLIDAYS))


_AWAY = select(Absence.user_id, Absence.first, Absence.last).where(
    Absence.ended_at.is_(None),
    or_(Absence.last.is_(None), Absence.last >= bindparam("since")),
)
_AWAY_ON = select(Absence.user_id).where(
    Absence.ended_at.is_(None),
    Absence.first <= bindparam("on"),
    or_(Absence.last.is_(None), Absence.last >= bindparam("on")),
)
_HOLIDAYS = select(Holiday.on)


def add_absence(
    session: Session,
    user: User,
    kind: str,
    first: date,
    last: date | None,
    *,
    by: str,
    now: datetime,
) -> Absence:
    """Put down that a person is away on these days, both included.

    Raises Invalid for days that cannot be, or on which the person is away already.
    """
    if kind not in KINDS:
        raise Invalid(gettext("Choose what kind of absence it is."))
    _check(session, user.id, first, last, None)
    absence = Absence(user_id=user.id, kind=kind, first=first, last=last, at=now, by=by)
    session.add(absence)
    session.flush()
    _record(session, "absence.added", user, absence, by, now)
    return absence


def end_absence(session: Session, absence: Absence, last: date, *, by: str, now: datetime) -> None:
    """Say which day is the last of an absence, earlier or later than was thought.

    Raises Invalid as `add_absence` does, Missing for one that was taken back.
    """
    if absence.ended_at:
        raise Missing
    _check(session, absence.user_id, absence.first, last, absence.id)
    absence.last = last
    session.flush()
    user = session.get_one(User, absence.user_id)
    _record(session, "absence.changed", user, absence, by, now)


def take_back(session: Session, absence: Absence, *, by: str, now: datetime) -> None:
    """The person was not, or will not be away after all. Raises Missing the second time."""
    if absence.ended_at:
        raise Missing
    absence.ended_at = now
    session.flush()
    user = session.get_one(User, absence.user_id)
    _record(session, "absence.taken-back", user, absence, by, now)


def _check(session: Session, user_id: int, first: date, last: date | None, but: int | None) -> None:
    end = last or UNKNOWN
    if first.year not in YEARS or (last and last.year not in YEARS):
        raise Invalid(gettext("Look at the year of these days."))
    if end < first:
        raise Invalid(gettext("The last day away comes before the first."))
    for other in absences_of(session, [user_id]):
        if other.id != but and other.first <= end and first <= (other.last or UNKNOWN):
            raise Invalid(gettext("The person is put down as away on some of these days already."))


def _record(
    session: Session, kind: str, user: User, absence: Absence, by: str, now: datetime
) -> None:
    # Without its kind: the chain is for ever, and why somebody is on leave is their own affair.
    days = {"first": absence.first.isoformat(), "last": absence.last and absence.last.isoformat()}
    data = {"absence": absence.id, **days}
    chain.append(session, kind, by=by, about=user.public_id, at=now, data=data)


def absences_of(session: Session, user_ids: Collection[int]) -> list[Absence]:
    """The absences of these people that were not taken back, the latest first."""
    rows = session.execute(
        select(Absence)
        .where(Absence.user_id.in_(user_ids), Absence.ended_at.is_(None))
        .order_by(Absence.first.desc(), Absence.id)
    )
    return list(rows.scalars())


def set_zone(session: Session, user: User, zone: str, *, now: datetime) -> None:
    """Let a person live by a zone, "" for the installation's. Raises Invalid for an unknown one."""
    if zone:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise Invalid(gettext("This time zone is not known.")) from error
    if user.zone == (zone or None):
        return
    user.zone = zone or None
    session.flush()
    data = {"zone": user.zone}
    chain.append(session, "user.zone", by=user.public_id, about=user.public_id, at=now, data=data)
