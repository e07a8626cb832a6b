"""Days as people live them: zones, absences, and when something falls due."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Invalid, Missing
from quizapp.evidence.models import EvidenceEntry
from quizapp.people import calendars, holidays
from quizapp.people.calendars import UNKNOWN, day_of, shifted

# 2026-03-02 is a Monday.
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def on(day: int, month: int = 3) -> date:
    return date(2026, month, day)


def add(session, user, first, last, kind="vacation"):
    return calendars.add_absence(session, user, kind, first, last, by="t", now=clock.now())


def due_for(session, *asked):
    (due,) = calendars.due_for_many(session, [asked])
    return due


def test_the_day_is_the_persons_own(app):
    late = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)  # 23:30 in São Paulo
    assert day_of(None, late) == date(2026, 2, 28)
    assert day_of("America/Sao_Paulo", late) == date(2026, 2, 28)
    assert day_of("Europe/Lisbon", late) == date(2026, 3, 1)
    assert day_of("America/Rio_Branco", datetime(2026, 3, 1, 4, 59, tzinfo=UTC)) == date(
        2026, 2, 28
    )


def test_the_day_follows_the_rule_that_the_zone_had_then(app):
    # Summer time, given up in 2019: 02:30 in UTC was 00:30 the next day in it, 23:30 without.
    assert day_of(None, datetime(2018, 12, 1, 2, 30, tzinfo=UTC)) == date(2018, 12, 1)
    assert day_of(None, datetime(2019, 12, 1, 2, 30, tzinfo=UTC)) == date(2019, 11, 30)


def test_a_zone_that_is_no_longer_known_is_the_installations(app):
    late = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
    for name in ("Nowhere/Gone", "../etc/passwd", ""):
        assert day_of(name, late) == date(2026, 2, 28)


@pytest.mark.parametrize(
    "away, due",
    [
        ([], on(20)),
        ([(on(4), on(6))], on(23)),  # three days
        ([(on(20), on(20))], on(21)),  # the last day itself
        ([(on(4), on(4)), (on(20), on(21))], on(23)),  # the second comes within by the first
        ([(on(4), on(8)), (on(6), on(10))], on(27)),  # overlapping days count once
        ([(on(1, 2), on(2))], on(20)),  # over by the day it was given
        ([(on(1, 2), on(3))], on(21)),  # the day it was given does not count, the next does
        ([(on(21), on(31))], on(20)),  # after it
        ([(on(5), None)], UNKNOWN),
        ([(on(21), None)], on(20)),
        ([(on(4), on(4)), (on(21), None)], UNKNOWN),  # what moved it came upon a leave
    ],
)
def test_days_away_move_what_is_due(away, due):
    assert shifted(on(20), MONDAY, away, ()) == due
    assert shifted(on(20), MONDAY, away[::-1], ()) == due


def test_nothing_falls_due_on_a_sunday_or_holiday():
    assert on(22).weekday() == 6
    assert shifted(on(21), MONDAY, (), ()) == on(21)  # a Saturday is a day like others
    assert shifted(on(22), MONDAY, (), ()) == on(23)
    assert shifted(on(20), MONDAY, (), {on(20), on(21)}) == on(23)
    # and not on a day away that comes after it either
    assert shifted(on(22), MONDAY, [(on(23), on(24))], ()) == on(25)
    assert shifted(on(22), MONDAY, [(on(23), None)], ()) == UNKNOWN


def test_what_was_due_before_it_was_given_stays_due():
    assert shifted(on(3), on(10), [(on(4), on(30))], ()) == on(3)


# In days after that Monday, the absences as (first, length).
AWAY = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=4)
CLOSED = st.sets(st.integers(0, 60), max_size=4)


@given(st.integers(1, 30), AWAY, CLOSED)
def test_it_is_due_after_as_many_days_there_as_were_given(length, away, closed):
    away = [(MONDAY + first * DAY, MONDAY + (first + more) * DAY) for first, more in away]
    closed = {MONDAY + day * DAY for day in closed}
    due = shifted(MONDAY + length * DAY, MONDAY, away, closed)

    def is_away(day):
        return any(first <= day <= last for first, last in away)

    # Day by day: those there are used up, then it is the first on which one can be asked.
    day, left = MONDAY, length
    while left:
        day += DAY
        left -= not is_away(day)
    while is_away(day) or day.weekday() == 6 or day in closed:
        day += DAY
    assert due == day


def test_a_persons_absences_and_the_holidays_are_looked_up(session, cast):
    add(session, cast.ana, on(4), on(6))
    add(session, cast.gil, on(4), on(19))
    gone = add(session, cast.ana, on(10), on(12))
    calendars.take_back(session, gone, by="t", now=clock.now())
    holidays.add(session, on(23), "Aniversário da cidade", by="t", now=clock.now())
    assert due_for(session, cast.ana.id, MONDAY, on(20)) == on(24)
    assert due_for(session, cast.bia.id, MONDAY, on(20)) == on(20)


def test_for_many_it_is_the_same_by_two_statements(app, session, cast):
    add(session, cast.ana, on(4), on(6))
    add(session, cast.gil, on(4), None)
    asked = [(user.id, MONDAY, on(20)) for user in (cast.gil, cast.ana, cast.bia)]
    asked.append((cast.ana.id, on(5), on(20)))
    seen = []

    def count(_conn, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    many = calendars.due_for_many(session, asked)
    event.remove(db.engine, "before_cursor_execute", count)
    assert len(seen) == 2
    assert many == [UNKNOWN, on(23), on(20), on(21)]
    assert many == [due_for(session, *one) for one in asked]
    assert calendars.due_for_many(session, []) == []


def test_who_is_away_on_a_day(session, cast):
    add(session, cast.ana, on(4), on(6))
    add(session, cast.gil, on(6), None)
    back = add(session, cast.bia, on(6), on(6))
    calendars.take_back(session, back, by="t", now=clock.now())
    everyone = [cast.ana.id, cast.bia.id, cast.gil.id]
    assert calendars.away_on(session, everyone, on(3)) == set()
    assert calendars.away_on(session, everyone, on(6)) == {cast.ana.id, cast.gil.id}
    assert calendars.away_on(session, everyone, on(7)) == {cast.gil.id}
    assert calendars.away_on(session, [cast.ana.id], on(7)) == set()


@pytest.mark.parametrize(
    "kind, first, last",
    [
        ("sick", on(20), on(21)),
        ("leave", on(21), on(20)),
        ("leave", date(206, 3, 1), on(20)),
        ("leave", on(20), date(9999, 1, 1)),
        ("leave", on(6), on(8)),  # away on the 6th already
        ("leave", on(1), None),
    ],
)
def test_days_that_cannot_be_are_refused(session, cast, kind, first, last):
    add(session, cast.ana, on(4), on(6))
    with pytest.raises(Invalid):
        add(session, cast.ana, first, last, kind)


def test_an_absence_ends_earlier_or_later_than_was_thought(session, cast):
    leave = add(session, cast.ana, on(4), None, "leave")
    with pytest.raises(Invalid):
        calendars.end_absence(session, leave, on(3), by="t", now=clock.now())
    calendars.end_absence(session, leave, on(9), by="t", now=clock.now())
    assert due_for(session, cast.ana.id, MONDAY, on(20)) == on(26)
    add(session, cast.ana, on(12), on(12))
    with pytest.raises(Invalid):
        calendars.end_absence(session, leave, on(12), by="t", now=clock.now())
    calendars.take_back(session, leave, by="t", now=clock.now())
    for again in (calendars.take_back, lambda *a, **k: calendars.end_absence(*a, on(9), **k)):
        with pytest.raises(Missing):
            again(session, leave, by="t", now=clock.now())


def test_what_is_kept_of_an_absence_does_not_say_why(session, cast):
    leave = add(session, cast.ana, on(4), None, "leave")
    calendars.end_absence(session, leave, on(9), by="t", now=clock.now())
    calendars.take_back(session, leave, by="t", now=clock.now())
    query = select(EvidenceEntry).where(EvidenceEntry.kind.like("absence%"))
    entries = session.scalars(query.order_by(EvidenceEntry.seq)).all()
    assert [e.kind for e in entries] == [
        "absence.added",
        "absence.changed",
        "absence.taken-back",
    ]
    assert {e.about for e in entries} == {cast.ana.public_id}
    assert json.loads(entries[1].data) == {
        "absence": leave.id,
        "first": "2026-03-04",
        "last": "2026-03-09",
    }
    assert not any("leave" in e.data for e in entries)


def test_a_zone_is_chosen_and_given_back(session, cast):
    calendars.set_zone(session, cast.ana, "America/Manaus", now=clock.now())
    assert cast.ana.zone == "America/Manaus"
    for bad in ("America/Nowhere", "../etc/passwd", "/etc/localtime"):
        with pytest.raises(Invalid):
            calendars.set_zone(session, cast.ana, bad, now=clock.now())
    calendars.set_zone(session, cast.ana, "", now=clock.now())
    assert cast.ana.zone is None
    kinds = session.scalars(select(EvidenceEntry.kind).where(EvidenceEntry.kind == "user.zone"))
    assert len(kinds.all()) == 2
