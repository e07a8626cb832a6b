"""How far somebody is: locked steps, versions, waivers, leave, a section that has moved."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.certification import enrolments, progress
from quizapp.certification.models import Waiver
from quizapp.certification.rules import Step
from quizapp.errors import Closed, Invalid, Missing, Refused
from quizapp.people import audience, calendars
from quizapp.people.models import Absence, Holiday
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
from tests.quiz.test_attempts import begin

NOW = clock.now()
DAY = timedelta(days=1)


def states(session, enrolment, now=None):
    return [(s.state, s.why) for s in progress.path(session, enrolment, now or clock.now()).steps]


def test_in_order_a_step_waits_for_those_before(session, cast, quiz):
    enrolment = enrol(session, add_program(session, READ_ONE, PASS, rules=IN_ORDER), cast.ana)
    assert states(session, enrolment) == [("open", ""), ("locked", "earlier")]
    with pytest.raises(Refused):
        begin(session, cast.ana, quiz)
    begin(session, cast.bia, quiz)
    acknowledge(session, cast.ana, "verificacao")
    path = progress.path(session, enrolment, clock.now())
    assert path.next is not None
    assert path.next.step == PASS
    sit(session, cast.ana, quiz)
    assert len(awards(session, cast.ana)) == 1


def test_a_quiz_that_another_program_has_open_can_be_taken(session, cast, quiz):
    enrol(session, add_program(session, READ_ONE, PASS, rules=IN_ORDER), cast.ana)
    enrol(session, add_program(session, PASS, READ_ONE, slug="outra"), cast.ana)
    assert begin(session, cast.ana, quiz).state == "open"


def test_what_is_not_there_says_so_and_is_not_done(session, cast, quiz):
    program = add_program(
        session, Step("read", "nada"), Step("read", "conexao", "nada"), Step("quiz", "nada"), PASS
    )
    enrolment = enrol(session, program, cast.ana)
    sit(session, cast.ana, quiz)
    assert states(session, enrolment) == [
        ("gone", "no-text"),
        ("gone", "no-section"),
        ("gone", "no-quiz"),
        ("done", ""),
    ]
    assert not progress.path(session, enrolment, clock.now()).is_fulfilled


def test_a_pass_stands_when_the_quiz_is_withdrawn(session, cast, quiz):
    enrolment = enrol(session, add_program(session, READ_ONE, PASS), cast.ana)
    sit(session, cast.ana, quiz)
    quiz.withdrawn_at = NOW
    session.flush()
    assert states(session, enrolment)[1] == ("done", "")
    other = enrol(session, enrolment.program, cast.bia)
    assert states(session, other)[1] == ("gone", "no-quiz")


def test_who_is_under_way_finishes_on_their_version_unless_moved(session, cast, quiz):
    program = add_program(session, READ_ONE, PASS)
    first, other = (enrol(session, program, user) for user in (cast.ana, cast.bia))
    for user in (cast.ana, cast.bia):
        sit(session, user, quiz)
    add_program(session, PASS)
    assert len(progress.path(session, first, NOW).steps) == 2
    enrolments.move(session, other, by=cast.teo.public_id, now=clock.now())
    assert other.revision.number == 2
    assert [award.user_id for award in awards(session)] == [cast.bia.id]
    assert awards(session)[0].revision.number == 2
    acknowledge(session, cast.ana, "verificacao")
    from quizapp.certification import awarding

    awarding.settle(session, cast.ana.id, clock.now())
    assert awards(session, cast.ana)[0].revision.number == 1
    with pytest.raises(Closed):
        enrolments.move(session, other, by=cast.teo.public_id, now=NOW)


def test_a_waiver_needs_a_reason_another_person_and_a_step(session, cast, content):
    enrolment = enrol(session, add_program(session, READ_ONE, READ_ALL), cast.ana)
    said = {"by": cast.teo.public_id, "now": NOW}
    with pytest.raises(Invalid):
        enrolments.waive(session, enrolment, READ_ONE, reason=" ", **said)
    with pytest.raises(Invalid):
        enrolments.waive(session, enrolment, READ_ONE, reason="Eu.", by=cast.ana.public_id, now=NOW)
    with pytest.raises(Missing):
        enrolments.waive(session, enrolment, PASS, reason="Sabe.", **said)
    one = enrolments.waive(session, enrolment, READ_ONE, reason="Escreveu.", **said)
    assert enrolments.waive(session, enrolment, READ_ONE, reason="De novo.", **said) is one
    assert states(session, enrolment)[0] == ("waived", "")
    enrolments.end_waiver(session, enrolment, READ_ONE, **said)
    assert states(session, enrolment)[0] == ("open", "")
    with pytest.raises(Missing):
        enrolments.end_waiver(session, enrolment, READ_ONE, **said)
    enrolments.waive(session, enrolment, READ_ONE, reason="Afinal.", **said)
    assert len(session.scalars(select(Waiver)).all()) == 2


def test_leave_in_the_middle_stops_the_clock(session, cast, content):
    enrolment = enrol(session, add_program(session, READ_ONE), cast.ana)
    since = calendars.day_of(None, enrolment.since)
    enrolment.due_on = since + 10 * DAY
    session.add(
        Absence(
            user_id=cast.ana.id,
            kind="leave",
            first=since + 3 * DAY,
            last=since + 22 * DAY,
            at=NOW,
            by="test",
        )
    )
    session.flush()
    (due,) = calendars.due_for_many(session, [(cast.ana.id, since, enrolment.due_on)])
    assert due >= since + 30 * DAY
    inside = progress.path(session, enrolment, NOW + 20 * DAY)
    assert (inside.due_on, inside.is_overdue) == (due, False)
    after = progress.path(session, enrolment, NOW + (due - since) + DAY)
    assert after.is_overdue
    assert not progress.path(session, enrolment, NOW + (due - since)).is_overdue


def test_who_is_away_is_not_overdue_meanwhile(session, cast, content):
    since = calendars.day_of(None, NOW)
    enrolment = enrol(session, add_program(session, READ_ALL), cast.ana)
    enrolment.due_on = since + 5 * DAY
    session.flush()
    late = NOW + 20 * DAY
    path = progress.path(session, enrolment, late)
    assert path.is_overdue
    on = calendars.day_of(None, late)
    told = {"by": cast.teo.public_id, "now": late}
    away = calendars.add_absence(session, cast.ana, "vacation", on, on, **told)
    gone = progress.path(session, enrolment, late)
    assert (gone.due_on, gone.is_overdue) == (path.due_on, False)
    assert progress.path(session, enrolment, late + DAY).is_overdue
    calendars.take_back(session, away, **told)
    assert progress.path(session, enrolment, late).is_overdue


def test_while_nobody_knows_when_they_return_nothing_is_due(session, cast, content):
    enrolment = enrol(session, add_program(session, READ_ONE), cast.ana)
    since = calendars.day_of(None, enrolment.since)
    enrolment.due_on = since + 10 * DAY
    session.add(
        Absence(user_id=cast.ana.id, kind="leave", first=since + DAY, last=None, at=NOW, by="test")
    )
    session.flush()
    path = progress.path(session, enrolment, NOW + 400 * DAY)
    assert (path.due_on, path.is_overdue) == (None, False)


def test_a_holiday_moves_the_day_on(session, cast, content):
    enrolment = enrol(session, add_program(session, READ_ONE), cast.ana)
    enrolment.due_on = date(2027, 12, 24)  # a Friday
    for day in (24, 25):
        session.add(Holiday(on=date(2027, 12, day), name="Natal"))
    session.flush()
    assert progress.path(session, enrolment, NOW).due_on == date(2027, 12, 27)


def test_many_people_cost_as_many_statements_as_one(session, cast, quiz):
    from sqlalchemy import event

    from quizapp.db import db

    program = add_program(session, READ_ALL, PASS)
    found = [enrol(session, program, user) for user in (cast.ana, cast.bia, cast.gil)]
    for enrolment in found:
        enrolment.due_on = date(2027, 1, 1)
    sit(session, cast.bia, quiz)
    acknowledge(session, cast.gil)
    session.commit()

    def asked(some):
        seen = []
        event.listen(db.engine, "before_cursor_execute", note := lambda *a: seen.append(a[2]))
        try:
            paths = progress.paths(session, some, clock.now())
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(seen), [[s.state for s in path.steps] for path in paths]

    one, _ = asked(found[:1])
    all_, steps = asked(found)
    assert all_ <= one <= 12
    assert steps == [["open", "open"], ["open", "done"], ["done", "open"]]


def test_a_preview_is_of_nobody(session, cast, quiz):
    program = add_program(session, READ_ONE, PASS, rules=IN_ORDER)
    sit(session, cast.ana, quiz)
    revision = enrol(session, program, cast.ana).revision
    shown = progress.preview(session, revision, cast.ana.id, clock.now())
    assert [step.state for step in shown] == ["open", "locked"]


def test_what_is_for_another_team_is_no_step_one_can_do(session, cast, quiz):
    program = add_program(session, READ_ONE, PASS)
    first, other = (enrol(session, program, user) for user in (cast.ana, cast.gil))
    said = {"by": "test", "now": NOW}
    audience.limit(session, "procedure", "conexao", [cast.norte], **said)
    audience.limit(session, "quiz", "oito", [cast.sul], **said)
    assert states(session, first) == [("open", ""), ("gone", "not-yours")]
    assert states(session, other) == [("gone", "not-yours"), ("open", "")]
    assert states(session, enrol(session, program, cast.teo)) == [("open", ""), ("open", "")]
