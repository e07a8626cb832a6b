"""The database: the declarative base, the engine's manners, and times in UTC.

Two engines, one way of working. A request reads until it says `begin_writing`; from then on
writers take turns to their commit: on SQLite by BEGIN IMMEDIATE, on PostgreSQL by a lock of
ours. There, writers that lock the rows they decide by may share a turn, or need none.
"""

import importlib.util
import logging
import select
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from flask import Flask, g, has_request_context
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import URL, DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator

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


class Base(DeclarativeBase):
    """The base of all models; constraints get names, so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


# Rows stay readable after the commit: pages commit last, then render or redirect.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
migrate = Migrate(directory=str(config.ROOT / "quizapp" / "migrations"), render_as_batch=True)


# own: alone. shared: beside others that share it; for who locks the rows of a person or attempt,
# and decides by content, which only changes in a turn of its own. none: for who locks all rows
# that matter. SQLite knows only the first.
Turn = Literal["own", "shared", "none"]


def begin_writing(turn: Turn = "own") -> None:
    """Let this request write; until then its transactions are read-only.

    What was read so far ends here: no lock is held while one finds out who asks.
    """
    g.may_write, g.turn = True, turn
    session = db.session()
    if session.in_transaction():
        # On the same connection: giving it back and taking it again costs as much as the write.
        session.expire_all()
        connection: Any = session.connection()
        connection.connection.dbapi_connection.rollback()
        _BEGIN[connection.dialect.name](connection)


def keep_in_line(session: Session) -> None:
    """Let only this transaction add to the evidence until it ends; on SQLite it is alone anyway.

    Whoever locks rows locks them before: two that wait for each other would both fail.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({CHAIN})")


def is_away(error: BaseException) -> bool:
    """Whether the database is out of reach at present: stopped, starting, its file not there."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return _state(error).startswith(
        ("08", "25P03", "25P04", "53200", "53300", "53400", "57P", "58", "sqlite010", "sqlite014")
    )


def is_busy(error: BaseException) -> bool:
    """Whether others were in the way for too long; the same may work in a moment."""
    return isinstance(error, PoolTimeout) or _state(error).startswith(
        ("40001", "40P01", "55P03", "57014", "sqlite005", "sqlite006")
    )


def is_full(error: BaseException) -> bool:
    """Whether the database found no room on its disk."""
    return _state(error).startswith(("53100", "sqlite013"))


def _state(error: BaseException) -> str:
    """The SQLSTATE of a driver's error, or sqlite and its primary code in three digits."""
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return f"sqlite{code & 0xFF:03}"
    # The driver itself found the connection gone: there is no code from the server.
    lost = type(cause).__name__ in ("OperationalError", "InterfaceError", "ConnectionTimeout")
    return getattr(cause, "sqlstate", "") or (
        "08000" if lost and hasattr(cause, "sqlstate") else ""
    )


def init_app(app: Flask, url: str) -> None:
    """Bind the database to the application and give its engine our manners.

    Raises SettingError where the driver for PostgreSQL is not installed.
    """
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    is_sqlite = url.startswith("sqlite")
    # What people typed is in the parameters: no error's text repeats them.
    options = {"hide_parameters": True, **(_sqlite_options() if is_sqlite else _postgres_options())}
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        (_teach_sqlite if is_sqlite else _teach_postgres)(db.engine)


def engine_for(path: Path) -> Engine:
    """An engine of our manners for another SQLite file than the application's: a copy of it."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)), module=driver, poolclass=NullPool
    )
    _teach_sqlite(engine)
    return engine


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

    event.listen(engine, "begin", _begin_sqlite)


def _begin_sqlite(connection: Any) -> None:
    raw, kept = connection.connection.dbapi_connection, connection.connection.info
    reads = _only_reads()
    try:
        if kept.get("reads") != reads:
            raw.execute(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
            kept["reads"] = reads
        # Deferred transactions that later write fail at once instead of waiting.
        raw.execute("BEGIN" if reads else "BEGIN IMMEDIATE")
    except driver.OperationalError as error:  # SQLAlchemy does not look after what is done here
        raise OperationalError("BEGIN", None, error) from error


# A connection reads, each statement for itself, unless a transaction begins to write: reading
# then needs no BEGIN, and nothing can be written by mistake. Nothing hangs for ever.
_MANNERS = f"""
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

    event.listen(engine, "begin", _begin_postgres)


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
    raw, reads = connection.connection.dbapi_connection, _only_reads()
    raw.autocommit = reads
    if not reads and (lock := _TURNS[g.turn if has_request_context() else "own"]):
        connection.exec_driver_sql(lock)


_reading = ContextVar("reading", default=False)


@contextmanager
def only_reading() -> Iterator[Session]:
    """The session, without a turn to write, for what commands and tasks compute beforehand.

    What the session had begun is rolled back, and again at the end: writing begins anew.
    """
    session = db.session()
    session.rollback()
    token = _reading.set(True)
    try:
        yield session
    finally:
        session.rollback()
        _reading.reset(token)


def _only_reads() -> bool:
    return _reading.get() or (has_request_context() and not g.get("may_write"))


_BEGIN = {"sqlite": _begin_sqlite, "postgresql": _begin_postgres}
