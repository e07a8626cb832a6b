"""Managers see their own teams, and nothing of anybody else's."""

import re

import pytest

from quizapp import clock
from quizapp.quiz import attempts
from tests.quiz.test_attempts import begin, give, right_answers


@pytest.fixture
def results(session, cast, quiz):
    """Ana passed, Gil (of another team) too; Bia has an open attempt."""
    done = {}
    for user in (cast.ana, cast.gil):
        attempt = begin(session, user, quiz)
        for position, fields in enumerate(right_answers(session, attempt), start=1):
            give(session, user, attempt, position, **fields)
        attempts.submit(session, user, attempt.public_id, clock.now())
        done[user.name] = attempt
    begin(session, cast.bia, quiz)
    session.commit()
    return done


def test_a_team_at_a_glance(sign_in, cast, results):
    page = sign_in(cast.bruno).get("/teams")
    assert "Ana Agente" in page
    assert "Bia Agente" in page
    assert "100%" in page
    for other in ("Gil", "Hugo", "Carla"):
        assert other not in page


def test_one_person_down_to_the_responses(sign_in, cast, results):
    browser = sign_in(cast.bruno)
    page = browser.get(f"/people/{cast.ana.public_id}")
    link = f"/people/{cast.ana.public_id}/attempts/{results['Ana Agente'].public_id}"
    assert link in page
    review = browser.get(link)
    assert "Canario-explicacao" in review


def test_everything_of_another_team_is_missing(sign_in, cast, results):
    browser = sign_in(cast.bruno)
    gil, attempt = cast.gil.public_id, results["Gil Agente"].public_id
    for path in (
        f"/teams/{cast.sul.public_id}",
        f"/exports/team.csv?team={cast.sul.public_id}",
        f"/people/{gil}",
        f"/people/{gil}/attempts/{attempt}",
        f"/people/{cast.ana.public_id}/attempts/{attempt}",
    ):
        there = re.sub(r'value="[^"]*"', "", browser.get(path, status=404))
        absent = re.sub(r'value="[^"]*"', "", browser.get("/teams/0000", status=404))
        assert there == absent
    browser.post(f"/people/{gil}/code", status=404)


def test_an_agent_sees_no_team_page(sign_in, cast, results):
    browser = sign_in(cast.ana)
    browser.get(f"/teams/{cast.norte.public_id}", status=404)
    browser.get(f"/people/{cast.bia.public_id}", status=404)


def test_an_open_attempt_of_an_agent_is_not_reviewed(sign_in, cast, session, quiz):
    attempt = begin(session, cast.ana, quiz)
    session.commit()
    path = f"/people/{cast.ana.public_id}/attempts/{attempt.public_id}"
    sign_in(cast.bruno).get(path, status=404)


def test_a_manager_hands_a_code_to_an_agent_of_the_team(app, sign_in, cast):
    browser = sign_in(cast.bruno)
    page = browser.post(f"/people/{cast.ana.public_id}/code")
    code = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", page)[0]
    from tests.client import Client

    agent = Client(app)
    agent.get("/first-access")
    new = "uma frase para a Ana"
    page = agent.post(
        "/first-access", {"identifier": "1001", "code": code, "password": new, "again": new}
    )
    assert "/sign-out" in page


def test_a_manager_cannot_become_somebody_with_more_rights(session, sign_in, cast):
    from quizapp.people import teams

    teams.set_teams(session, cast.iara, [cast.norte], by="t", now=clock.now())
    session.commit()
    sign_in(cast.bruno).post(f"/people/{cast.iara.public_id}/code", status=404)


def test_who_left_the_team_is_no_longer_on_its_page(session, sign_in, cast, results):
    from quizapp.people import teams

    teams.leave(session, cast.ana, by="t", now=clock.now())
    session.commit()
    assert "Ana Agente" not in sign_in(cast.bruno).get("/teams")
