"""A manager's own people in cohorts: nothing of anybody else's."""

from datetime import date

import pytest

from quizapp.certification import cohorts, meetings
from quizapp.certification.cohorts import Plan
from quizapp.people import audience
from tests.certification.making import PASS, READ_ONE, acknowledge, add_program, enrol
from tests.certification.test_cohorts import told


@pytest.fixture
def cohort(session, cast, quiz):
    """Ana of Norte and Gil of Sul, trained together; Bia was, and left; one meeting."""
    program = add_program(session, READ_ONE, PASS)
    for who in (cast.ana, cast.gil):
        enrol(session, program, who)
    acknowledge(session, cast.ana, "verificacao")
    plan = Plan("N1 março", program.id, cast.teo.id, date(2026, 3, 2), date(2026, 3, 31))
    made = cohorts.begin(session, plan, **told())
    cohorts.add_members(session, made, [cast.ana, cast.gil, cast.bia], **told())
    held = meetings.add(session, made, date(2026, 3, 3), 90, **told())
    there = {cast.ana.public_id: "present", cast.gil.public_id: "absent"}
    meetings.keep_attendance(session, made, held, there, **told())
    cohorts.remove_member(session, made, cast.bia, **told())
    session.commit()
    return made


def test_a_manager_sees_their_own_people_in_a_cohort(sign_in, cast, cohort):
    browser = sign_in(cast.bruno)
    listed = browser.get("/cohorts")
    assert "N1 março" in listed
    assert "1 da minha equipe" in listed
    assert 'href="/cohorts"' in browser.get("/teams")
    page = browser.get(f"/cohorts/{cohort.public_id}")
    for told_ in ("Ana Agente", "02/03/2026", "31/03/2026", "03/03/2026", "1/2", "Téo Instrutor"):
        assert told_ in page
    assert "Trilha trilha" in page
    assert page.count("state-passed") == 1  # present


def test_of_other_teams_people_nothing_is_there(sign_in, cast, cohort):
    page = sign_in(cast.bruno).get(f"/cohorts/{cohort.public_id}")
    for other in ("Gil Agente", cast.gil.public_id, "2001", "Bia Agente", "state-failed", "0/2"):
        assert other not in page
    assert "0/1" in page  # ready: nobody, of one person; the other is not counted
    carla = sign_in(cast.carla).get(f"/cohorts/{cohort.public_id}")
    assert "Gil Agente" in carla
    assert "Ana Agente" not in carla


def test_a_cohort_without_ones_people_is_as_one_that_is_not_there(session, sign_in, cast, cohort):
    cohorts.remove_member(session, cohort, cast.gil, **told())
    session.commit()
    browser = sign_in(cast.carla)
    assert "N1 março" not in browser.get("/cohorts")
    missing = browser.get("/cohorts/0123456789abcdef", status=404)
    hidden = browser.get(f"/cohorts/{cohort.public_id}", status=404)
    assert hidden.replace(cohort.public_id, "0123456789abcdef") == missing
    for user in (cast.ana, cast.teo, cast.iara):
        sign_in(user).get(f"/cohorts/{cohort.public_id}", status=404)


def test_a_program_for_another_team_is_not_named(session, sign_in, cast, cohort):
    audience.limit(session, "program", "trilha", [cast.sul], **told())
    session.commit()
    for path in ("/cohorts", f"/cohorts/{cohort.public_id}"):
        page = sign_in(cast.bruno).get(path)
        assert "N1 março" in page
        assert "Trilha trilha" not in page
        assert "state-under-way" not in page
        assert "Trilha trilha" in sign_in(cast.carla).get(path)
