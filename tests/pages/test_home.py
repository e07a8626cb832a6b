"""The first page of each role."""

from datetime import timedelta

from quizapp import clock
from quizapp.certification import assignments
from quizapp.pages import attention
from tests.certification.making import READ_ONE, add_program, sit
from tests.reports.test_readiness import YEAR


def test_a_manager_begins_with_whom_to_see_to(sign_in, session, cast, quiz, monkeypatch):
    cast.bruno.locale = "en"
    now = clock.now()
    program = add_program(session, READ_ONE, rules=YEAR)
    for user in (cast.ana, cast.gil):
        wanted = assignments.Wanted("person", user.public_id, due_days=5)
        assignments.assign(session, program, wanted, by="t", now=now - timedelta(days=30))
    assignments.enrol_due(session, now)
    attempt = sit(session, cast.bia, quiz, right=False)
    session.commit()
    browser = sign_in(cast.bruno)
    for place in ("/", "/attention", f"/attention?team={cast.norte.public_id}"):
        page = browser.get(place)
        assert "Ana Agente" in page
        assert f'href="/people/{cast.bia.public_id}/attempts/{attempt.public_id}"' in page
        assert "Gil" not in page
    assert "With an exam not passed: 1, With something not begun: 1" in browser.get("/")
    assert "page 1 of" not in browser.get("/attention")
    monkeypatch.setattr(attention, "AT_ONCE", 1)
    assert "page 1 of 2" in browser.get("/attention"), "paper says that there is more"
    browser.get(f"/attention?team={cast.sul.public_id}", status=404)
    sign_in(cast.ana).get("/attention", status=404)


def test_an_agent_sees_competencies_beside_the_cut_score_and_nobody_else(
    sign_in, session, cast, quiz
):
    cast.ana.locale = "en"
    sit(session, cast.ana, quiz, right=False)
    sit(session, cast.bia, quiz)
    session.commit()
    page = sign_in(cast.ana).get("/")
    assert "My competencies" in page
    assert "Below the cut score" in page
    assert "Bia" not in page
