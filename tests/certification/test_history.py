"""What had ended before it was recorded stands in the history, and moves nothing else."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.certification import assignments, awarding, progress, renewals, status
from quizapp.certification.assignments import Wanted
from quizapp.certification.models import Enrolment
from quizapp.notices.models import Notice
from quizapp.pages import notice_texts
from quizapp.people import teams
from quizapp.reports import attention, readiness
from quizapp.reports import programs as reports
from quizapp.tasks import schedule
from tests.certification.making import PASS, READ_ONE, acknowledge, add_program, awards, enrol, sit

NOW = clock.now()
TODAY = NOW.astimezone(ZoneInfo("America/Sao_Paulo")).date()
DAY = timedelta(days=1)


@pytest.fixture
def record(session, cast):
    """Record, for Ana or another, what ended so many days ago."""

    def recorded(program, user=None, ago=1):
        row = awarding.record(
            session,
            user or cast.ana,
            program,
            awarded_on=date(2024, 1, 2),
            valid_until=TODAY - ago * DAY,
            reason="Curso do fabricante.",
            by=cast.teo.public_id,
            now=NOW,
        )
        session.commit()
        return row

    return recorded


def open_cycles(session, user):
    return session.scalars(
        select(Enrolment).where(Enrolment.user_id == user.id, Enrolment.ended_at.is_(None))
    ).all()


def test_it_leaves_an_open_first_cycle_open_with_what_was_done_and_its_day(
    session, cast, quiz, record
):
    program = add_program(session, READ_ONE, PASS)
    acknowledge(session, cast.ana, "verificacao", at=NOW - 9 * DAY)
    wanted = Wanted("person", cast.ana.public_id, due_on=TODAY + 20 * DAY)
    assignments.assign(session, program, wanted, by="teo", now=NOW)
    (before,) = open_cycles(session, cast.ana)
    past = record(program)
    assert (past.cycle, past.valid_until) == (0, TODAY - DAY)
    assignments.enrol_due(session, NOW + DAY)
    assert not assignments.is_due(session, NOW + DAY)
    assert renewals.open_due(session, NOW + DAY) == []
    (after,) = open_cycles(session, cast.ana)
    assert (after.id, after.cycle, after.due_on) == (before.id, 1, TODAY + 20 * DAY)
    path = progress.path(session, after, NOW)
    assert [step.state for step in path.steps] == ["done", "open"]
    sit(session, cast.ana, quiz)
    held = status.holdings(session, [cast.ana.id], NOW)[cast.ana.id]
    assert [(one.cycle, one.state, one.is_history) for one in held] == [
        (1, "valid", False),
        (0, "expired", True),
    ]


def test_several_stand_beside_what_is_held_and_it_still_counts(session, cast, quiz, record):
    program = add_program(session, PASS)
    enrol(session, program, cast.ana)
    sit(session, cast.ana, quiz)
    record(program)
    record(program, ago=400)
    assert [row.cycle for row in awards(session, cast.ana)] == [1, 0, -1]
    assert reports.of_program(session, program.id, NOW)[0].cells[0].state == "valid"


def test_who_has_nothing_else_begins_a_first_cycle_once_it_is_asked_for(
    session, cast, quiz, record
):
    program = add_program(session, READ_ONE)
    record(program)
    assert renewals.open_due(session, NOW) == []
    assert open_cycles(session, cast.ana) == []
    assert [one.slug for one in reports.others_for(session, cast.ana.id)] == ["trilha"]
    wanted = Wanted("person", cast.ana.public_id, due_days=5)
    assignments.assign(session, program, wanted, by="teo", now=NOW)
    (opened,) = open_cycles(session, cast.ana)
    assert (opened.cycle, opened.due_on) == (1, TODAY + 5 * DAY)


def test_its_person_may_begin_and_reads_what_was_recorded(session, cast, content, record, sign_in):
    program = add_program(session, READ_ONE)
    record(program)
    schedule.remind(session, NOW)
    (notice,) = session.scalars(select(Notice).where(Notice.person == cast.ana.public_id))
    assert notice.kind == "recorded"
    assert "Trilha trilha" in notice_texts.words(notice.kind, notice.args)
    session.commit()
    browser = sign_in(cast.ana)
    assert "Curso do fabricante." in browser.get("/programs/trilha")
    browser.post("/programs/trilha/begin")
    assert [one.cycle for one in open_cycles(session, cast.ana)] == [1]


def test_revoked_and_reinstated_it_moves_no_due_day(session, cast, content, record):
    program = add_program(session, READ_ONE)
    wanted = Wanted("person", cast.ana.public_id, due_on=TODAY + 20 * DAY)
    assignments.assign(session, program, wanted, by="teo", now=NOW)
    past = record(program)
    said = {"reason": "Engano.", "by": cast.teo.public_id, "now": NOW}
    awarding.revoke(session, past, **said)
    awarding.reinstate(session, past, **said)
    assignments.enrol_due(session, NOW)
    session.expire_all()
    (row,) = open_cycles(session, cast.ana)
    assert row.due_on == TODAY + 20 * DAY


def test_its_manager_is_told_of_the_first_cycle_not_of_a_lapse(session, cast, content, record):
    program = add_program(session, READ_ONE)
    wanted = Wanted("person", cast.ana.public_id, due_on=TODAY + 20 * DAY)
    assignments.assign(session, program, wanted, by="teo", now=NOW)
    record(program)
    led = teams.led_teams(session, cast.bruno.id)
    (line,) = attention.of_teams(session, cast.bruno.id, led, NOW).lines
    assert (line.person.id, line.reason) == (cast.ana.id, "not-begun")
    (queue,) = readiness.of_teams(session, cast.bruno.id, led, NOW)
    assert [(one.person.id, one.state, one.until) for one in queue.standings] == [
        (cast.ana.id, "not-begun", None)
    ]


def test_it_is_not_asked_of_who_is_ready_in_all_they_owe(session, cast, quiz, record):
    enrol(session, add_program(session, READ_ONE), cast.ana, NOW)
    acknowledge(session, cast.ana, "verificacao", at=NOW)
    awarding.settle(session, cast.ana.id, now=NOW)
    past = add_program(session, PASS, slug="antiga")
    record(past)
    report = reports.of_team(session, cast.norte.id, cast.bruno.id, NOW)
    assert (report.ready, report.count("expired")) == (1, 1)
    wanted = Wanted("person", cast.ana.public_id, due_on=TODAY + 20 * DAY)
    assignments.assign(session, past, wanted, by="teo", now=NOW + DAY)
    assert reports.of_team(session, cast.norte.id, cast.bruno.id, NOW).ready == 0
