"""The review of an attempt: what its rules show is there, and nothing else."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.content.models import Item
from quizapp.quiz import attempts, contests, grading, quizzes
from quizapp.quiz.models import ItemDecision
from quizapp.quiz.rules import OPEN_REVIEW, ReviewRules
from quizapp.reports import scorings
from quizapp.reports.attempts import PARTS, review
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


NOW = clock.now()
NEVER = ReviewRules(*["never"] * len(fields(ReviewRules)))
CANARIES = ("Canario-retorno", "Canario-explicacao", "ONT", "-25,5")


def sit(session, user, quiz, right=8, **rules):
    """A submitted attempt with so many right answers, the rest left blank."""
    if rules:
        changed = replace(quizzes.rules_of(session, quiz), **rules)
        blueprint = quizzes.blueprint_of(session, quiz)
        quizzes.revise(session, quiz, quiz.title, blueprint, changed, reason="", by="t", now=NOW)
    attempt = begin(session, user, quiz)
    for position, sent in enumerate(right_answers(session, attempt)[:right], start=1):
        give(session, user, attempt, position, **sent)
    return attempts.submit(session, user, attempt.public_id, clock.now())


def seen(session, attempt, now=NOW, **kwargs):
    return review(session, attempt, now, TODAY, **kwargs)


def test_a_failed_attempt_shows_what_to_study_and_no_key(session, cast, quiz):
    found = seen(session, sit(session, cast.ana, quiz, right=2))
    assert (found.score.percent, found.score.passed) == (25, False)
    assert [one.place.reference for one in found.to_read] == [
        "conexao#sinal-optico",
        "telefone#saudacao",
        "conexao#verificacao",
    ], "the section with the most wrong items first"
    assert {one.wrong for one in found.to_read} == {None}, "how many would tell which"
    assert [(c.name, c.points, c.items) for c in found.competencies] == [
        ("comunicação", 0, 2),
        ("diagnóstico", 0, 3),
        ("triagem", 1, 2),
        ("registro", None, 1),
    ], "the points of a single item would tell of it"
    assert {item.state for item in found.items} == {""}
    assert not any(item.options or item.accepted or item.has_key for item in found.items)
    assert found.items[0].shown.options[0].selected is not None
    assert found.later[0].at is None
    assert set(found.later[0].parts) == {"right", "key", "explanations"}
    assert not [canary for canary in CANARIES if canary in repr(found)]


def test_after_passing_all_is_shown_of_every_attempt(session, cast, quiz):
    failed = sit(session, cast.ana, quiz, right=2)
    assert not seen(session, failed).items[0].has_key
    sit(session, cast.bia, quiz)
    assert not seen(session, failed).items[0].has_key, "another's pass shows nothing"
    passed = seen(session, sit(session, cast.ana, quiz))
    assert all(canary in repr(passed) for canary in CANARIES)
    assert passed.later == ()
    assert seen(session, failed).items[0].has_key, "now there is nothing left to keep from Ana"
    assert [one.wrong for one in seen(session, failed).to_read] == [2, 2, 1]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("when", ["submit", "close", "passed", "never"])
def test_each_part_is_there_when_its_rule_says_so(session, cast, quiz, part, when):
    closes = NOW + timedelta(days=3)
    rules = replace(NEVER, **{part: when})
    failed = sit(session, cast.ana, quiz, right=2, review=rules, closes_at=closes)
    before, after = seen(session, failed), seen(session, failed, closes)
    sit(session, cast.ana, quiz)
    passed = seen(session, failed)

    def has(found):
        item = found.items[0] if found.items else None
        return {
            "score": found.score is not None and bool(found.competencies),
            "responses": bool(item and item.has_answer and item.shown),
            "right": bool(item and item.state),
            "key": bool(item and item.has_key and item.options),
            "explanations": bool(item and item.explanation),
        }

    nothing = dict.fromkeys(PARTS, False)
    wanted = {
        "submit": (True, True, True),
        "close": (False, True, False),
        "passed": (False, False, True),
        "never": (False, False, False),
    }[when]
    found = [has(one) for one in (before, after, passed)]
    assert found == [nothing | {part: is_there} for is_there in wanted]
    later = {"close": closes, "passed": None}
    assert [(one.parts, one.at) for one in before.later] == (
        [((part,), later[when])] if when in later else []
    )


def test_after_close_means_closed_to_everybody(session, cast, quiz):
    closes, later = NOW + timedelta(days=3), NOW + timedelta(days=5)
    rules = replace(NEVER, key="close")
    mine = sit(session, cast.ana, quiz, review=rules, closes_at=closes)
    other = begin(session, cast.bia, quiz)
    attempts.extend(session, other, 60, reason="Queda de luz", by="b", now=NOW)
    assert not seen(session, mine, closes + timedelta(minutes=59)).items, "Bia still sits it"
    attempts.submit(session, cast.bia, other.public_id, closes + timedelta(minutes=30))
    assert seen(session, mine, closes + timedelta(minutes=30)).items[0].has_key
    changed = replace(quizzes.rules_of(session, quiz), closes_at=later)
    blueprint = quizzes.blueprint_of(session, quiz)
    quizzes.revise(session, quiz, quiz.title, blueprint, changed, reason="", by="t", now=NOW)
    assert seen(session, mine, closes).later[0].at == later
    assert seen(session, mine, later).items[0].has_key


def test_with_nothing_shown_all_that_is_said_is_that_it_was_submitted(session, cast, quiz):
    found = seen(session, sit(session, cast.ana, quiz, review=NEVER))
    assert (found.score, found.items, found.competencies, found.to_read) == (None, (), (), ())
    other = seen(session, sit(session, cast.bia, quiz, right=0))
    assert replace(found, used=other.used) == other, "a full and an empty one look the same"


def test_hidden_right_answers_are_hidden_in_order_and_counts_too(session, cast, quiz):
    """Ordering items stand as they were shown, and every item names its sections."""
    found = seen(session, sit(session, cast.ana, quiz, right=7))
    hidden = seen(session, sit(session, cast.bia, quiz, right=3))
    assert [o.letter for o in hidden.items[3].shown.options] == ["A", "B", "C"]
    assert [i.sources for i in found.items] == [i.sources for i in hidden.items]


def test_practice_is_open_to_whoever_failed(session, cast, quiz):
    quiz.use = "practice"
    found = seen(session, sit(session, cast.ana, quiz, right=0, review=NEVER))
    assert found.score
    assert found.items[0].has_key
    assert found.items[0].explanation


def test_who_leads_the_team_sees_answers_but_no_key_before_its_time(session, cast, quiz):
    attempt = sit(session, cast.ana, quiz, right=2)
    give_twice = begin(session, cast.bia, quiz)
    for option in ("1", "2", "1"):
        give(session, cast.bia, give_twice, 1, option=option)
    attempts.submit(session, cast.bia, give_twice.public_id, clock.now())
    found = seen(session, attempt, leader=cast.bruno.id)
    assert [item.state for item in found.items[:3]] == ["right", "right", "blank"]
    assert not any(item.has_key for item in found.items)
    changed = seen(session, give_twice, leader=cast.bruno.id)
    assert [item.changes for item in changed.items[:2]] == [2, 0]
    own = seen(session, give_twice)
    assert {item.changes for item in own.items} == {None}


def test_missed_eliminatory_items_and_minima_are_said(session, cast, quiz):
    blueprint = replace(quizzes.blueprint_of(session, quiz), eliminatory=frozenset({"oito#oito-8"}))
    rules = quizzes.rules_of(session, quiz)
    quizzes.revise(session, quiz, quiz.title, blueprint, rules, reason="", by="t", now=NOW)
    failed = sit(session, cast.ana, quiz, right=7)
    score = seen(session, failed).score
    assert (score.percent, score.passed) == (87.5, False)
    assert (score.missed_count, score.missed) == (1, ()), "which one is not said before its time"
    assert seen(session, failed, leader=cast.bruno.id).score.missed == (8,)


def test_while_a_key_is_in_review_it_is_not_there(session, cast, content):
    from quizapp.content import banks

    bank = banks.find(session, "oito")
    quiz = quizzes.publish(session, bank, 75, by="t", now=NOW, review_days=7)
    attempt = sit(session, cast.ana, quiz, right=5, review=OPEN_REVIEW)
    now = clock.now()
    found = seen(session, attempt, now)
    assert all(item.in_review and item.contest_until for item in found.items)
    assert not any(item.has_key or item.explanation for item in found.items)
    assert not [canary for canary in CANARIES if canary in repr(found)]
    leader = seen(session, attempt, now, leader=cast.bruno.id)
    assert not [canary for canary in CANARIES if canary in repr(leader)]
    later = now + timedelta(days=8)
    assert all(item.has_key for item in seen(session, attempt, later).items)
    contests.contest(session, cast.ana, attempt.public_id, 1, "O passo 2 diz outra.", now=now)
    waiting = seen(session, attempt, later)
    assert [item.has_key for item in waiting.items[:2]] == [False, True]


def regrade(session, attempt, policy="better"):
    """What a decision about the first item does to this attempt."""
    (paper,) = grading.papers(session, [attempt.id])
    item_id = session.execute(select(Item.id).where(Item.uid == "oito-1")).scalar_one()
    decision = ItemDecision(
        item_id=item_id,
        kind="void",
        policy=policy,
        revisions=[paper.items[0].revision_id],
        keys={},
        reason="Duas alternativas servem.",
        at=NOW,
        by="t",
    )
    session.add(decision)
    session.flush()
    keys = grading.keys_of(session, [given.revision_id for given in paper.items])
    number = attempts.latest_score(session, attempt).number + 1
    graded = grading.grade(paper, keys)
    grading.add_scores(
        session,
        [grading.NewScore(paper, keys, graded, number, graded.result.passed)],
        reason=decision.reason,
        at=NOW,
        by=session.info["author"],
        decision_id=decision.id,
    )


def test_the_history_of_a_score_has_every_row_with_reason_author_and_time(session, cast, quiz):
    session.info["author"] = cast.teo.public_id
    attempt = sit(session, cast.ana, quiz, right=0)
    regrade(session, attempt, policy="everyone")
    first, second = scorings.of_attempt(session, attempt, names=True)
    assert (first.why, first.was, first.percent, first.reason) == ("submit", None, 0, "")
    assert (second.why, second.position) == ("void", 1)
    assert (second.was, second.percent) == (0, 12.5)
    assert second.reason == "Duas alternativas servem."
    assert (second.name, second.role) == ("Téo Instrutor", "trainer")
    assert scorings.of_attempt(session, attempt, names=False)[1].name is None
    assert seen(session, attempt).items[0].state == "granted"
    assert seen(session, attempt).score.percent == 12.5, "the latest counts"


def test_a_voided_item_is_marked_and_sends_nobody_to_read(session, cast, quiz):
    session.info["author"] = None
    attempt = sit(session, cast.ana, quiz, right=0)
    before = {one.place.reference for one in seen(session, attempt).to_read}
    regrade(session, attempt)
    found = seen(session, attempt)
    assert found.items[0].state == "voided"
    after = {one.place.reference for one in found.to_read}
    assert before - after == {"conexao#verificacao.1"}


def test_every_accepted_key_is_shown_as_right(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    for position, sent in enumerate(right_answers(session, attempt), start=1):
        give(session, cast.ana, attempt, position, **sent)
    for uid, wanted in OTHERS.items():
        accept_both(session, uid, *wanted)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    found = seen(session, attempt)
    assert (found.score.percent, found.score.passed) == (100, True)
    one, _, _, order, match, text, number, _ = found.items
    assert sorted(o.correct for o in one.options) == [False, False, True, True]
    assert [item.several for item in found.items].count(True) == 4
    assert [o.right for o in order.options] == ["1", "2", "3"]
    assert [o.correct for o in match.options] == [True, True]
    assert [str(o.right) for o in match.options] == ["Dizer o nome", "Pedir a senha · Agradecer"]
    assert text.accepted == ("modem", "ONU")
    assert number.accepted == ("1 – 2", "-25,5 – -24,5")


def test_one_key_shows_one_option_as_right(session, cast, quiz):
    one, *_ = seen(session, sit(session, cast.ana, quiz, right=0, review=OPEN_REVIEW)).items
    assert [o.correct for o in one.options].count(True) == 1
    assert not one.several
    assert one.state == "blank"
