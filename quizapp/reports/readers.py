"""Who asks for a report, and what they lead: every query of a report starts from here."""

from dataclasses import dataclass
from datetime import tzinfo

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Missing
from quizapp.people import calendars, teams
from quizapp.people.models import User


@dataclass(frozen=True)
class Reader:
    """Who reads; `language` is pt-BR or en, `zone` that in which times are shown."""

    user_id: int
    public_id: str
    role: str
    language: str
    zone: tzinfo
    name: str = ""

    @property
    def locale(self) -> str:
        """The language as Babel names it."""
        return "en" if self.language == "en" else "pt_BR"


def find(session: Session, user_id: int) -> Reader:
    """Somebody as a reader where no request says who asks: for jobs, mail, feeds.

    Raises Missing for who is not here any more.
    """
    user = session.execute(
        select(User.id, User.public_id, User.role, User.locale, User.zone, User.name).where(
            User.id == user_id, User.left_at.is_(None)
        )
    ).one_or_none()
    if user is None:
        raise Missing
    locale = user.locale or current_app.config["LOCALE"]
    language = "en" if locale == "en" else "pt-BR"
    zone = calendars.zone_of(user.zone)
    return Reader(user.id, user.public_id, user.role, language, zone, user.name)


def led(session: Session, reader: Reader, team: str | None = None) -> list[teams.Led]:
    """The teams that the reader leads today, by name, or that one alone.

    Raises Missing for a team (by its public id) that the reader does not lead.
    """
    if team:
        return [teams.led_team(session, reader.user_id, team)]
    return teams.led_teams(session, reader.user_id)
