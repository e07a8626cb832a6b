"""What commands share: the terminal's language, the database, one line for what is refused."""

import functools
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale, gettext
from sqlalchemy.exc import DBAPIError

from quizapp import clock, schema
from quizapp.content import importer
from quizapp.db import db
from quizapp.errors import Refused

P = ParamSpec("P")
R = TypeVar("R")

PATHS = click.Path(path_type=Path)
FORMATS = click.Choice(["text", "json"])


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
        state = schema.state(db.engine)
        if state == "none":
            schema.bring_up(db.engine)
        else:
            refuse_version(state)
        return view(*args, **kwargs)

    return wrapper


def refuse_version(state: schema.State) -> None:
    """Say what to do about a database that this version cannot work with."""
    messages = {
        "none": gettext("There is no database yet. Run: quizapp upgrade"),
        "older": gettext(
            "The database is of an older version of quizapp. Stop the server, and run: "
            "quizapp backup && quizapp upgrade"
        ),
        "newer": gettext(
            "The database is of a newer version of quizapp than this one. Run that version."
        ),
    }
    if state in messages:
        raise click.ClickException(messages[state])


def _terminal_locale() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.startswith("en") else str(current_app.config["LOCALE"])
    return str(current_app.config["LOCALE"])


def agrees(question: str) -> bool:
    """Ask on the terminal and wait for a yes or a no; nothing typed, or no terminal, is a no."""
    hint = gettext("[y/N]")
    while True:
        try:
            answer: str = click.prompt(f"{question} {hint}", default="", show_default=False)
        except click.Abort:
            return False
        match answer.strip().casefold():
            case "y" | "yes" | "s" | "sim":
                return True
            case "" | "n" | "no" | "não" | "nao":
                return False
        click.echo(gettext("Answer yes (y) or no (n)."))


def today() -> date:
    """The day it is where people are."""
    return clock.today(current_app.config["TIME_ZONE"])


def gather(paths: tuple[Path, ...]) -> list[importer.File]:
    """The files that the paths of a command name, as importer.gather gives them."""
    try:
        return importer.gather([_shortest(path) for path in paths])
    except FileNotFoundError as error:
        raise click.ClickException(
            gettext("%(path)s does not exist. Check the path.", path=str(error))
        ) from error


def _shortest(path: Path) -> Path:
    relative = Path(os.path.relpath(path))
    return relative if path.is_absolute() and ".." not in relative.parts else path


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
