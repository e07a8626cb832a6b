"""Who may work which queue today: by certifications, days, absences and what is under way."""

from datetime import timedelta

from sqlalchemy import event, select

from quizapp import clock
from quizapp.certification import awarding
from quizapp.certification.models import Enrolment
from quizapp.certification.rules import ProgramRules, Validity
from quizapp.db import db
from quizapp.people import audience, calendars, teams
from quizapp.reports import readiness
from tests.certification.making import (
    PASS,
    READ_ALL,
    READ_ONE,
    acknowledge,
    add_program,
    awards,
    enrol,
    sit,
)

YEAR = ProgramRules(None, False, Validity(months=12), queues=("Fibra", "Suporte N1"))
FOREVER = ProgramRules(None, False, None, queues=("Fibra",))


def certify(session, program, user, at):
    enrol(session, program, user, at)
    acknowledge(session, user, "verificacao", at=at)
    awarding.settle(session, user.id, now=at)


def queues(session, leader, at):
    led = teams.led_teams(session, leader.id)
    return {queue.name: queue for queue in readiness.of_teams(session, leader.id, led, at)}


def states(queue):
    return {one.person.name.split()[0]: one.state for one in queue.standings}


def test_a_queue_says_who_may_who_may_not_and_who_is_about_to_stop(session, cast, quiz):
    now = clock.now()
    year = add_program(session, READ_ONE, rules=YEAR)
    more = add_program(session, READ_ONE, PASS, rules=FOREVER, slug="mais")
    certify(session, year, cast.ana, now)
    certify(session, year, cast.gil, now)  # of another team
    enrol(session, more, cast.bia, now)
    found = queues(session, cast.bruno, now)
    assert list(found) == ["Fibra", "Suporte N1"]
    assert states(found["Suporte N1"]) == {"Ana": "ready"}
    assert states(found["Fibra"]) == {"Ana": "ready", "Bia": "not-begun"}
    assert not found["Fibra"].soon
    bia = found["Fibra"].others[0]
    assert (bia.program, bia.path.next.step, bia.until) == ("Trilha mais", READ_ONE, None)

    acknowledge(session, cast.bia, "verificacao", at=now)
    assert states(queues(session, cast.bruno, now)["Fibra"])["Bia"] == "under-way"

    last_day = awards(session, cast.ana)[0].valid_until
    eve = now + timedelta(days=(last_day - calendars.day_of(None, now)).days)
    ana = queues(session, cast.bruno, eve)["Fibra"].soon[0]
    assert (ana.person.name, ana.days_left, ana.held.state) == ("Ana Agente", 0, "expiring")
    after = queues(session, cast.bruno, eve + timedelta(days=1))["Fibra"]
    assert states(after)["Ana"] == "expired"
    assert after.others[0].until == last_day


def test_the_certification_that_lasts_counts(session, cast, quiz):
    now = clock.now()
    short = ProgramRules(None, False, Validity(months=1), queues=("Fibra",))
    certify(session, add_program(session, READ_ONE, rules=short, slug="curta"), cast.ana, now)
    assert queues(session, cast.bruno, now)["Fibra"].soon
    certify(session, add_program(session, READ_ONE, rules=FOREVER, slug="longa"), cast.ana, now)
    fibre = queues(session, cast.bruno, now)["Fibra"]
    assert (len(fibre.ready), fibre.soon, fibre.ready[0].until) == (1, [], None)


def test_a_renewal_says_when_one_stops_and_not_what_it_renewed(session, cast, quiz):
    now = clock.now()
    short = ProgramRules(None, False, Validity(months=1), queues=("Fibra",))
    program = add_program(session, READ_ONE, rules=short)
    certify(session, program, cast.ana, now)
    renewed = now + timedelta(days=20)
    certify(session, program, cast.ana, renewed)
    later = renewed + timedelta(hours=1)
    next_one = enrol(session, program, cast.ana, later)
    (ana,) = queues(session, cast.bruno, later)["Fibra"].soon
    assert (ana.held.state, ana.until) == ("expiring", awards(session, cast.ana)[-1].valid_until)
    assert ana.path.enrolment == next_one, "it is not safe: the way to the next one is told"


