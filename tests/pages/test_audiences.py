"""Trainers say for whom something is; others find it or do not."""

import re

import pytest
from sqlalchemy import select

from quizapp.evidence.models import EvidenceEntry
from quizapp.people import audience
from tests.certification.making import PASS, add_program


def test_a_trainer_limits_a_procedure_to_a_team_and_opens_it_again(sign_in, cast, content, session):
    trainer, agent = sign_in(cast.teo), sign_in(cast.gil)
    page = trainer.get("/trainer/audience/procedure/conexao")
    assert "Norte" in page
    page = trainer.post(
        "/trainer/audience/procedure/conexao", {"whose": "teams", "team": cast.norte.public_id}
    )
    assert "para: Norte" in page or "for: Norte" in page
    agent.get("/procedures/conexao", status=404)
    assert "Conexão do cliente" not in agent.get("/library")
    assert "Conexão do cliente" in sign_in(cast.ana).get("/library")
    assert "Norte" in trainer.get("/library")
    trainer.post("/trainer/audience/procedure/conexao", {"whose": "all"})
    assert "Conexão do cliente" in agent.get("/procedures/conexao")


def test_without_a_team_nothing_is_limited_and_what_was_typed_stays(sign_in, cast, content):
    trainer = sign_in(cast.teo)
    page = trainer.post(
        "/trainer/audience/procedure/conexao", {"whose": "teams", "draft": "1"}, status=422
    )
    assert 'value="teams" checked' in page
    assert 'name="draft" value="1" checked' in page
    assert "Conexão do cliente" in sign_in(cast.ana).get("/library")


def test_a_team_ticked_beside_everybody_opens_nothing(sign_in, cast, content, session):
    trainer, path = sign_in(cast.teo), "/trainer/audience/procedure/conexao"
    sent = {"whose": "all", "team": cast.norte.public_id}
    page = trainer.post(path, sent, status=422)
    assert f'value="{cast.norte.public_id}" checked' in page
    assert audience.names(session, "procedure") == {}
    trainer.post(path, {**sent, "whose": "teams"})
    trainer.post(path, sent)  # those ticked before are taken away by choosing everybody
    session.expire_all()
    assert audience.names(session, "procedure") == {}


def test_a_draft_is_for_trainers_alone(sign_in, cast, content, session):
    trainer = sign_in(cast.teo)
    page = trainer.post("/trainer/audience/procedure/conexao", {"whose": "all", "draft": "1"})
    assert "state-open" in page
    for other in (cast.ana, cast.bruno, cast.iara):
        browser = sign_in(other)
        browser.get("/procedures/conexao", status=404)
        browser.get("/procedures/conexao/history", status=404)
        assert "Conexão do cliente" not in browser.get("/library")
        assert "/procedures/conexao" not in browser.get("/search?q=titular")
    trainer.post("/trainer/audience/procedure/conexao", {"whose": "all"})
    assert "/procedures/conexao" in sign_in(cast.ana).get("/search?q=titular")
    entries = session.execute(select(EvidenceEntry).order_by(EvidenceEntry.seq.desc())).scalars()
    said = [(entry.kind, entry.about, entry.by) for entry in entries if entry.about == "conexao"]
    assert said[:2] == [
        ("procedure.published", "conexao", cast.teo.public_id),
        ("procedure.withdrawn", "conexao", cast.teo.public_id),
    ]


def test_a_quiz_says_on_the_trainers_pages_for_whom_it_is(sign_in, cast, quiz):
    trainer = sign_in(cast.teo)
    fields = {"whose": "teams", "team": [cast.norte.public_id, cast.sul.public_id]}
    page = trainer.post("/trainer/audience/quiz/oito", fields)
    assert "Norte, Sul" in page
    assert "Norte, Sul" in trainer.get("/trainer/quizzes")


@pytest.mark.parametrize("place", ["bank/oito", "program/nada", "quiz/nada", "procedure/nada"])
def test_what_is_not_there_has_no_page(sign_in, cast, quiz, place):
    sign_in(cast.teo).get(f"/trainer/audience/{place}", status=404)


def test_only_trainers_say_for_whom(sign_in, cast, quiz, session):
    for other in (cast.ana, cast.bruno, cast.iara):
        browser = sign_in(other)
        browser.get("/trainer/audience/quiz/oito", status=404)
        browser.post(
            "/trainer/audience/quiz/oito",
            {"whose": "teams", "team": cast.norte.public_id},
            status=404,
        )
    assert audience.names(session, "quiz") == {}


@pytest.mark.parametrize(
    "kind, slug, entry",
    [
        ("procedure", "conexao", "/library"),
        ("quiz", "oito", "/trainer/quizzes"),
        ("program", "trilha", "/trainer/programs"),
    ],
)
def test_the_menu_shows_what_it_is_about(session, sign_in, cast, quiz, kind, slug, entry):
    add_program(session, PASS)
    session.commit()
    page = sign_in(cast.teo).get(f"/trainer/audience/{kind}/{slug}")
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', page) == [entry]


def test_how_many_questions_cite_a_section_counts_none_of_other_teams(session, sign_in, cast, quiz):
    gil, ana, teo = (sign_in(user) for user in (cast.gil, cast.ana, cast.teo))
    words = re.compile(r"\d+ (?:questões citam|questão cita|questions? cites?)")
    before = words.findall(gil.get("/procedures/conexao"))
    assert before
    trainer = sign_in(cast.teo)
    trainer.post("/trainer/audience/quiz/oito", {"whose": "teams", "team": cast.norte.public_id})
    assert words.findall(ana.get("/procedures/conexao")) == before
    assert words.findall(teo.get("/procedures/conexao")) == before
    assert words.findall(gil.get("/procedures/conexao")) != before
