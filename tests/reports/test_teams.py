"""The team report: right, of this team alone, and never older than the evidence."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from quizapp import clock
from quizapp.certification import enrolments, renewals
from quizapp.certification.rules import Step
from quizapp.content import banks
from quizapp.db import db
from quizapp.people import teams
from quizapp.people.models import Team
from quizapp.quiz import attempts, quizzes
from quizapp.reports import teams as reports
from quizapp.study import reading
from tests.certification.making import PASS, add_program, awards, enrol
from tests.conftest import TODAY
from tests.quiz.making import add_bank
from tests.quiz.test_attempts import begin, give, right_answers
from tests.reports.test_progress import revise, sit


def cells(session, cast):
    report = reports.of_team(session, cast.norte.id, TODAY, clock.now())
    session.commit()
    return {row.name.split()[0]: row.cells[0] for row in report.rows}


def test_every_change_shows_at_once(session, cast, quiz):
    norte = cast.norte.id

    def report():
        session.commit()
        return reports.of_team(session, norte, TODAY, clock.now())

    assert [row.name for row in report().rows] == ["Ana Agente", "Bia Agente"]
    assert report() is report(), "unchanged, it is kept"
    assert report().not_started == 2
    attempt = begin(session, cast.ana, quiz)
    assert report().rows[0].cells[0].state == "open"
    for position, fields in enumerate(right_answers(session, attempt), start=1):
        give(session, cast.ana, attempt, position, **fields)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    assert report().rows[0].cells[0].state == "passed"
    assert report().rows[0].cells[0].score == 100
    assert report().passed_everything == 1
    text = reading.text_of(session, "conexao", TODAY)
    part = text.parts[0]
    reading.acknowledge(session, cast.bia, text, part.anchor, part.hash, now=clock.now())
    assert [row.read for row in report().rows] == [0, 1]
    assert report().sections == 6
    teams.set_teams(session, cast.gil, [cast.norte], by="t", now=clock.now())
    assert len(report().rows) == 3
    teams.leave(session, cast.bia, by="t", now=clock.now())
    assert len(report().rows) == 2
    quizzes.withdraw(session, quiz, by="t", now=clock.now())
    assert report().quizzes == []


def test_a_change_that_was_rolled_back_never_shows(session, cast, quiz):
    assert cells(session, cast)["Ana"].state == "new"
    begin(session, cast.ana, quiz)
    session.rollback()
    assert cells(session, cast)["Ana"].state == "new"
    begin(session, cast.bia, quiz)
    session.commit()
    found = cells(session, cast)
    assert (found["Ana"].state, found["Bia"].state) == ("new", "open")


def test_a_failed_then_a_passed_attempt_count_as_passed(session, cast, quiz):
    first = begin(session, cast.ana, quiz)
    attempts.submit(session, cast.ana, first.public_id, clock.now())
    session.commit()
    assert cells(session, cast)["Ana"].state == "failed"
    second = begin(session, cast.ana, quiz)
    for position, fields in enumerate(right_answers(session, second)[:7], start=1):
        give(session, cast.ana, second, position, **fields)
    attempts.submit(session, cast.ana, second.public_id, clock.now())
    session.commit()
    cell = cells(session, cast)["Ana"]
    assert (cell.state, cell.attempts, cell.score) == ("passed", 2, 87.5)


def test_who_passed_everything_passed_what_they_owe_or_began(session, cast, quiz):
    norte, now = cast.norte.id, clock.now()
    add_bank(session, "dois", 3)
    other = quizzes.publish(session, banks.find(session, "dois"), 75, by="t", now=now)
    program = add_program(session, PASS, Step("quiz", "dois"))

    def passed():
        session.commit()
        rows = reports.of_team(session, norte, TODAY, now).rows
        return [row.name.split()[0] for row in rows if row.passed_everything]

    assert passed() == []
    sit(session, cast.ana, quiz, 8)
    sit(session, cast.gil, quiz, 8)
    assert passed() == ["Ana"], "nobody asks for the other quiz"
    sit(session, cast.bia, quiz, 8)
    begin(session, cast.bia, other)
    assert passed() == ["Ana"], "Bia began it"
    enrolment = enrol(session, program, cast.ana)
    assert passed() == []
    said = {"reason": "Fez antes.", "by": cast.teo.public_id, "now": now}
    enrolments.waive(session, enrolment, Step("quiz", "dois"), **said)
    assert passed() == ["Ana"]
    (award,) = awards(session, cast.ana)
    before = award.awarded_at + (award.valid_until - award.awarded_on) - timedelta(days=30)
    assert renewals.open_due(session, before)
    assert passed() == [], "the renewal asks for both anew"
    assert reports.of_team(session, norte, TODAY, now).passed_everything == 0


def test_an_empty_team_has_an_empty_report(session, cast, quiz):
    empty = session.execute(select(Team.id).where(Team.name == "Vazia")).scalar_one()
    assert reports.of_team(session, empty, TODAY, clock.now()).rows == []


@pytest.mark.parametrize(
    "counts, state, score",
    [("best", "passed", 87.5), ("last", "failed", 25), ("first", "failed", 50)],
)
def test_the_attempt_counts_that_the_quiz_says(session, cast, quiz, counts, state, score):
    revise(session, quiz, counts=counts)
    for right in (4, 7, 2):
        sit(session, cast.ana, quiz, right)
    sit(session, cast.gil, quiz, 8)
    session.commit()
    cell = cells(session, cast)["Ana"]
    assert (cell.state, cell.score, cell.attempts) == (state, score, 3)
    begin(session, cast.ana, quiz)
    session.commit()
    cell = cells(session, cast)["Ana"]
    assert (cell.score, cell.attempts, cell.open) == (score, 3, True), (
        "an open one counts for nothing"
    )


def test_practice_is_no_column_nor_are_drafts(session, cast, quiz):
    quiz.use = "practice"
    session.commit()
    assert reports.of_team(session, cast.norte.id, TODAY, clock.now()).quizzes == []
    quiz.use, quiz.published_at = "exam", None
    quizzes.withdraw(session, quiz, by="t", now=clock.now())
    quiz.withdrawn_at = None
    session.commit()
    assert reports.of_team(session, cast.norte.id, TODAY, clock.now()).quizzes == []
    quiz.published_at, quiz.bank_id = clock.now(), None
    begin(session, cast.gil, quiz)
    session.commit()
    (column,) = reports.of_team(session, cast.norte.id, TODAY, clock.now()).quizzes
    assert column.slug == "oito", "one without a bank of its own is there"


def test_a_kept_report_ends_with_an_open_attempts_time(session, cast, quiz):
    revise(session, quiz, minutes=10)
    attempt = begin(session, cast.ana, quiz)
    session.commit()
    before = attempt.deadline_at + timedelta(seconds=10)
    after = attempt.deadline_at + timedelta(seconds=20)
    norte = cast.norte.id
    kept = reports.of_team(session, norte, TODAY, before)
    assert kept.rows[0].cells[0].state == "open"
    assert reports.of_team(session, norte, TODAY, before) is kept
    assert reports.of_team(session, norte, TODAY, after).rows[0].cells[0].state == "submitted"
    attempts.close_if_over(session, attempt, after)
    session.commit()
    assert reports.of_team(session, norte, TODAY, after).rows[0].cells[0].state == "failed"


def test_the_report_takes_seven_queries_whatever_the_team(session, cast, quiz):
    sit(session, cast.ana, quiz, 3)
    session.commit()
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        reports.of_team(session, cast.norte.id, TODAY, clock.now())
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    asked = [statement for statement in seen if "advisory_xact_lock" not in statement]
    assert len(asked) == 7, asked
