"""Logs tell what happened, and nothing that a person typed or that names one."""

import io
import json
import logging

import pytest
from sqlalchemy import text

from quizapp import logs
from quizapp.db import db
from quizapp.pages.access import signed_in
from tests.conftest import PASSWORD

CANARIES = (
    "Ana",
    "1001",
    "ana@example.org",
    "canario-nome",
    "canario-senha-longa",
    "canario-busca",
    "canario-resposta",
    "canario-parametro",
    "canario-erro",
    PASSWORD,
)


@pytest.fixture
def written():
    """All that the process logs, at the lowest level, as it would be written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    root, ours = logging.getLogger(), logging.getLogger("quizapp")
    before = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    ours.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(before[0])
    ours.setLevel(before[1])


def test_a_request_is_one_line_with_the_pattern_of_its_route(written, sign_in, cast):
    browser = sign_in(cast.ana)
    answer = browser.http.get("/search?q=canario-busca")
    (line,) = [x for x in written() if x.get("id") == answer.headers["X-Request-ID"]]
    assert line["message"] == "request"
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "info")
    assert line["route"].startswith("/")
    assert line["ms"] >= 0
    assert line["time"].endswith("Z")
    assert "by" not in line


def test_who_wrote_is_an_opaque_id(written, sign_in, cast):
    browser = sign_in(cast.ana)
    browser.post("/theme", {"theme": "dark"})
    (line,) = [x for x in written() if x.get("route") == "/theme"]
    assert line["by"] == cast.ana.public_id


def test_machines_that_ask_all_the_time_are_quiet(written, client):
    client.http.get("/healthz")
    client.http.get("/static/css/app.css")
    lines = [x for x in written() if x["message"] == "request"]
    assert [x["level"] for x in lines] == ["debug", "debug"]


def test_nothing_personal_is_written_through_a_whole_session_with_errors(
    app, written, sign_in, cast, quiz, session, monkeypatch
):
    def breaks_in_sql():
        db.session.execute(text("SELECT :a FROM nowhere"), {"a": "canario-parametro"})

    def breaks():
        try:
            int("canario-erro")
        except ValueError as error:
            raise KeyError("Ana Agente") from error

    for address, view in (("/breaks", breaks), ("/breaks-in-sql", breaks_in_sql)):
        app.add_url_rule(address, address[1:], signed_in(view))
    monkeypatch.setattr(cast.ana, "email", "ana@example.org")
    session.commit()
    browser = sign_in(cast.ana)
    browser.http.get("/nowhere/canario-busca?q=canario-busca")
    browser.http.get("/search?q=canario-busca", headers={"X-Request-ID": "canario-nome"})
    for address in ("/breaks?name=canario-nome", "/breaks-in-sql"):
        assert browser.http.get(address).status_code == 500
    browser.get("/quizzes/oito")
    page = browser.post("/quizzes/oito/start")
    path = page.split('action="/attempts/')[1].split('"')[0]
    for fields in ({"option": "1"}, {"option": "canario-resposta"}, {"text": "canario-resposta"}):
        browser.http.post(f"/attempts/{path}", data={"csrf_token": browser.token, **fields})
    browser.http.post("/attempts/x/items/1", data={"option": "canario-resposta"})
    stranger = {"identifier": "canario-nome", "password": "canario-senha-longa"}
    for address in ("/sign-in", "/first-access"):
        browser.http.post(
            address, data={**stranger, "code": "canario-senha-longa", "csrf_token": browser.token}
        )
    logs.show_warning("canario-erro", UserWarning, "x.py", 1)
    logging.getLogger("library").error("it said %s", "canario-erro")
    lines = written()
    assert len([x for x in lines if x["message"] == "request"]) > 10
    whole = json.dumps(lines, ensure_ascii=False)
    found = [canary for canary in CANARIES if canary in whole]
    assert not found, [x for x in lines if any(c in json.dumps(x) for c in found)]
    assert "it said %s" in whole


def test_this_search_for_canaries_would_find_one(written):
    logging.getLogger("quizapp.test").warning("saved %s", "canario-resposta")
    assert "canario-resposta" in json.dumps(written())


def test_an_error_is_its_type_its_code_and_its_way_through_the_code(
    app, written, sign_in, cast, monkeypatch
):
    def view():
        db.session.execute(text("SELECT 1 FROM nowhere"))

    browser = sign_in(cast.ana)
    monkeypatch.setitem(app.view_functions, "home.index", signed_in(view))
    browser.http.get("/")
    line = next(x for x in written() if x["message"] == "a fault")
    kinds = [error["type"] for error in line["errors"]]
    assert kinds[0].startswith("sqlalchemy.exc.")
    assert line["errors"][1]["code"] in ("SQLITE_ERROR", "42P01")
    assert any(place.startswith("tests/test_logs.py:") for place in line["errors"][0]["at"])
    assert line["id"]


def test_the_text_to_read_says_the_same():
    record = logging.LogRecord("quizapp.x", 30, "", 1, "a %s", ("b",), None)
    record.facts = {"route": "/x"}
    line = logs.Lines().format(record)
    assert line.endswith("WARNING a b logger=quizapp.x route=/x")
    try:
        raise OSError(28, "Ana")
    except OSError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    assert "OSError 28" in logs.Lines().format(record)
    assert "Ana" not in logs.Lines().format(record)
