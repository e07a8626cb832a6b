"""The first page of each role."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from quizapp import clock
from quizapp.certification import assignments
from quizapp.content.models import Bank, Item
from quizapp.pages import attention
from quizapp.quiz import quizzes
from quizapp.quiz.models import AttemptItem
from quizapp.reports import analysis
from quizapp.reports.statistics.model import Look
from tests.certification.certified import act, certify
from tests.certification.making import PASS, READ_ONE, add_program, enrol, sit
from tests.quiz.test_attempts import begin
from tests.reports.test_heatmap import decide
from tests.reports.test_heatmap import sit as answer
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
    answer(session, cast.ana, quiz, 8)
    sit(session, cast.bia, quiz)
    session.commit()
    page = sign_in(cast.ana).get("/")
    assert "My competencies" in page
    assert "Below the cut score" in page
    assert "Bia" not in page


def test_what_one_holds_stands_above_the_competencies_while_it_is_valid(
    sign_in, session, cast, quiz
):
    cast.ana.locale = cast.bia.locale = "en"
    answer(session, cast.ana, quiz, 8)
    award = certify(session, cast.ana)
    session.commit()
    page, link = sign_in(cast.ana).get("/"), f'href="/c/{award.code}"'
    assert page.index("My certifications") < page.index(link) < page.index("My competencies")
    assert "until 20 Nov 2027" in page
    assert "My certifications" not in sign_in(cast.bia).get("/")
    act(session, award, "revoked")
    session.commit()
    assert link not in sign_in(cast.ana).get("/")


@pytest.fixture
def looks(session, cast, quiz):
    """Gives the quiz an analysis that finds these levels in its first items."""
    attempt = sit(session, cast.ana, quiz)
    items = session.scalars(select(AttemptItem).where(AttemptItem.attempt_id == attempt.id)).all()

    def keep(*levels):
        found = [
            Look("few_right", one.item_id, level, {"right": 1, "n": 99})
            for one, level in zip(items, levels, strict=False)
        ]
        worked = analysis.work_out(session, quiz, analysis.FIRST, clock.now())
        worked = replace(worked, figures=replace(worked.figures, looks=tuple(found)))
        analysis.keep(session, quiz.id, analysis.FIRST, worked)
        session.commit()

    return keep


def test_a_trainer_is_told_which_quizzes_have_questions_to_look_at(
    sign_in, session, cast, quiz, looks
):
    cast.teo.locale = cast.bruno.locale = "en"
    teo, there = sign_in(cast.teo), '<a class="rows-main" href="/analysis/oito#looks-head">'
    looks("know")
    assert "Questions to look at" not in teo.get("/"), "what is good to know is nothing to do"
    looks("act", "look", "look", "know")
    page = teo.get("/")
    assert there in page
    assert "1 likely mistake" in page
    assert "2 worth a look" in page
    for other in (cast.bruno, cast.ana, cast.iara):
        assert "/analysis/oito" not in sign_in(other).get("/")


def test_what_nobody_is_asked_any_more_is_not_to_be_looked_at(
    sign_in, session, cast, quiz, looks, monkeypatch
):
    looks("act", "act")
    cast.teo.locale = "en"
    teo = sign_in(cast.teo)
    assert "2 likely mistakes" in teo.get("/")
    session.execute(update(Item).where(Item.uid == "oito-2").values(retired_at=clock.now()))
    assert "1 likely mistake" in teo.get("/")
    monkeypatch.setattr(analysis, "AT_ONCE", 0)  # what is kept stays, as of a large quiz
    decide(session, "oito-1", "replaced", fractions=[1, 0, 0, 0])
    assert "/analysis/oito#" not in teo.get("/")
    looks("act")
    assert "1 likely mistake" in teo.get("/"), "worked out after the decision"
    quizzes.withdraw(session, quiz, by="t", now=clock.now())
    session.commit()
    assert "/analysis/oito#" not in teo.get("/")


def test_the_items_of_a_retired_bank_are_not_to_be_looked_at(sign_in, session, cast, quiz, looks):
    looks("act", "act")
    session.execute(update(Bank).where(Bank.slug == "oito").values(retired_at=clock.now()))
    session.commit()
    assert "/analysis/oito#" not in sign_in(cast.teo).get("/")


def test_a_managers_own_quizzes_are_one_line_until_one_is_due(sign_in, session, cast, quiz):
    cast.bruno.locale = cast.ana.locale = "en"
    session.commit()
    assert "See and start" in sign_in(cast.ana).get("/")
    bruno, folded = sign_in(cast.bruno), '<details class="folded">'

    def parts():
        page = bruno.get("/")
        assert page.index("My teams") < page.index("My own quizzes")
        before, _, after = page.partition(folded)
        return before.count('href="/quizzes/oito"'), after.count('href="/quizzes/oito"')

    assert parts() == (0, 2), "its title and its button"
    assert "1 quiz, not due" in bruno.get("/")
    enrol(session, add_program(session, PASS), cast.bruno)
    session.commit()
    before, after = parts()
    assert before > 0
    assert after == 0
    assert folded not in bruno.get("/")


def test_an_attempt_that_a_manager_began_is_not_folded_away(sign_in, session, cast, quiz):
    attempt = begin(session, cast.bruno, quiz)
    session.commit()
    page = sign_in(cast.bruno).get("/")
    assert f"/attempts/{attempt.public_id}" in page
    assert "folded" not in page
