"""The review of an attempt: what was right, also where several keys are accepted."""

from quizapp import clock
from quizapp.quiz import attempts
from quizapp.reports.attempts import review
from tests.conftest import TODAY
from tests.content.test_accepted_keys import accept_both
from tests.quiz.test_attempts import begin, give, right_answers

OTHERS = {
    "oito-1": ({"fractions": [0, 0, 1, 0]}, {"fractions": [0, 1, 0, 0]}),
    "oito-4": ({"size": 3},),
    "oito-5": ({"matches": [0, 2]}, {"matches": [0, 1]}),
    "oito-6": (
        {"answers": [{"text": "modem", "fraction": 1}]},
        {"answers": [{"text": "ONU", "fraction": 1}, {"text": "modem", "fraction": 1}]},
    ),
    "oito-7": (
        {"answers": [{"low": 1, "high": 2, "fraction": 1}]},
        {"answers": [{"low": -25.5, "high": -24.5, "fraction": 1}]},
    ),
}


def test_every_accepted_key_is_shown_as_right(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    for position, fields in enumerate(right_answers(session, attempt), start=1):
        give(session, cast.ana, attempt, position, **fields)
    for uid, wanted in OTHERS.items():
        accept_both(session, uid, *wanted)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    found = review(session, attempt, TODAY)
    assert (found.percent, found.passed) == (100, True)
    one, _, _, order, match, text, number, _ = found.items
    assert sorted(o.correct for o in one.options) == [False, False, True, True]
    assert [item.several for item in found.items].count(True) == 4
    assert [o.right for o in order.options] == ["1", "2", "3"]
    assert [o.correct for o in match.options] == [True, True]
    assert [str(o.right) for o in match.options] == ["Dizer o nome", "Pedir a senha · Agradecer"]
    assert text.accepted == ("modem", "ONU")
    assert number.accepted == ("1 – 2", "-25,5 – -24,5")


def test_one_key_shows_one_option_as_right(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    one, *_ = review(session, attempt, TODAY).items
    assert [o.correct for o in one.options].count(True) == 1
    assert not one.several
    assert one.state == "blank"
