"""The people of some teams, as reports name them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

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
    return sorted(in_teams(session, team_ids, now), key=by_name)


def in_teams(session: Session, team_ids: Sequence[int], now: datetime) -> list[Person]:
    """The same people in any order: sorting thousands takes its time."""
    rows = session.execute(_PEOPLE, {"teams": team_ids}).all()
    days = {zone: calendars.day_of(zone, now) for zone in {row.zone for row in rows}}
    return [Person(*row[:7], days[row.zone]) for row in rows]


def by_name(one: Person) -> tuple[tuple[str, str], int]:
    """What people are sorted by."""
    return alphabetical(one.name), one.id


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
# Who works in the bound `teams` today, for other queries to look into: naming thousands of people
# to the database takes longer than finding them.
IN_TEAMS = """
    SELECT membership.user_id FROM membership
    JOIN "user" AS member ON member.id = membership.user_id
    WHERE membership.team_id IN :teams AND membership.ended_at IS NULL AND NOT membership.leads
      AND member.left_at IS NULL
"""


def away(session: Session, people: Sequence[Person]) -> dict[int, date | None]:
    """Who is away on their day, and the last day of it where that is known."""
    days = {one.id: one.day for one in people}
    if not days:
        return {}
    # Not by their ids: there may be thousands, and few are away.
    given = {"earliest": min(days.values()), "latest": max(days.values())}
    return {
        user_id: last
        for user_id, first, last in session.execute(_ABSENT, given)
        if user_id in days and first <= days[user_id] <= (last or days[user_id])
    }


_ABSENT = select(Absence.user_id, Absence.first, Absence.last).where(
    Absence.ended_at.is_(None),
    Absence.first <= bindparam("latest"),
    or_(Absence.last.is_(None), Absence.last >= bindparam("earliest")),
)
