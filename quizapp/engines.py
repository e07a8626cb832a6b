"""The two databases: how each connects, begins and waits. What both are used by is in `db`."""

import importlib.util
import logging
import select
import sqlite3
from contextvars import ContextVar
from typing import Any, Literal

from flask import g, has_request_context
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError, OperationalError

from quizapp import config

try:  # the wheel carries a SQLite without the WAL-reset fault of the older system ones
    from pysqlite3 import dbapi2
except ImportError:  # no wheel for this platform
    dbapi2 = sqlite3
driver = dbapi2

log = logging.getLogger(__name__)

SAFE_SQLITE = (3, 51, 3)
PATIENCE = 10  # seconds that a writer waits for its turn, and a thread for a connection
LONGEST_STATEMENT = 30  # seconds, on PostgreSQL
LONGEST_PAUSE = 300  # seconds that a transaction may lie idle there before it is ended
# Advisory locks of PostgreSQL, always taken in this order: turn, rows, chain.
TURN, CHAIN = 4_121_968_001, 4_121_968_002

# own: alone. shared: beside others that share it; for who locks the rows of a person or attempt,
# and decides by content, which only changes in a turn of its own. none: for who locks all rows
# that matter. SQLite knows only the first.
Turn = Literal["own", "shared", "none"]

# Set while a command or task only reads.
reading = ContextVar("reading", default=False)


def turn_now() -> Turn | None:
    """The turn that what begins now asks for; None for what only reads."""
    if reading.get():
        return None
    if not has_request_context():
        return "own"
    turn: Turn | None = g.get("turn")
    return turn


def options_for(url: str) -> dict[str, Any]:
    """The options of the engine. Raises SettingError where its driver is not installed."""
    return _sqlite_options() if url.startswith("sqlite") else _postgres_options()


def _sqlite_options() -> dict[str, Any]:
    if driver.sqlite_version_info < SAFE_SQLITE:
        log.warning(
            "SQLite %s can corrupt a WAL database with several connections; "
            "install the pysqlite3 wheel or use %s or newer.",
            driver.sqlite_version,
            ".".join(map(str, SAFE_SQLITE)),
        )
    return {"module": driver, "pool_size": 16, "connect_args": {"timeout": PATIENCE}}


def _postgres_options() -> dict[str, Any]:
    if importlib.util.find_spec("psycopg") is None:
        raise config.SettingError(
            "QUIZAPP_DATABASE_URL names PostgreSQL, whose driver is not installed. "
            "Install it with: pip install 'quizapp[postgres]'"
        )
    return {
        # A thread uses one connection, a worker that reports two; made only when needed.
        "pool_size": 16,
        "max_overflow": 16,
        "pool_timeout": PATIENCE,
        "pool_use_lifo": True,
        "connect_args": {
            "connect_timeout": 3,
            "application_name": "quizapp",
            # A server that vanished without a word is noticed in time.
            "keepalives_idle": 30,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
        },
    }


def teach(engine: Engine) -> None:
    """Give an engine our manners."""
    (_teach_sqlite if engine.dialect.name == "sqlite" else _teach_postgres)(engine)


def begin(connection: Any) -> None:
    """Begin on a connection as what runs now has to: reading, or in its turn."""
    (_begin_sqlite if connection.dialect.name == "sqlite" else _begin_postgres)(connection)


def _teach_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN is deferred and late; begin() below says when and how.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "begin", begin)


def _begin_sqlite(connection: Any) -> None:
    raw, kept = connection.connection.dbapi_connection, connection.connection.info
    reads = turn_now() is None
    try:
        if kept.get("reads") != reads:
            raw.execute(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
            kept["reads"] = reads
        # Deferred transactions that later write fail at once instead of waiting.
        raw.execute("BEGIN" if reads else "BEGIN IMMEDIATE")
    except driver.OperationalError as error:  # SQLAlchemy does not look after what is done here
        raise OperationalError("BEGIN", None, error) from error


# A connection reads, each statement for itself, unless a transaction begins to write: reading
# then needs no BEGIN, and nothing can be written by mistake. Nothing hangs for ever. Compiling a
# statement takes longer than any of ours runs.
_MANNERS = f"""
SET jit = off;
SET default_transaction_read_only = on;
SET default_transaction_isolation = 'read committed';
SET lock_timeout = '{PATIENCE}s';
SET statement_timeout = '{LONGEST_STATEMENT}s';
SET idle_in_transaction_session_timeout = '{LONGEST_PAUSE}s';
"""


def _teach_postgres(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.autocommit = True
        connection.read_only = False  # of what psycopg begins
        connection.execute(_MANNERS)
        _insist_on_durability(connection)

    @event.listens_for(engine, "checkout")
    def check_out(connection: Any, _record: Any, _fairy: Any) -> None:
        # An idle connection has nothing to say but farewell: looking costs no round trip.
        watched = select.poll()
        watched.register(connection.fileno(), select.POLLIN)
        if watched.poll(0):
            raise DisconnectionError

    event.listen(engine, "begin", begin)


def _insist_on_durability(connection: Any) -> None:
    """What was called saved must be on the disk: mend what a session can, say the rest."""
    global _warned
    commit, fsync = connection.execute(
        "SELECT current_setting('synchronous_commit'), current_setting('fsync')"
    ).fetchone()
    if commit == "off":
        connection.execute("SET synchronous_commit = on")
    if (commit == "off" or fsync == "off") and not _warned:
        _warned = True
        log.warning(
            "PostgreSQL runs with synchronous_commit=%s, fsync=%s: %s",
            commit,
            fsync,
            "answers that were called saved can be lost when the machine stops."
            if fsync == "off"
            else "quizapp turns synchronous_commit on for itself.",
        )


_warned = False


_TURNS: dict[Turn, str] = {
    "own": f"SELECT pg_advisory_xact_lock({TURN})",
    "shared": f"SELECT pg_advisory_xact_lock_shared({TURN})",
    "none": "",
}


def _begin_postgres(connection: Any) -> None:
    turn = turn_now()
    connection.connection.dbapi_connection.autocommit = turn is None
    if turn and (lock := _TURNS[turn]):
        connection.exec_driver_sql(lock)
