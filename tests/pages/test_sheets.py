"""Reports as files, for who may see them and on record."""

import csv
import io
import json
from contextvars import Context

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.evidence.models import EvidenceEntry
from quizapp.people import teams
from quizapp.reports import readers
from quizapp.reports.models import ExportedFile
from quizapp.reports.sheets import exported, files
from quizapp.reports.sheets.registry import KINDS
from tests.pages.test_teams import results as results


def test_a_manager_takes_the_own_team_home_and_it_is_on_record(session, sign_in, cast, results):
    browser = sign_in(cast.bruno)
    page = browser.get(f"/teams/{cast.norte.public_id}")
    path = f"/exports/team.csv?team={cast.norte.public_id}"
    assert path in page
    path += "&said=Maria"  # no report asks for it
    Context().run(browser.http.client.head, path)
    response = browser.http.get(path)
    assert "-norte-20" in response.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["Ana Agente", "Bia Agente"]
    assert "100" in rows[1]
    entry = session.scalars(
        select(EvidenceEntry).where(EvidenceEntry.kind == "report.exported")
    ).one()
    said = json.loads(entry.data)
    assert entry.by == cast.bruno.public_id
    assert (said["report"], said["rows"]) == ("team", 2)
    assert said["args"] == {"team": cast.norte.public_id}


def test_what_is_not_ones_own_is_not_there(sign_in, cast, results):
    sul, gil, ana = cast.sul.public_id, cast.gil.public_id, cast.ana.public_id
    bruno, agent = sign_in(cast.bruno), sign_in(cast.ana)
    for kind in ("csv", "xlsx", "pdf"):
        bruno.get(f"/exports/team.{kind}?team={sul}", status=404)
        bruno.get(f"/exports/programs.{kind}?team={sul}", status=404)
        bruno.get(f"/exports/person.{kind}?person={gil}", status=404)
        agent.get(f"/exports/team.{kind}", status=404)
        agent.get(f"/exports/person.{kind}?person={ana}", status=404)
    bruno.get("/exports/team.html", status=404)
    bruno.get("/exports/nothing.csv", status=404)
    assert agent.http.get("/exports/person.xlsx").status_code == 200


@pytest.fixture
def drain(app):
    """Lets the worker do all that waits."""

    def work():
        db.session.commit()
        result = app.test_cli_runner().invoke(args=["worker", "--once"])
        assert result.exit_code == 0, result.output

    return work


def test_a_long_one_is_made_by_the_worker_for_who_asked_alone(
    session, sign_in, cast, results, drain, monkeypatch
):
    monkeypatch.setitem(files.AT_ONCE, "pdf", 0)
    browser, carla = sign_in(cast.bruno), sign_in(cast.carla)
    path = f"/exports/team.pdf?team={cast.norte.public_id}"
    assert "<form" in browser.get(f"{path}&kind=x&_anchor=y")
    carla.post(path, status=404)
    browser.post(path)
    browser.post(path)  # asked twice, it is made once
    row = session.scalars(select(ExportedFile)).one()
    job = f"/exports/jobs/{row.public_id}"
    assert browser.get_json(job) == {"ended": False, "done": 0, "total": 0}
    browser.get(f"{job}/file", status=404)
    drain()
    assert browser.get_json(job) == {"ended": True, "done": 2, "total": 2}
    assert f"{job}/file" in browser.get(job)
    assert job in browser.get("/exports")
    assert browser.http.get(f"{job}/file").data.startswith(b"%PDF")
    assert job not in carla.get("/exports")
    for other in (job, f"{job}/file"):
        carla.get(other, status=404)
    teams.set_teams(session, cast.bruno, [cast.sul], by="t", now=clock.now())
    browser.get(f"{job}/file", status=404)
    teams.set_teams(session, cast.bruno, [cast.sul, cast.norte], by="t", now=clock.now())
    assert browser.http.get(f"{job}/file").status_code == 200
    kinds = select(EvidenceEntry).where(EvidenceEntry.kind == "report.exported")
    assert len(session.scalars(kinds).all()) == 2  # each time that it was handed over


