"""The team report: right, of this team alone, and never older than the evidence."""

from sqlalchemy import select

from quizapp import clock
from quizapp.people import teams
from quizapp.people.models import Team
from quizapp.quiz import attempts, quizzes
from quizapp.reports import teams as reports
from quizapp.study import reading
from tests.conftest import TODAY
from tests.quiz.test_attempts import begin, give, right_answers


def cells(session, cast):
    report = reports.of_team(session, cast.norte.id, TODAY)
    session.commit()
    return {row.name.split()[0]: row.cells[0] for row in report.rows}


def test_every_change_shows_at_once(session, cast, quiz):
    norte = cast.norte.id

    def report():
        session.commit()
        return reports.of_team(session, norte, TODAY)

    assert [row.name for row in report().rows] == ["Ana Agente", "Bia Agente"]
    assert report() is report(), "unchanged, it is kept"
    assert report().not_started == 2
    attempt = begin(session, cast.ana, quiz)
    assert report().rows[0].cells[0].state == "open"
    for position, fields in enumerate(right_answers(session, attempt), start=1):
        give(session, cast.ana, attempt, position, **fields)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    assert report().rows[0].cells[0].state == "passed"
    assert report().rows[0].cells[0].best == 100
    assert report().passed_everything == 1
    text = reading.text_of(session, "conexao", TODAY)
    part = text.parts[0]
    reading.mark(session, cast.bia, text, part.anchor, part.hash, read=True, now=clock.now())
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
    assert (cell.state, cell.attempts, cell.best) == ("passed", 2, 87.5)


def test_an_empty_team_has_an_empty_report(session, cast, quiz):
    empty = session.execute(select(Team.id).where(Team.name == "Vazia")).scalar_one()
    assert reports.of_team(session, empty, TODAY).rows == []
