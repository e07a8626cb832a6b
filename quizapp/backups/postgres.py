"""PostgreSQL: dumping a database in use, restoring into an empty one, by its own tools."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from quizapp.backups import facts
from quizapp.backups.facts import Facts
from quizapp.errors import Refused

DEBIAN = Path("/usr/lib/postgresql")
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


def dump(engine: Engine, target: Path) -> tuple[Facts, str]:
    """Dump the database as of one instant; gives its facts at that instant, and the tool.

    Nobody is kept waiting. Raises Refused where pg_dump is missing, too old or fails.
    """
    own = _own(engine)
    with own.connect() as connection:
        tool = find("pg_dump", _major(connection))
        # The figures and the dump look at the same snapshot.
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        found = facts.of(connection)
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _run(
            [
                tool,
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                f"--file={target}",
            ],
            connection,
        )
    made_by = f"pg_dump {_version(tool)}"
    examine(target, made_by)
    return found, made_by


def examine(dumped: Path, made_by: str) -> None:
    """Read a dump from end to end, as a restore would. Raises Refused where that fails."""
    _run([_restorer(made_by), "--file=/dev/null", str(dumped)])


def is_empty(engine: Engine) -> bool:
    """Whether there is nothing in the database that a restore could meet with."""
    with _own(engine).connect() as connection:
        return not inspect(connection).get_table_names()


def others(engine: Engine) -> int:
    """How many sessions of quizapp the database has."""
    with _own(engine).connect() as connection:
        return int(
            connection.execute(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND application_name = 'quizapp' AND pid <> pg_backend_pid()"
                )
            ).scalar_one()
        )


def restore(engine: Engine, dumped: Path, made_by: str, told: Facts) -> None:
    """Restore into an empty database, all or nothing, and compare. Raises Refused."""
    with _own(engine).connect() as connection:
        _run(
            [
                _restorer(made_by),
                "--single-transaction",
                "--exit-on-error",
                "--no-owner",
                "--no-privileges",
                str(dumped),
            ],
            connection,
        )
    with _own(engine).connect() as connection:
        facts.compare(told, facts.of(connection))


def _restorer(made_by: str) -> str:
    """A pg_restore that reads what this pg_dump wrote."""
    return find("pg_restore", int(made_by.split()[-1]))


def find(name: str, major: int) -> str:
    """The path of one of PostgreSQL's tools, of that version or a later one. Raises Refused."""
    debian = sorted((str(path) for path in DEBIAN.glob(f"*/bin/{name}")), reverse=True)
    found = {path: _version(path) for path in (shutil.which(name), *debian) if path}
    for path, version in found.items():
        if version >= major:
            return path
    if found:
        raise Refused(
            gettext(
                "%(name)s %(version)s is too old for PostgreSQL %(major)s. Install "
                "postgresql-client-%(major)s or a newer one, or put it on the PATH.",
                name=name,
                version=max(found.values()),
                major=major,
            )
        )
    raise Refused(
        gettext(
            "%(name)s is not installed. Install postgresql-client-%(major)s or a newer one.",
            name=name,
            major=major,
        )
    )


def _version(tool: str) -> int:
    match = VERSION.search(_output([tool, "--version"]).stdout)
    return int(match[1]) if match else 0


def _major(connection: Connection) -> int:
    return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000


def _own(engine: Engine) -> Engine:
    """An engine without the application's manners: it reads as of one instant and locks nothing."""
    return create_engine(engine.url, poolclass=NullPool, isolation_level="REPEATABLE READ")


def _run(command: Sequence[str], connection: Connection | None = None) -> None:
    """Run a tool, on the connection's database; the password stands in no command line."""
    environ = dict(os.environ)
    if connection is not None:
        from psycopg.conninfo import make_conninfo

        # What the address says and no more: defaults of our driver's are unknown to older tools.
        url = connection.engine.url
        given: dict[str, Any] = url.translate_connect_args(username="user", database="dbname")
        given |= url.query
        if password := given.pop("password", None):
            environ["PGPASSWORD"] = password
        command = [command[0], f"--dbname={make_conninfo(**given)}", *command[1:]]
    result = _output(command, environ)
    if result.returncode:
        raise Refused(
            gettext(
                "%(tool)s failed: %(reason)s",
                tool=Path(command[0]).name,
                reason=result.stderr.strip()[-2000:],
            )
        )


def _output(
    command: Sequence[str], environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - PostgreSQL's own tools, arguments of ours
        command, env=environ, capture_output=True, text=True, errors="replace", check=False
    )
