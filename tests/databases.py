"""The databases of tests: SQLite's, or with QUIZAPP_TEST_DATABASE=postgresql that server's.

A migrated database without rows is made once and copied for each test.
"""

import itertools
import os
import shutil
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.postgres import Server

# Where the server of this test run is, for the processes that run the tests.
FOLDER = "QUIZAPP_TEST_POSTGRES"
ON_POSTGRES = os.environ.get("QUIZAPP_TEST_DATABASE", "sqlite") == "postgresql"


class Databases(Protocol):
    """Makes databases by copying the first one."""

    first: str

    def copy(self, folder: Path) -> str:
        """The setting DATABASE_URL of a new copy, for an application in this folder."""

    def drop(self, url: str) -> None:
        """Remove a copy that nobody needs any more."""


class SqliteFiles:
    """Files in the folders of their applications, which are thrown away with them."""

    first = ""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "quizapp.sqlite3"

    def copy(self, folder: Path) -> str:
        """Copy the file; the application finds it in its folder."""
        shutil.copy(self._path, folder)
        return ""

    def drop(self, url: str) -> None:
        """Nothing to do."""


class PostgresDatabases:
    """Databases of the one server that the processes of a test run share."""

    def __init__(self) -> None:
        self._server = Server(Path(os.environ[FOLDER]))
        self._names = (f"test_{os.getpid()}_{n}" for n in itertools.count())
        self._template = next(self._names)
        self._server.run(f"CREATE DATABASE {self._template}")
        self.first = self._server.url(self._template)

    def copy(self, folder: Path) -> str:
        """Copy the files of the template: quicker than through the log, where nothing waits."""
        name = next(self._names)
        self._server.run(f"CREATE DATABASE {name} TEMPLATE {self._template} STRATEGY FILE_COPY")
        return self._server.url(name)

    def drop(self, url: str) -> None:
        """Drop it; connections that a test left open end."""
        name = urlsplit(url).path.strip("/")
        self._server.run(f"DROP DATABASE {name} WITH (FORCE)")


def triggers(session: Session) -> set[str]:
    """The names of the triggers that there are."""
    catalogue = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if ON_POSTGRES
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    return set(session.execute(text(catalogue)).scalars())


def tables(session: Session) -> list[str]:
    """The names of all tables, the search index's own among them."""
    catalogue = (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        if ON_POSTGRES
        else "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    )
    return list(session.execute(text(catalogue)).scalars())


def drop_triggers(session: Session, table: str, *names: str) -> None:
    """Remove triggers of a table, as somebody could who has the database in their hands."""
    for name in names:
        session.execute(text(f"DROP TRIGGER {name}" + (f" ON {table}" if ON_POSTGRES else "")))
