"""One person's progress, by quiz and section."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.quiz import attempts, quizzes
from quizapp.quiz.blueprints import Blueprint, Part
from quizapp.quiz.models import Quiz
from quizapp.quiz.rules import ReviewRules, Rules
from quizapp.reports import heatmap, progress, readers
from quizapp.study import reading
from tests.conftest import TODAY
from tests.quiz.test_attempts import begin, give, right_answers


def test_what_was_read_tried_and_passed_is_counted(session, cast, quiz):
    before = progress.of_person(session, cast.ana.id, TODAY, clock.now())
    assert (before.read, before.sections, before.passed) == (0, 6, 0)
    assert [s.state for s in before.standings] == ["new"]
    attempt = begin(session, cast.ana, quiz)
    for position, fields in enumerate(right_answers(session, attempt), start=1):
        give(session, cast.ana, attempt, position, **fields)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    begin(session, cast.ana, quiz)
    begin(session, cast.bia, quiz)
    text = reading.text_of(session, "telefone", TODAY)
    for part in text.parts:
        reading.acknowledge(session, cast.ana, text, part.anchor, part.hash, now=clock.now())
    after = progress.of_person(session, cast.ana.id, TODAY, clock.now())
    assert (after.read, after.passed, len(after.tried)) == (2, 1, 2)
    standing = after.standings[0]
    assert (standing.state, standing.counted.percent, standing.open.number) == ("passed", 100, 2)
    assert {r.procedure.slug: r.done for r in after.readings} == {
        "conexao": False,
        "telefone": True,
    }


def test_an_attempt_under_way_is_shown_though_its_quiz_was_withdrawn(session, cast, quiz):
    begin(session, cast.ana, quiz)
    quizzes.withdraw(session, quiz, by="t", now=clock.now())
    assert [
        s.state for s in progress.of_person(session, cast.ana.id, TODAY, clock.now()).standings
    ] == ["open"]
    assert progress.of_person(session, cast.bia.id, TODAY, clock.now()).standings == []


def revise(session, quiz, **rules):
    changed = replace(quizzes.rules_of(session, quiz), **rules)
    blueprint = quizzes.blueprint_of(session, quiz)
    now = clock.now()
    quizzes.revise(session, quiz, quiz.title, blueprint, changed, reason="", by="t", now=now)


def sit(session, user, quiz, right):
    attempt = begin(session, user, quiz)
    for position, sent in enumerate(right_answers(session, attempt)[:right], start=1):
        give(session, user, attempt, position, **sent)
    return attempts.submit(session, user, attempt.public_id, clock.now())


def own(session, user, now=None, **kwargs):
    return progress.of_person(session, user.id, TODAY, now or clock.now(), **kwargs)


def skills(session, user, now=None):
    reader = readers.find(session, user.id)
    now = now or clock.now()
    return heatmap.of_person(session, reader, user.id, "competency", TODAY, now)


@pytest.mark.parametrize(
    "counts, state, percent",
    [("best", "passed", 87.5), ("last", "failed", 25), ("first", "failed", 50)],
)
def test_the_attempt_counts_that_the_quiz_says(session, cast, quiz, counts, state, percent):
    revise(session, quiz, counts=counts)
    for right in (4, 7, 2):
        sit(session, cast.ana, quiz, right)
    (standing,) = own(session, cast.ana).standings
    assert (standing.state, standing.counted.percent) == (state, percent)
    assert own(session, cast.ana).passed == (state == "passed")


def test_a_pass_counts_before_a_higher_score_that_is_none(session, cast, quiz):
    """An eliminatory item was missed: 87.5% that did not pass, then 75% that did."""
    blueprint = replace(quizzes.blueprint_of(session, quiz), eliminatory=frozenset({"oito#oito-8"}))
    rules = quizzes.rules_of(session, quiz)
    quizzes.revise(session, quiz, quiz.title, blueprint, rules, reason="", by="t", now=clock.now())
    sit(session, cast.ana, quiz, 7)
    (missed,) = own(session, cast.ana).tried
    assert (missed.word, missed.below, missed.missed, missed.short) == ("failed", False, 1, ())
    attempt = begin(session, cast.ana, quiz)
    answers = right_answers(session, attempt)
    for position in (1, 2, 3, 4, 5, 8):
        give(session, cast.ana, attempt, position, **answers[position - 1])
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    (standing,) = own(session, cast.ana).standings
    assert (standing.state, standing.counted.percent) == ("passed", 75)
    revise(session, quiz, review=ReviewRules(score="never"))
    sit(session, cast.ana, quiz, 7)
    assert own(session, cast.ana).tried[0].missed == 0, "as little as the score"
    assert own(session, cast.ana, leader=cast.bruno.id).tried[0].missed == 1


def test_a_score_that_is_not_shown_is_nowhere_in_ones_progress(session, cast, quiz):
    closes = clock.now() + timedelta(days=1)
    revise(session, quiz, review=ReviewRules(score="close"), closes_at=closes)
    sit(session, cast.ana, quiz, 8)
    found = own(session, cast.ana)
    (standing,) = found.standings
    assert (standing.state, found.tried[0].word, found.passed) == ("submitted", "submitted", 0)
    assert (found.tried[0].percent, found.tried[0].points) == (None, None)
    assert skills(session, cast.ana) == []
    assert own(session, cast.ana, leader=cast.bruno.id).standings[0].state == "passed"
    after = own(session, cast.ana, closes)
    assert (after.standings[0].state, after.tried[0].percent) == ("passed", 100)
    assert skills(session, cast.ana, closes)


def test_a_score_for_after_the_close_waits_until_it_is_closed_to_everybody(session, cast, quiz):
    now = clock.now()
    closes, later = now + timedelta(days=1), now + timedelta(days=3)
    revise(session, quiz, review=ReviewRules(score="close"), closes_at=closes)
    sit(session, cast.ana, quiz, 8)
    other = begin(session, cast.bia, quiz)
    attempts.extend(session, other, 60, reason="Queda de luz", by="b", now=now)
    assert own(session, cast.ana, closes).tried[0].percent is None, "Bia still sits it"
    attempts.submit(session, cast.bia, other.public_id, closes)
    assert own(session, cast.ana, closes).tried[0].percent == 100
    revise(session, quiz, closes_at=later)
    assert own(session, cast.ana, closes).tried[0].percent is None, "it was opened again"
    assert own(session, cast.ana, later).tried[0].percent == 100


def test_practice_stands_apart_and_drafts_nowhere(session, cast, quiz):
    now = clock.now()
    for slug, use in (("treino", "practice"), ("montada", "exam"), ("rascunho", "exam")):
        made = Quiz(slug=slug, title=slug.title(), use=use, cut_score=0)
        session.add(made)
        session.flush()
        blueprint = Blueprint((Part("oito"),))
        quizzes.revise(
            session, made, made.title, blueprint, Rules(cut_score=0), reason="", by="t", now=now
        )
        if slug != "rascunho":
            quizzes.open_quiz(session, made, by="t", now=now)
        if slug == "treino":
            sit(session, cast.ana, made, 0)
    found = own(session, cast.ana)
    assert [s.slug for s in found.standings] == ["montada", "oito"], (
        "and one without a bank is there"
    )
    assert [s.slug for s in found.practice] == ["treino"]
    assert found.practice[0].state == "passed"
    assert (found.passed, found.exams) == (0, [])
    assert skills(session, cast.ana) == []
    assert len(found.tried) == 1


def test_an_attempt_whose_time_is_over_is_no_longer_open(session, cast, quiz):
    revise(session, quiz, minutes=10)
    attempt = begin(session, cast.ana, quiz)
    assert own(session, cast.ana).standings[0].state == "open"
    later = attempt.deadline_at + timedelta(minutes=1)
    found = own(session, cast.ana, later)
    assert (found.standings[0].open, found.standings[0].state) == (None, "submitted")
    assert found.tried[0].submitted_at == attempt.deadline_at
    attempts.close_if_over(session, attempt, later)
    assert own(session, cast.ana, later).standings[0].state == "failed"
