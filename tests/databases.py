"""The databases of tests: SQLite's, or with QUIZAPP_TEST_DATABASE=postgresql that server's.

Migrated databases are made once, without rows and with those that many tests begin with, and
copied for each test.
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
    """Makes databases by copying others."""

    def new(self) -> str:
        """The setting DATABASE_URL of a new empty database."""

    def copy(self, url: str, of: Path, to: Path) -> str:
        """That of a copy of a database that nobody uses, for an application in another folder."""

    def drop(self, url: str) -> None:
        """Remove a copy that nobody needs any more."""


class SqliteFiles:
    """Files in the folders of their applications, which are thrown away with them."""

    def new(self) -> str:
        """The application makes the file in its folder."""
        return ""

    def copy(self, url: str, of: Path, to: Path) -> str:
        """Copy the file; the application finds it in its folder."""
        shutil.copy(of / "quizapp.sqlite3", to)
        return ""

    def drop(self, url: str) -> None:
        """Nothing to do."""


class PostgresDatabases:
    """Databases of the one server that the processes of a test run share."""

    def __init__(self) -> None:
        self._server = Server(Path(os.environ[FOLDER]))
        self._names = (f"test_{os.getpid()}_{n}" for n in itertools.count())

    def new(self) -> str:
        """One from the server's own template."""
        name = next(self._names)
        self._server.run(f"CREATE DATABASE {name}")
        return self._server.url(name)

    def copy(self, url: str, of: Path, to: Path) -> str:
        """Copy the files: quicker than through the log, where nothing waits."""
        template, name = _name(url), next(self._names)
        self._server.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._server.url(name)

    def drop(self, url: str) -> None:
        """Drop it; connections that a test left open end."""
        self._server.run(f"DROP DATABASE {_name(url)} WITH (FORCE)")


def _name(url: str) -> str:
    return urlsplit(url).path.strip("/")


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
