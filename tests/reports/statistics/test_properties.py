"""What holds of any marks: order does not matter, nothing leaves its range, nothing raises."""

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.reports.statistics.analysis import analyse
from quizapp.reports.statistics.model import Analysis, Asked, Mark, Options
from tests.examples import tried

FRACTIONS = st.sampled_from([None, 0.0, 0.25, 0.5, 1.0])
ASKED = {item: Asked(3, frozenset({item % 3}), item % 2 == 0) for item in range(6)}
EVERYTHING = Options(facility_from=0, discrimination_from=0, cut_score=60)


@st.composite
def marks(draw: st.DrawFn) -> list[Mark]:
    """Attempts of a few people at fixed or drawn forms, now and then a second one."""
    people = draw(st.integers(1, 9))
    fixed = draw(st.booleans())
    found = []
    for attempt, person in enumerate([*range(people), *draw(st.lists(st.integers(0, people - 1)))]):
        form = draw(st.permutations(range(6)))
        for position, item in enumerate(
            sorted(form) if fixed else form[: draw(st.integers(1, 6))], start=1
        ):
            fraction = draw(FRACTIONS)
            chosen = () if fraction is None else tuple(draw(st.sets(st.integers(0, 2), min_size=1)))
            points = 1 + item % 2
            spent = draw(st.none() | st.integers(0, 10**6))
            seen = draw(st.booleans())
            found.append(
                Mark(person, item, attempt, position, points, fraction, seen, chosen, spent)
            )
    return found


def options() -> st.SearchStrategy[Options]:
    return st.builds(
        replace,
        st.just(EVERYTHING),
        exposures=st.sampled_from(["first", "best", "last", "all"]),
        cut_score=st.sampled_from([None, 0.0, 60.0, 100.0]),
        groups=st.sampled_from([3, 5]),
        facility_from=st.sampled_from([0, 3]),
        discrimination_from=st.sampled_from([0, 4]),
    )


@given(marks(), options(), st.randoms(use_true_random=False))
@settings(max_examples=tried(100), deadline=None)
def test_people_and_items_in_another_order_give_the_same_figures(
    given: list[Mark], asked_for: Options, chance: random.Random
) -> None:
    people = chance.sample(range(100, 200), 9)
    items = chance.sample(range(6), 6)
    shuffled = [m._replace(person=people[m.person], item=items[m.item]) for m in given]
    chance.shuffle(shuffled)
    before = analyse(given, ASKED, asked_for)
    after = analyse(shuffled, {items[item]: asked for item, asked in ASKED.items()}, asked_for)
    assert after.quiz == before.quiz
    assert after.items == {
        items[item]: replace(one, item=items[item]) for item, one in before.items.items()
    }
    moved = [replace(look, item=items[look.item]) for look in before.looks]
    assert sorted(map(repr, after.looks)) == sorted(map(repr, moved))
    assert [look.code for look in after.looks] == [look.code for look in before.looks]


@given(marks(), options())
@settings(max_examples=tried(100), deadline=None)
def test_everything_stays_in_its_range_and_survives_json(
    given: list[Mark], asked_for: Options
) -> None:
    found = analyse(given, ASKED, asked_for)
    assert Analysis.from_json(json.loads(json.dumps(found.to_json(), allow_nan=False))) == found
    assert analyse(given, {**ASKED, 77: Asked(4, frozenset({1}))}, asked_for) == found
    for one in found.items.values():
        assert one.n == one.right + one.partly + one.wrong + one.blank
        assert one.facility is None or 0 <= one.facility <= 1
        for r in (one.discrimination, one.point_biserial):
            assert r is None or -1 <= r <= 1
        for interval, value in (
            (one.interval, one.facility),
            (one.discrimination_interval, one.discrimination),
        ):
            assert interval is None or (
                value is not None and -1 <= interval.low <= value <= interval.high <= 1
            )
        for name, value in vars(one).items():
            assert value is not None or name in one.why, name
        for choice in one.choices:
            assert not choice.by_group or sum(choice.by_group) == choice.count
    quiz = found.quiz
    assert sum(one.count for one in quiz.bins) == quiz.attempts
    assert quiz.alpha is None or quiz.alpha <= 1
    if quiz.consistency is not None:
        one = quiz.consistency
        shares = (one.agreement, one.accuracy, one.false_pass, one.false_fail)
        assert all(0 <= share <= 1 for share in shares)
        assert one.accuracy + one.false_pass + one.false_fail == pytest.approx(1, abs=1e-6)
    for name, value in vars(quiz).items():
        assert value is not None or name in quiz.why, name


@pytest.mark.parametrize(
    "given",
    [
        [],
        [Mark(1, 1, 1, 1, 1, 1.0)],
        [Mark(1, 1, 1, 1, 0, 1.0)],
        [Mark(p, 1, p, 1, 1, float(p % 2), True, (p % 3,)) for p in range(200)],
        [Mark(1, i, 1, i, 1, i % 2) for i in range(1, 9)],
        [Mark(p, i, p, i, 1, None) for p in range(200) for i in range(1, 5)],
        [Mark(p, i, p, i, 1, None, True, ()) for p in range(200) for i in range(1, 5)],
        [Mark(p, i, p, i, 1, 1.0, True, (1,)) for p in range(200) for i in range(1, 5)],
        [Mark(p, i, p, i, 1, float(p % 2)) for p in range(200) for i in range(1, 5)],
        [Mark(p, p, p, 1, 1, float(p % 2)) for p in range(200)],
    ],
    ids=[
        "nothing",
        "one mark",
        "no points",
        "one item",
        "one person",
        "nothing reached",
        "all blank",
        "all right",
        "all or nothing",
        "an item each",
    ],
)
@pytest.mark.parametrize("asked_for", [EVERYTHING, Options(cut_score=60)])
def test_where_nothing_can_be_said_nothing_is(given: list[Mark], asked_for: Options) -> None:
    found = analyse(given, ASKED, asked_for)
    assert all(isfinite(value) for value in _numbers(found.to_json()))
    for one in found.items.values():
        if one.why.get("discrimination") in ("constant", "one_item"):
            assert one.discrimination is None


def _numbers(value: object) -> list[float]:
    if isinstance(value, Mapping):
        return [number for part in value.values() for number in _numbers(part)]
    if isinstance(value, list | tuple):
        return [number for part in value for number in _numbers(part)]
    return [value] if isinstance(value, int | float) else []
