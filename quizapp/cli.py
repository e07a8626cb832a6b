"""The command line: `quizapp import`, `convert`, `key`, `publish`, `create-user`, `serve` …"""

import functools
import json
import os
import socket
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import FlaskGroup, with_appcontext
from flask_babel import force_locale, gettext, ngettext
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from quizapp import clock
from quizapp.config import ROOT, SettingError
from quizapp.content import banks, importer, keys
from quizapp.content.messages import format_problem, message
from quizapp.content.models import Bank
from quizapp.db import db, migrate
from quizapp.errors import Missing, Refused
from quizapp.evidence import chain
from quizapp.formats import gabarito, model
from quizapp.formats.decoding import decode
from quizapp.formats.json_out import as_json
from quizapp.formats.reader import read
from quizapp.formats.writer import write_markdown
from quizapp.people import access, teams
from quizapp.people.models import ROLES, Team, User
from quizapp.quiz import quizzes

P = ParamSpec("P")
R = TypeVar("R")

PATHS = click.Path(path_type=Path)
FORMATS = click.Choice(["text", "json"])


def main() -> None:
    """The entry point of the `quizapp` command."""
    from quizapp import create_app

    group = FlaskGroup(
        create_app=create_app,
        add_default_commands=False,
        add_version_option=False,
        load_dotenv=False,
    )
    group.params.clear()  # Flask's own options choose an application; there is only this one
    group.help = "quizapp: procedures and question banks become trained, certified people."
    try:
        group.main(prog_name="quizapp")
    except SettingError as error:
        sys.exit(f"quizapp: {error}")


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (
        import_command,
        convert,
        key,
        publish,
        create_user,
        setup,
        serve,
        evidence,
    ):
        app.cli.add_command(command)


def spoken(view: Callable[P, R]) -> Callable[P, R]:
    """Run a command in the terminal's language, and say what was refused in one line."""

    @with_appcontext
    @functools.wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with force_locale(_terminal_locale()):
            try:
                return view(*args, **kwargs)
            except Refused as error:
                db.session.rollback()
                raise click.ClickException(str(error.message) or gettext("Not found.")) from error
            except DBAPIError as error:
                db.session.rollback()
                raise click.ClickException(
                    gettext("The database could not be used: %(reason)s.", reason=error.orig)
                ) from error

    return wrapper


def with_database(view: Callable[P, R]) -> Callable[P, R]:
    """Make the database where there is none yet; say what to do about one of another version."""

    @functools.wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with db.engine.connect() as connection:
            at = MigrationContext.configure(connection).get_current_revision()
        newest = ScriptDirectory(str(migrate.directory)).get_current_head()
        if at is None:
            upgrade()
        elif at != newest:
            raise click.ClickException(
                gettext("The database is of another version of quizapp. Run: quizapp setup")
            )
        return view(*args, **kwargs)

    return wrapper


def _terminal_locale() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.startswith("en") else str(current_app.config["LOCALE"])
    return str(current_app.config["LOCALE"])


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
    """Import procedures and banks from PATHS, by default from the two folders."""
    if prune:
        paths = (*paths, prune)
    chosen = paths or (
        Path(current_app.config["PROCEDURES"]),
        Path(current_app.config["BANKS"]),
    )
    files = _gather(chosen)
    now, session = clock.now(), db.session()
    reports = importer.import_files(session, files, by=chain.SYSTEM, now=now, today=_today())
    gone = importer.prune(session, prune, files, by=chain.SYSTEM, now=now) if prune else []
    if dry_run:
        session.rollback()
    else:
        session.commit()
    if form == "json":
        _print_json([_report_json(report) for report in reports])
    else:
        for report in reports:
            _print_report(report)
        for slug in gone:
            click.echo(gettext("retired: %(slug)s", slug=slug))
        if dry_run:
            click.echo(gettext("Dry run: nothing was written."))
    if any(report.status == "refused" for report in reports):
        sys.exit(1)


def _today() -> date:
    return clock.today(current_app.config["TIME_ZONE"])


def _gather(paths: tuple[Path, ...]) -> list[importer.File]:
    try:
        return importer.gather([_shortest(path) for path in paths])
    except FileNotFoundError as error:
        raise click.ClickException(
            gettext("%(path)s does not exist. Check the path.", path=str(error))
        ) from error


def _shortest(path: Path) -> Path:
    relative = Path(os.path.relpath(path))
    return relative if path.is_absolute() and ".." not in relative.parts else path


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


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _print_report(report: importer.Report) -> None:
    words = {
        "added": gettext("added"),
        "updated": gettext("updated"),
        "unchanged": gettext("unchanged"),
        "refused": gettext("refused"),
    }
    counts = ""
    if report.kind == "procedure":
        counts = ngettext("%(num)s section", "%(num)s sections", report.sections)
    elif report.kind == "bank":
        counts = ngettext("%(num)s item", "%(num)s items", report.items)
        if report.unkeyed:
            counts += ", " + gettext("%(n)s without key", n=report.unkeyed)
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
    documents = [(file.path, read(file.path, file.data)) for file in _gather(files)]
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


