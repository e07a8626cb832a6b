"""Which marks count: what was reached, and which of several exposures."""

from quizapp.reports.statistics.analysis import analyse
from quizapp.reports.statistics.exposures import by_attempt, of_items, of_quiz, reached
from quizapp.reports.statistics.model import Exposures, Mark, Options

ANA, BIA = 1, 2
EVERYTHING = Options(facility_from=0, discrimination_from=0)


def _form(person: int, attempt: int, *fractions: float | None, first: int = 1) -> list[Mark]:
    """An attempt at items that are numbered from `first`."""
    return [
        Mark(person, item, attempt, place, 1, fraction)
        for place, (item, fraction) in enumerate(enumerate(fractions, start=first), start=1)
    ]


def test_what_is_unanswered_after_the_last_answer_was_not_reached() -> None:
    form = _form(ANA, 1, 1.0, None, 0.0, None, None)
    assert reached(form) == 3
    seen = [*form[:3], form[3]._replace(seen=True), form[4]]
    assert reached(seen) == 4
    assert reached(_form(ANA, 1, None, None)) == 0
    found = analyse(form, options=EVERYTHING).items
    assert [(one.n, one.blank, one.unreached) for one in found.values()] == [
        (1, 0, 0),
        (1, 1, 0),
        (1, 0, 0),
        (0, 0, 1),
        (0, 0, 1),
    ]
    assert [one.facility for one in found.values()] == [1, 0, 0, None, None]


def test_an_item_that_was_not_reached_is_first_met_when_it_is() -> None:
    marks = _form(ANA, 1, 1.0, None) + _form(ANA, 2, 0.0, 1.0)
    picked, unreached = of_items(by_attempt(marks, frozenset()), "first")
    assert {(mark.item, mark.attempt) for mark in picked} == {(1, 1), (2, 2)}
    assert unreached == []


def test_first_best_last_and_all() -> None:
    marks = [
        *_form(ANA, 3, 1.0, 0.0, 0.0),
        *_form(BIA, 2, 1.0, 1.0, 0.0),
        *_form(ANA, 5, 0.0, 1.0, 1.0),
        *_form(ANA, 7, 1.0, 1.0, 0.0),
    ]
    attempts = by_attempt(marks, frozenset())
    expected: dict[Exposures, list[int]] = {
        "first": [2, 3],
        "best": [2, 5],
        "last": [2, 7],
        "all": [2, 3, 5, 7],
    }
    for which, chosen in expected.items():
        assert of_quiz(attempts, which) == chosen
        assert sorted({mark.attempt for mark in of_items(attempts, which)[0]}) == chosen
        figures = analyse(marks, options=Options(exposures=which))
        assert (figures.quiz.attempts, figures.quiz.people) == (len(chosen), 2)
        assert {one.n for one in figures.items.values()} == {len(chosen)}


def test_a_second_form_brings_the_items_that_are_new_to_the_person() -> None:
    marks = _form(ANA, 1, 1.0, 0.0) + _form(ANA, 2, 1.0, 1.0, first=2)
    picked, _ = of_items(by_attempt(marks, frozenset()), "first")
    assert {(mark.item, mark.attempt, mark.fraction) for mark in picked} == {
        (1, 1, 1.0),
        (2, 1, 0.0),
        (3, 2, 1.0),
    }


def test_a_voided_item_counts_nowhere() -> None:
    marks = [mark for p in range(40) for mark in _form(p, p, p % 2, (p // 2) % 2, p % 3 > 0, 0.0)]
    without = [mark for mark in marks if mark.item != 4]
    voided = Options(left_out=frozenset({4}), discrimination_from=30)
    assert analyse(marks, options=voided) == analyse(without, options=voided)
