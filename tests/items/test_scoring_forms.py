"""Scoring a form: per cent, points, what a pass needs besides, items voided and granted."""

from fractions import Fraction

import pytest

from quizapp.items.scoring import FormItem, NothingToScore, Policy, Result, score_form

KEY = {"fractions": [1, 0]}
RIGHT, WRONG = {"selected": [0]}, {"selected": [1]}


def form(*items, given, cut=50, minima=None):
    responses = [{"r": RIGHT, "w": WRONG, "-": None}[one] for one in given]
    return score_form(
        [FormItem("single", KEY, **i) for i in items], responses, cut, Policy(), minima
    )


def test_passing_is_exact_at_the_cut_score():
    eight = [{}] * 8
    assert form(*eight, given="rrrrrrww", cut=75).passed
    assert not form(*eight, given="rrrrrrww", cut=75.1).passed
    # Three times a third of 1: no rounding keeps anybody from a full score.
    thirds = FormItem("multiple", {"fractions": [1 / 3] * 3 + [0]})
    assert score_form([thirds], [{"selected": [0, 1, 2]}], 100).passed


def test_points_weigh():
    result = form({"points": 3}, {"points": 0.1}, {}, given="rw-")
    assert (result.points, result.max_points) == (3, Fraction(41, 10))
    assert result.percent == Fraction(3000, 41)
    assert result.fractions == (1, 0, None)


def test_a_decimal_of_points_is_as_written():
    result = form(*[{"points": 0.1}] * 3, given="rrr")
    assert (result.points, result.percent) == (Fraction(3, 10), 100)


@pytest.mark.parametrize("given", ["w", "-"])
def test_an_eliminatory_item_is_needed_for_a_pass(given):
    items = [{}, {"eliminatory": True}, {"eliminatory": True}]
    assert form(*items, given="rrr").passed
    result = form(*items, given=f"r{given}r")
    assert (result.missed, result.passed, result.percent > 50) == ((2,), False, True)
    assert form(*items, given="-rr").missed == ()


def test_an_eliminatory_item_has_to_be_fully_right():
    half = FormItem("multiple", {"fractions": [0.5, 0, 0.5]}, eliminatory=True)
    assert score_form([half], [{"selected": [0]}], 50).missed == (1,)
    assert score_form([half], [{"selected": [0, 2]}], 50).missed == ()


def test_an_eliminatory_item_is_not_missed_once_voided_or_granted():
    for treatment in ("voided", "granted"):
        result = form({}, {"eliminatory": True, "treatment": treatment}, given="rw")
        assert (result.missed, result.passed) == ((), True)


def test_an_item_of_no_points_may_be_eliminatory():
    result = form({}, {"points": 0, "eliminatory": True}, given="rw")
    assert (result.percent, result.missed, result.passed) == (100, (2,), False)


OF_LGPD = {"competencies": ("lgpd", "tudo")}
MINIMA = {"lgpd": 60, "tudo": 10, "outra": 100}


def test_a_competency_below_its_minimum_fails():
    items = [OF_LGPD] * 5 + [{}] * 5
    assert form(*items, given="rrrww" + "rrrrr", minima=MINIMA).passed
    result = form(*items, given="rrw-w" + "rrrrr", minima=MINIMA)
    assert (result.short, result.passed, result.percent) == (("lgpd",), False, 70)


def test_a_minimum_counts_points():
    items = [OF_LGPD] * 4 + [{"competencies": ("lgpd",), "points": 6}]
    assert form(*items, given="wwwwr", minima={"lgpd": 60}).short == ()
    assert form(*items, given="wwwwr", minima={"lgpd": 60.1}).short == ("lgpd",)


def test_fewer_than_five_items_have_no_minimum():
    assert form(*[OF_LGPD] * 4 + [{}] * 4, given="wwwwrrrr", minima=MINIMA).passed
    voided = OF_LGPD | {"treatment": "voided"}
    assert form(*[OF_LGPD] * 4, voided, *[{}] * 4, given="wwwwwrrrr", minima=MINIMA).passed
    granted = OF_LGPD | {"treatment": "granted"}
    result = form(*[OF_LGPD] * 4, granted, *[{}] * 4, given="wwwwwrrrr", minima=MINIMA)
    assert result.short == ("lgpd",)


def test_a_competency_named_twice_counts_once():
    twice = {"competencies": ("lgpd", "lgpd")}
    assert form(*[twice] * 4, {}, {}, {}, {}, given="wwwwrrrr", minima={"lgpd": 60}).short == ()


def test_short_competencies_are_in_order_whatever_the_order_of_the_minima():
    items = [{"competencies": ("b", "a")}] * 5
    for minima in ({"a": 1, "b": 1}, {"b": 1, "a": 1}):
        assert form(*items, given="wwwww", minima=minima).short == ("a", "b")


def test_a_voided_item_is_left_out_and_a_granted_one_is_everybodys():
    voided = form({}, {"points": 2, "treatment": "voided"}, {}, given="rwr")
    assert (voided.fractions, voided.points, voided.max_points) == ((1, None, 1), 2, 2)
    granted = form({}, {"points": 2, "treatment": "granted"}, {}, given="w-w")
    assert (granted.fractions, granted.points, granted.percent) == ((0, 1, 0), 2, 50)


def test_a_form_of_which_nothing_counts_is_not_scored():
    with pytest.raises(NothingToScore):
        form({"treatment": "voided"}, {"points": 0}, given="rr")


def test_an_empty_form_is_refused():
    with pytest.raises(ValueError, match="a form has items"):
        score_form([], [], 80)
    with pytest.raises(ValueError, match="a form has items"):
        form({}, given="rr")


def test_points_below_zero_are_refused():
    with pytest.raises(ValueError, match="below zero"):
        form({}, {"points": -1}, given="rr")


def test_the_policy_is_that_of_the_whole_form():
    item = FormItem("multiple", {"fractions": [0.5, 0, 0.5, 0]})
    response = {"selected": [0, 1]}
    percents = [
        score_form([item], [response], 50, Policy(multiple=name)).percent
        for name in ("balanced", "all_or_nothing", "capped")
    ]
    assert percents == [0, 0, 50]


def test_a_result_is_plain_and_exact():
    result = form({}, {}, {}, given="rrw")
    assert result == Result((1, 1, 0), Fraction(2), Fraction(3), Fraction(200, 3), True)
