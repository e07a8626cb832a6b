"""Reports as somebody likes to see them: their filters by name, the weekday they come by e-mail.

A view is kept as the report's kind and the arguments of its export. What it shows is found out when
it is opened: who no longer leads a team sees nothing of it, by e-mail neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from flask_babel import gettext
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.errors import Invalid, Missing
from quizapp.formats.text import alphabetical
from quizapp.people import calendars, teams
from quizapp.people.models import User
from quizapp.reports import readers
from quizapp.reports.models import SavedView
from quizapp.reports.readers import Reader

LONGEST_NAME = 60
MOST = 50
MONDAY = 0
# What a manager is told of all their teams each week, on the first page and by e-mail.
MY_TEAM = "home"

_MANAGERS = frozenset({"manager"})
_TRAINERS = frozenset({"trainer"})
# The reports that can be kept, and by whom.
ROLES: Mapping[str, frozenset[str]] = {
    MY_TEAM: _MANAGERS,
    "ready": _MANAGERS,
    "attention": _MANAGERS,
    "team": _MANAGERS,
    "programs": _MANAGERS,
    "heatmap": _MANAGERS,
    "person": _MANAGERS,
    "coverage": _TRAINERS,
    "program-people": _TRAINERS,
    "analysis": _MANAGERS | _TRAINERS,
    "items": _TRAINERS,
}


def keep(
    session: Session, reader: Reader, kind: str, args: Mapping[str, str], name: str, now: datetime
) -> SavedView:
    """Keep a report with its arguments under a name.

    Raises Missing for what the reader may not see, Invalid for a name that is empty, too long or
    taken, and for too many views.
    """
    view = SavedView(
        user_id=reader.user_id,
        name="",
        kind=kind,
        args=dict(args),
        weekday=None,
        sent_on=None,
        at=now,
    )
    if not is_open(session, reader, view):
        raise Missing
    if len(of_reader(session, reader)) >= MOST:
        raise Invalid(gettext("Delete a view that you no longer need before you keep another."))
    view.name = _name(session, reader, name)
    session.add(view)
    session.flush()
    return view


def is_open(session: Session, reader: Reader, view: SavedView) -> bool:
    """Whether the reader may see, today, what a view is of."""
    if reader.role not in ROLES.get(view.kind, ()):
        return False
    try:
        if person := view.args.get("person"):
            teams.led_user(session, reader.user_id, person)
        led = readers.led(session, reader, view.args.get("team"))
    except Missing:
        return False
    return bool(led) or reader.role != "manager"


def _name(session: Session, reader: Reader, name: str, but: SavedView | None = None) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(gettext("Give the view a name, of at most %(n)s characters.", n=LONGEST_NAME))
    if any(one.name == name and one is not but for one in of_reader(session, reader)):
        raise Invalid(gettext("You have a view of this name already."))
    return name


def of_reader(session: Session, reader: Reader) -> list[SavedView]:
    """What a reader has kept, by name."""
    found = session.scalars(select(SavedView).where(SavedView.user_id == reader.user_id))
    return sorted(found, key=lambda view: alphabetical(view.name))


def own(session: Session, reader: Reader, public_id: str) -> SavedView:
    """One of the reader's views. Raises Missing for anybody else's."""
    view = session.scalars(
        select(SavedView).where(
            SavedView.public_id == public_id, SavedView.user_id == reader.user_id
        )
    ).one_or_none()
    if view is None:
        raise Missing
    return view


def change(
    session: Session, reader: Reader, view: SavedView, name: str, weekday: int | None, now: datetime
) -> None:
    """Rename a view, or have it come by e-mail on another weekday. Raises Invalid as `keep`."""
    view.name = _name(session, reader, name, view)
    schedule(session, reader, view, weekday, now)


def schedule(
    session: Session, reader: Reader, view: SavedView, weekday: int | None, now: datetime
) -> None:
    """Have a view come by e-mail from the next such weekday on (0 for Monday), or never (None)."""
    if weekday is not None and weekday not in range(7):
        raise Missing
    if weekday is not None and weekday != view.weekday:
        # Nothing is to catch up on: the first one comes on a day that is still to come.
        view.sent_on = now.astimezone(reader.zone).date()
    view.weekday = weekday
    session.flush()


def weekly(session: Session, reader: Reader) -> SavedView | None:
    """The view by which a manager gets their teams in figures each week."""
    kept = [view for view in of_reader(session, reader) if view.kind == MY_TEAM]
    return min(kept, key=lambda view: view.weekday is None, default=None)


def begin_weekly(session: Session, reader: Reader, now: datetime) -> SavedView:
    """Have one's teams in figures come each Monday. Raises Missing for who leads none."""
    view = weekly(session, reader)
    if view is None:
        taken = {one.name for one in of_reader(session, reader)}
        word = gettext("My team")
        names = [word, *(f"{word} {n}" for n in range(2, MOST + 3))]
        name = next(name for name in names if name not in taken)
        view = keep(session, reader, MY_TEAM, {}, name, now)
    if view.weekday is None:
        schedule(session, reader, view, MONDAY, now)
    return view


def next_day(view: SavedView, today: date) -> date | None:
    """The day on which a view comes next by e-mail; None where it does not."""
    if view.weekday is None:
        return None
    return today if _is_due(view, today) else _last(view.weekday, today) + timedelta(weeks=1)


def _last(weekday: int, today: date) -> date:
    return today - timedelta(days=(today.weekday() - weekday) % 7)


def _is_due(view: SavedView, today: date) -> bool:
    if view.weekday is None:
        return False
    return view.sent_on is None or view.sent_on < _last(view.weekday, today)


def no_mail(session: Session, reader: Reader) -> str:
    """Why a reader gets no e-mail; nothing where they do."""
    if not current_app.config["SMTP_HOST"]:
        return str(gettext("This installation sends no e-mail; an administrator can set it up."))
    email = session.execute(select(User.email).where(User.id == reader.user_id)).scalar_one()
    if not email:
        return str(gettext("Your account has no e-mail address; an administrator can add it."))
    return ""


@dataclass(frozen=True)
class Due:
    """A view whose day has come, for its person (their public id); `day` is theirs."""

    id: int
    public_id: str
    person: str
    name: str
    day: date


def due(session: Session, now: datetime) -> list[Due]:
    """The views that are to come by e-mail: those also whose day passed while nobody could send.

    Not those whose person may not see them any more, left, or has no address.
    """
    found = session.execute(
        select(SavedView, User.public_id, User.zone)
        .join(User, User.id == SavedView.user_id)
        .where(SavedView.weekday.is_not(None), User.left_at.is_(None), User.email.is_not(None))
        .order_by(SavedView.id)
    )
    late: list[Due] = []
    for view, person, zone in found:
        day = now.astimezone(calendars.zone_of(zone)).date()
        if _is_due(view, day) and is_open(session, readers.find(session, view.user_id), view):
            late.append(Due(view.id, view.public_id, person, view.name, day))
    return late


def claim(session: Session, one: Due) -> bool:
    """Mark a view as sent on its day, unless another worker was quicker or it was stopped."""
    taken = session.execute(
        update(SavedView)
        .where(
            SavedView.id == one.id,
            SavedView.weekday.is_not(None),
            (SavedView.sent_on.is_(None)) | (SavedView.sent_on < one.day),
        )
        .values(sent_on=one.day)
        .returning(SavedView.id)
        .execution_options(synchronize_session=False)
    )
    return taken.first() is not None
