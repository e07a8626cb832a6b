"""What goes wrong on our side is said, with a code; nothing that failed is called saved."""

import re
from dataclasses import replace

import pytest
from flask import before_render_template
from sqlalchemy import event, exc, text
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.db import db, driver
from quizapp.engines import turn_now
from quizapp.pages.access import signed_in
from quizapp.people.models import User
from quizapp.quiz import quizzes
from tests.client import Client, check

MACHINES = {"Accept": "application/json"}


@pytest.fixture
def breaks(app, monkeypatch):
    """Let the home page raise what is given."""

    def put(error: Exception) -> None:
        def index():
            raise error

        monkeypatch.setitem(app.view_functions, "home.index", signed_in(index))

    return put


def theme_of(user: User) -> str | None:
    found = db.session.get(User, user.id, populate_existing=True).theme
    db.session.commit()
    return found


def ask(browser: Client, path: str = "/", **kwargs):
    return browser.http.get(path, **kwargs)


def test_a_database_that_is_away_is_said_on_a_page_that_needs_none(sign_in, cast, away):
    browser = sign_in(cast.ana)
    away.take()
    response = ask(browser, "/progress?a=b", headers={"Accept-Language": "en"})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    check(response.text)
    assert "The system does not answer at present" in response.text
    assert 'href="/progress?a=b"' in response.text
    assert "Ana" not in response.text
    # Whoever was signed in still is: nothing in the answer ends the session.
    assert "Set-Cookie" not in response.headers
    away.bring()
    assert "Ana Agente" in browser.get("/progress")


def test_a_script_is_told_to_try_again(sign_in, cast, away):
    browser = sign_in(cast.ana)
    away.take()
    response = browser.http.post("/account", data={"csrf_token": browser.token}, headers=MACHINES)
    assert (response.status_code, response.json["saved"], response.json["retry"]) == (
        503,
        False,
        True,
    )
    assert response.json["message"].startswith("N")  # Not saved, Não salvo
    assert response.json["code"] == response.headers["X-Request-ID"]
    away.bring()


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/first-access"])
def test_no_page_breaks_without_a_database(app, sign_in, cast, away, path):
    browser = sign_in(cast.ana)
    away.take()
    assert ask(browser, path).status_code == 503
    stranger = Client(app)
    assert ask(stranger, path).status_code in (200, 404)
    away.bring()


@pytest.mark.parametrize(
    "path, data",
    [
        ("/attempts/ffff/flags/1", {}),
        ("/quizzes/oito/start", {"access_code": "wrong"}),
        ("/quizzes/oito/start", {"access_code": "mola", "release_code": "1"}),
    ],
)
def test_what_a_refusal_shows_is_made_while_others_write(
    app, sign_in, cast, quiz, session, path, data
):
    rules = replace(quizzes.rules_of(session, quiz), access_code="mola", release=True)
    blueprint = quizzes.blueprint_of(session, quiz)
    quizzes.revise(session, quiz, quiz.title, blueprint, rules, reason="", by="t", now=clock.now())
    browser = sign_in(cast.ana)
    turns = []

    def look(_app, template, **_):
        db.session.execute(text("SELECT 1"))
        turns.append((template.name, turn_now()))

    with before_render_template.connected_to(look, app):
        response = browser.http.post(path, data={"csrf_token": browser.token, **data})
    assert response.status_code in (404, 422)
    assert [turn for _, turn in turns] == [None], turns


