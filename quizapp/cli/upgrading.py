"""The version of the database: upgrade."""

import click
from flask_babel import gettext

from quizapp import schema
from quizapp.backups import restoring
from quizapp.cli.terminal import refuse_version, spoken
from quizapp.db import db


@click.command()
@spoken
def upgrade() -> None:
    """Make the database, or bring it to this version of quizapp; nothing is imported."""
    found = schema.state(db.engine)
    db.engine.dispose()
    if found == "newer":
        refuse_version(found)
    if found == "same":
        click.echo(gettext("The database is up to date."))
        return
    if found == "older":
        # What still runs is of the old version and would meet with tables that it does not know.
        restoring.refuse_in_use(db.engine)
    schema.bring_up(db.engine)
    click.echo(
        gettext("The database was made.")
        if found == "none"
        else gettext("The database was upgraded. The server can be started.")
    )
