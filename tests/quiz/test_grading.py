"""Grading is a pure function: of the form, what was given, the keys and what is void.

Tried on random forms of all kinds, with points, eliminatory items and minima.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.items.scoring import NothingToScore, Policy
from quizapp.quiz import grading
from quizapp.quiz.grading import Given, Keys, Paper
from tests.examples import tried

KEYS = {
    "single": {"fractions": [0, 1, 0]},
    "multiple": {"fractions": [0.5, 0, 0.5, 0]},
    "ordering": {"size": 4},
    "matching": {"matches": [1, 0, 2]},
    "short_answer": {"answers": [{"text": "onu", "fraction": 1}, {"text": "olt", "fraction": 0.5}]},
    "numeric": {"answers": [{"low": 1, "high": 3, "fraction": 1}]},
}
RESPONSES = {
    "single": st.sampled_from([{"selected": [n]} for n in range(3)]),
    "multiple": st.sets(st.integers(0, 3), min_size=1).map(lambda s: {"selected": sorted(s)}),
    "ordering": st.permutations([1, 2, 3, 4]).map(lambda p: {"positions": p}),
    "matching": st.permutations([0, 1, 2]).map(lambda m: {"matches": m}),
    "short_answer": st.sampled_from([{"text": t} for t in ("ONU", "olt", "x")]),
    "numeric": st.sampled_from([{"text": t} for t in ("2,5", "9")]),
}


@st.composite
def papers(draw):
    items = []
    for position in range(1, draw(st.integers(1, 9)) + 1):
        kind = draw(st.sampled_from(sorted(KEYS)))
        items.append(
            Given(
                position,
                kind,
                100 + position,
                draw(st.integers(1, 3)),
                draw(st.integers(0, 5)) == 0,
                draw(st.sampled_from([(), ("triagem",), ("triagem", "lgpd")])),
                draw(st.none() | RESPONSES[kind]),
            )
        )
    minima = draw(st.sampled_from([{}, {"triagem": 50.0}, {"triagem": 80.0, "lgpd": 60.0}]))
    policy = Policy(multiple=draw(st.sampled_from(["balanced", "capped"])))
    cut = draw(st.sampled_from([50.0, 66.7, 80.0]))
    return Paper(1, cut, policy, minima, tuple(items))


def keys(paper, voided=(), granted=()):
    revisions = [one.revision_id for one in paper.items]
    values = {one.revision_id: KEYS[one.kind] for one in paper.items}
    return Keys(dict.fromkeys(revisions, 1), values, frozenset(voided), frozenset(granted))


def grade(paper, voided=(), granted=()):
    return grading.grade(paper, keys(paper, voided, granted)).result


def some(paper):
    return st.sets(st.sampled_from([one.revision_id for one in paper.items]))


@given(st.data(), papers())
@settings(max_examples=tried(200), deadline=None)
def test_a_void_item_lowers_nobody_and_takes_no_pass(data, paper):
    voided = data.draw(some(paper))
    more = voided | data.draw(some(paper))
    before, after = grade(paper, voided), grade(paper, more)
    assert after.percent >= before.percent
    assert after.passed >= before.passed


@given(st.data(), papers())
@settings(deadline=None)
def test_points_to_everyone_lower_nobody(data, paper):
    voided, granted = data.draw(some(paper)), data.draw(some(paper))
    before = grade(paper, voided)
    after = grade(paper, voided - granted, granted)
    assert after.percent >= before.percent
    assert after.passed >= before.passed


def the_best_there_is(paper, voided):
    """By trying every choice of what to leave out."""
    found = []
    for count in range(len(voided) + 1):
        for left_out in combinations(sorted(voided), count):
            treatments = [
                "voided" if one.revision_id in left_out else "scored" for one in paper.items
            ]
            try:
                found.append(grading._score(paper, keys(paper, voided), treatments).percent)
            except NothingToScore:
                continue
    return max(found)


@given(st.data(), papers())
@settings(max_examples=tried(100), deadline=None)
def test_what_is_left_out_is_the_best_choice(data, paper):
    voided = sorted(data.draw(some(paper)))[:6]
    assert grade(paper, voided).percent == the_best_there_is(paper, voided)


def by_the_first_decisions(paper, order):
    """A broken variant: the best over the first few decisions depends on their order."""
    found = []
    for count in range(len(order) + 1):
        treatments = [
            "voided" if one.revision_id in order[:count] else "scored" for one in paper.items
        ]
        found.append(grading._score(paper, keys(paper), treatments).percent)
    return max(found)


def test_the_order_of_decisions_does_not_matter_and_did_by_another_rule():
    right, wrong = {"selected": [1]}, {"selected": [0]}
    values = [right, wrong, right, wrong]
    items = tuple(
        Given(n, "single", 100 + n, 1, False, (), value) for n, value in enumerate(values, start=1)
    )
    paper = Paper(1, 50.0, Policy(), {}, items)
    assert grade(paper, [101, 102]).percent == Fraction(200, 3)
    assert by_the_first_decisions(paper, [101, 102]) != by_the_first_decisions(paper, [102, 101])


@given(papers())
@settings(deadline=None)
def test_with_all_items_void_the_best_of_them_stays(paper):
    every = [one.revision_id for one in paper.items]
    before, after = grade(paper), grade(paper, every)
    assert after.percent >= before.percent
    if len(every) == 1:
        assert after == replace(before, missed=(), passed=after.passed)


def test_a_form_of_one_void_item_keeps_its_score():
    paper = Paper(1, 80.0, Policy(), {}, (Given(1, "single", 101, 1, False, (), None),))
    graded = grading.grade(paper, keys(paper, [101]))
    assert (graded.result.percent, graded.treatments) == (0, ("scored",))


def test_a_void_item_is_left_out_where_that_helps_and_counts_where_it_does_not():
    right, wrong = {"selected": [1]}, {"selected": [0]}
    items = tuple(
        Given(n, "single", 100 + n, 1, False, (), value)
        for n, value in enumerate([right, right, right, wrong], start=1)
    )
    paper = Paper(1, 80.0, Policy(), {}, items)
    helped = grading.grade(paper, keys(paper, [104]))
    assert (helped.result.percent, helped.result.max_points) == (100, 3)
    assert helped.treatments == ("scored", "scored", "scored", "voided")
    spared = grading.grade(paper, keys(paper, [101]))
    assert (spared.result.percent, spared.result.max_points) == (75, 4)
    assert spared.treatments == ("scored",) * 4


def test_a_void_item_is_not_eliminatory_even_where_it_counts():
    partly = {"text": "olt"}  # worth a half
    items = (
        Given(1, "short_answer", 101, 1, True, (), partly),
        *(Given(n, "single", 100 + n, 1, False, (), None) for n in (2, 3)),
    )
    paper = Paper(1, 10.0, Policy(), {}, items)
    assert grade(paper).missed == (1,)
    graded = grading.grade(paper, keys(paper, [101]))
    assert graded.treatments[0] == "scored", "left out, the person would fall to 0"
    assert (graded.result.missed, graded.result.passed) == ((), True)


def test_a_competency_is_short_only_if_it_is_whatever_is_left_out():
    right, wrong = {"selected": [1]}, {"selected": [0]}
    items = tuple(
        Given(n, "single", 100 + n, 1, False, ("lgpd",), value)
        for n, value in enumerate([right] * 4 + [wrong] * 2, start=1)
    )
    paper = Paper(1, 50.0, Policy(), {"lgpd": 80.0}, items)
    assert grade(paper).short == ("lgpd",)
    assert grade(paper, [106]).short == ()
    assert grade(paper, [101]).short == ("lgpd",)


@pytest.mark.parametrize("value", [None, {"selected": [0]}, {"selected": [2]}])
def test_points_to_everyone_are_for_those_who_left_it_open_too(value):
    paper = Paper(1, 80.0, Policy(), {}, (Given(1, "single", 101, 2, True, (), value),))
    result = grade(paper, granted=[101])
    assert (result.percent, result.points, result.passed) == (100, 2, True)


def test_of_several_keys_the_best_counts():
    paper = Paper(
        1, 80.0, Policy(), {}, (Given(1, "single", 101, 1, False, (), {"selected": [0]}),)
    )
    both = {"alternatives": [{"fractions": [0, 1, 0]}, {"fractions": [1, 0, 0]}]}
    assert grading.grade(paper, Keys({101: 1}, {101: both})).result.passed
