"""Late answers: kept apart until a trainer decides; a decision adds a score and edits none."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from quizapp import clock
from quizapp.errors import Closed, Invalid, Missing
from quizapp.evidence.models import EvidenceEntry
from quizapp.notices import outbox
from quizapp.quiz import attempts, late, quizzes, saving
from quizapp.quiz.models import LateResponse, Score
from quizapp.reports import scorings
from tests.quiz.test_attempts import begin, give, right_answers

NOW = clock.now()
WHY = "A internet da loja caiu."


@pytest.fixture
def overtime(session, cast, quiz):
    """Ana's attempt: five right in time, the other three too late, a minute after the end."""
    rules = replace(quizzes.rules_of(session, quiz), minutes=30)
    blueprint = quizzes.blueprint_of(session, quiz)
    quizzes.revise(session, quiz, quiz.title, blueprint, rules, reason="", by="t", now=NOW)
    attempt = begin(session, cast.ana, quiz)
    answers = right_answers(session, attempt)
    for position, sent in enumerate(answers[:5], start=1):
        give(session, cast.ana, attempt, position, **sent)
    for position, sent in enumerate(answers[5:], start=6):
        assert send_late(session, cast.ana, attempt, position, sent) == "late"
    attempts.close_if_over(session, attempt, attempt.deadline_at + timedelta(minutes=2))
    session.commit()
    return attempt


def send_late(session, user, attempt, position, sent, seq=1):
    answer = saving.read(
        session,
        user.id,
        attempt.public_id,
        position,
        MultiDict(sent).getlist,
        arrived=attempt.deadline_at + timedelta(minutes=1),
        seq=seq,
    )
    return saving.store(session, answer)


def ids(session):
    (one,) = late.waiting(session)
    return [answer.id for answer in one.answers]


def scores(session, attempt):
    rows = session.execute(select(Score).where(Score.attempt_id == attempt.id).order_by(Score.id))
    return [(s.number, s.percent, s.passed, s.kept) for s in rows.scalars()]


def test_what_came_late_waits_beside_what_was_saved(session, cast, overtime):
    (one,) = late.waiting(session)
    assert (one.public_id, one.quiz, one.number) == (overtime.public_id, "Oito questões", 1)
    assert [answer.position for answer in one.answers] == [6, 7, 8]
    assert {answer.after for answer in one.answers} == {timedelta(minutes=1)}
    assert (one.answers[0].saved.text, one.answers[0].late.text) == ("", " onu ")
    assert "Ana" not in repr(one)
    assert late.count(session) == 1


def test_taking_in_adds_a_score_with_reason_and_author(session, cast, overtime):
    assert scores(session, overtime) == [(1, 62.5, False, False)]
    found = ids(session)
    now = clock.now()
    assert (
        late.decide(session, overtime.public_id, found[:2], WHY, by=cast.teo.public_id, now=now)
        == 2
    )
    assert scores(session, overtime) == [(1, 62.5, False, False), (2, 87.5, True, False)]
    _, second = scorings.of_attempt(session, overtime, names=True)
    assert (second.why, second.reason, second.name) == ("late", WHY, "Téo Instrutor")
    assert late.waiting(session) == []
    decided = session.execute(select(LateResponse).order_by(LateResponse.id)).scalars().all()
    assert [row.accepted for row in decided] == [True, True, False]
    assert {(row.reason, row.decided_by) for row in decided} == {(WHY, cast.teo.public_id)}
    entry = session.execute(
        select(EvidenceEntry).order_by(EvidenceEntry.seq.desc()).limit(1)
    ).scalar_one()
    assert (entry.kind, entry.about) == ("late.decided", overtime.public_id)
    (told,) = outbox.messages_of(session, cast.ana.public_id)
    assert (told.kind, told.args["accepted"], told.args["kept"]) == ("late-decided", 2, 1)


def test_taking_in_nothing_adds_no_score_but_is_told(session, cast, overtime):
    assert late.decide(session, overtime.public_id, [], WHY, by="t", now=clock.now()) == 0
    assert len(scores(session, overtime)) == 1
    assert outbox.unread(session, cast.ana.public_id) == 1


def test_it_is_decided_once_and_with_a_reason(session, cast, overtime):
    found = ids(session)
    with pytest.raises(Invalid):
        late.decide(session, overtime.public_id, found, "  ", by="t", now=clock.now())
    with pytest.raises(Missing):
        late.decide(session, "ffff", found, WHY, by="t", now=clock.now())
    late.decide(session, overtime.public_id, found, WHY, by="t", now=clock.now())
    with pytest.raises(Closed):
        late.decide(session, overtime.public_id, found, WHY, by="t", now=clock.now())
    assert len(scores(session, overtime)) == 2


def test_another_attempts_answers_are_not_taken_in(session, cast, overtime, quiz):
    other = begin(session, cast.bia, quiz)
    send_late(session, cast.bia, other, 1, right_answers(session, other)[0])
    attempts.close_if_over(session, other, other.deadline_at + timedelta(minutes=2))
    theirs = [a.id for one in late.waiting(session) for a in one.answers]
    assert late.decide(session, other.public_id, theirs, WHY, by="t", now=clock.now()) == 1
    assert len(ids(session)) == 3, "Ana's still wait"


def test_a_late_answer_that_is_worse_takes_no_pass_away(session, cast, quiz, overtime):
    attempt = begin(session, cast.bia, quiz)
    for position, sent in enumerate(right_answers(session, attempt)[:6], start=1):
        give(session, cast.bia, attempt, position, **sent)
    send_late(session, cast.bia, attempt, 6, {"text": "não sei"})
    attempts.close_if_over(session, attempt, attempt.deadline_at + timedelta(minutes=2))
    wrong = [a.id for one in late.waiting(session) for a in one.answers]
    late.decide(session, attempt.public_id, wrong, WHY, by="t", now=clock.now())
    assert scores(session, attempt) == [(1, 75.0, True, False), (2, 62.5, True, True)]


def test_the_last_of_several_that_were_taken_in_counts(session, cast, quiz, overtime):
    attempt = begin(session, cast.bia, quiz)
    send_late(session, cast.bia, attempt, 6, {"text": "ONU"}, seq=1)
    send_late(session, cast.bia, attempt, 6, {"text": "não sei"}, seq=2)
    # Deciding closes what nobody opened again.
    first, second = [
        a.id
        for one in late.waiting(session)
        if one.public_id == attempt.public_id
        for a in one.answers
    ]
    now = attempt.deadline_at + timedelta(minutes=5)
    late.decide(session, attempt.public_id, [first, second], WHY, by="t", now=now)
    assert scores(session, attempt) == [(1, 0.0, False, False), (2, 0.0, False, False)]
