"""For how long an award is valid: the ends of months, leap days, fixed days of the year."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.certification.rules import ProgramRules, Validity


def rules(validity, warn_days=(60, 30, 7)):
    return ProgramRules(None, False, validity, warn_days)


@pytest.mark.parametrize(
    "months, awarded_on, until",
    [
        (12, date(2026, 11, 21), date(2027, 11, 21)),
        (12, date(2028, 2, 29), date(2029, 2, 28)),
        (48, date(2028, 2, 29), date(2032, 2, 29)),
        (1, date(2027, 1, 31), date(2027, 2, 28)),
        (6, date(2026, 8, 31), date(2027, 2, 28)),
        (13, date(2026, 12, 1), date(2028, 1, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_months_last(months, awarded_on, until):
    assert rules(Validity(months=months)).valid_until(awarded_on) == until


@pytest.mark.parametrize(
    "day, awarded_on, until",
    [
        ((31, 12), date(2026, 3, 1), date(2026, 12, 31)),
        ((31, 12), date(2026, 11, 1), date(2027, 12, 31)),  # the warning begins on this day
        ((31, 12), date(2026, 10, 31), date(2026, 12, 31)),
        ((31, 12), date(2026, 12, 31), date(2027, 12, 31)),
        ((29, 2), date(2026, 3, 1), date(2027, 2, 28)),
        ((29, 2), date(2027, 6, 1), date(2028, 2, 29)),
    ],
)
def test_a_fixed_day_is_the_first_that_needs_no_renewal_yet(day, awarded_on, until):
    assert rules(Validity(until=day)).valid_until(awarded_on) == until


def test_without_a_validity_it_is_for_ever():
    assert rules(None).valid_until(date(2026, 1, 1)) is None


def test_without_a_warning_the_renewal_opens_on_the_last_day():
    assert rules(Validity(12), ()).renews_on(date(2026, 5, 1)) == date(2026, 5, 1)
    assert rules(Validity(12), (30, 60)).renews_on(date(2026, 5, 1)) == date(2026, 3, 2)


VALIDITIES = st.one_of(
    st.none(),
    st.builds(Validity, months=st.integers(1, 120)),
    st.builds(Validity, until=st.sampled_from([(1, 1), (29, 2), (30, 6), (31, 12)]).map(tuple)),
)


@settings(deadline=None)  # the machine may be busy
@given(
    st.builds(
        ProgramRules,
        st.none() | st.integers(1, 9999),
        st.booleans(),
        VALIDITIES,
        st.lists(st.integers(0, 365), max_size=4).map(tuple),
        st.lists(st.text(), max_size=3).map(tuple),
    ),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
def test_rules_come_back_as_they_were_and_an_award_is_never_over_at_once(rules, day):
    assert ProgramRules.from_json(rules.to_json()) == rules
    until = rules.valid_until(day)
    assert until is None or until > day
