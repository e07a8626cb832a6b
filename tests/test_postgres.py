"""PostgreSQL's own: locks where SQLite has one writer, connections that end, what it is told."""

import logging
import threading
import time

import pytest
from flask_migrate import upgrade
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from quizapp import clock, config, create_app, engines
from quizapp.db import begin_writing, db
from quizapp.evidence import chain
from quizapp.quiz import saving
from quizapp.quiz.models import Response
from tests.conftest import PATIENCE, settings
from tests.postgres import own_or_skip
from tests.quiz.test_attempts import begin

pytestmark = pytest.mark.postgresql


def in_threads(app, work, count):
    """Do some work in several requests at the same time; returns what broke."""
    broken = []

    def run(n):
        try:
            with app.test_request_context("/"):
                work(n)
        except Exception as error:
            broken.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return broken


def append(n):
    for i in range(5):
        begin_writing("none")
        data = {"i": i}
        chain.append(db.session(), "test", by=str(n), about="x", at=clock.now(), data=data)
        db.session.commit()


def test_writers_at_the_same_time_never_fork_the_chain(app, session):
    assert in_threads(app, append, 8) == []
    assert chain.head(session)[0] == 40
    assert chain.first_break(session) is None


def test_without_the_lock_they_would(app, monkeypatch):
    monkeypatch.setattr(chain, "keep_in_line", lambda session: None)
    assert any(isinstance(error, IntegrityError) for error in in_threads(app, append, 8))


def test_who_does_not_lock_rows_takes_turns(app, session):
    """What reads first and decides by it, as most pages do, is right without locks of its own."""

    def count(_n):
        begin_writing()
        name = len(db.session.execute(text("SELECT id FROM team")).all())
        time.sleep(0.01)
        row = {"name": str(name), "id": f"t{name}", "now": clock.now().replace(tzinfo=None)}
        insert = "INSERT INTO team (public_id, name, created_at) VALUES (:id, :name, :now)"
        db.session.execute(text(insert), row)
        db.session.commit()

    assert in_threads(app, count, 6) == []


@pytest.mark.parametrize(
    "first, second, waits",
    [
        ("own", "own", True),
        ("own", "shared", True),
        ("shared", "own", True),
        ("shared", "shared", False),
        ("own", "none", False),
    ],
)
def test_attempts_begin_and_end_beside_each_other_but_not_while_content_changes(
    app, first, second, waits
):
    done = threading.Event()

    def write():
        with app.test_request_context("/"):
            begin_writing(second)
            db.session.execute(text("SELECT 1"))
            done.set()
            db.session.rollback()

    other = threading.Thread(target=write)
    with app.test_request_context("/"):
        begin_writing(first)
        db.session.execute(text("SELECT 1"))
        other.start()
        assert done.wait(0.3 if waits else 30) is not waits
        db.session.rollback()
    other.join()
    assert done.is_set()


def test_an_answer_that_comes_while_the_attempt_closes_waits_and_is_refused(
    app, session, cast, quiz
):
    attempt = begin(session, cast.ana, quiz)
    session.commit()
    session.execute(
        text("UPDATE attempt SET state = 'submitted' WHERE id = :id"), {"id": attempt.id}
    )
    outcome = []

    def answer():
        insert = text("INSERT INTO response (attempt_id, position, saved_at) VALUES (:id, 1, :now)")
        with app.test_request_context("/"):
            begin_writing("none")
            try:
                now = clock.now().replace(tzinfo=None)
                db.session.execute(insert, {"id": attempt.id, "now": now})
            except IntegrityError as error:
                outcome.append(str(error.orig))

    other = threading.Thread(target=answer)
    other.start()
    other.join(0.3)
    assert other.is_alive(), "it did not wait"
    session.commit()
    other.join()
    assert "the attempt is closed" in outcome[0]


def test_the_save_itself_does_not_overtake_a_submit(app, session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    session.commit()
    user, public_id, outcome = cast.ana.id, attempt.public_id, []
    was_read = threading.Event()
    session.execute(
        text("UPDATE attempt SET state = 'submitted' WHERE id = :id"), {"id": attempt.id}
    )

    def save():
        with app.test_request_context("/"):
            fields = {"option": ["1"]}
            answer = saving.read(
                db.session(), user, public_id, 1, lambda n: fields.get(n, []), arrived=clock.now()
            )
            begin_writing("none")
            was_read.set()
            try:
                outcome.append(saving.store(db.session(), answer))
            except saving.Closed as error:
                outcome.append(type(error))

    other = threading.Thread(target=save)
    other.start()
    assert was_read.wait(30)
    other.join(0.3)
    assert other.is_alive(), "it did not wait"
    session.commit()
    other.join()
    assert outcome == [saving.Closed]
    assert session.execute(select(Response)).first() is None


def test_connections_that_the_server_ended_are_replaced_unseen(app, cast, sign_in):
    browser = sign_in(cast.ana)
    db.session.remove()
    with db.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    browser.get("/")


@pytest.fixture(scope="module")
def server():
    """A server of one's own that keeps what it says, to be stopped and spoilt."""
    made = own_or_skip(durable=True)
    made.run("CREATE DATABASE alone")
    yield made
    made.throw_away()


@pytest.fixture
def alone(tmp_path, server):
    """An application on that server."""
    app = create_app({**settings(tmp_path), "DATABASE_URL": server.url("alone")})
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_server_that_comes_back_is_used_at_once(alone, server):
    client = alone.test_client()
    assert client.get("/sign-in").status_code == 200
    address = "/sign-in"
    form = {"identifier": "1001", "password": "x"}
    alone.config["WTF_CSRF_ENABLED"] = False
    assert client.post(address, data=form).status_code != 503
    for mode in ("immediate", "fast"):
        server.stop(mode)
        for _ in range(3):
            assert client.post(address, data=form).status_code == 503
        server.start_again()
        began = time.monotonic()
        while client.post(address, data=form).status_code == 503:
            assert time.monotonic() - began < PATIENCE
        assert client.post(address, data=form).status_code != 500


@pytest.mark.parametrize(
    "setting, said", [("fsync = off", "can be lost"), ("synchronous_commit = off", "for itself")]
)
def test_a_server_that_does_not_wait_for_the_disk_is_spoken_of(
    alone, server, caplog, monkeypatch, setting, said
):
    server.run("ALTER SYSTEM RESET ALL")
    server.run(f"ALTER SYSTEM SET {setting}")
    server.run("SELECT pg_reload_conf()")
    monkeypatch.setattr(engines, "_warned", False)
    db.engine.dispose()
    with caplog.at_level(logging.WARNING, "quizapp.engines"), db.engine.connect() as connection:
        value = connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
    assert said in caplog.text
    assert value == "on"


def test_without_the_driver_the_remedy_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(config.SettingError, match=r"pip install 'quizapp\[postgres\]'"):
        create_app({**settings(tmp_path), "DATABASE_URL": "postgres://somewhere/quizapp"})
