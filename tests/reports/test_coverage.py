"""Coverage: what the exam tests, what rests on no section, what everybody gets wrong."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from quizapp import clock
from quizapp.content import importer
from quizapp.content.models import Procedure
from quizapp.quiz.models import Attempt, Quiz
from quizapp.reports import analysis, coverage, readers
from quizapp.reports.sheets.registry import KINDS
from tests.conftest import SAMPLES, TODAY
from tests.reports.test_heatmap import decide, sit


def bring(session, slug, text):
    path = session.execute(select(Procedure.path).where(Procedure.slug == slug)).scalar_one()
    file = importer.File(path, path, text.encode())
    (report,) = importer.import_files(session, [file], by="t", now=clock.now(), today=TODAY)
    assert report.status == "updated", report


def of_all(session, cast):
    return coverage.of_all(session, readers.find(session, cast.teo.id), TODAY, clock.now())


def lines(session, cast):
    found = of_all(session, cast)
    return {f"{one.slug}#{line.anchor}": line for one in found.procedures for line in one.lines}


def test_a_section_is_tested_by_what_cites_it_its_steps_or_what_is_above(session, cast, quiz):
    found = lines(session, cast)
    assert {place for place, line in found.items() if not line.is_tested} == {
        "conexao#inicio",
        "telefone#despedida",
    }
    assert [item.uid for item in found["conexao#verificacao"].items] == ["oito-1", "oito-4"]
    assert found["conexao#sinal-optico"].above
    assert [item.uid for item in found["telefone#saudacao"].items] == ["oito-5", "oito-8"], (
        "the one for practice tests nothing"
    )
    said = of_all(session, cast)
    assert (said.tested, said.sections) == (4, 6)
    assert [item.uid for item in said.unlinked if item.bank == "oito"] == ["oito-6"]
    assert said.gone == ()


def test_an_item_that_cites_what_is_gone_is_named_with_it(session, cast, quiz):
    text = (SAMPLES / "procedures" / "conexao.md").read_text()
    bring(session, "conexao", text.partition("## Encerramento")[0])
    said = of_all(session, cast)
    assert [(item.uid, lost) for item, lost in said.gone] == [("oito-2", ("conexao#encerramento",))]


def test_everybody_counts_the_first_time_but_no_void_open_or_practice_attempt(
    app, session, cast, quiz
):
    app.config["FACILITY_FROM"] = 4
    sit(session, cast.ana, quiz, 1, 2, 3, 4)
    sit(session, cast.ana, quiz)  # afterwards one knows what is asked
    sit(session, cast.gil, quiz, 1, 5)
    void = sit(session, cast.hugo, quiz, *range(1, 9))
    session.execute(update(Attempt).where(Attempt.id == void.id).values(state="void"))
    found = lines(session, cast)
    cell = found["conexao#verificacao"].cell
    assert (cell.points, cell.answers, cell.is_few) == (3, 4, False), "the blank is one of four"
    cell = found["telefone#saudacao"].cell
    assert (cell.points, cell.answers, cell.unreached) == (1, 1, 3), "who got there, got one right"
    assert found["conexao#encerramento"].cell.is_few, "one item, two answers"
    weakest = of_all(session, cast).weakest(9)
    assert [line.anchor for _, line in weakest] == ["verificacao"]
    decide(session, "oito-4", "void")
    cell = lines(session, cast)["conexao#verificacao"].cell
    assert (cell.points, cell.answers) == (2, 2)
    session.execute(update(Quiz).values(use="practice"))
    assert lines(session, cast)["conexao#verificacao"].cell.answers == 0


def test_what_the_worker_has_yet_to_work_out_is_said_and_not_in_it(
    session, sign_in, cast, quiz, monkeypatch
):
    cast.teo.locale = "en"
    sit(session, cast.ana, quiz, 1)
    browser = sign_in(cast.teo)
    said = "1 exam is not worked out yet"
    assert said not in browser.get("/coverage")
    monkeypatch.setattr(analysis, "AT_ONCE", 0)
    assert said in browser.get("/coverage")
    assert of_all(session, cast).as_of is None
    worked = analysis.work_out(session, quiz, analysis.FIRST, clock.now())
    analysis.keep(session, quiz.id, analysis.FIRST, worked)
    session.commit()
    assert said not in browser.get("/coverage")
    assert lines(session, cast)["conexao#verificacao"].cell.answers == 1


def test_it_is_as_of_now_until_something_came_since(session, cast, quiz, monkeypatch):
    sit(session, cast.ana, quiz, 1)
    monkeypatch.setattr(analysis, "AT_ONCE", 0)
    long_ago = clock.now() - timedelta(days=200)
    worked = analysis.work_out(session, quiz, analysis.FIRST, long_ago)
    analysis.keep(session, quiz.id, analysis.FIRST, worked)
    assert of_all(session, cast).as_of > long_ago + timedelta(days=199)
    sit(session, cast.bia, quiz, 1)
    assert of_all(session, cast).as_of == long_ago


@pytest.mark.parametrize("who, status", [("teo", 200), ("bruno", 404), ("ana", 404), ("iara", 404)])
def test_coverage_is_for_trainers_and_names_nobody(session, sign_in, cast, quiz, who, status):
    sit(session, cast.ana, quiz, 1)
    page = sign_in(getattr(cast, who)).get("/coverage", status=status)
    if status == 200:
        assert "Ana" not in page
        assert "/banks/oito/items/oito-6/link" in page
        sections, items = KINDS["coverage"].build(
            session, readers.find(session, cast.teo.id), {}, clock.now()
        )
        assert ("conexao#verificacao", "oito-1, oito-4") in {(r[2], r[5]) for r in sections.rows}
        assert "oito-6" in {row[1] for row in items.rows}
