"""Whom a manager should see to first: one line a person, the most pressing reason."""

from datetime import timedelta

from quizapp import clock
from quizapp.certification import assignments, awarding
from quizapp.certification.rules import ProgramRules, Validity
from quizapp.people import calendars, teams
from quizapp.reports import attention, programs, readiness, trends
from tests.certification.making import READ_ONE, add_program, awards, sit
from tests.reports.test_readiness import YEAR, certify


def seen_to(session, leader, at):
    led = teams.led_teams(session, leader.id)
    return attention.of_teams(session, leader.id, led, at)


def reasons(session, leader, at):
    lines = seen_to(session, leader, at).lines
    return [(line.person.name.split()[0], line.reason) for line in lines]


def assign(session, program, user, now, days):
    wanted = assignments.Wanted("person", user.public_id, due_days=days)
    assignments.assign(session, program, wanted, by="t", now=now)


def test_each_person_stands_once_with_the_most_pressing_reason(session, cast, quiz):
    now = clock.now()
    program = add_program(session, READ_ONE, rules=YEAR)
    assign(session, program, cast.ana, now, 5)
    assign(session, program, cast.gil, now, 5)  # of another team
    assert reasons(session, cast.bruno, now) == [("Ana", "not-begun")]
    sit(session, cast.bia, quiz, right=False, at=now)
    sit(session, cast.ana, quiz, right=False, at=now)
    assert reasons(session, cast.bruno, now) == [("Ana", "failing"), ("Bia", "failing")]
    late = now + timedelta(days=30)
    assert reasons(session, cast.bruno, late) == [("Ana", "overdue"), ("Bia", "failing")]
    ana = attention.with_paths(
        session, cast.bruno.id, seen_to(session, cast.bruno, late).lines, late
    )[0]
    assert (ana.path.next.step, ana.since) == (READ_ONE, ana.path.due_on)
    assert reasons(session, cast.bruno, now + attention.RECENT + timedelta(days=1)) == [
        ("Ana", "overdue")
    ]
    sit(session, cast.bia, quiz, at=now)
    assert reasons(session, cast.bruno, now) == [("Ana", "failing")]


def test_what_expires_is_on_the_list_and_who_is_away_is_not(session, cast, quiz):
    now = clock.now()
    month = ProgramRules(None, False, Validity(months=1), queues=("Fibra",))
    certify(session, add_program(session, READ_ONE, rules=month), cast.ana, now)
    assert reasons(session, cast.bruno, now) == [("Ana", "expiring")]
    glance = seen_to(session, cast.bruno, now).teams[0]
    assert (glance.people, glance.certified, glance.away) == (2, 1, 0)
    assert glance.counts == {"expiring": 1}
    today = calendars.day_of(None, now)
    calendars.add_absence(session, cast.ana, "leave", today, today, by="b", now=now)
    assert reasons(session, cast.bruno, now) == []
    assert seen_to(session, cast.bruno, now).teams[0].away == 1


def test_where_the_newest_is_revoked_the_valid_one_before_it_counts(session, cast, quiz):
    month = ProgramRules(None, False, Validity(months=1), queues=("Fibra",))
    program = add_program(session, READ_ONE, rules=month)
    now = clock.now()
    certify(session, program, cast.ana, now)
    renewed = now + timedelta(days=20)
    certify(session, program, cast.ana, renewed)
    first, second = awards(session, cast.ana)
    later = renewed + timedelta(days=1)
    told = {"reason": "Auditoria.", "by": cast.teo.public_id, "now": later}
    awarding.revoke(session, second, **told)
    assign(session, program, cast.ana, later, 40)
    assert ("Ana", "lapsed") not in reasons(session, cast.bruno, later)
    led = teams.led_teams(session, cast.bruno.id)
    (queue,) = readiness.of_teams(session, cast.bruno.id, led, later)
    (cell,) = next(
        row.cells
        for row in programs.of_team(session, cast.norte.id, cast.bruno.id, later).rows
        if row.public_id == cast.ana.public_id
    )
    assert [one.until for one in queue.ready] == [cell.valid_until] == [first.valid_until]
    assert (cell.is_ready, cell.state) == (True, "expiring")


def test_the_trend_counts_each_week_what_was_true_then(session, cast, quiz):
    now = clock.now()
    before = now - timedelta(weeks=3)
    month = ProgramRules(None, False, Validity(months=1), queues=("Fibra",))
    certify(session, add_program(session, READ_ONE, rules=month), cast.ana, before)
    sit(session, cast.ana, quiz, at=now)
    sit(session, cast.bia, quiz, right=False, at=now)
    sit(session, cast.gil, quiz, right=False, at=now)
    led = teams.led_teams(session, cast.bruno.id)
    weeks = trends.of_teams(session, cast.bruno.id, led, now).weeks
    assert [week.certified for week in weeks] == [0] * 8 + [1] * 4
    assert [(week.submitted, week.passed) for week in weeks[-2:]] == [(0, 0), (2, 1)]
    after = trends.of_teams(session, cast.bruno.id, led, now + timedelta(weeks=2)).weeks
    assert [week.certified for week in after] == [0] * 6 + [1] * 5 + [0]