def test_who_is_away_or_left_or_was_revoked_may_not(session, cast, quiz):
    now = clock.now()
    program = add_program(session, READ_ONE, rules=YEAR)
    certify(session, program, cast.ana, now)
    certify(session, program, cast.bia, now)
    today = calendars.day_of(None, now)
    calendars.add_absence(session, cast.ana, "leave", today, None, by="b", now=now)
    bia = awards(session, cast.bia)[0]
    awarding.revoke(session, bia, reason="engano", by="b", now=now)
    fibre = queues(session, cast.bruno, now)["Fibra"]
    assert states(fibre) == {"Ana": "away", "Bia": "revoked"}
    assert not fibre.ready
    teams.leave(session, cast.ana, by="b", now=now)
    assert states(queues(session, cast.bruno, now)["Fibra"]) == {"Bia": "revoked"}
    assert queues(session, cast.carla, now) == {}


def test_many_people_cost_as_many_statements_as_one(session, cast, quiz):
    now = clock.now()
    program = add_program(session, READ_ONE, rules=YEAR)
    certify(session, program, cast.ana, now)
    enrol(session, add_program(session, READ_ONE, PASS, rules=FOREVER, slug="x"), cast.ana, now)

    def asked():
        seen = []
        event.listen(db.engine, "before_cursor_execute", note := lambda *a: seen.append(a[2]))
        session.expunge_all()
        queues(session, cast.bruno, now)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    one = asked()
    certify(session, program, cast.bia, now)
    enrol(session, add_program(session, READ_ONE, slug="y", rules=FOREVER), cast.bia, now)
    assert asked() <= one + 3  # what a second program adds


def test_of_two_programs_the_overdue_one_then_the_one_that_was_begun_says_how_one_stands(
    session, cast, quiz
):
    now = clock.now()
    reading = add_program(session, READ_ALL, rules=FOREVER, slug="ler")
    exam = add_program(session, PASS, READ_ONE, rules=FOREVER, slug="prova")
    enrol(session, reading, cast.ana, now)
    enrol(session, exam, cast.ana, now)
    assert states(queues(session, cast.bruno, now)["Fibra"]) == {"Ana": "not-begun"}
    sit(session, cast.ana, quiz, right=False)  # to have tried is to have begun
    (ana,) = queues(session, cast.bruno, now)["Fibra"].standings
    assert (ana.state, ana.program) == ("under-way", "Trilha prova")
    reading_of = session.scalars(
        select(Enrolment).where(
            Enrolment.program_id == reading.id, Enrolment.user_id == cast.ana.id
        )
    ).one()
    reading_of.due_on = calendars.day_of(None, now) - timedelta(days=10)
    session.flush()
    (ana,) = queues(session, cast.bruno, now)["Fibra"].standings
    assert (ana.state, ana.program) == ("overdue", "Trilha ler")


def test_what_is_held_counts_wherever_its_program_belongs_and_what_is_asked_does_not(
    session, cast, quiz
):
    now = clock.now()
    held = add_program(session, READ_ONE, rules=YEAR, slug="de-sul")
    asked = ProgramRules(None, False, None, queues=("Retenção",))
    under_way = add_program(session, PASS, rules=asked, slug="so-sul")
    for program in (held, under_way):
        audience.limit(session, "program", program.slug, [cast.sul], by="t", now=now)
    certify(session, held, cast.ana, now)
    enrol(session, under_way, cast.ana, now)
    found = queues(session, cast.bruno, now)
    assert {name: states(queue) for name, queue in found.items()} == {
        "Fibra": {"Ana": "ready"},
        "Suporte N1": {"Ana": "ready"},
    }
    audience.open_up(session, "program", "so-sul", by="t", now=now)
    assert states(queues(session, cast.bruno, now)["Retenção"]) == {"Ana": "not-begun"}
