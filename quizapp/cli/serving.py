"""Setting up and serving: setup and serve."""

import json
import os
import socket
import sys
from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext
from flask_migrate import upgrade

from quizapp import clock, schema
from quizapp.cli.files import print_report
from quizapp.cli.terminal import gather, refuse_version, spoken, today
from quizapp.config import ROOT
from quizapp.content import importer
from quizapp.db import db
from quizapp.evidence import chain
from quizapp.people.models import User
from quizapp.quiz import deadlines


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
    files = gather(tuple(folder for folder in folders if folder.exists()))
    session = db.session()
    reports = importer.import_files(
        session,
        files,
        by=chain.SYSTEM,
        now=clock.now(),
        today=today(),
    )
    session.commit()
    for report in reports:
        if report.status != "unchanged" or report.problems:
            print_report(report)
    if demo and session.query(User.id).first() is None:
        accounts = demonstration.make(session, now=clock.now(), today=today())
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
@click.option("--worker/--no-worker", default=True, help="Start a `quizapp worker` beside it.")
@spoken
def serve(first: bool, host: str | None, port: int | None, worker: bool) -> None:
    """Serve the application with the production server."""
    host, port = host or current_app.config["HOST"], port or current_app.config["PORT"]
    current_app.config.update(HOST=host, PORT=port)  # the demonstration's certificates print it
    if not first:
        refuse_version(schema.state(db.engine))
    _check_port(host, port)
    if first:
        _set_up(demo=True)
    db.session.remove()
    click.echo(gettext("quizapp is at %(url)s (Ctrl+C ends it)", url=f"http://{host}:{port}"))
    sys.stdout.flush()
    os.chdir(ROOT)
    server = [
        *(sys.executable, "-m", "granian", "--interface=wsgi", "--log-level=warning"),
        *(f"--host={host}", f"--port={port}"),
        f"--workers={current_app.config['WORKERS']}",
        f"--blocking-threads={current_app.config['THREADS']}",
        "--respawn-failed-workers",
        "--workers-kill-timeout=30",
        "wsgi:app",
    ]
    # It keeps this process, and with it the number that the worker knows as its parent.
    parent = f"--parent={os.getpid()}"
    helpers = [[sys.executable, "-m", "quizapp", "worker", parent]] if worker else []
    # The supervisor needs nothing of what is loaded here. Server and worker award certificates,
    # which print the address.
    os.execve(  # noqa: S606 - our own interpreter
        sys.executable,
        [sys.executable, "-m", "quizapp.supervisor", json.dumps([server, *helpers])],
        {**os.environ, "QUIZAPP_HOST": host, "QUIZAPP_PORT": str(port)},
    )


@click.command(name="clock")
@click.option("--accept", is_flag=True, help="Go by the system's clock as it is now.")
@spoken
def clock_command(accept: bool) -> None:
    """Say whether the system's clock was set while the server ran; --accept takes it over."""
    step = round(clock.step())
    if not step:
        click.echo(gettext("The system's clock is as the server's."))
    elif not accept:
        click.echo(
            gettext(
                "The system's clock was set by %(n)s seconds; the server goes on by the old one, "
                "so that nobody in an exam gains or loses time. It takes over the new one by "
                "itself when no attempt with a time limit is open, or at once by: "
                "quizapp clock --accept",
                n=f"{step:+}",
            )
        )
    else:
        moved, attempts = deadlines.accept_clock(db.session(), by=chain.SYSTEM)
        click.echo(
            gettext(
                "The clock was moved by %(n)s seconds; %(attempts)s open attempts keep the time "
                "they have left.",
                n=f"{moved.total_seconds():+.0f}",
                attempts=attempts,
            )
        )


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                gettext(
                    "%(host)s:%(port)s cannot be used (%(reason)s). Choose another port by "
                    'QUIZAPP_PORT or --port; with make: make run ARGS="--port 8001"',
                    host=host,
                    port=port,
                    reason=error.strerror,
                )
            ) from error
