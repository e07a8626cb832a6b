"""For which teams a procedure, quiz or program is meant; one without teams is for everybody.

Trainers and administrators see all, a manager what is for a team they lead, others what is for
their own team. What somebody does not see is not there for them: in no list, search, count or
address. The condition is therefore part of each query, as SQL text that is built once.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from flask_babel import gettext
from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from quizapp.errors import Invalid
from quizapp.evidence import chain
from quizapp.formats.text import alphabetical
from quizapp.people.models import Audience, Team

Kind = Literal["procedure", "quiz", "program"]
KINDS: tuple[Kind, ...] = ("procedure", "quiz", "program")

# Whether the bound `viewer`, a person's id, is one of these.
IS_TRAINER = """EXISTS (
    SELECT 1 FROM "user" AS reader WHERE reader.id = :viewer AND reader.role = 'trainer')"""
_SEES_ALL = """EXISTS (
    SELECT 1 FROM "user" AS reader
    WHERE reader.id = :viewer AND reader.role IN ('trainer', 'admin'))"""


def visible(kind: Kind, slug: str) -> str:
    """The condition that the bound `viewer` sees the thing of this slug, a column of the query."""
    return f"""(
    NOT EXISTS ({_teams_of(kind, slug)})
    OR EXISTS ({_teams_of(kind, slug)} AND audience.team_id IN (
        SELECT mine.team_id FROM membership AS mine
        WHERE mine.user_id = :viewer AND mine.ended_at IS NULL))
    OR {_SEES_ALL})"""  # noqa: S608


def for_team(kind: Kind, slug: str) -> str:
    """The condition that people of the bound `team` see the thing of this slug."""
    return f"""(
    NOT EXISTS ({_teams_of(kind, slug)})
    OR EXISTS ({_teams_of(kind, slug)} AND audience.team_id = :team))"""


def _teams_of(kind: Kind, slug: str) -> str:
    return f"""
        SELECT 1 FROM audience WHERE audience.kind = '{kind}' AND audience.slug = {slug}"""  # noqa: S608


def sees(session: Session, kind: Kind, slug: str, viewer: int) -> bool:
    """Whether a person sees one thing, where no query of its own can ask."""
    found = session.connection().execute(_SEES[kind], {"slug": slug, "viewer": viewer})
    return bool(found.scalar())


_SEES = {kind: text(f"SELECT 1 WHERE {visible(kind, ':slug')}") for kind in KINDS}


def of(session: Session, kind: Kind, slug: str) -> list[Team]:
    """The teams that something is for, by name; none where it is for everybody."""
    found = session.execute(
        select(Team)
        .join(Audience, Audience.team_id == Team.id)
        .where(Audience.kind == kind, Audience.slug == slug)
    ).scalars()
    return sorted(found, key=lambda team: alphabetical(team.name))


def names(session: Session, kind: Kind) -> dict[str, list[str]]:
    """The names of the teams by slug, of all that is limited, for a trainer's list."""
    rows = session.execute(
        select(Audience.slug, Team.name)
        .join(Team, Team.id == Audience.team_id)
        .where(Audience.kind == kind)
    )
    found: dict[str, list[str]] = {}
    for slug, name in rows:
        found.setdefault(slug, []).append(name)
    return {slug: sorted(teams, key=alphabetical) for slug, teams in found.items()}


def limit(
    session: Session,
    kind: Kind,
    slug: str,
    teams: Collection[Team],
    *,
    by: str,
    now: datetime,
) -> None:
    """Make something be for these teams alone. The same again adds nothing.

    Raises Invalid without teams: taking the last one away does not open it, `open_up` does.
    """
    if not teams:
        raise Invalid(gettext("Choose at least one team, or “everybody”."))
    _set(session, kind, slug, teams, by=by, now=now)


def open_up(session: Session, kind: Kind, slug: str, *, by: str, now: datetime) -> None:
    """Make something be for everybody."""
    _set(session, kind, slug, (), by=by, now=now)


def _set(
    session: Session, kind: Kind, slug: str, teams: Collection[Team], *, by: str, now: datetime
) -> None:
    if {team.id for team in of(session, kind, slug)} == {team.id for team in teams}:
        return
    session.execute(delete(Audience).where(Audience.kind == kind, Audience.slug == slug))
    if teams:
        session.execute(
            insert(Audience),
            [{"kind": kind, "slug": slug, "team_id": team.id} for team in teams],
        )
    chain.append(
        session,
        "audience.set",
        by=by,
        about=slug,
        at=now,
        data={"kind": kind, "teams": sorted(team.public_id for team in teams)},
    )