@pytest.mark.sqlite("writers wait for a lock of ours there")
def test_a_busy_database_is_said(app, sign_in, cast, session):
    browser = sign_in(cast.ana)
    session.commit()
    event.listen(db.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=20"))
    db.session.remove()
    db.engine.dispose()
    other = driver.connect(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    other.execute("BEGIN IMMEDIATE")
    response = browser.http.post("/theme", data={"csrf_token": browser.token, "theme": "dark"})
    assert response.status_code == 503
    assert "Retry-After" in response.headers
    other.rollback()
    browser.post("/theme", {"theme": "dark"})
    assert theme_of(cast.ana) == "dark"


@pytest.mark.sqlite("its server says so by a code")
def test_a_full_disk_is_said_and_what_failed_is_not_saved(app, sign_in, cast, session):
    browser = sign_in(cast.bruno)
    session.commit()

    def fill(raw, _):
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count={pages}")

    event.listen(db.engine, "connect", fill)
    db.session.remove()
    db.engine.dispose()
    answers = [
        browser.http.post(f"/people/{cast.ana.public_id}/code", data={"csrf_token": browser.token})
        for _ in range(60)
    ]
    assert answers[-1].status_code == 507, answers[-1].text
    assert "o disco está cheio" in answers[-1].text or "the disk is full" in answers[-1].text
    event.remove(db.engine, "connect", fill)
    db.engine.dispose()
    browser.post(f"/people/{cast.ana.public_id}/code")


def test_a_commit_that_fails_is_not_called_saved(app, sign_in, cast, session):
    browser = sign_in(cast.ana)

    def fail(_connection):
        error = driver.OperationalError("disk I/O error")
        error.sqlite_errorcode = 10
        raise error

    event.listen(db.engine, "commit", fail)
    response = browser.http.post("/theme", data={"csrf_token": browser.token, "theme": "dark"})
    event.remove(db.engine, "commit", fail)
    assert response.status_code == 503
    assert theme_of(cast.ana) is None


@pytest.mark.postgresql
def test_a_connection_that_drops_in_the_middle_is_said_and_the_next_one_works(
    app, sign_in, cast, monkeypatch
):
    browser = sign_in(cast.ana)

    def index():
        db.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return "lost"

    with monkeypatch.context() as patch:
        patch.setitem(app.view_functions, "home.index", signed_in(index))
        assert ask(browser).status_code == 503
    assert "Ana Agente" in browser.get("/")


@pytest.mark.postgresql
def test_a_connection_that_drops_before_the_commit_saves_nothing_and_says_so(
    app, sign_in, cast, monkeypatch
):
    browser = sign_in(cast.ana)
    number = cast.ana.id

    def drop(connection):
        event.remove(db.engine, "commit", drop)
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

    db.session.remove()
    event.listen(db.engine, "commit", drop)
    fields = {"csrf_token": browser.token, "theme": "dark"}
    response = browser.http.post("/theme", data=fields, headers=MACHINES)
    assert (response.status_code, response.json["saved"]) == (503, False)
    assert db.session.get(User, number).theme is None


@pytest.mark.parametrize(
    "error",
    [
        exc.TimeoutError("QueuePool limit reached"),
        exc.PendingRollbackError("rolled back before"),
        exc.OperationalError("x", {}, Exception("gone"), connection_invalidated=True),
    ],
)
def test_a_connection_that_is_not_to_be_had_is_no_fault_of_ours(sign_in, cast, breaks, error):
    browser = sign_in(cast.ana)
    breaks(error)
    assert ask(browser).status_code == 503


def test_a_disk_without_room_for_a_file_is_said(sign_in, cast, breaks):
    browser = sign_in(cast.ana)
    breaks(OSError(28, "No space left on device"))
    assert ask(browser).status_code == 507


def test_a_connection_that_breaks_after_the_answer_spoils_nothing(
    sign_in, cast, session, monkeypatch
):
    browser = sign_in(cast.ana)

    def broken(_session):
        raise driver.OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(Session, "close", broken)
        response = browser.http.get("/progress")
    assert response.status_code == 200
    assert "Ana Agente" in browser.get("/progress")


def test_a_fault_of_ours_shows_a_code_that_stands_in_the_log(sign_in, cast, breaks, caplog):
    browser = sign_in(cast.ana)
    breaks(RuntimeError("secret detail"))
    response = ask(browser, headers={"Accept-Language": "en"})
    assert response.status_code == 500
    check(response.text)
    code = re.search(r"Error code: (\w+)", response.text)[1]
    assert code == response.headers["X-Request-ID"]
    assert "secret detail" not in response.text
    assert [r.message for r in caplog.records if r.levelname == "ERROR"].count("a fault") == 1


def test_every_answer_has_a_code_of_its_own(client):
    first, second = (client.http.get("/sign-in").headers["X-Request-ID"] for _ in range(2))
    assert first != second
    sent = client.http.get("/sign-in", headers={"X-Request-ID": "ana@example.org"})
    assert sent.headers["X-Request-ID"] != "ana@example.org"
