"""Scoring: fractions, blanks, numbers, and that the order shown does not matter."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.items.scoring import is_blank, is_complete, number, score_attempt, score_item

HALF = {"fractions": [0.5, 0, 0.5, 0]}


def multiple(*selected):
    return score_item("multiple", HALF, {"selected": list(selected)})


def test_a_single_choice_is_right_or_wrong():
    key = {"fractions": [0, 1, 0]}
    assert score_item("single", key, {"selected": [1]}) == 1
    assert score_item("single", key, {"selected": [0]}) == 0


def test_an_unanswered_item_is_none_and_not_zero():
    assert score_item("single", {"fractions": [1, 0]}, None) is None
    assert score_item("single", {"fractions": [1, 0]}, {"selected": []}) is None
    assert score_item("ordering", {"size": 2}, {"positions": [None, None]}) is None
    assert score_item("matching", {"matches": [0, 1]}, {"matches": [None, None]}) is None
    assert score_item("short_answer", {"answers": []}, {"text": "  "}) is None


def test_a_multiple_choice_gives_partial_credit():
    assert multiple(0, 2) == 1
    assert multiple(0) == Fraction(1, 2)
    assert multiple(0, 1) == 0
    assert multiple(0, 2, 1) == Fraction(1, 2)


def test_ticking_everything_earns_nothing():
    assert multiple(0, 1, 2, 3) == 0


def test_three_thirds_make_one():
    key = {"fractions": [1 / 3, 1 / 3, 1 / 3, 0]}
    assert score_item("multiple", key, {"selected": [0, 1, 2]}) == 1


def test_an_ordering_is_all_or_nothing():
    assert score_item("ordering", {"size": 3}, {"positions": [1, 2, 3]}) == 1
    assert score_item("ordering", {"size": 3}, {"positions": [2, 1, 3]}) == 0
    assert score_item("ordering", {"size": 3}, {"positions": [1, None, 3]}) == 0


def test_a_matching_counts_its_pairs():
    key = {"matches": [0, 1, 2, 1]}
    assert score_item("matching", key, {"matches": [0, 1, 2, 1]}) == 1
    assert score_item("matching", key, {"matches": [0, 1, None, 0]}) == Fraction(1, 2)


@pytest.mark.parametrize("text", ["ONU", "onu", " Onu. ", "ONÚ"])
def test_a_short_answer_ignores_case_accents_and_spaces(text):
    key = {"answers": [{"text": "ONU", "fraction": 1}]}
    assert score_item("short_answer", key, {"text": text}) == 1


def test_the_best_of_several_accepted_answers_counts():
    key = {"answers": [{"text": "modem", "fraction": 0.5}, {"text": "Modem ", "fraction": 1}]}
    assert score_item("short_answer", key, {"text": "modem"}) == 1


@pytest.mark.parametrize(
    "text, right",
    [
        ("-25", True),
        ("-24,5", True),
        ("-25.5", True),
        ("-25,51", False),
        ("25", False),
        ("x", False),
    ],
)
def test_a_number_counts_within_its_tolerance_ends_included(text, right):
    key = {"answers": [{"low": -25.5, "high": -24.5, "fraction": 1}]}
    assert score_item("numeric", key, {"text": text}) == int(right)


@pytest.mark.parametrize(
    "text, value",
    [
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("3,5", "3.5"),
        ("3.5", "3.5"),
        ("1.500", "1500"),
        ("0.250", "0.25"),
        ("−8", "-8"),
        ("30 min", "30"),
        ("25%", "25"),
    ],
)
def test_numbers_read_as_brazilians_write_them(text, value):
    assert number(text) == Fraction(value)


@pytest.mark.parametrize("text", ["", "-", "abc", "1,2,3", "1.2.3", "9" * 50, "1e5", "٣"])
def test_what_is_no_number_is_none(text):
    assert number(text) is None


def test_passing_is_exact_at_the_cut_score():
    items = [("single", {"fractions": [1, 0]})] * 8
    right, wrong = {"selected": [0]}, {"selected": [1]}
    assert score_attempt(items, [right] * 6 + [wrong] * 2, 75).passed
    assert not score_attempt(items, [right] * 6 + [wrong] * 2, 75.1).passed
    # Three times a third of 1: no rounding keeps anybody from a full score.
    thirds = [("multiple", {"fractions": [1 / 3] * 3 + [0]})]
    assert score_attempt(thirds, [{"selected": [0, 1, 2]}], 100).passed


def test_an_empty_form_is_refused():
    with pytest.raises(ValueError, match="a form has items"):
        score_attempt([], [], 80)


def test_a_kind_that_is_not_scored_is_refused():
    with pytest.raises(ValueError, match="not scored"):
        score_item("essay", {}, {"text": "x"})


def test_complete_means_nothing_left_to_give():
    assert is_complete("ordering", {"positions": [2, 1]})
    assert not is_complete("ordering", {"positions": [1, 1]})
    assert not is_complete("ordering", {"positions": [1, None]})
    assert not is_complete("matching", {"matches": [0, None]})
    assert not is_complete("numeric", {"text": "abc"})
    assert is_complete("single", {"selected": [0]})
    assert is_blank("single", None)


@given(
    fractions=st.lists(st.sampled_from([0, 1, 0.5, 1 / 3, -0.5]), min_size=1, max_size=6).filter(
        lambda f: max(f) > 0
    ),
    data=st.data(),
)
def test_every_choice_score_is_between_zero_and_one_and_blind_to_order(fractions, data):
    n = len(fractions)
    selected = data.draw(st.sets(st.integers(0, n - 1)))
    order = data.draw(st.permutations(range(n)))
    for kind in ("single", "multiple"):
        score = score_item(kind, {"fractions": fractions}, {"selected": sorted(selected)})
        shuffled = score_item(
            kind,
            {"fractions": [fractions[i] for i in order]},
            {"selected": sorted(order.index(i) for i in selected)},
        )
        assert score == shuffled
        assert score is None or 0 <= score <= 1


@given(st.text(max_size=40))
def test_any_text_can_be_scored(text):
    answers = {"answers": [{"text": "a", "low": 1, "high": 2, "fraction": 1}]}
    for kind in ("short_answer", "numeric"):
        assert score_item(kind, answers, {"text": text}) in (None, 0, 1)
