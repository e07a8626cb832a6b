"""The chain: evidence."""

import click
from flask_babel import gettext

from quizapp.cli.terminal import spoken, with_database
from quizapp.db import db
from quizapp.evidence import chain


@click.command()
@spoken
@with_database
def evidence() -> None:
    """Check the chain of evidence and print its head, to be kept elsewhere."""
    session = db.session()
    broken = chain.first_break(session)
    if broken is not None:
        raise click.ClickException(gettext("The chain breaks at entry %(n)s.", n=broken))
    count, digest = chain.head(session)
    click.echo(gettext("%(n)s entries, unbroken. Head: %(hash)s", n=count, hash=digest))