def test_after_its_day_a_file_is_gone(session, sign_in, cast, results, drain, monkeypatch):
    monkeypatch.setitem(files.AT_ONCE, "csv", 0)
    browser = sign_in(cast.bruno)
    browser.post("/exports/programs.csv")
    drain()
    row = session.scalars(select(ExportedFile)).one()
    path = f"/exports/jobs/{row.public_id}/file"
    assert browser.http.get(path).status_code == 200
    row.expires_at = clock.now()
    browser.get(path, status=404)
    drain()
    session.expire_all()
    assert session.scalars(select(ExportedFile)).all() == []


def test_who_lost_the_team_before_it_was_made_gets_nothing(
    session, sign_in, cast, results, drain, monkeypatch
):
    monkeypatch.setitem(files.AT_ONCE, "xlsx", 0)
    browser = sign_in(cast.bruno)
    browser.post(f"/exports/team.xlsx?team={cast.norte.public_id}")
    row = session.scalars(select(ExportedFile)).one()
    teams.set_teams(session, cast.bruno, [], by="t", now=clock.now())
    drain()
    browser.get(f"/exports/jobs/{row.public_id}", status=404)


def test_a_persons_file_is_handed_over_while_they_are_led(
    session, sign_in, cast, results, drain, monkeypatch
):
    monkeypatch.setitem(files.AT_ONCE, "csv", 0)
    browser = sign_in(cast.bruno)
    browser.post(f"/exports/person.csv?person={cast.gil.public_id}", status=404)
    browser.post(f"/exports/person.csv?person={cast.ana.public_id}")
    drain()
    row = session.scalars(select(ExportedFile)).one()
    path = f"/exports/jobs/{row.public_id}/file"
    assert browser.http.get(path).status_code == 200
    teams.set_teams(session, cast.ana, [cast.sul], by="t", now=clock.now())
    browser.get(path, status=404)


def test_nobody_has_the_worker_make_files_without_end(session, sign_in, cast, monkeypatch):
    monkeypatch.setattr(exported, "MOST", 2)
    browser = sign_in(cast.bruno)
    for n in (1, 2):
        browser.post(f"/exports/team.pdf?sort={n}")
    browser.post("/exports/team.pdf?sort=2")  # is being made already
    browser.post("/exports/team.pdf?sort=3", status=409)
    assert len(session.scalars(select(ExportedFile)).all()) == 2


def test_where_company_numbers_are_exported_it_is_said_what_keeps_their_zeros(
    session, sign_in, cast, results
):
    cast.ana.employee_number = "00123"
    cast.bruno.locale = cast.teo.locale = "en"
    session.commit()
    browser, team, hint = sign_in(cast.bruno), cast.norte.public_id, "numbers like 00123"
    pages = {
        "team": f"/teams/{team}",
        "programs": f"/teams/{team}/programs",
        "heatmap": f"/heatmap?team={team}",
        "ready": "/ready",
        "attention": "/attention",
        "person": f"/people/{cast.ana.public_id}",
    }
    offered = set()
    for kind, path in pages.items():
        args = {"team": team} if kind != "person" else {"person": cast.ana.public_id}
        tables = KINDS[kind].build(session, readers.find(session, cast.bruno.id), args, clock.now())
        has_numbers = any(column.key == "number" for one in tables for column in one.columns)
        page = browser.get(path)
        if f"/exports/{kind}." in page:
            assert (hint in page) == has_numbers, kind
            offered.add(kind)
    assert offered >= {"team", "heatmap", "person"}
    data = io.BytesIO(browser.http.get(f"/exports/team.xlsx?team={team}").data)
    sheet = CalamineWorkbook.from_filelike(data).get_sheet_by_index(0).to_python()
    assert "00123" in sheet[1]
    assert ";00123;" in browser.http.get(f"/exports/team.csv?team={team}").text, "as it is"
    assert hint not in sign_in(cast.teo).get("/coverage")
