"""Who cannot go on because a step is gone: said to them, listed for trainers, told once."""

import re

import pytest
from sqlalchemy import event, select

from quizapp import clock
from quizapp.certification import enrolments, stopped
from quizapp.certification.rules import Step
from quizapp.db import db
from quizapp.notices.models import Notice
from quizapp.people import audience
from quizapp.tasks import schedule
from tests.certification.making import (
    IN_ORDER,
    PASS,
    READ_ONE,
    acknowledge,
    add_program,
    enrol,
    sit,
)

GONE = Step("read", "conexao", "nada")


@pytest.fixture
def program(session, cast, quiz):
    """In order: a section to read, one that is not there any more, a quiz. Ana is in it."""
    made = add_program(session, READ_ONE, GONE, PASS, rules=IN_ORDER)
    enrol(session, made, cast.ana)
    session.commit()
    return made


def stopped_people(session, **only):
    return [one.enrolment.user_id for one in stopped.everybody(session, clock.now(), **only)]


def test_nobody_is_stopped_while_something_can_be_done(session, cast, program):
    assert stopped_people(session) == []
    acknowledge(session, cast.ana, "verificacao")
    [found] = stopped.everybody(session, clock.now())
    assert (found.enrolment.user_id, found.step.step, found.step.why) == (
        cast.ana.id,
        GONE,
        "no-section",
    )
    assert stopped_people(session, program_id=program.id) == [cast.ana.id]
    assert stopped_people(session, program_id=program.id + 1) == []


def test_in_any_order_it_stops_when_all_else_is_done(session, cast, quiz):
    enrol(session, add_program(session, GONE, PASS), cast.ana)
    assert stopped_people(session) == []
    sit(session, cast.ana, quiz)
    assert stopped_people(session) == [cast.ana.id]


def test_a_waiver_or_a_newer_version_lets_people_go_on(session, cast, program):
    acknowledge(session, cast.ana, "verificacao")
    acknowledge(session, cast.bia, "verificacao")
    other = enrol(session, program, cast.bia)
    assert stopped_people(session) == [cast.ana.id, cast.bia.id]
    said = {"by": cast.teo.public_id, "now": clock.now()}
    add_program(session, READ_ONE, PASS, rules=IN_ORDER)
    enrolments.move(session, other, **said)
    assert stopped_people(session) == [cast.ana.id]
    [found] = stopped.everybody(session, clock.now())
    enrolments.waive(session, found.enrolment, GONE, reason="Não há mais.", **said)
    assert stopped_people(session) == []


def test_what_became_another_teams_stops_those_who_do_not_see_it(session, cast, quiz):
    program = add_program(session, PASS)
    for user in (cast.ana, cast.gil):
        enrol(session, program, user)
    audience.limit(session, "quiz", "oito", [cast.norte], by="t", now=clock.now())
    [found] = stopped.everybody(session, clock.now())
    assert (found.enrolment.user_id, found.step.why) == (cast.gil.id, "not-yours")


def test_each_trainer_is_told_once_of_each_step(session, cast, program):
    schedule.ask_trainers(session, clock.now())
    assert session.scalars(select(Notice)).all() == []
    acknowledge(session, cast.ana, "verificacao")
    session.commit()
    schedule.ask_trainers(session, clock.now())
    [notice] = session.scalars(select(Notice)).all()
    assert (notice.person, notice.kind) == (cast.teo.public_id, "stopped")
    assert notice.about == "/trainer/programs/trilha"
    assert "nada" in notice.args["step"]
    acknowledge(session, cast.bia, "verificacao")
    enrol(session, program, cast.bia)
    session.commit()
    schedule.ask_trainers(session, clock.now())
    assert len(session.scalars(select(Notice)).all()) == 1


def test_where_all_steps_are_there_nobodys_way_is_looked_at(session, cast, quiz):
    program = add_program(session, READ_ONE, PASS, rules=IN_ORDER)
    for user in (cast.ana, cast.bia, cast.gil):
        enrol(session, program, user)
    session.commit()
    seen = []
    event.listen(db.engine, "before_cursor_execute", note := lambda *a: seen.append(a[2]))
    try:
        assert stopped.everybody(session, clock.now()) == []
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) <= 6
    assert not any("FROM waiver" in one for one in seen)


def test_the_agent_reads_what_happened_and_that_others_see_to_it(session, sign_in, cast, program):
    cast.ana.locale = "en"
    acknowledge(session, cast.ana, "verificacao")
    session.commit()
    browser = sign_in(cast.ana)
    for place in ("/", "/programs", "/programs/trilha"):
        page = browser.get(place)
        assert "You cannot go on at present" in page
        assert "no longer there" in page
        assert "The trainers are told" in page


def test_the_trainer_reads_who_waits_and_what_to_do(session, sign_in, cast, program):
    cast.teo.locale = "en"
    acknowledge(session, cast.ana, "verificacao")
    enrol(session, program, cast.bia)  # can still read the first
    session.commit()
    browser = sign_in(cast.teo)
    page = browser.get("/trainer/programs/trilha")
    assert "1 person cannot go on" in page
    assert f'href="/trainer/programs/trilha/people/{cast.ana.public_id}">Waive this step' in page
    assert cast.bia.public_id not in page
    assert "Ana Agente" not in page
    add_program(session, READ_ONE, PASS, rules=IN_ORDER)
    session.commit()
    page = browser.get("/trainer/programs/trilha")
    assert '<a href="#under-way">Move to version 2</a>' in page
    [enrolment] = [one.enrolment for one in stopped.everybody(session, clock.now())]
    browser.post("/trainer/programs/trilha/move", {"enrolment": enrolment.public_id})
    assert "cannot go on" not in browser.get("/trainer/programs/trilha")


def test_steps_that_not_all_see_are_said_to_the_trainer(session, sign_in, cast, quiz):
    cast.teo.locale = "en"
    add_program(session, READ_ONE, PASS)
    session.commit()
    browser = sign_in(cast.teo)

    def page():
        session.commit()
        return browser.get("/trainer/programs/trilha")

    said = {"by": "t", "now": clock.now()}
    assert "Who does not see a step" not in page()
    audience.limit(session, "quiz", "oito", [cast.norte], **said)
    shown = page()
    assert "<code>oito</code>: for Norte only." in shown
    assert "The program is for everybody." in shown
    audience.limit(session, "program", "trilha", [cast.norte, cast.sul], **said)
    assert "The program is also for: Sul." in page()
    audience.limit(session, "program", "trilha", [cast.norte], **said)
    assert "Who does not see a step" not in page()
    audience.limit(session, "program", "trilha", [cast.norte, cast.sul], **said)
    browser.post("/trainer/programs/trilha/assignments", {"who": "equipe Sul", "due": ""})
    shown = page()
    assert re.search(r"Sul\.\s+2 people who must hold it do not see the step\.", shown)
