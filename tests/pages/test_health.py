"""/healthz and /readyz: cheap, open, and without a word too much."""

import pytest
from sqlalchemy import event, text

from quizapp import clock, jobs
from quizapp.db import db


@pytest.fixture
def statements(app):
    """What the database is asked."""
    seen = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    return seen


def test_the_process_lives_without_asking_anything(client, statements):
    response = client.http.get("/healthz", headers={"Cookie": "quizapp=x"})
    assert (response.status_code, response.json) == (200, {"alive": True})
    assert "Set-Cookie" not in response.headers
    assert not statements


def test_it_is_ready_with_one_question_to_the_database(client, statements, tmp_path):
    jobs.say_alive(tmp_path)
    response = client.http.get("/readyz")
    assert response.status_code == 200
    assert response.json == {
        "ready": True,
        "database": "ok",
        "worker": "ok",
        "clock": "ok",
        "clock_step_seconds": 0,
    }
    assert "Set-Cookie" not in response.headers
    assert len([s for s in statements if "alembic_version" in s]) == 1
    assert not [s for s in statements if "user" in s.lower()]


def test_a_worker_that_is_not_there_is_said_and_no_reason_to_stop(client):
    response = client.http.get("/readyz")
    assert (response.status_code, response.json["worker"]) == (200, "silent")


def test_a_database_of_another_version_is_not_ready(client, session):
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()
    response = client.http.get("/readyz")
    assert (response.status_code, response.json["database"]) == (503, "old")


def test_a_database_without_tables_is_not_ready(client, session):
    session.execute(text("DROP TABLE alembic_version"))
    session.commit()
    response = client.http.get("/readyz")
    assert (response.status_code, response.json["database"]) == (503, "old")


def test_a_database_that_is_away_is_not_ready(client, away, tmp_path):
    away.take()
    response = client.http.get("/readyz")
    assert (response.status_code, response.json["database"]) == (503, "away")
    assert str(tmp_path) not in response.text
    assert "nowhere" not in response.text
    assert client.http.get("/healthz").status_code == 200


def test_a_step_of_the_clock_is_shown(client, monkeypatch):
    monkeypatch.setattr(clock, "step", lambda: -7200.4)
    response = client.http.get("/readyz")
    assert response.status_code == 200
    assert (response.json["clock"], response.json["clock_step_seconds"]) == ("stepped", -7200)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_they_only_answer_questions(client, path):
    assert client.http.post(path).status_code in (400, 405)
