"""E-mail: whether it works, and how it stands."""

import secrets
from contextlib import closing

import click
from flask import current_app
from flask_babel import gettext
from sqlalchemy import func, select

from quizapp import clock
from quizapp.cli.terminal import spoken, with_database
from quizapp.db import db
from quizapp.notices import mail
from quizapp.notices.courier import Line, NotTaken, Server, Unreachable
from quizapp.notices.models import Mail


@click.command("mail")
@click.option("--to", metavar="ADDRESS", help="Send a test message to this address.")
@spoken
@with_database
def mail_command(to: str | None) -> None:
    """Try the mail server, and say how many messages wait, went and were given up."""
    server = mail.server_of(current_app.config)
    if server is None:
        raise click.ClickException(
            gettext("No e-mail is sent: QUIZAPP_SMTP_HOST names no server. See docs/production.md.")
        )
    rows = db.session.execute(select(Mail.state, func.count()).group_by(Mail.state))
    counts: dict[str, int] = dict(iter(rows))
    db.session.rollback()  # nobody waits while the server is asked
    click.echo(
        gettext(
            "Messages: %(waiting)s waiting, %(sent)s sent, %(lost)s given up.",
            waiting=counts.get("waiting", 0) + counts.get("sending", 0),
            sent=counts.get("sent", 0),
            lost=counts.get("given-up", 0),
        )
    )
    try:
        with closing(Line(server)) as line:
            if to:
                _send_test(server, line, to)
    except Unreachable as error:
        raise click.ClickException(
            gettext("The mail server takes no messages at present: %(why)s.", why=error.why)
        ) from error
    except (NotTaken, ValueError) as error:
        raise click.ClickException(
            gettext("The mail server did not take the message: %(why)s.", why=error)
        ) from error
    click.echo(gettext("The mail server took it.") if to else gettext("The mail server answers."))


def _send_test(server: Server, line: Line, to: str) -> None:
    made = mail.message(
        server,
        to=to,
        subject=gettext("quizapp: a test message"),
        text=gettext("E-mail from quizapp arrives here. You need to do nothing.") + "\n",
        language=current_app.config["LOCALE"].replace("_", "-"),
        message_id=f"<{secrets.token_hex(16)}@{server.domain}>",
        at=clock.now(),
    )
    line.send(to, made)
