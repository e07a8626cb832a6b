"""A generated company: demo."""

import sys

import click
from flask_babel import gettext

from quizapp.cli.terminal import spoken, today, with_database
from quizapp.company import history
from quizapp.db import db


@click.command()
@click.option("--agents", default=2000, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--attempts", default=100_000, show_default=True, type=click.IntRange(0, 10_000_000))
@click.option("--seed", default=1, show_default=True, help="The same seed, the same company.")
@click.option("--team", default=50, show_default=True, help="How many agents make a team.")
@spoken
@with_database
def demo(agents: int, attempts: int, seed: int, team: int) -> None:
    """Make a company of many people with a history of two years, where nobody is yet."""
    session, done = db.session(), 0
    size = history.Size(agents, attempts, team)
    with click.progressbar(
        length=attempts, file=sys.stderr, hidden=not sys.stderr.isatty(), show_pos=True
    ) as shown:

        def progress(made: int) -> None:
            nonlocal done
            shown.update(made - done)
            done = made

        users = history.make(session, size, seed, today=today(), progress=progress)
    session.commit()
    click.echo(
        gettext(
            "%(agents)s agents with %(attempts)s attempts. These can sign in, with the password "
            "“%(password)s”, which everybody knows: keep this installation to yourself.",
            agents=agents,
            attempts=attempts,
            password=history.PASSWORD,
        )
    )
    for user in users:
        click.echo(f"  {user.employee_number}  {user.role:<8} {user.name}")
