"""What people whom no e-mail reaches have not seen, for the manager who hands it to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import false, or_, select, true
from sqlalchemy.orm import Session, aliased

from quizapp.formats.text import alphabetical
from quizapp.notices.models import Mail, Notice
from quizapp.people.models import Membership, Team, User

# What a person objected to is nobody else's affair: it waits in the application.
THEIR_OWN = ("contest-answered", "objection-decided")


@dataclass(frozen=True)
class Message:
    """A notice as it is kept."""

    kind: str
    args: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class Handout:
    """A person and what to tell them, the newest first."""

    name: str
    employee_number: str
    team: str
    locale: str | None
    messages: list[Message]


def of_leader(session: Session, leader_id: int, *, is_mailed: bool) -> list[Handout]:
    """For those in the teams that this person leads today, by team and name.

    Where e-mail is sent, what went, or is to go, to an address is left out.
    """
    led = aliased(Membership)
    rows = session.execute(
        select(
            User.id,
            User.name,
            User.employee_number,
            Team.name,
            User.locale,
            Notice.kind,
            Notice.args,
            Notice.at,
        )
        .select_from(led)
        .join(Team, Team.id == led.team_id)
        .join(Membership, Membership.team_id == led.team_id)
        .join(User, User.id == Membership.user_id)
        .join(Notice, Notice.person == User.public_id)
        .outerjoin(Mail, Mail.id == Notice.mail_id)
        .where(
            led.user_id == leader_id,
            led.leads.is_(True),
            led.ended_at.is_(None),
            Membership.leads.is_(False),
            Membership.ended_at.is_(None),
            or_(User.email.is_(None), Mail.state == "given-up", false() if is_mailed else true()),
            Notice.read_at.is_(None),
            Notice.kind.not_in(THEIR_OWN),
        )
        .order_by(Notice.id.desc())
    )
    found: dict[int, Handout] = {}
    for user_id, name, number, team, locale, *message in rows:
        one = found.setdefault(user_id, Handout(name, number or "", team, locale, []))
        one.messages.append(Message(*message))
    return sorted(found.values(), key=lambda one: (alphabetical(one.team), alphabetical(one.name)))
