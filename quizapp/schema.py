"""Which version a database is of, and bringing it to the one of this program."""

from importlib.metadata import version
from typing import Any, Literal

import alembic.command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from quizapp.db import migrate

State = Literal["none", "older", "same", "newer"]


def program() -> str:
    """The version of quizapp that runs."""
    return version("quizapp")


def state(engine: Engine) -> State:
    """How a database stands to this program; `none` before the first migration."""
    with engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    if at is None:
        return "none"
    if at == _scripts().get_current_head():
        return "same"
    return "older" if is_known(at) else "newer"


def is_known(revision: str) -> bool:
    """Whether this program has that migration: it has all but those of later versions."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def bring_up(engine: Engine) -> None:
    """Migrate a database, which need not be the application's own, to the newest version."""
    config: Any = migrate.get_config()
    config.attributes["engine"] = engine
    alembic.command.upgrade(config, "head")


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(migrate.directory))
