"""Texts of ours: fmt and export."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext

from quizapp.cli.terminal import PATHS, gather, spoken, with_database
from quizapp.content import banks, exporting
from quizapp.content.messages import format_problem
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.formats import model
from quizapp.formats.exports import EXPORTS
from quizapp.formats.reader import read


@click.command()
@click.argument("files", nargs=-1, required=True, type=PATHS)
@click.option("--check", is_flag=True, help="Say which files would change and change none.")
@spoken
@with_database
def fmt(files: tuple[Path, ...], check: bool) -> None:
    """Write ids into the native banks FILES; nothing else in them changes."""
    changed = failed = False
    for file in gather(files):
        document = read(file.path, file.data)
        if isinstance(document, model.Procedure | model.Program):
            continue
        errors = [p for p in document.problems if p.severity == "error"]
        for problem in errors:
            click.echo(format_problem(file.path, problem), err=True)
        if isinstance(document, model.Unreadable) or errors:
            failed = True
            continue
        try:
            text = exporting.formatted(db.session(), document)
        except Refused as error:
            click.echo(f"{file.path}: {error.message}", err=True)
            failed = True
            continue
        if text != document.source:
            changed = True
            click.echo(file.path)
            if not check:
                exporting.replace_file(Path(file.kept), text.encode())
    db.session.rollback()
    if failed or (check and changed):
        sys.exit(1)


@click.command()
@click.argument("names", nargs=-1, metavar="[BANK…]")
@click.option("--to", "target", type=click.Choice(sorted(EXPORTS)), default="markdown")
@click.option("-o", "--output", type=PATHS, help="The folder to write into.")
@spoken
@with_database
def export(names: tuple[str, ...], target: str, output: Path | None) -> None:
    """Write banks, procedures and programs back to the files they came from.

    With -o, copies go into that folder; with --to, banks in another format (all, or BANKs).
    """
    session = db.session()
    if names or target != "markdown":
        _export_banks(names, target, output or Path())
        return
    if output:
        written = exporting.write_copies(session, output)
    else:
        folders = (Path(current_app.config[name]) for name in ("PROCEDURES", "BANKS"))
        written = exporting.write_back(session, *folders)
    session.commit()
    words = {
        "written": gettext("written"),
        "unchanged": gettext("unchanged"),
        "refused": gettext("refused"),
    }
    for one in written:
        reason = f" ({one.reason})" if one.reason else ""
        click.echo(f"{words[one.status]}: {one.path}{reason}")
        for problem in one.problems:
            click.echo("  " + format_problem(str(one.path), problem), err=True)
    if any(one.status == "refused" for one in written):
        sys.exit(1)


def _export_banks(names: tuple[str, ...], target: str, folder: Path) -> None:
    """Write banks in a format; what it cannot hold is said."""
    session = db.session()
    wanted = [banks.find(session, name) for name in names]
    wanted = wanted or [bank for bank, _ in banks.live(session)]
    folder.mkdir(parents=True, exist_ok=True)
    for bank in wanted:
        document = exporting.bank_document(session, bank)
        form = EXPORTS[target]
        data, problems = form.write(document)
        path = folder / f"{bank.slug}{form.ending}"
        exporting.replace_file(path, data)
        click.echo(gettext("written") + f": {path}")
        for problem in (*problems, *exporting.kept_here(session, bank)):
            click.echo("  " + format_problem(str(path), problem), err=True)