@click.command()
@click.argument("bank")
@click.argument("answers", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@spoken
@with_database
def key(bank: str, answers: Path) -> None:
    """Apply the key file ANSWERS ("1-A 2-C …") to BANK: all of it, or nothing."""
    session = db.session()
    found = _find_bank(bank)
    places = banks.places(session, found)
    decoded = decode(str(answers), answers.read_bytes())
    text, problems = ("", decoded.problems) if isinstance(decoded, model.Unreadable) else decoded
    entries, unreadable = gabarito.parse_gabarito(text)
    selected, unmatched = gabarito.match_keys(entries, [_as_item(place) for place in places])
    problems = [*problems, *unreadable, *unmatched]
    for problem in problems:
        click.echo(format_problem(str(answers), problem), err=True)
    if any(problem.severity == "error" for problem in problems):
        raise click.ClickException(gettext("Nothing was applied. Mend the lines above."))
    outcomes = {
        place.item.uid: keys.give(
            session,
            place.revision,
            selected[place.item.uid],
            "gabarito",
            by=chain.SYSTEM,
            now=clock.now(),
        )
        for place in places
        if place.item.uid in selected
    }
    session.commit()
    count = sum(outcome == "confirmed" for outcome in outcomes.values())
    click.echo(gettext("%(n)s of %(all)s keys applied.", n=count, all=len(outcomes)))
    same = sum(outcome == "same" for outcome in outcomes.values())
    if same:
        click.echo(gettext("Already so: %(n)s.", n=same))
    for uid, outcome in outcomes.items():
        if outcome == "proposed":
            click.echo(
                gettext(
                    "%(item)s: somebody has answered it; the change is kept as a proposal.",
                    item=uid,
                )
            )
    left = banks.unkeyed(session, found)
    if left:
        click.echo(ngettext("%(num)s item has no key yet.", "%(num)s items have no key yet.", left))


def _find_bank(given: str) -> Bank:
    session = db.session()
    try:
        return banks.find(session, _bank_slug(given))
    except Missing as error:
        known = ", ".join(bank.slug for bank, _ in banks.live(session)) or "–"
        raise Refused(
            gettext("There is no bank “%(bank)s”. Banks here: %(known)s", bank=given, known=known)
        ) from error


def _bank_slug(given: str) -> str:
    path = Path(given)
    if path.is_file():
        document = read(path.as_posix(), path.read_bytes())
        if isinstance(document, model.Bank):
            return document.id
    return given


def _as_item(place: banks.Place) -> model.Item:
    """What matching a gabarito needs of an item."""
    return model.Item(
        id=place.item.uid,
        id_given=True,
        number=place.label,
        kind=place.revision.kind,  # type: ignore[arg-type]
        stem=place.revision.stem,
        line=place.line,
        key="missing",
        options=tuple(model.Option(o["text"]) for o in place.revision.content["options"]),
    )


@click.command()
@click.argument("bank")
@click.option("--cut-score", type=float, help="In per cent; else the last one, or the bank's own.")
@click.option(
    "--review-days",
    type=click.IntRange(0, 90),
    default=0,
    help="For so many days after their result people may contest an item.",
)
@spoken
@with_database
def publish(bank: str, cut_score: float | None, review_days: int) -> None:
    """Publish BANK and its keys as a quiz."""
    session = db.session()
    found = _find_bank(bank)
    quiz = quizzes.publish(
        session,
        found,
        cut_score,
        by=chain.SYSTEM,
        now=clock.now(),
        review_days=review_days,
        second=current_app.config["SECOND_TRAINER"],
    )
    session.commit()
    if quiz is None:
        click.echo(gettext("The keys are submitted: a second trainer has to publish them."))
        return
    count = len(quizzes.pool(session, found))
    click.echo(
        gettext(
            "Published: %(title)s, %(n)s items, cut score %(cut)s%%.",
            title=quiz.title,
            n=count,
            cut=f"{quiz.cut_score:g}",
        )
    )


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


@click.command()
@click.option("--demo/--no-demo", default=False, help="With a demonstration team if empty.")
@spoken
def setup(demo: bool) -> None:
    """Bring the database up to date and import the two folders."""
    _set_up(demo)


def _set_up(demo: bool) -> None:
    from quizapp import demo as demonstration

    upgrade()
    folders = (Path(current_app.config["PROCEDURES"]), Path(current_app.config["BANKS"]))
    files = _gather(tuple(folder for folder in folders if folder.exists()))
    session = db.session()
    reports = importer.import_files(
        session,
        files,
        by=chain.SYSTEM,
        now=clock.now(),
        today=_today(),
    )
    session.commit()
    for report in reports:
        if report.status != "unchanged" or report.problems:
            _print_report(report)
    if demo and session.query(User.id).first() is None:
        accounts = demonstration.make(session, now=clock.now(), today=_today())
        session.commit()
        path = Path(current_app.config["INSTANCE"]) / "demo-accounts.txt"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(accounts)
        click.echo(accounts)
        click.echo(gettext("Kept in %(path)s.", path=os.path.relpath(path)))


@click.command()
@click.option("--setup", "first", is_flag=True, help="First `setup --demo`, as `make run` does.")
@click.option("--host", help="The address to listen on; else QUIZAPP_HOST.")
@click.option("--port", type=int, help="The port to listen on; else QUIZAPP_PORT.")
@spoken
def serve(first: bool, host: str | None, port: int | None) -> None:
    """Serve the application with the production server."""
    host, port = host or current_app.config["HOST"], port or current_app.config["PORT"]
    _check_port(host, port)
    if first:
        _set_up(demo=True)
    db.session.remove()
    click.echo(gettext("quizapp is at %(url)s (Ctrl+C ends it)", url=f"http://{host}:{port}"))
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(  # noqa: S606 - our own interpreter, fixed arguments
        sys.executable,
        [
            sys.executable,
            "-m",
            "granian",
            "--interface=wsgi",
            f"--host={host}",
            f"--port={port}",
            f"--workers={current_app.config['WORKERS']}",
            f"--blocking-threads={current_app.config['THREADS']}",
            "--log-level=warning",
            "wsgi:app",
        ],
    )


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                gettext(
                    "%(host)s:%(port)s cannot be used (%(reason)s). Choose another port:"
                    ' make run ARGS="--port 8001"',
                    host=host,
                    port=port,
                    reason=error.strerror,
                )
            ) from error


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
