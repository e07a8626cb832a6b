"""The rules of a quiz as facts and times, and what is said of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.items.scoring import Policy
from quizapp.quiz.advice import advise
from quizapp.quiz.blueprints import Blueprint, Candidate, Part
from quizapp.quiz.rules import (
    GRACE,
    REVIEWED,
    WHEN,
    ReviewRules,
    Rules,
    is_over,
    needed,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

times = st.none() | st.integers(-500_000, 500_000).map(lambda n: NOON + timedelta(minutes=n))
some_rules = st.builds(
    Rules,
    cut_score=st.integers(0, 1000).map(lambda n: n / 10),
    cut_reason=st.text(max_size=20),
    opens_at=times,
    closes_at=times,
    minutes=st.none() | st.integers(1, 300),
    attempts=st.none() | st.integers(1, 9),
    delay_hours=st.integers(0, 99),
    counts=st.sampled_from(["best", "last", "first"]),
    navigation=st.sampled_from(["free", "sequential"]),
    layout=st.sampled_from(["one", "all"]),
    consultation=st.booleans(),
    release=st.booleans(),
    access_code=st.text(max_size=9),
    minima=st.dictionaries(st.text(min_size=1, max_size=5), st.floats(0, 100), max_size=2),
    exposure_limit=st.none() | st.integers(1, 999),
    review=st.builds(ReviewRules, **{what: st.sampled_from(WHEN) for what in REVIEWED}),
    policy=st.builds(
        Policy,
        multiple=st.sampled_from(["balanced", "all_or_nothing", "capped"]),
        ordering=st.sampled_from(["exact", "adjacent"]),
        spelling=st.booleans(),
    ),
)


@given(some_rules)
def test_rules_come_back_from_their_json(rules):
    assert Rules.from_json(rules.to_json()) == rules


@pytest.mark.parametrize(
    "minutes, closes, ends",
    [
        (None, None, None),
        (30, None, NOON + HOUR / 2),
        (None, NOON + HOUR, NOON + HOUR),
        (30, NOON + HOUR, NOON + HOUR / 2),
        (90, NOON + HOUR, NOON + HOUR),
    ],
)
def test_an_attempt_ends_after_its_minutes_or_at_the_closing_time(minutes, closes, ends):
    assert Rules(minutes=minutes, closes_at=closes).deadline(NOON) == ends


def test_a_quiz_opens_at_its_minute_and_closes_at_its_minute():
    rules = Rules(opens_at=NOON, closes_at=NOON + HOUR)
    tick = timedelta(microseconds=1)
    assert rules.refusal(NOON - tick, 0, None) == "not-open"
    assert rules.refusal(NOON, 0, None) is None
    assert rules.refusal(NOON + HOUR - tick, 0, None) is None
    assert rules.refusal(NOON + HOUR, 0, None) == "closed"


def test_attempts_run_out_and_a_delay_lies_between_them():
    rules = Rules(attempts=2, delay_hours=24)
    assert rules.refusal(NOON, 1, NOON - 23 * HOUR) == "too-soon"
    assert rules.refusal(NOON, 1, NOON - 24 * HOUR) is None
    assert rules.refusal(NOON, 2, NOON - 99 * HOUR) == "no-attempts-left"
    assert rules.next_start(NOON) == NOON + 24 * HOUR


def test_an_allowance_adds_to_limits_and_makes_none():
    rules = Rules(minutes=30, attempts=1).with_allowance(15, 2)
    assert (rules.minutes, rules.attempts) == (45, 3)
    assert Rules().with_allowance(15, 2) == Rules()


def test_the_grace_is_after_the_deadline_and_not_before_the_end_of_it():
    assert not is_over(None, NOON)
    assert not is_over(NOON, NOON + GRACE)
    assert is_over(NOON, NOON + GRACE + timedelta(microseconds=1))


@given(some_rules, st.sampled_from(REVIEWED), st.booleans())
def test_what_is_shown_when(rules, what, passed):
    shown = rules.shows(what, NOON, passed=passed)
    match getattr(rules.review, what):
        case "submit":
            assert shown
        case "close":
            assert shown == (rules.closes_at is not None and rules.closes_at <= NOON)
        case "passed":
            assert shown == passed
        case _:
            assert not shown


@pytest.mark.parametrize(
    "cut, points, fewest", [(80, 20, 16), (87.5, 8, 7), (72.5, 6, 5), (0, 8, 0), (100, 8, 8)]
)
def test_the_cut_in_items(cut, points, fewest):
    assert needed(cut, points) == fewest


@given(st.integers(0, 1000), st.integers(1, 200))
def test_the_cut_in_items_is_the_fewest_that_pass(tenths, points):
    fewest = needed(tenths / 10, points)
    assert fewest * 1000 >= tenths * points
    assert fewest == 0 or (fewest - 1) * 1000 < tenths * points


POOL = [Candidate("x", f"i{n}", ("triagem",) if n < 4 else ("registro",)) for n in range(30)]
WELL = Blueprint((Part("x", n=20),))
RULES = Rules(cut_reason="Combinado.", attempts=2)


def codes(rules=RULES, blueprint=WELL, use="exam", pool=POOL, other_use=()):
    return [remark.code for remark in advise(use, blueprint, rules, pool, other_use)]


def test_nothing_is_said_of_a_quiz_as_it_should_be():
    assert codes() == []
    assert codes(Rules(), Blueprint((Part("x"),)), use="practice") == []


@pytest.mark.parametrize(
    "code, changed",
    [
        ("closes-before-opens", {"opens_at": NOON, "closes_at": NOON}),
        ("sequential-on-one-page", {"navigation": "sequential", "layout": "all"}),
        ("never-closes", {"review": ReviewRules(key="close")}),
        ("short-time", {"minutes": 6}),
        ("minimum-of-few", {"minima": {"triagem": 60.0}}),
        ("cut-unjustified", {"cut_reason": " "}),
        ("key-before-retake", {"review": ReviewRules(key="submit")}),
        ("capped", {"policy": Policy(multiple="capped")}),
    ],
)
def test_a_rule_that_deserves_a_second_look_has_its_remark(code, changed):
    assert codes(replace(RULES, **changed)) == [code]


def test_a_blueprint_that_deserves_a_second_look_has_its_remarks():
    assert codes(blueprint=Blueprint((Part("x", n=19),))) == ["few-items"]
    assert codes(blueprint=Blueprint((Part("x", n=31),))) == ["pool-too-small", "one-form"]
    assert codes(blueprint=Blueprint((Part("x"),))) == ["one-form"]
    assert codes(replace(RULES, attempts=1), Blueprint((Part("x"),))) == []
    named = Blueprint((*WELL.parts, Part("x", items=("gone", "other"))))
    assert codes(blueprint=named, other_use={"x#other"}) == [
        "other-use",
        "not-ready",
        "pool-too-small",
    ]
    by_chance = replace(WELL, eliminatory=frozenset({"x#i1"}))
    assert codes(blueprint=by_chance) == ["eliminatory-by-chance"]
    surely = replace(by_chance, parts=(*WELL.parts, Part("x", items=("i1",))))
    assert codes(blueprint=surely) == []


def test_items_at_the_exposure_limit_are_counted_where_they_can_be_asked():
    worn = [replace(one, used=200 if n < 3 else 199) for n, one in enumerate(POOL)]
    worn.append(Candidate("y", "far", used=900))
    (remark,) = advise("exam", WELL, RULES, worn)
    assert (remark.code, remark.arguments["items"]) == ("exposed", 3)
    assert codes(replace(RULES, exposure_limit=None), pool=worn) == []


def test_a_minimum_counts_where_enough_items_are_certain():
    parts = Blueprint((Part("x", by="competency", value="registro", n=5), Part("x", n=15)))
    assert codes(replace(RULES, minima={"registro": 50.0}), parts) == []
    assert codes(replace(RULES, minima={"registro": 50.0, "x": 1.0}), parts) == ["minimum-of-few"]


def test_errors_come_first():
    rules = Rules(opens_at=NOON, closes_at=NOON)
    first, *rest = advise("exam", WELL, rules, POOL)
    assert first.is_error
    assert rest
    assert not any(remark.is_error for remark in rest)
