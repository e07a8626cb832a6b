"""How Alembic reaches the application's database."""

from alembic import context
from flask import current_app
from sqlalchemy import text

database = current_app.extensions["migrate"].db


def run() -> None:
    """Run the migrations on the application's own engine, or on the one that a restore brings."""
    engine = context.config.attributes.get("engine", database.engine)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # A table that is rebuilt is dropped for a moment: rows that point at it must stay.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        else:
            # Building an index may take longer than a page may; this connection ends here.
            connection.detach()
            connection.execute(text("SET statement_timeout = 0"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            include_object=_ours,
            render_as_batch=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
            connection.rollback()
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"rows that point nowhere after the migration: {broken[:5]}")


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _to: object) -> bool:
    """The search index is each engine's own kind of table: models know nothing of it."""
    return not (kind == "table" and name is not None and name.startswith("search_"))


run()
