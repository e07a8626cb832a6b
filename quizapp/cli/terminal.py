"""What commands share: the terminal's language, the database, one line for what is refused."""

import functools
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale, gettext
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from quizapp import clock
from quizapp.content import importer
from quizapp.db import db, migrate
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
