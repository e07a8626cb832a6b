"""Coverage: what the exam tests, what rests on no section, what everybody gets wrong."""

import pytest
from sqlalchemy import select, update

from quizapp import clock
from quizapp.content import importer
from quizapp.content.models import Procedure
from quizapp.quiz.models import Attempt, AttemptItem, Quiz
from quizapp.reports import coverage, facility, readers
from quizapp.reports.sheets.registry import KINDS
from tests.conftest import SAMPLES, TODAY
from tests.reports.test_heatmap import decide, sit


def bring(session, slug, text):
    path = session.execute(select(Procedure.path).where(Procedure.slug == slug)).scalar_one()
    file = importer.File(path, path, text.encode())
    (report,) = importer.import_files(session, [file], by="t", now=clock.now(), today=TODAY)
    assert report.status == "updated", report


def lines(session):
    found = coverage.of_all(session, TODAY)
    return {f"{one.slug}#{line.anchor}": line for one in found.procedures for line in one.lines}


def test_a_section_is_tested_by_what_cites_it_its_steps_or_what_is_above(session, cast, quiz):
    found = lines(session)
    assert {place for place, line in found.items() if not line.is_tested} == {
        "conexao#inicio",
        "telefone#despedida",
    }
    assert [item.uid for item in found["conexao#verificacao"].items] == ["oito-1", "oito-4"]
    assert found["conexao#sinal-optico"].above
    assert [item.uid for item in found["telefone#saudacao"].items] == ["oito-5", "oito-8"], (
        "the one for practice tests nothing"
    )
    said = coverage.of_all(session, TODAY)
    assert (said.tested, said.sections) == (4, 6)
    assert [item.uid for item in said.unlinked if item.bank == "oito"] == ["oito-6"]
    assert said.gone == ()


def test_an_item_that_cites_what_is_gone_is_named_with_it(session, cast, quiz):
    text = (SAMPLES / "procedures" / "conexao.md").read_text()
    bring(session, "conexao", text.partition("## Encerramento")[0])
    said = coverage.of_all(session, TODAY)
    assert [(item.uid, lost) for item, lost in said.gone] == [("oito-2", ("conexao#encerramento",))]


def test_everybody_counts_in_the_facility_but_no_void_open_or_practice_attempt(
    session, cast, quiz, monkeypatch
):
    monkeypatch.setattr(coverage, "ENOUGH", 4)
    sit(session, cast.ana, quiz, 1, 2, 3, 4)
    sit(session, cast.gil, quiz, 1)
    void = sit(session, cast.hugo, quiz, *range(1, 9))
    session.execute(update(Attempt).where(Attempt.id == void.id).values(state="void"))
    cell = lines(session)["conexao#verificacao"].cell
    assert (cell.points, cell.answers, cell.is_few) == (3, 4, False)
    assert lines(session)["conexao#encerramento"].cell.is_few, "one item, two answers"
    weakest = coverage.of_all(session, TODAY).weakest(9)
    assert [line.anchor for _, line in weakest] == ["saudacao", "sinal-optico", "verificacao"]
    decide(session, "oito-4", "void")
    cell = lines(session)["conexao#verificacao"].cell
    assert (cell.points, cell.answers) == (2, 2)
    session.execute(update(Quiz).values(use="practice"))
    assert lines(session)["conexao#verificacao"].cell.answers == 0


def test_of_an_item_only_the_latest_answers_are_read(session, cast, quiz, monkeypatch):
    monkeypatch.setattr(facility, "LATEST", 2)
    for _ in range(3):
        sit(session, cast.ana, quiz, 1)
    sit(session, cast.gil, quiz)
    items = set(session.execute(select(AttemptItem.item_id)).scalars())
    given = facility.latest(session, items)
    assert (len(given), sum(one.fraction for one in given)) == (16, 1)


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
