"""The database: the declarative base, times in UTC, who writes when, and what went wrong.

Two engines, one way of working. A request reads until it says `begin_writing`; from then on
writers take turns to their commit: on SQLite by BEGIN IMMEDIATE, on PostgreSQL by a lock of
ours. There, writers that lock the rows they decide by may share a turn, or need none.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, g
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, URL, DateTime, Dialect, Engine, MetaData, Table, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator

from quizapp import config
from quizapp.engines import CHAIN, Turn, begin, options_for, reading, teach
from quizapp.engines import driver as driver


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


def begin_writing(turn: Turn = "own") -> None:
    """Let this request write; until then its transactions are read-only.

    What was read so far ends here: no lock is held while one finds out who asks.
    """
    g.turn = turn
    session = db.session()
    if session.in_transaction():
        # On the same connection: giving it back and taking it again costs as much as the write.
        session.expire_all()
        connection: Any = session.connection()
        connection.connection.dbapi_connection.rollback()
        begin(connection)


def stop_writing() -> None:
    """Undo what this request has not committed and end its turn: from here on it reads.

    What a refusal shows is made while others write.
    """
    g.pop("turn", None)
    db.session.rollback()


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
    # What people typed is in the parameters: no error's text repeats them.
    options = {"hide_parameters": True, **options_for(url)}
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        teach(db.engine)


def engine_for(path: Path) -> Engine:
    """An engine of our manners for another SQLite file than the application's: a copy of it."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)), module=driver, poolclass=NullPool
    )
    teach(engine)
    return engine


@contextmanager
def only_reading() -> Iterator[Session]:
    """The session, without a turn to write, for what commands and tasks compute beforehand.

    What the session had begun is rolled back, and again at the end: writing begins anew.
    """
    session = db.session()
    session.rollback()
    token = reading.set(True)
    try:
        yield session
    finally:
        session.rollback()
        reading.reset(token)


def take_stock(session: Session) -> None:
    """Let PostgreSQL count what its tables hold: it plans by that.

    By itself it does so for what has changed much, and for tables of a few rows never.
    """
    if session.connection().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))


def add_rows(
    session: Session, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Add very many rows, values in the order of `names`, past the ORM: no default is filled in.

    JSON comes as its text: much of it is the same from row to row.
    """
    connection = session.connection()
    dialect = connection.dialect
    binds = [
        (place, bind)
        for place, name in enumerate(names)
        if not isinstance(table.c[name].type, JSON)
        and (bind := table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
    ]

    def bound(row: Sequence[Any]) -> Sequence[Any]:
        if not binds:
            return row
        values = list(row)
        for place, bind in binds:
            values[place] = bind(values[place])
        return values

    given = map(bound, rows)
    quote = dialect.identifier_preparer.quote
    columns = ", ".join(map(quote, names))
    cursor: Any = connection.connection.cursor()
    if dialect.name == "postgresql":
        # Several times as fast as INSERT there.
        with cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
            for row in given:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({marks})"  # noqa: S608
        cursor.executemany(statement, given)
    cursor.close()
