"""One's programs: what is next, due and done; what managers and trainers see and decide."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.certification import assignments, awarding, renewals
from quizapp.certification.assignments import Wanted
from quizapp.certification.models import Assignment, CertificationAct, Enrolment, Waiver
from quizapp.certification.rules import ProgramRules, Validity
from quizapp.evidence.models import EvidenceEntry
from quizapp.notices.models import Notice
from quizapp.people import audience, calendars
from quizapp.quiz import quizzes
from tests.certification.making import (
    IN_ORDER,
    PASS,
    READ_ALL,
    READ_ONE,
    acknowledge,
    add_program,
    awards,
    enrol,
    sit,
)
from tests.reports.test_readiness import certify

MONTH = ProgramRules(None, False, Validity(months=1))


@pytest.fixture(autouse=True)
def english(cast):
    for person in (cast.ana, cast.bia, cast.gil, cast.bruno, cast.teo):
        person.locale = "en"


def section(page, anchor):
    return re.search(rf'value="({anchor} \w{{64}})"', page)[1]


def test_the_path_says_what_is_next_and_leads_there(sign_in, session, cast, quiz):
    program = add_program(session, READ_ONE, PASS, rules=IN_ORDER)
    enrol(session, program, cast.ana)
    session.commit()
    browser = sign_in(cast.ana)
    for place in ("/", "/programs"):
        page = browser.get(place)
        assert 'aria-label="0 of 2 steps done"' in page
        assert 'href="/procedures/conexao?program=trilha#verificacao"' in page
    page = browser.get("/programs/trilha")
    assert page.count('aria-current="step"') == 1
    assert "The steps before it come first." in page
    assert 'href="/quizzes/oito"' not in page, "a locked quiz is not linked to"
    assert "other steps come before this quiz" in browser.get("/quizzes/oito")
    assert "other steps come before this quiz" in browser.post("/quizzes/oito/start", status=409)
    read = browser.get("/procedures/conexao?program=trilha")
    assert read.count('href="/programs/trilha"') == 2, "above and below what is read"
    browser.post("/procedures/conexao/read", {"read": section(read, "verificacao")})
    assert "other steps come before" not in browser.get("/quizzes/oito")
    page = browser.get("/programs/trilha")
    assert 'href="/quizzes/oito"' in page
    assert "The steps before it come first." not in page


def test_the_reading_of_a_whole_procedure_goes_on_where_one_stopped(sign_in, session, cast, quiz):
    enrol(session, add_program(session, READ_ALL), cast.ana)
    acknowledge(session, cast.ana, "verificacao")
    session.commit()
    browser = sign_in(cast.ana)
    shown = re.findall(r'name="read" value="(\S+) ', browser.get("/procedures/conexao"))
    assert len(shown) == 3
    page = browser.get("/programs/trilha")
    assert "1 of 4 sections" in page
    assert f'href="/procedures/conexao?program=trilha#{shown[0]}"' in page
    acknowledge(session, cast.ana, shown[0])
    session.commit()
    assert f'href="/procedures/conexao?program=trilha#{shown[1]}"' in browser.get(
        "/programs/trilha"
    )


def test_the_last_acknowledgement_certifies_and_says_so(sign_in, session, cast, quiz):
    program = add_program(session, READ_ONE)
    enrol(session, program, cast.ana)
    session.commit()
    browser = sign_in(cast.ana)
    shown = section(browser.get("/procedures/conexao"), "verificacao")
    answer = browser.post_json("/procedures/conexao/read", {"read": shown})
    assert answer["to"] == "/programs/trilha"
    [row] = awards(session)
    page = browser.get(answer["to"])
    assert "You are certified now: Trilha trilha." in page
    assert f'href="/c/{row.code}"' in page
    assert 'class="state state-valid"' in page
    assert page.index('id="held-head"') < page.index('id="steps-head"')


def test_whoever_is_through_sees_the_steps_that_count_as_done(sign_in, session, cast, quiz):
    program = add_program(session, READ_ONE, PASS)
    enrol(session, program, cast.ana)
    acknowledge(session, cast.ana, READ_ONE.anchor)
    sit(session, cast.ana, quiz)
    add_program(session, PASS)  # asks less since, and of others
    session.commit()
    path = sign_in(cast.ana).get("/programs/trilha")
    assert path.count("state-done") == path.count('class="step-done"') == 2
    assert "rests on these" in path
    awarding.revoke(session, awards(session)[0], reason="Engano", by="teo", now=clock.now())
    session.commit()
    path = sign_in(cast.ana).get("/programs/trilha")
    assert "state-done" not in path
    assert "rests on these" not in path


def test_where_a_renewal_is_revoked_the_steps_of_what_stands_are_shown(
    sign_in, session, cast, quiz
):
    program, now = add_program(session, READ_ONE, rules=MONTH), clock.now()
    for days in (10, 1):
        certify(session, program, cast.ana, now - timedelta(days=days))
    _, renewal = awards(session)
    awarding.revoke(session, renewal, reason="Engano", by="teo", now=now)
    session.commit()
    path = sign_in(cast.ana).get("/programs/trilha")
    assert "rests on these" in path
    assert "state-done" in path


def test_the_result_of_the_quiz_says_what_was_earned_by_it(sign_in, session, cast, quiz):
    program = add_program(session, PASS)
    enrol(session, program, cast.ana)
    failed = sit(session, cast.ana, quiz, right=False)
    attempt = sit(session, cast.ana, quiz)
    session.commit()
    (award,) = awards(session)
    ana, told = sign_in(cast.ana), "You are certified in “Trilha trilha”, until"
    page = ana.get(f"/attempts/{attempt.public_id}/result")
    assert f"{told} {award.valid_until:%d %b %Y}." in page
    assert f'href="/c/{award.code}"' in page
    assert told not in ana.get(f"/attempts/{failed.public_id}/result"), "it rests on the other"
    awarding.revoke(session, award, reason="Engano", by="teo", now=clock.now())
    session.commit()
    page = ana.get(f"/attempts/{attempt.public_id}/result")
    assert told not in page
    assert "It counts for your certification: Trilha trilha." in page
    assert "Revoked" in page


def test_overdue_is_said_and_absence_moves_it(sign_in, session, cast, quiz):
    now = clock.now()
    program = add_program(session, READ_ONE)
    enrolment = enrol(session, program, cast.ana, now - timedelta(days=40))
    enrolment.due_on = (now - timedelta(days=10)).date()
    session.commit()
    assert "Overdue: it was due on" in sign_in(cast.ana).get("/programs")
    first = (now - timedelta(days=35)).date()
    calendars.add_absence(session, cast.ana, "leave", first, None, by="test", now=now)
    session.commit()
    page = sign_in(cast.ana).get("/programs")
    assert "Overdue" not in page
    assert "Due when the absence is over" in page


def test_nobody_is_shown_what_they_were_not_asked_until_they_begin(sign_in, session, cast, quiz):
    add_program(session, READ_ONE)
    add_program(session, READ_ONE, slug="rascunho", published=False)
    session.commit()
    browser = sign_in(cast.ana)
    page = browser.get("/programs")
    assert 'href="/programs/trilha"' in page
    assert "rascunho" not in page
    browser.get("/programs/rascunho", status=404)
    browser.get("/programs/nowhere", status=404)
    assert "Begin this program" in browser.get("/programs/trilha")
    page = browser.post("/programs/trilha/begin")
    assert 'aria-current="step"' in page
    assert "Begin this program" not in page


def test_a_program_of_another_team_is_not_there_unless_one_is_under_way(
    sign_in, session, cast, quiz
):
    now = clock.now()
    program = add_program(session, READ_ONE)
    audience.limit(session, "program", "trilha", [cast.sul], by="test", now=now)
    session.commit()
    browser = sign_in(cast.ana)
    assert "Trilha trilha" not in browser.get("/programs")
    browser.get("/programs/trilha", status=404)
    browser.post("/programs/trilha/begin", status=404)
    assert "Trilha trilha" in sign_in(cast.gil).get("/programs")
    enrol(session, program, cast.ana)
    session.commit()
    assert "Trilha trilha" in browser.get("/programs/trilha")


def test_a_renewal_asks_for_the_reading_again_in_the_reader(sign_in, session, cast, quiz):
    now = clock.now()
    program = add_program(session, READ_ONE, rules=MONTH)
    acknowledge(session, cast.ana, "verificacao", at=now - timedelta(days=20))
    enrol(session, program, cast.ana, now - timedelta(days=20))
    [row] = awards(session)
    enrolment = enrol(session, program, cast.ana, now - timedelta(days=1))
    assert enrolment.cycle == 2
    session.commit()
    browser = sign_in(cast.ana)
    page = browser.get("/programs/trilha")
    assert "Renewal" in page
    assert "Done before; the renewal asks for it again." in page
    page = browser.get("/procedures/conexao")
    assert "Asked again for your renewal" in page
    browser.post("/procedures/conexao/read", {"read": section(page, "verificacao")})
    assert [one.cycle for one in awards(session)] == [1, 2]
    page = browser.get("/programs/trilha")
    assert f"/c/{row.code}" in page, "the certificate of the first cycle stands"


def test_a_manager_sees_the_programs_of_the_own_team_alone(sign_in, session, cast, quiz):
    program = add_program(session, READ_ONE, PASS)
    enrol(session, program, cast.ana)
    late = enrol(session, program, cast.bia, clock.now() - timedelta(days=40))
    late.due_on = (clock.now() - timedelta(days=10)).date()
    acknowledge(session, cast.bia, "verificacao")
    enrol(session, program, cast.gil)
    session.commit()
    browser = sign_in(cast.bruno)
    page = browser.get(f"/teams/{cast.norte.public_id}/programs")
    assert "Gil" not in page
    row = re.search(r"<tr>\s*<th[^>]*><a[^>]*>Bia Agente</a>.*?</tr>", page, re.S)[0]
    assert "Overdue" in row
    assert "1/2" in row
    page = browser.get(f"/people/{cast.bia.public_id}/programs")
    assert "Trilha trilha" in page
    browser.get(f"/teams/{cast.sul.public_id}/programs", status=404)
    browser.get(f"/people/{cast.gil.public_id}/programs", status=404)
    sign_in(cast.ana).get(f"/people/{cast.bia.public_id}/programs", status=404)


def test_the_figures_of_a_team_count_ready_under_way_and_expiring(sign_in, session, cast, quiz):
    now = clock.now()
    soon = add_program(session, READ_ONE, rules=MONTH, slug="curta")
    acknowledge(session, cast.ana, "verificacao", at=now - timedelta(days=20))
    enrol(session, soon, cast.ana, now - timedelta(days=20))
    long = add_program(session, READ_ONE)
    acknowledge(session, cast.bia, "verificacao", at=now - timedelta(days=3))
    enrol(session, long, cast.bia, now - timedelta(days=3))
    enrol(session, add_program(session, PASS, slug="outra"), cast.gil)
    session.commit()
    page = sign_in(cast.bruno).get(f"/teams/{cast.norte.public_id}/programs")
    assert re.search(r"Ready in all they owe</dt><dd>2<", page)
    assert re.search(r"about to expire</dt><dd>1<", page)
    assert re.search(r"Under way</dt><dd>0<", page)
    assert "Trilha outra" not in page, "it concerns another team alone"


def test_a_trainer_waives_a_step_with_a_reason_and_sees_no_name(sign_in, session, cast, quiz):
    program = add_program(session, READ_ALL, PASS)
    enrol(session, program, cast.ana)
    session.commit()
    browser = sign_in(cast.teo)
    page = browser.get("/trainer/programs/trilha/people")
    assert "1001" in page
    assert "Ana" not in page
    path = f"/trainer/programs/trilha/people/{cast.ana.public_id}"
    assert "Ana" not in browser.get(path)
    page = browser.post(f"{path}/waive", {"step": "quiz:oito", "reason": " "}, status=422)
    assert "Say why" in page
    browser.post(f"{path}/waive", {"step": "quiz:outra", "reason": "x"}, status=404)
    browser.post(f"{path}/waive", {"step": "quiz:oito", "reason": "Passou em papel"})
    [waiver] = session.scalars(select(Waiver)).all()
    assert (waiver.slug, waiver.reason, waiver.by) == (
        "oito",
        "Passou em papel",
        cast.teo.public_id,
    )
    assert "Waived" in browser.get(path)
    assert "Passou em papel" in sign_in(cast.ana).get("/programs/trilha")
    browser.post(f"{path}/waive", {"end": "quiz:oito"})
    session.expire_all()
    assert waiver.ended_at is not None


def test_a_trainer_records_revokes_and_reinstates_with_reason_and_name(
    sign_in, session, cast, quiz
):
    add_program(session, READ_ONE)
    session.commit()
    browser, agent = sign_in(cast.teo), sign_in(cast.ana)
    path = "/trainer/programs/trilha/people"
    given = {"number": "1001", "awarded_on": "2026-01-10", "reason": "Curso de 2026"}
    assert "Nobody here" in browser.post(path, given | {"number": "7777"}, status=422)
    assert "Curso de 2026" in browser.post(path, given | {"awarded_on": ""}, status=422)
    page = browser.post(path, given)
    assert "Curso de 2026" in page
    assert "Téo" in page
    [row] = awards(session)
    assert row.source == "recorded"
    person = f"{path}/{cast.ana.public_id}"
    decide = f"{person}/decide"
    assert "Say why" in browser.post(decide, {"revoke": row.code, "reason": ""}, status=422)
    browser.post(decide, {"revoke": "0" * 32, "reason": "x"}, status=404)
    browser.post(decide, {"revoke": row.code, "reason": "Não era dela"})
    assert 'class="state state-revoked"' in agent.get("/programs")
    page = agent.get("/programs/trilha")
    assert "Não era dela" in page, "the person reads why"
    assert "Téo Instrutor" in page
    page = browser.post(decide, {"reinstate": row.code, "reason": "Era, sim"})
    assert "Não era dela" in page
    assert 'class="state state-valid"' in agent.get("/programs")
    acts = session.scalars(select(CertificationAct).order_by(CertificationAct.id)).all()
    assert [(act.act, act.by) for act in acts] == [
        ("revoked", cast.teo.public_id),
        ("reinstated", cast.teo.public_id),
    ]


def test_a_trainer_decides_nothing_about_themselves(sign_in, session, cast, quiz):
    program = add_program(session, READ_ONE)
    enrol(session, program, cast.teo)
    session.commit()
    path = f"/trainer/programs/trilha/people/{cast.teo.public_id}"
    page = sign_in(cast.teo).post(
        f"{path}/waive", {"step": "read:conexao#verificacao", "reason": "Eu sei"}, status=422
    )
    assert "Somebody else has to decide about you." in page
    assert not session.scalars(select(Waiver)).all()


def test_somebody_who_is_in_no_cycle_is_no_person_of_the_program(sign_in, session, cast, quiz):
    add_program(session, READ_ONE)
    session.commit()
    browser = sign_in(cast.teo)
    browser.get(f"/trainer/programs/trilha/people/{cast.gil.public_id}", status=404)
    sign_in(cast.bruno).get("/trainer/programs/trilha/people", status=404)


def test_who_began_of_their_own_will_may_leave_and_come_back(sign_in, session, cast, quiz):
    add_program(session, READ_ONE, PASS)
    session.commit()
    browser = sign_in(cast.ana)
    assert "Leave this program" not in browser.get("/programs/trilha")
    browser.post("/programs/trilha/leave", status=404)
    browser.post("/programs/trilha/begin")
    shown = section(browser.get("/procedures/conexao"), "verificacao")
    browser.post("/procedures/conexao/read", {"read": shown})
    assert "Leave this program" in browser.get("/programs/trilha")
    page = browser.post("/programs/trilha/leave")
    assert "You have left the program." in page
    assert "Nothing is waiting for you." in page
    session.expire_all()
    [enrolment] = session.scalars(select(Enrolment)).all()
    assert enrolment.ended == "left"
    entry = session.scalars(select(EvidenceEntry).where(EvidenceEntry.kind == "program.left")).one()
    assert (entry.by, entry.about) == (cast.ana.public_id, enrolment.public_id)
    browser.post("/programs/trilha/leave", status=404)
    # What left is offered again, and what was done counts.
    assert 'href="/programs/trilha"' in browser.get("/programs")
    page = browser.post("/programs/trilha/begin")
    assert page.count("step-done") == 1


def test_who_has_to_hold_it_cannot_leave(sign_in, session, cast, quiz):
    program = add_program(session, READ_ONE, PASS)
    enrolment = enrol(session, program, cast.ana)
    # Assigned this moment: the enrolment does not say so yet.
    assigned = Assignment(
        program_id=program.id,
        whose="team",
        target=cast.norte.public_id,
        origin="page",
        at=clock.now(),
        by="t",
    )
    session.add(assigned)
    session.commit()
    browser = sign_in(cast.ana)
    assert "it was assigned to you" in browser.post("/programs/trilha/leave", status=409)
    assignments.enrol_due(session, clock.now())
    session.commit()
    assert "Leave this program" not in browser.get("/programs/trilha")
    session.expire_all()
    assert enrolment.ended_at is None
    assert enrolment.assignment_id == assigned.id


def test_a_renewal_of_ones_own_may_be_left_and_begun_again(sign_in, session, cast, quiz):
    program = add_program(session, READ_ONE, rules=MONTH)
    acknowledge(session, cast.ana, "verificacao")
    enrol(session, program, cast.ana, clock.now())
    later = clock.now() + timedelta(days=10)
    assert [one.cycle for one in renewals.open_due(session, later)] == [2]
    session.commit()
    browser = sign_in(cast.ana)
    assert "Begin this program" not in browser.get("/programs/trilha")
    browser.post("/programs/trilha/leave")
    assert renewals.open_due(session, later) == []
    page = browser.get("/programs/trilha")
    assert "Begin this program" in page
    assert "state-expiring" in page or "state-valid" in page, "what is held stays"
    browser.post("/programs/trilha/begin")
    session.expire_all()
    cycles = session.scalars(select(Enrolment.cycle).order_by(Enrolment.id)).all()
    assert cycles == [1, 2]


def test_the_programs_of_a_team_say_who_is_away(sign_in, session, cast, quiz):
    program = add_program(session, PASS)
    for person in (cast.ana, cast.bia):
        enrol(session, program, person)
    day = calendars.day_of(None, clock.now())
    calendars.add_absence(session, cast.bia, "leave", day, None, by="bruno", now=clock.now())
    session.commit()
    page = sign_in(cast.bruno).get(f"/teams/{cast.norte.public_id}/programs")
    rows = {row.split("</a>")[0]: "away now" in row for row in page.split('/programs">')[1:]}
    assert rows["Ana Agente"] is False
    assert rows["Bia Agente"] is True


def test_a_manager_agrees_on_a_day_for_the_next_step_and_the_person_is_told(
    sign_in, session, cast, quiz
):
    program = add_program(session, READ_ONE, PASS, rules=IN_ORDER)
    wanted = Wanted("person", cast.ana.public_id, due_days=9)
    assignments.assign(session, program, wanted, by="teo", now=clock.now())
    session.commit()
    browser, day = sign_in(cast.bruno), calendars.day_of(None, clock.now()) + timedelta(days=2)
    place = f"/people/{cast.ana.public_id}/programs"
    for page in ("/", "/attention"):
        asks = browser.get(page)
        assert "Agree on when to read" in asks
        assert f'href="{place}#program-trilha"' in asks
    assert 'id="program-trilha"' in browser.get(place)
    assert "Agreed for" in browser.post(f"{place}/trilha/agree", {"on": day.isoformat()})
    for page in ("/", "/attention"):
        assert "Agree on when" not in browser.get(page)
        assert "Agreed for" in browser.get(page)
    told = sign_in(cast.ana).get("/notices")
    assert "Bruno Gestor agreed with you on" in told
    assert "Verificação" in told
    (entry,) = session.scalars(
        select(EvidenceEntry).where(EvidenceEntry.kind == "program.day-agreed")
    )
    assert json.loads(entry.data)["on"] == day.isoformat()
    acknowledge(session, cast.ana, "verificacao")
    session.commit()
    assert "Agreed for" not in browser.get(place), "that step is done, another one is next"


@pytest.mark.parametrize("days", [-1, 31, None])
def test_a_day_that_cannot_be_agreed_on_is_refused(sign_in, session, cast, quiz, days):
    enrol(session, add_program(session, READ_ONE), cast.ana)
    session.commit()
    day = calendars.day_of(None, clock.now()) + timedelta(days=days or 0)
    sent = {"on": day.isoformat() if days else ""}
    place = f"/people/{cast.ana.public_id}/programs/trilha/agree"
    page = sign_in(cast.bruno).post(place, sent, status=422)
    assert 'aria-invalid="true"' in page
    assert session.scalars(select(Notice)).all() == []


def test_where_nothing_can_be_done_any_more_the_page_says_so(sign_in, session, cast, quiz):
    cast.bruno.locale = "en"
    enrol(session, add_program(session, PASS), cast.ana)
    quizzes.withdraw(session, quiz, by="t", now=clock.now())
    session.commit()
    sent = {"on": calendars.day_of(None, clock.now()).isoformat()}
    place = f"/people/{cast.ana.public_id}/programs/trilha/agree"
    page = sign_in(cast.bruno).post(place, sent, status=422)
    assert "Nothing is to be done here at present." in page


def test_only_who_leads_somebody_agrees_and_on_what_is_there_for_them(sign_in, session, cast, quiz):
    enrol(session, add_program(session, READ_ONE), cast.ana)
    session.commit()
    place = f"/people/{cast.ana.public_id}/programs"
    sent = {"on": calendars.day_of(None, clock.now()).isoformat()}
    bruno = sign_in(cast.bruno)
    for browser in (sign_in(cast.carla), sign_in(cast.ana)):
        browser.post(f"{place}/trilha/agree", sent, status=404)
    bruno.post(f"{place}/nada/agree", sent, status=404)
    audience.limit(session, "program", "trilha", [cast.sul], by="t", now=clock.now())
    session.commit()
    bruno.post(f"{place}/trilha/agree", sent, status=404)
    assert session.scalars(select(Notice)).all() == []
