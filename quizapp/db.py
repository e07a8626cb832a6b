"""The database: the declarative base, the engine's manners, and times in UTC."""

import logging
import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, g, has_request_context
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from quizapp import config

try:  # the wheel carries a SQLite without the WAL-reset fault of the older system ones
    from pysqlite3 import dbapi2 as driver
except ImportError:  # no wheel for this platform
    driver = sqlite3

log = logging.getLogger(__name__)

SAFE_SQLITE = (3, 51, 3)


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


def begin_writing() -> None:
    """Let this request write; until then its transactions are read-only.

    What was read so far ends here: the write lock is not held while one finds out who asks.
    """
    g.may_write = True
    session = db.session()
    if session.in_transaction() and db.engine.dialect.name == "sqlite":
        # On the same connection: giving it back and taking it again costs as much as the write.
        session.expire_all()
        connection: Any = session.connection()
        connection.connection.dbapi_connection.rollback()
        _begin(connection)
    else:
        session.rollback()


def init_app(app: Flask, url: str) -> None:
    """Bind the database to the application and give SQLite its manners."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    if url.startswith("sqlite"):
        if driver.sqlite_version_info < SAFE_SQLITE:
            log.warning(
                "SQLite %s can corrupt a WAL database with several connections; "
                "install the pysqlite3 wheel or use %s or newer.",
                driver.sqlite_version,
                ".".join(map(str, SAFE_SQLITE)),
            )
        app.config.setdefault(
            "SQLALCHEMY_ENGINE_OPTIONS",
            {"module": driver, "pool_size": 16, "connect_args": {"timeout": 10}},
        )
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _teach_sqlite(db.engine)


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

    event.listen(engine, "begin", _begin)


def _begin(connection: Any) -> None:
    raw, kept = connection.connection.dbapi_connection, connection.connection.info
    reads = has_request_context() and not g.get("may_write")
    if kept.get("reads") != reads:
        raw.execute(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
        kept["reads"] = reads
    # Deferred transactions that later write fail at once instead of waiting.
    raw.execute("BEGIN" if reads else "BEGIN IMMEDIATE")
