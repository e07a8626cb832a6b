"""What the database says when it cannot: out of reach, busy or full, and nothing else."""

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from quizapp.db import db, driver, is_away, is_busy, is_full
from tests.databases import ON_POSTGRES


def states(error):
    return is_away(error), is_busy(error), is_full(error)


AWAY, BUSY, FULL, NONE = (
    (True, False, False),
    (False, True, False),
    (False, False, True),
    (False, False, False),
)


def test_a_file_out_of_reach_is_a_database_that_is_away():
    engine = create_engine("sqlite:////nowhere/at/all.sqlite3", module=driver)
    with pytest.raises(OperationalError) as raised:
        engine.connect()
    assert states(raised.value) == states(raised.value.orig) == AWAY


def test_a_full_disk_is_told_from_the_rest(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/a.sqlite3", module=driver)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 2")
        connection.exec_driver_sql("CREATE TABLE big (words TEXT)")
        with pytest.raises(OperationalError) as raised:
            connection.execute(text("INSERT INTO big VALUES (:w)"), {"w": "x" * 100_000})
    assert states(raised.value) == FULL


def test_a_writer_in_the_way_for_too_long_makes_the_database_busy(tmp_path):
    path = tmp_path / "a.sqlite3"
    holder = driver.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    engine = create_engine(f"sqlite:///{path}", module=driver, connect_args={"timeout": 0})
    with engine.connect() as connection, pytest.raises(OperationalError) as raised:
        connection.exec_driver_sql("CREATE TABLE a (b INTEGER)")
    holder.close()
    assert states(raised.value) == BUSY
    assert states(PoolTimeout("no connection left")) == BUSY


class FromServer(Exception):
    """As psycopg's errors are: `sqlstate` is the server's code, None where there was no server."""

    def __init__(self, sqlstate):
        self.sqlstate = sqlstate


# So psycopg calls what it finds without the server's word.
Lost = type("OperationalError", (FromServer,), {})


@pytest.mark.parametrize(
    "error, expected",
    [
        (Lost(None), AWAY),
        (FromServer("57P01"), AWAY),
        (FromServer("57P03"), AWAY),
        (FromServer("53300"), AWAY),
        (FromServer("08006"), AWAY),
        (FromServer("55P03"), BUSY),
        (FromServer("57014"), BUSY),
        (FromServer("40P01"), BUSY),
        (FromServer("53100"), FULL),
        (FromServer("23505"), NONE),
        (FromServer(None), NONE),
        (ValueError("no"), NONE),
    ],
)
def test_what_postgresql_says_is_read_by_its_code(error, expected):
    assert states(error) == expected
    assert states(DBAPIError("SELECT 1", None, error)) == expected


def test_a_connection_that_broke_is_a_database_that_is_away():
    error = DBAPIError("SELECT 1", None, FromServer("XX000"), connection_invalidated=True)
    assert states(error) == AWAY


def test_a_broken_rule_is_a_fault_of_its_own(session):
    with pytest.raises(IntegrityError) as raised:
        session.execute(text("INSERT INTO team (id) VALUES (1)"))
    assert states(raised.value) == NONE


def test_a_page_that_does_not_get_its_turn_says_that_the_system_is_busy(app, cast, sign_in):
    browser = sign_in(cast.iara)
    hurry = "SET lock_timeout = 50" if ON_POSTGRES else "PRAGMA busy_timeout = 50"
    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", lambda raw, _record: raw.execute(hurry))
    with db.engine.begin():  # a command that writes
        browser.post("/admin/teams", {"name": "Leste"}, status=503)
    browser.post("/admin/teams", {"name": "Leste"})
