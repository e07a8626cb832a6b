"""People and teams: who is added, who belongs where, who leads whom."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import bindparam, or_, select, text
from sqlalchemy.orm import Session, aliased

from quizapp.errors import Invalid, Missing
from quizapp.evidence import chain
from quizapp.formats.text import alphabetical
from quizapp.people.models import ROLES, Membership, Team, User, session_token

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LONGEST_NAME = 200


def add_user(
    session: Session,
    *,
    name: str,
    role: str,
    employee_number: str = "",
    email: str = "",
    by: str,
    now: datetime,
) -> User:
    """Add a person. Raises Invalid for what is missing, malformed or taken."""
    user = User(created_at=now)
    _describe(session, user, name, role, employee_number, email)
    session.add(user)
    session.flush()
    chain.append(session, "user.added", by=by, about=user.public_id, at=now, data={"role": role})
    return user


def change_user(
    session: Session,
    user: User,
    *,
    name: str,
    role: str,
    employee_number: str,
    email: str,
    by: str,
    now: datetime,
) -> None:
    """Change who a person is on record. Raises Invalid as `add_user` does."""
    if user.role == "admin" and role != "admin":
        _keep_an_admin(session, user)
    changed_role = user.role != role
    _describe(session, user, name, role, employee_number, email)
    if changed_role:
        # A session of the old role must not go on with what it had open.
        user.session_token = session_token()
        _end_memberships(session, user, now)
    session.flush()
    chain.append(session, "user.changed", by=by, about=user.public_id, at=now, data={"role": role})


def _describe(
    session: Session, user: User, name: str, role: str, employee_number: str, email: str
) -> None:
    name, number, email = name.strip(), employee_number.strip(), email.strip().lower()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(gettext("Give the person's name."))
    if role not in ROLES:
        raise Invalid(gettext("Unknown role: %(role)s.", role=role))
    if not number and not email:
        raise Invalid(gettext("Give a company number or an e-mail: one is needed to sign in."))
    if email and not EMAIL.fullmatch(email):
        raise Invalid(gettext("%(email)s is not an e-mail address.", email=email))
    if "@" in number:
        raise Invalid(gettext("A company number has no @."))
    same = [
        *([User.employee_number == number] if number else []),
        *([User.email == email] if email else []),
    ]
    # The person may not be in the session yet: it has no id, and IS NOT NULL is right then.
    taken = session.execute(
        select(User.left_at).where(User.id.is_distinct_from(user.id), or_(*same))
    ).first()
    if taken:
        if taken.left_at:
            raise Invalid(
                gettext("This number or e-mail belongs to somebody who left: bring them back.")
            )
        raise Invalid(gettext("This number or e-mail belongs to somebody else."))
    user.name, user.role = name, role
    user.employee_number, user.email = number or None, email or None


def leave(session: Session, user: User, *, by: str, now: datetime) -> None:
    """The person leaves: no sign-in, no team; what they did stays."""
    _keep_an_admin(session, user)
    user.left_at = now
    user.session_token = session_token()
    _end_memberships(session, user, now)
    session.flush()
    chain.append(session, "user.left", by=by, about=user.public_id, at=now, data={})


def come_back(session: Session, user: User, *, by: str, now: datetime) -> None:
    """The same person returns; the old password does not."""
    user.left_at = None
    user.password_hash = None
    session.flush()
    chain.append(session, "user.returned", by=by, about=user.public_id, at=now, data={})


def _keep_an_admin(session: Session, user: User) -> None:
    if user.role != "admin":
        return
    others = select(User.id).where(User.role == "admin", User.left_at.is_(None), User.id != user.id)
    if session.execute(others.limit(1)).first() is None:
        raise Invalid(gettext("The last administrator has to stay."))


def _end_memberships(session: Session, user: User, now: datetime) -> None:
    for membership in session.execute(
        select(Membership).where(Membership.user_id == user.id, Membership.ended_at.is_(None))
    ).scalars():
        membership.ended_at = now


def add_team(session: Session, name: str, *, by: str, now: datetime) -> Team:
    """Add a team. Raises Invalid when the name is empty or taken."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(gettext("Give the team's name."))
    if session.execute(select(Team.id).where(Team.name == name)).first():
        raise Invalid(gettext("There is a team of this name already."))
    team = Team(name=name, created_at=now)
    session.add(team)
    session.flush()
    chain.append(session, "team.added", by=by, about=team.public_id, at=now, data={"name": name})
    return team


