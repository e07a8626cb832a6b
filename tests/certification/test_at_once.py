"""Many tabs and retries at once: one award, on both databases, whoever fulfils what."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import clock
from quizapp.certification import awarding
from quizapp.certification.models import Certification, CertificationBasis, Enrolment
from quizapp.certification.rules import Step
from quizapp.content import banks
from quizapp.db import begin_writing, db
from quizapp.evidence import chain
from quizapp.people.models import User
from quizapp.quiz import attempts, quizzes
from quizapp.quiz.models import Quiz
from tests.certification.making import PASS, add_program, awards, enrol
from tests.quiz.making import add_bank
from tests.quiz.test_attempts import begin, give, right_answers

TABS = 20


@pytest.fixture
def answered(session, cast, quiz):
    """Ana's two attempts, answered and open, of the two quizzes of a program."""
    add_bank(session, "dois", 3)
    quizzes.publish(session, banks.find(session, "dois"), 75, by="test", now=clock.now())
    other = session.scalars(select(Quiz).where(Quiz.slug == "dois")).one()
    enrol(session, add_program(session, PASS, Step("quiz", "dois")), cast.ana)
    found = []
    for one in (quiz, other):
        attempt = begin(session, cast.ana, one)
        for position, fields in enumerate(right_answers(session, attempt), start=1):
            give(session, cast.ana, attempt, position, **fields)
        attempts.let_go(session, cast.ana.id)  # one is written at a time
        found.append(attempt.public_id)
    session.commit()
    return found


def submit(number: str, public_id: str) -> None:
    """What the page does with a submit, but for the commit."""
    session = db.session()
    user = session.scalars(select(User).where(User.employee_number == number)).one()
    begin_writing("shared")
    attempts.submit(session, user, public_id, clock.now())


def in_tabs(app: Flask, work: list[tuple[str, str]]) -> list[Exception]:
    """Submit all these at the same moment; what broke."""
    broken: list[Exception] = []
    ready = threading.Barrier(len(work))

    def run(number: str, public_id: str) -> None:
        try:
            with app.test_request_context("/"):
                ready.wait()
                submit(number, public_id)
                db.session.commit()
        except Exception as error:
            broken.append(error)

    tabs = [threading.Thread(target=run, args=one) for one in work]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    return broken


def test_twenty_submits_at_once_that_fulfil_are_one_award(app, session, cast, answered):
    number = cast.ana.employee_number
    session.commit()
    work = [(number, answered[n % 2]) for n in range(TABS)]
    assert in_tabs(app, work) == []
    session.expire_all()
    (award,) = awards(session)
    assert session.scalars(select(Enrolment.ended)).all() == ["awarded"]
    refs = session.scalars(
        select(CertificationBasis.ref).where(CertificationBasis.certification_id == award.id)
    )
    assert sorted(refs) == sorted(answered)
    assert chain.first_break(session) is None


def test_of_two_who_fulfil_at_once_the_later_sees_the_other(app, session, cast, answered):
    """Neither of two open transactions sees the other's score: one has to wait for the other."""
    number = cast.ana.employee_number
    session.commit()
    with app.test_request_context("/"):
        submit(number, answered[0])
        later = threading.Thread(target=in_tabs, args=(app, [(number, answered[1])]))
        later.start()
        later.join(0.5)  # it waits for its turn, however long it is given
        assert later.is_alive()
        db.session.commit()
    later.join()
    session.expire_all()
    assert len(awards(session)) == 1


def test_an_award_that_is_there_is_not_given_again(session, cast, answered):
    """The unique enrolment holds where the look at what is open was too old."""
    enrolment = session.scalars(select(Enrolment)).one()
    for public_id in answered:
        attempts.submit(session, cast.ana, public_id, clock.now())
    session.commit()
    enrolment.ended_at = None
    session.flush()
    assert awarding.settle(session, cast.ana.id, clock.now()) == []
    assert enrolment.ended_at is not None
    assert session.scalar(select(func.count()).select_from(Certification)) == 1
