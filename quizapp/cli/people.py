"""People: create-user."""

import click
from flask_babel import gettext

from quizapp import clock
from quizapp.cli.terminal import spoken, with_database
from quizapp.db import db
from quizapp.evidence import chain
from quizapp.people import access, teams
from quizapp.people.models import ROLES, Team


@click.command("create-user")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--number", default="", help="The company number (matrícula).")
@click.option("--email", default="")
@click.option("--team", "team_names", multiple=True, help="By name; made if it is not there.")
@spoken
@with_database
def create_user(name: str, role: str, number: str, email: str, team_names: tuple[str, ...]) -> None:
    """Add a person and print the one-time code for their first sign-in."""
    session, now = db.session(), clock.now()
    user = teams.add_user(
        session,
        name=name,
        role=role,
        employee_number=number,
        email=email,
        by=chain.SYSTEM,
        now=now,
    )
    found = [
        session.query(Team).filter_by(name=team.strip()).one_or_none()
        or teams.add_team(session, team, by=chain.SYSTEM, now=now)
        for team in team_names
    ]
    teams.set_teams(session, user, found, by=chain.SYSTEM, now=now)
    code = access.issue_code(session, user, by=None, now=now)
    session.commit()
    click.echo(
        gettext(
            "%(name)s was added. One-time code: %(code)s (valid for %(days)s days)",
            name=user.name,
            code=code,
            days=access.CODE_LIFE.days,
        )
    )
