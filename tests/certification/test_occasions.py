"""Whatever can fulfil a program certifies: a reading, the end of time, a regrade, a late answer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.certification.models import Certification
from quizapp.certification.rules import Step
from quizapp.content import banks
from quizapp.people import calendars
from quizapp.quiz import attempts, decisions, expiry, late, quizzes, regrade
from quizapp.study import reading
from tests.certification.making import PASS, READ_ONE, add_program, awards, enrol, sit
from tests.quiz.making import add_bank
from tests.quiz.test_attempts import begin, give, right_answers
from tests.quiz.test_late import ids, overtime

NOW = clock.now()
__all__ = ["overtime"]


def test_the_last_reading(session, cast, quiz):
    enrol(session, add_program(session, READ_ONE, PASS), cast.ana)
    sit(session, cast.ana, quiz)
    shown = reading.text_of(session, "conexao", calendars.day_of(None, NOW))
    (part,) = [part for part in shown.parts if part.anchor == "verificacao"]
    assert reading.acknowledge(session, cast.ana, shown, part.anchor, part.hash, now=clock.now())
    assert len(awards(session, cast.ana)) == 1


@pytest.mark.parametrize("swept", [True, False])
def test_the_end_of_time_whoever_notices_it(session, cast, quiz, swept):
    rules = replace(quizzes.rules_of(session, quiz), minutes=30)
    blueprint = quizzes.blueprint_of(session, quiz)
    quizzes.revise(session, quiz, quiz.title, blueprint, rules, reason="", by="t", now=NOW)
    enrol(session, add_program(session, PASS), cast.ana)
    attempt = begin(session, cast.ana, quiz)
    for position, sent in enumerate(right_answers(session, attempt), start=1):
        give(session, cast.ana, attempt, position, **sent)
    session.commit()
    later = attempt.deadline_at + timedelta(hours=3)
    if swept:
        assert expiry.sweep(session, later) == 1
    else:
        attempts.close_if_over(session, attempt, later)
    (award,) = awards(session, cast.ana)
    assert award.awarded_at == attempt.deadline_at


def test_a_regrade_in_ones_favour(session, cast, content):
    add_bank(session, "um", 1)
    quiz = quizzes.publish(session, banks.find(session, "um"), 75, by="test", now=NOW)
    enrol(session, add_program(session, Step("quiz", "um")), cast.ana)
    sit(session, cast.ana, quiz, right=False)
    assert awards(session) == []
    (place,) = banks.places(session, banks.find(session, "um"))
    about = decisions.subject(session, place.item)
    ruling = decisions.rule(about, "void", "everyone", None)
    decision = decisions.decide(session, about, ruling, reason="Ambígua.", by="teo", now=NOW)
    regrade.apply(session, decision)
    session.commit()
    (award,) = awards(session)
    assert award.user_id == cast.ana.id


def test_late_answers_that_are_taken_in(session, cast, quiz, overtime):
    enrol(session, add_program(session, PASS), cast.ana)
    assert awards(session) == []
    late.decide(session, overtime.public_id, ids(session), "A internet caiu.", by="teo", now=NOW)
    (award,) = awards(session)
    assert isinstance(award, Certification)
    assert award.user_id == cast.ana.id
