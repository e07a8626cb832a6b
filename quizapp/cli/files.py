"""Files in and out: import and convert."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask_babel import gettext, ngettext

from quizapp import clock
from quizapp.cli.terminal import FORMATS, PATHS, gather, print_json, spoken, today, with_database
from quizapp.content import importer
from quizapp.content.messages import format_problem, message
from quizapp.db import db
from quizapp.evidence import chain
from quizapp.formats import model
from quizapp.formats.json_out import as_json
from quizapp.formats.reader import read
from quizapp.formats.writer import write_markdown


@click.command("import")
@click.argument("paths", nargs=-1, type=PATHS)
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--format", "form", type=FORMATS, default="text", help="How to report.")
@click.option(
    "--prune",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Import this folder and retire what is no longer in it.",
)
@spoken
@with_database
def import_command(paths: tuple[Path, ...], dry_run: bool, form: str, prune: Path | None) -> None:
    """Import procedures, banks and programs from PATHS, by default from the two folders."""
    if prune:
        paths = (*paths, prune)
    chosen = paths or (
        Path(current_app.config["PROCEDURES"]),
        Path(current_app.config["BANKS"]),
    )
    files = gather(chosen)
    now, session = clock.now(), db.session()
    reports = importer.import_files(session, files, by=chain.SYSTEM, now=now, today=today())
    gone = importer.prune(session, prune, files, by=chain.SYSTEM, now=now) if prune else []
    if dry_run:
        session.rollback()
    else:
        session.commit()
    if form == "json":
        print_json([_report_json(report) for report in reports])
    else:
        for report in reports:
            print_report(report)
        for slug in gone:
            click.echo(gettext("retired: %(slug)s", slug=slug))
        if dry_run:
            click.echo(gettext("Dry run: nothing was written."))
    if any(report.status in ("refused", "conflict") for report in reports):
        sys.exit(1)


def _report_json(report: importer.Report) -> dict[str, Any]:
    return {
        "path": report.path,
        "kind": report.kind,
        "format": report.format,
        "title": report.title,
        "status": report.status,
        "sections": report.sections,
        "items": report.items,
        "unkeyed": report.unkeyed,
        "problems": [
            {
                "line": p.line,
                "column": p.column,
                "severity": p.severity,
                "code": p.code,
                "message": message(p),
            }
            for p in report.problems
        ],
    }


def print_report(report: importer.Report) -> None:
    """What became of one file, with its problems below."""
    words = {
        "added": gettext("added"),
        "updated": gettext("updated"),
        "unchanged": gettext("unchanged"),
        "refused": gettext("refused"),
        "conflict": gettext("conflict, to be settled on its page"),
    }
    counts = ""
    if report.kind == "procedure":
        counts = ngettext("%(num)s section", "%(num)s sections", report.sections)
    elif report.kind == "bank":
        counts = ngettext("%(num)s item", "%(num)s items", report.items)
        if report.unkeyed:
            counts += ", " + gettext("%(n)s without key", n=report.unkeyed)
    elif report.kind == "program":
        counts = ngettext("%(num)s step", "%(num)s steps", report.steps)
    title = f" “{report.title}”" if report.title else ""
    tail = f" ({counts})" if counts else ""
    click.echo(f"{words[report.status]}: {report.path}{title}{tail}")
    for problem in report.problems:
        click.echo("  " + format_problem(report.path, problem))


@click.command()
@click.argument("files", nargs=-1, required=True, type=PATHS)
@click.option("--to", "target", type=click.Choice(["markdown", "json"]), default="markdown")
@click.option("-o", "--output", type=PATHS, help="The file to write; else the terminal.")
@spoken
def convert(files: tuple[Path, ...], target: str, output: Path | None) -> None:
    """Write FILES as native Markdown with ids, or as JSON."""
    documents = [(f.path, read(f.path, f.data, f.beside)) for f in gather(files)]
    if target == "json":
        value = [as_json(path, document, message) for path, document in documents]
        text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    else:
        for path, document in documents:
            for problem in document.problems:
                click.echo(format_problem(path, problem), err=True)
        text = "\n".join(
            write_markdown(document)
            for _, document in documents
            if not isinstance(document, model.Unreadable)
        )
    failed = any(isinstance(document, model.Unreadable) for _, document in documents)
    if output and not (failed and target == "markdown"):
        output.write_text(text, encoding="utf-8")
    elif not output:
        click.echo(text, nl=False)
    if failed:
        sys.exit(1)