def set_teams(session: Session, user: User, teams: list[Team], *, by: str, now: datetime) -> None:
    """Make these the person's teams: a manager leads them, anyone else belongs to one."""
    leads = user.role == "manager"
    if not leads and len(teams) > 1:
        raise Invalid(gettext("Only a manager has more than one team."))
    wanted = {team.id for team in teams}
    now_in = {
        membership.team_id: membership
        for membership in session.execute(
            select(Membership).where(Membership.user_id == user.id, Membership.ended_at.is_(None))
        ).scalars()
    }
    if set(now_in) == wanted:
        return
    for team_id, membership in now_in.items():
        if team_id not in wanted:
            membership.ended_at = now
    session.flush()
    for team in teams:
        if team.id not in now_in:
            session.add(Membership(user_id=user.id, team_id=team.id, leads=leads, started_at=now))
    session.flush()
    chain.append(
        session,
        "user.teams",
        by=by,
        about=user.public_id,
        at=now,
        data={"teams": sorted(team.public_id for team in teams), "leads": leads},
    )


def everyone(session: Session) -> list[User]:
    """Everybody, also who left, by name."""
    found = session.execute(select(User)).scalars()
    return sorted(found, key=lambda user: alphabetical(user.name))


def here(session: Session) -> list[User]:
    """Everybody who has not left, by name."""
    return [user for user in everyone(session) if user.left_at is None]


def people_of(session: Session, team: str | None) -> list[User]:
    """Who has not left and works in a team or leads it, or belongs to none; by name."""
    belongs = select(Membership.user_id).where(Membership.ended_at.is_(None))
    if team is None:
        condition = User.id.not_in(belongs)
    else:
        of_team = belongs.join(Team, Team.id == Membership.team_id).where(Team.public_id == team)
        condition = User.id.in_(of_team)
    found = session.execute(select(User).where(User.left_at.is_(None), condition)).scalars()
    return sorted(found, key=lambda user: alphabetical(user.name))


def find_here(session: Session, public_ids: Collection[str]) -> list[User]:
    """These people. Raises Missing where one is not known or has left."""
    query = select(User).where(User.public_id.in_(public_ids), User.left_at.is_(None))
    found = list(session.execute(query).scalars())
    if len(found) < len(set(public_ids)):
        raise Missing
    return found


def find_user(session: Session, public_id: str) -> User:
    """A person, whatever their team. Raises Missing."""
    user = session.execute(select(User).where(User.public_id == public_id)).scalar_one_or_none()
    if user is None:
        raise Missing
    return user


def names(session: Session, public_ids: Iterable[str]) -> dict[str, str]:
    """The names behind opaque ids, for those whose acts are part of a document's history."""
    rows = session.execute(
        select(User.public_id, User.name).where(User.public_id.in_(set(public_ids)))
    )
    return dict(iter(rows))


def every_team(session: Session) -> list[Team]:
    """All teams, by name."""
    return _by_name(session.execute(select(Team)).scalars())


def find_team(session: Session, public_id: str) -> Team:
    """A team. Raises Missing."""
    team = session.execute(select(Team).where(Team.public_id == public_id)).scalar_one_or_none()
    if team is None:
        raise Missing
    return team


def team_names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The names of these teams."""
    return dict(iter(session.execute(select(Team.id, Team.name).where(Team.id.in_(ids)))))


def teams_of(session: Session, user: User) -> list[Team]:
    """The teams that a person leads or works in today, by name."""
    return _by_name(
        session.execute(
            select(Team)
            .join(Membership, Membership.team_id == Team.id)
            .where(Membership.user_id == user.id, Membership.ended_at.is_(None))
        ).scalars()
    )


def _by_name(teams: Iterable[Team]) -> list[Team]:
    return sorted(teams, key=lambda team: alphabetical(team.name))


def names_by_user(session: Session) -> dict[int, list[str]]:
    """The names of everybody's teams today, by the id of the person."""
    found: dict[int, list[str]] = {}
    for user_id, name in session.execute(
        select(Membership.user_id, Team.name)
        .join(Team, Team.id == Membership.team_id)
        .where(Membership.ended_at.is_(None))
    ):
        found.setdefault(user_id, []).append(name)
    return {user_id: sorted(names, key=alphabetical) for user_id, names in found.items()}


