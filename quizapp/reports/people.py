"""The people of some teams, as reports name them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from quizapp.certification import facts
from quizapp.formats.text import alphabetical
from quizapp.people import calendars
from quizapp.people.models import Absence, Membership, Team, User


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works in a team today; `day` is the day it is for them."""

    id: int
    public_id: str
    name: str
    employee_number: str | None
    team_id: int
    team: str
    has_password: bool
    day: date


def of_teams(session: Session, team_ids: Sequence[int], now: datetime) -> list[Person]:
    """Who works in these teams, by name; who left is not among them."""
    rows = session.execute(_PEOPLE, {"teams": team_ids}).all()
    days = {zone: calendars.day_of(zone, now) for zone in {row.zone for row in rows}}
    found = [Person(*row[:7], days[row.zone]) for row in rows]
    return sorted(found, key=lambda one: (alphabetical(one.name), one.id))


_PEOPLE = (
    select(
        User.id,
        User.public_id,
        User.name,
        User.employee_number,
        Team.id.label("team_id"),
        Team.name.label("team"),
        User.password_hash.is_not(None).label("has_password"),
        User.zone,
    )
    .join(Membership, Membership.user_id == User.id)
    .join(Team, Team.id == Membership.team_id)
    .where(
        Membership.team_id.in_(bindparam("teams", expanding=True)),
        Membership.ended_at.is_(None),
        Membership.leads.is_(False),
        User.left_at.is_(None),
    )
)


def away(session: Session, people: Sequence[Person]) -> dict[int, date | None]:
    """Who is away on their day, and the last day of it where that is known."""
    days = {one.id: one.day for one in people}
    found: dict[int, date | None] = {}
    for some in facts.chunks(sorted(days)):
        for user_id, first, last in session.execute(_ABSENT, {"people": some}):
            if first <= days[user_id] and (last is None or days[user_id] <= last):
                found[user_id] = last
    return found


_ABSENT = select(Absence.user_id, Absence.first, Absence.last).where(
    Absence.user_id.in_(bindparam("people", expanding=True)), Absence.ended_at.is_(None)
)
