"""Cut scores by judges, against sums done by hand."""

from statistics import stdev

import pytest

from quizapp.items.judging import Estimate, cut_score, judged

ANA, BIA, CAIO, DORA = 1, 2, 3, 4
# Three judges, three items: of ten barely ready agents so many get it right.
SAID = {
    ANA: {10: 8, 11: 6, 12: 9},
    BIA: {10: 7, 11: 5, 12: 9},
    CAIO: {10: 9, 11: 4, 12: 6},
}
ESTIMATES = [Estimate(j, i, n) for j, items in SAID.items() for i, n in items.items()]


def test_an_item_has_its_mean_and_how_far_the_judges_are_apart() -> None:
    items = judged([*ESTIMATES, Estimate(ANA, 13, 2), Estimate(BIA, 13, 7)])
    assert (items[10].mean, items[10].lowest, items[10].highest) == (8, 7, 9)
    assert items[12].sd == pytest.approx(stdev([9, 9, 6]))
    assert not items[12].is_wide
    assert items[13].is_wide
    assert judged([Estimate(ANA, 10, 3)])[10].sd is None


def test_a_cut_score_weighs_the_items_by_their_points() -> None:
    cut = cut_score({10: 1, 11: 1, 12: 2}, ESTIMATES)
    # (8 + 5 + 2 x 8) / (10 + 10 + 20)
    assert cut.percent == pytest.approx(72.5)
    assert cut.by_judge == pytest.approx({ANA: 80, BIA: 75, CAIO: 62.5})
    assert cut.sd == pytest.approx(stdev([80, 75, 62.5]))
    assert cut.standard_error == pytest.approx(stdev([80, 75, 62.5]) / 3**0.5)
    assert (cut.reason, cut.missing, cut.far) == (None, (), ())


def test_forms_from_a_pool_each_get_the_cut_score_of_their_items() -> None:
    forms = {"easy": {10: 1, 12: 1}, "hard": {11: 1}}
    cuts = {name: cut_score(form, ESTIMATES) for name, form in forms.items()}
    assert (cuts["easy"].percent, cuts["hard"].percent) == (80, 50)
    # The mean form of one item out of three.
    assert cut_score(dict.fromkeys((10, 11, 12), 1 / 3), ESTIMATES).percent == pytest.approx(70)


def test_an_item_that_two_judged_leaves_the_form_without_a_cut_score() -> None:
    cut = cut_score({10: 1, 11: 1}, [one for one in ESTIMATES if one[:2] != (CAIO, 11)])
    assert (cut.percent, cut.reason, cut.missing) == (None, "too_few_judges", (11,))
    # Who judged only a part would set no cut score of the form.
    assert set(cut.by_judge) == {ANA, BIA}
    assert cut_score({}, ESTIMATES).reason == "no_items"
    assert cut_score({10: 1}, []).missing == (10,)


def test_a_judge_far_from_the_others_is_named() -> None:
    lone = [Estimate(DORA, item, 2) for item in (10, 11, 12)]
    cut = cut_score({10: 1, 11: 1, 12: 1}, ESTIMATES + lone)
    assert cut.far == (DORA,)
    near = [Estimate(DORA, item, 7) for item in (10, 11, 12)]
    assert cut_score({10: 1, 11: 1, 12: 1}, ESTIMATES + near).far == ()


def test_the_last_word_counts_and_eleven_of_ten_is_no_estimate() -> None:
    assert judged([Estimate(ANA, 10, 3), Estimate(ANA, 10, 5)])[10].mean == 5
    with pytest.raises(ValueError, match="of ten"):
        judged([Estimate(ANA, 10, 11)])
