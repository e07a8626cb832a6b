"""Contests: within their days, once, without the key; the answer is the trainer's."""

from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.content import banks, keys
from quizapp.errors import Closed, Invalid, Missing, Refused
from quizapp.quiz import attempts, contests, quizzes
from tests.quiz.test_attempts import begin, give, right_answers

NOW = clock.now()
REASON = "A resposta B também está no procedimento."


@pytest.fixture
def reviewed(session, cast, content):
    """The bank "oito" published with a review of seven days, and Ana's submitted attempt."""
    bank = banks.find(session, "oito")
    quiz = quizzes.publish(session, bank, 75, by="teo", now=NOW, review_days=7)
    attempt = begin(session, cast.ana, quiz)
    for position, fields in enumerate(right_answers(session, attempt), start=1):
        give(session, cast.ana, attempt, position, **fields)
    attempts.submit(session, cast.ana, attempt.public_id, NOW)
    session.commit()
    return attempt


def key_ids(session):
    places = banks.places(session, banks.find(session, "oito"))
    found = keys.statuses(session, [place.revision.id for place in places])
    return [s.key_id for s in found.values() if s.key_id]


def states(session, now):
    return {r.state for r in contests.reviews(session, key_ids(session), now).values()}


def test_a_key_goes_from_draft_over_review_to_confirmed(session, cast, content):
    assert states(session, NOW) == {"draft"}
    bank = banks.find(session, "oito")
    quizzes.publish(session, bank, 75, by="teo", now=NOW, review_days=7)
    assert states(session, NOW + timedelta(days=400)) == {"in-review"}, "nobody had a result yet"


def test_a_review_ends_some_days_after_the_first_result(session, reviewed):
    assert "in-review" in states(session, NOW + timedelta(days=6))
    asked = contests.of_attempt(session, reviewed.user_id, reviewed.public_id, NOW)
    assert len(asked) == 8
    assert "confirmed" in states(session, NOW + timedelta(days=7, minutes=1))


def _ana(attempt, session):
    from quizapp.people.models import User

    return session.get_one(User, attempt.user_id)


def test_an_objection_keeps_the_review_open_until_it_is_answered(session, cast, reviewed):
    late = NOW + timedelta(days=8)
    made = contests.contest(session, cast.ana, reviewed.public_id, 1, REASON, now=NOW)
    assert "contested" in states(session, late)
    (waiting,) = contests.objections(session, waiting=True)
    assert waiting.contest is made
    contests.answer(session, made.public_id, False, "O passo 2 diz outra.", by="teo", now=late)
    assert "contested" not in states(session, late)
    assert contests.objections(session, waiting=True) == []
    (answered,) = contests.objections(session, waiting=False)
    assert (answered.contest.accepted, answered.contest.answered_by) == (False, "teo")
    with pytest.raises(Closed):
        contests.answer(session, made.public_id, True, "Pensando melhor, sim.", by="teo", now=late)


def test_one_objection_a_question(session, cast, reviewed):
    contests.contest(session, cast.ana, reviewed.public_id, 1, REASON, now=NOW)
    with pytest.raises(Refused):
        contests.contest(session, cast.ana, reviewed.public_id, 1, REASON, now=NOW)


def test_too_late_is_too_late(session, cast, reviewed):
    with pytest.raises(Closed):
        contests.contest(
            session, cast.ana, reviewed.public_id, 1, REASON, now=NOW + timedelta(days=7, seconds=1)
        )


def test_without_a_review_nothing_can_be_contested(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    attempts.submit(session, cast.ana, attempt.public_id, NOW)
    with pytest.raises(Closed):
        contests.contest(session, cast.ana, attempt.public_id, 1, REASON, now=NOW)


def test_only_ones_own_submitted_attempt(session, cast, reviewed):
    with pytest.raises(Missing):
        contests.contest(session, cast.bia, reviewed.public_id, 1, REASON, now=NOW)
    with pytest.raises(Missing):
        contests.contest(session, cast.ana, reviewed.public_id, 99, REASON, now=NOW)


@pytest.mark.parametrize("reason", ["", "não", "x" * 2001])
def test_a_reason_is_asked_for(session, cast, reviewed, reason):
    with pytest.raises(Invalid):
        contests.contest(session, cast.ana, reviewed.public_id, 1, reason, now=NOW)


def test_a_second_trainer_publishes_what_another_submitted(session, cast, content):
    bank = banks.find(session, "oito")
    assert quizzes.publish(session, bank, 75, by="teo", now=NOW, second=True) is None
    assert quizzes.publish(session, bank, 75, by="teo", now=NOW, second=True) is None
    assert states(session, NOW) == {"submitted"}
    assert quizzes.publish(session, bank, 75, by="lia", now=NOW, second=True)
    assert states(session, NOW) == {"confirmed"}


def test_whom_a_change_touches_is_counted(session, cast, reviewed):
    place = banks.places(session, banks.find(session, "oito"))[0]
    assert contests.touched(session, place.item.id) == contests.Touched(1, 1, 1)
    assert contests.touched(session, 0) == contests.Touched(0, 0, 0)
