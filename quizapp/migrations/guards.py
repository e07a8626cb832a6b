"""Triggers for the migrations: what the database refuses and adds by itself, on both engines.

A refusal is an integrity error to Python on both. Conditions and statements speak of OLD and
NEW in SQL that both know; `{lock}` in a condition holds the row that it reads until the end of
the transaction, where rows have locks.
"""

from alembic import op


def freeze(*tables: str) -> None:
    """Let rows of these tables be added, and neither changed nor removed."""
    for table in tables:
        for event in ("UPDATE", "DELETE"):
            refuse(f"{table}_no_{event.lower()}", event, table, f"{table} rows are immutable")
        if is_postgres():
            _create(
                f"{table}_no_truncate",
                f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
                _raise(f"{table} rows are immutable"),
            )


def refuse(name: str, event: str, table: str, why: str, when: str = "") -> None:
    """Refuse an event on a table's rows, or on those of which a condition is true."""
    if not is_postgres():
        condition = f"WHEN {when.format(lock='')} " if when else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"{condition}BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )
        return
    body = _raise(why)
    if when:
        body = f"IF {when.format(lock=' FOR SHARE')} THEN {body} END IF;"
    row = "OLD" if event == "DELETE" else "NEW"
    _create(name, f"BEFORE {event} ON {table} FOR EACH ROW", f"{body} RETURN {row};")


def follow(name: str, event: str, table: str, statement: str) -> None:
    """Run a statement after an event on a table's rows."""
    if is_postgres():
        _create(name, f"AFTER {event} ON {table} FOR EACH ROW", f"{statement}; RETURN NULL;")
    else:
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {statement}; END")


def lift(*names: str) -> None:
    """Remove triggers; those of a table that is dropped go with it on SQLite."""
    for name in names:
        if is_postgres():
            op.execute(f"DROP FUNCTION {name}() CASCADE")
        else:
            op.execute(f"DROP TRIGGER IF EXISTS {name}")


def thaw(*tables: str) -> None:
    """Remove what `freeze` made."""
    for table in tables:
        lift(f"{table}_no_update", f"{table}_no_delete")
        if is_postgres():
            lift(f"{table}_no_truncate")


def is_postgres() -> bool:
    """Whether the migrations run on PostgreSQL."""
    return op.get_bind().dialect.name == "postgresql"


def _raise(why: str) -> str:
    # 23514, a check that is not met: the driver makes an IntegrityError of it.
    return f"RAISE EXCEPTION '{why}' USING ERRCODE = '23514';"


def _create(name: str, occasion: str, body: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    )
    op.execute(f"CREATE TRIGGER {name} {occasion} EXECUTE FUNCTION {name}()")
