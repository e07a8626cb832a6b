"""The figures of a whole quiz."""

import random
from collections.abc import Callable

import pytest

from quizapp.reports.statistics.analysis import analyse
from quizapp.reports.statistics.consistency import boundary
from quizapp.reports.statistics.exposures import by_attempt, percent
from quizapp.reports.statistics.model import Mark, Options
from tests.reports.statistics import generated


def test_scores_are_binned_and_passed_as_they_are_shown() -> None:
    # 7 of 8 is 87.5%; three thirds make a whole; 100% is in the last bin
    forms = [[1] * 8, [1] * 7 + [0], [1 / 3] * 3 + [1] * 5, [0] * 8]
    marks = [
        Mark(person, item, person, item, 1, fraction)
        for person, form in enumerate(forms)
        for item, fraction in enumerate(form, start=1)
    ]
    quiz = analyse(marks, options=Options(cut_score=75)).quiz
    assert (quiz.passed, quiz.attempts) == (3, 4)
    assert [one.count for one in quiz.bins] == [1, 0, 0, 0, 0, 0, 0, 1, 1, 1]
    assert (quiz.mean, quiz.why["mean"], quiz.why["alpha"]) == (None, "too_few", "too_few")
    assert analyse(marks, options=Options(cut_score=87.5)).quiz.passed == 2


def test_what_divides_pass_from_fail_lies_between_two_scores_that_there_are() -> None:
    assert boundary([1] * 8, 0.8, is_whole=True) == 6.5 / 8
    assert boundary([1] * 10, 0.8, is_whole=True) == 7.5 / 10
    assert boundary([2] * 5, 0.7, is_whole=True) == 7 / 10
    assert boundary([1, 2, 3], 0.8, is_whole=True) == 4.5 / 6
    assert boundary([1] * 8, 0.8, is_whole=False) == 0.8


@pytest.mark.parametrize(
    "make, items, cut",
    [(generated.right_or_wrong, 20, 60), (generated.partial, 12, 50), (generated.pooled, 40, 60)],
)
def test_the_consistency_is_what_a_second_attempt_shows(
    make: Callable[..., list[Mark]], items: int, cut: float
) -> None:
    """The same people on two days, as nobody has them in earnest."""
    days = [make(people=1500, items=items, again=again) for again in (False, True)]
    quiz = analyse(days[0], options=Options(cut_score=cut)).quiz
    decided = [
        [percent(form) >= cut for form in by_attempt(day, frozenset()).values()] for day in days
    ]
    agreed = sum(a == b for a, b in zip(*decided, strict=True)) / 1500
    assert quiz.consistency is not None
    assert quiz.consistency.agreement == pytest.approx(agreed, abs=0.03)
    assert 0.5 < quiz.consistency.agreement < quiz.consistency.accuracy < 1


def test_without_a_cut_score_or_a_difference_nothing_is_said_of_passing() -> None:
    quiz = analyse(generated.right_or_wrong()).quiz
    assert (quiz.passed, quiz.consistency) == (None, None)
    assert quiz.why["consistency"] == "no_cut_score"
    equal = [Mark(p, i, p, i, 1, float(i % 2)) for p in range(100) for i in range(1, 5)]
    quiz = analyse(equal, options=Options(cut_score=50)).quiz
    assert (quiz.passed, quiz.alpha, quiz.why["alpha"]) == (100, None, "constant")
    chance = random.Random(1)
    noise = [Mark(p, i, p, i, 1, chance.random() > 0.5) for p in range(100) for i in range(1, 5)]
    # Guessing alone is not reliable: alpha is near 0, and below it there is nothing to go by.
    assert abs(analyse(noise).quiz.alpha or 0) < 0.3
