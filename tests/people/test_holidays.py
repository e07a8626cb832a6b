"""Days on which nothing falls due."""

from datetime import date

import pytest

from quizapp import clock
from quizapp.errors import Invalid, Missing
from quizapp.people import holidays


# Among them the earliest and the latest day that there can be.
@pytest.mark.parametrize(
    "day",
    [
        date(1818, 3, 22),
        date(1943, 4, 25),
        date(1954, 4, 18),
        date(1981, 4, 19),
        date(2000, 4, 23),
        date(2019, 4, 21),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
        date(2049, 4, 18),
        date(2285, 3, 22),
    ],
)
def test_easter_is_found(day):
    assert holidays.easter(day.year) == day


def test_easter_is_a_sunday_between_22_march_and_25_april():
    for year in range(1583, 4000):
        day = holidays.easter(year)
        assert day.weekday() == 6
        assert date(year, 3, 22) <= day <= date(year, 4, 25)


def test_brazils_holidays_of_a_year():
    found = {one.on: one for one in holidays.national(2026)}
    assert [day for day, one in found.items() if not one.optional] == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 21),
        date(2026, 5, 1),
        date(2026, 9, 7),
        date(2026, 10, 12),
        date(2026, 11, 2),
        date(2026, 11, 15),
        date(2026, 11, 20),
        date(2026, 12, 25),
    ]
    assert [day for day, one in found.items() if one.optional] == [
        date(2026, 2, 16),
        date(2026, 2, 17),
        date(2026, 6, 4),
    ]
    assert date(2023, 11, 20) not in {one.on for one in holidays.national(2023)}


def test_a_holiday_is_put_down_once_and_taken_off(session, cast):
    day = date(2026, 1, 25)
    holidays.add(session, day, " Aniversário da cidade ", by="t", now=clock.now())
    holidays.add(session, date(2027, 1, 25), "Outro ano", by="t", now=clock.now())
    assert [(one.on, one.name) for one in holidays.listed(session, 2026)] == [
        (day, "Aniversário da cidade")
    ]
    for on, name in ((day, "De novo"), (date(2026, 1, 26), " "), (date(206, 1, 25), "Longe")):
        with pytest.raises(Invalid):
            holidays.add(session, on, name, by="t", now=clock.now())
    holidays.remove(session, day, by="t", now=clock.now())
    assert holidays.listed(session, 2026) == []
    with pytest.raises(Missing):
        holidays.remove(session, day, by="t", now=clock.now())