def team_of(session: Session, user_id: int) -> int | None:
    """The team that a person works in today."""
    return session.execute(TEAM_OF, {"user": user_id}).scalar_one_or_none()


# Of the bound `user`; also for other queries to look into.
TEAM_OF = select(Membership.team_id).where(
    Membership.user_id == bindparam("user"),
    Membership.ended_at.is_(None),
    Membership.leads.is_(False),
)


@dataclass(frozen=True)
class Led:
    """A team that somebody leads."""

    id: int
    public_id: str
    name: str


_LED = text(
    """
    SELECT team.id, team.public_id, team.name FROM team
    JOIN membership ON membership.team_id = team.id
    WHERE membership.user_id = :leader AND membership.leads AND membership.ended_at IS NULL
    """
)


def led_teams(session: Session, leader_id: int) -> list[Led]:
    """The teams that this person leads today, by name."""
    found = [Led(*row) for row in session.execute(_LED, {"leader": leader_id})]
    return sorted(found, key=lambda team: alphabetical(team.name))


def led_team(session: Session, leader_id: int, public_id: str) -> Led:
    """One team that this person leads. Raises Missing for any other."""
    for team in led_teams(session, leader_id):
        if team.public_id == public_id:
            return team
    raise Missing


def led_user(session: Session, leader_id: int, public_id: str) -> User:
    """A person in a team that the leader leads today. Raises Missing for any other."""
    query = select(User).where(User.public_id == public_id, User.id.in_(LED))
    user = session.execute(query, {"leader": leader_id}).scalar_one_or_none()
    if user is None:
        raise Missing
    return user


_LEADING = aliased(Membership)
# Whom the bound `leader` leads today; also for other queries to look into.
LED = select(Membership.user_id).where(
    Membership.ended_at.is_(None),
    Membership.leads.is_(False),
    Membership.team_id.in_(
        select(_LEADING.team_id).where(
            _LEADING.user_id == bindparam("leader"),
            _LEADING.leads.is_(True),
            _LEADING.ended_at.is_(None),
        )
    ),
)


@dataclass(frozen=True)
class Member:
    """A person of a team that somebody leads."""

    user_id: int
    public_id: str
    name: str
    employee_number: str | None
    team: str


_MEMBERS = text(
    """
    SELECT "user".id, "user".public_id, "user".name, "user".employee_number, team.name
    FROM membership AS led
    JOIN team ON team.id = led.team_id
    JOIN membership ON membership.team_id = team.id
    JOIN "user" ON "user".id = membership.user_id
    WHERE led.user_id = :leader AND led.leads AND led.ended_at IS NULL
    AND NOT membership.leads AND membership.ended_at IS NULL
    """
)


def led_people(session: Session, leader_id: int) -> list[Member]:
    """Everybody in the teams that this person leads today, by team and name."""
    found = [Member(*row) for row in session.execute(_MEMBERS, {"leader": leader_id})]
    return sorted(found, key=lambda one: (alphabetical(one.team), alphabetical(one.name)))


def by_number(session: Session, number: str) -> User:
    """The person of this company number, while here. Raises Missing."""
    user = session.execute(
        select(User).where(User.employee_number == number.strip(), User.left_at.is_(None))
    ).scalar_one_or_none()
    if user is None:
        raise Missing
    return user


def named_by_number(session: Session, number: str) -> User:
    """The person whose company number was typed. Raises Invalid, which says so on the page."""
    try:
        return by_number(session, number)
    except Missing as error:
        raise Invalid(gettext("Nobody here has this company number.")) from error


def by_numbers(session: Session, numbers: Iterable[str]) -> list[User]:
    """The people of these company numbers. Raises Invalid, which names those nobody here has."""
    wanted = dict.fromkeys(numbers)
    query = select(User).where(User.employee_number.in_(wanted), User.left_at.is_(None))
    found = {user.employee_number: user for user in session.execute(query).scalars()}
    if unknown := [number for number in wanted if number not in found]:
        raise Invalid(
            gettext("Nobody here has these numbers: %(numbers)s.", numbers=", ".join(unknown))
        )
    return [found[number] for number in wanted]
