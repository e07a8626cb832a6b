"""The figures of an item: from how many answers they are said, and of what rest."""

import pytest

from quizapp.reports.statistics.analysis import analyse
from quizapp.reports.statistics.choices import group
from quizapp.reports.statistics.model import Asked, Mark, Options
from quizapp.reports.statistics.moments import wilson
from tests.reports.statistics import generated


def test_few_answers_are_counted_and_no_more() -> None:
    marks = generated.right_or_wrong(people=100)
    few, some, many = (
        analyse([mark for mark in marks if mark.person < people]).items[0]
        for people in (29, 30, 100)
    )
    assert few.n == few.right + few.wrong + few.blank == 29
    assert (few.facility, few.interval, few.sd, few.discrimination) == (None, None, None, None)
    assert few.why["facility"] == few.why["discrimination"] == "too_few"
    assert some.facility == some.right / 30
    assert some.interval is not None
    assert some.interval.low < some.facility < some.interval.high
    assert (some.discrimination, some.why["discrimination"]) == (None, "too_few")
    assert many.discrimination is not None
    assert many.discrimination_interval is not None
    assert many.discrimination_interval.low < many.discrimination
    assert not many.why.keys() - {"spent"}


def test_wilsons_interval_as_it_is_printed_in_books() -> None:
    # Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3
    for right, of, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = wilson(right, of, 0.95)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_who_drew_hard_items_stands_where_they_stand_among_their_like() -> None:
    """Twins on another form, with marks a fixed step lower, change no discrimination."""
    fractions = [(p % 2, (p % 2) / 5 + (p % 5) / 10 + 0.3, (p % 7) / 10 + 0.3) for p in range(60)]
    here = [
        Mark(p, item, p, item, 1, fraction)
        for p, given in enumerate(fractions)
        for item, fraction in enumerate(given, start=1)
    ]
    twins = [
        mark._replace(
            person=mark.person + 100,
            attempt=mark.attempt + 100,
            item=mark.item if mark.item == 1 else mark.item + 10,
            fraction=(mark.fraction or 0) - (0 if mark.item == 1 else 0.2),
        )
        for mark in here
    ]
    alone = analyse(here, options=Options(discrimination_from=30)).items[1]
    both = analyse(here + twins, options=Options(discrimination_from=30)).items[1]
    assert alone.discrimination is not None
    assert abs(alone.discrimination) > 0.01
    assert both.discrimination == pytest.approx(alone.discrimination)
    assert both.efficiency == pytest.approx(alone.efficiency)


def test_equals_are_in_one_group() -> None:
    assert group([1, 2, 3, 4, 5, 6], 3) == [0, 0, 1, 1, 2, 2]
    assert group([1, 2, 2, 2, 2, 9], 3) == [0, 1, 1, 1, 1, 2]
    assert group([5, 5, 5], 3) == [1, 1, 1]
    assert group([1, 1, 1, 1, 1, 8, 8, 8, 8, 9], 5) == [1, 1, 1, 1, 1, 3, 3, 3, 3, 4]


def test_choices_are_counted_by_group_and_blanks_apart() -> None:
    # Thirty people in three layers: the weak take b, the middling leave it blank, the best take a.
    marks = []
    for person in range(30):
        layer = person // 10
        fraction, chosen = [(0.0, (1,)), (None, ()), (1.0, (0,))][layer]
        marks.append(Mark(person, 1, person, 1, 1, fraction, True, chosen, 1000 * (person + 1)))
        marks += [Mark(person, 2, person, 2, 1, layer / 2)]
    asked = {1: Asked(3, frozenset({0}))}
    one = analyse(marks, asked).items[1]
    assert one.group_sizes == (10, 10, 10)
    assert one.blank_by_group == (0, 10, 0)
    assert [(c.option, c.is_key, c.count, c.by_group) for c in one.choices] == [
        (0, True, 10, (0, 0, 10)),
        (1, False, 10, (10, 0, 0)),
        (2, False, 0, (0, 0, 0)),
    ]
    assert one.spent is not None
    assert (one.spent.lower, one.spent.median, one.spent.upper) == (8250, 15500, 22750)
    # Asked in other words, an answer says nothing about these options.
    other = analyse([m._replace(chosen=None) if m.person < 5 else m for m in marks], asked)
    assert sum(choice.count for choice in other.items[1].choices) == 15
    few = analyse([mark for mark in marks if mark.person % 10 < 5], asked).items[1]
    assert (few.group_sizes, [choice.count for choice in few.choices]) == ((), [5, 5, 0])
