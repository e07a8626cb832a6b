"""Certificates: certificate verify, signing, signing rotate."""

from pathlib import Path

import click
from flask_babel import gettext

from quizapp import clock
from quizapp.certification import certificates, checking, signing
from quizapp.certification.certificates import Certificate
from quizapp.cli.terminal import PATHS, spoken, with_database
from quizapp.db import db, only_reading
from quizapp.errors import Refused
from quizapp.evidence import chain


@click.group()
def certificate() -> None:
    """Certificates: check a file."""


@certificate.command()
@click.argument("file", type=PATHS)
@spoken
@with_database
def verify(file: Path) -> None:
    """Say whether FILE is a certificate of this installation, unchanged and valid today."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Refused(
            gettext("%(path)s cannot be read: %(reason)s.", path=file, reason=error.strerror)
        ) from error
    with only_reading() as session:
        checked = checking.check(session, data, clock.now())
    click.echo(checking.said(checked.verdict))
    if checked.certificate:
        click.echo(gettext("What was issued under its identifier") + ":")
        _describe(checked.certificate)
    is_good = checked.is_true and checked.certificate and checked.certificate.is_valid
    click.get_current_context().exit(0 if is_good else 1)


def _describe(found: Certificate) -> None:
    fields = found.row.printed
    for label, value in (
        (gettext("Name"), fields["name"]),
        (gettext("Program"), fields["program"]),
        (gettext("Date of award"), fields["awarded_on"]),
        (gettext("Valid through"), fields["valid_until"] or gettext("No expiry")),
        (gettext("Today"), certificates.said(found.state)),
        (gettext("Identifier"), found.row.code),
    ):
        click.echo(f"  {label}: {value}")


@click.group("signing", invoke_without_command=True)
@click.pass_context
@spoken
@with_database
def signing_group(context: click.Context) -> None:
    """The keys that sign certificates; without a command, list them."""
    if context.invoked_subcommand:
        return
    with only_reading() as session:
        keys, own = signing.keys(session), signing.own_id()
    for key in keys:
        state = (
            gettext("replaced on %(day)s", day=f"{key.replaced_at:%Y-%m-%d}")
            if key.replaced_at
            else gettext("signs here")
            if key.id == own
            else gettext("signs elsewhere, or its file is lost")
        )
        click.echo(f"{key.id}  {key.since:%Y-%m-%d}  {key.public_key}  {state}")
    if not keys:
        click.echo(gettext("There is no key yet: the first award makes one."))


@signing_group.command()
@spoken
@with_database
def rotate() -> None:
    """Sign with a new key from now on; what the old one signed stays verifiable."""
    session = db.session()
    key_id = signing.rotate(session, by=chain.SYSTEM, now=clock.now())
    session.commit()
    click.echo(gettext("Certificates are signed by the key %(id)s from now on.", id=key_id))
