"""The administrator keeps the days on which nothing falls due."""

from datetime import date

import pytest
from sqlalchemy import select

from quizapp.people.models import Holiday


def kept(session):
    session.expire_all()
    return set(session.scalars(select(Holiday.on)))


def test_brazils_holidays_are_offered_and_kept_when_ticked(session, sign_in, cast):
    browser = sign_in(cast.iara)
    page = browser.get("/admin/holidays?year=2026")
    assert 'value="2026-04-03" checked' in page
    assert 'value="2026-02-17">' in page  # optional: Carnival
    ticked = ["2026-04-03", "2026-04-21", "2026-04-04", "2027-01-01"]
    for _ in range(2):  # what is there already stays as it is
        browser.post("/admin/holidays/national", {"year": "2026", "on": ticked})
    assert kept(session) == {date(2026, 4, 3), date(2026, 4, 21)}
    page = browser.get("/admin/holidays?year=2026")
    assert "Sexta-feira da Paixão" in page
    assert 'value="2026-04-03"' not in page


def test_a_holiday_of_the_place_is_added_and_taken_off(session, sign_in, cast):
    browser = sign_in(cast.iara)
    page = browser.post("/admin/holidays", {"on": "2027-01-25", "name": "Aniversário"})
    assert "25/01/2027" in page
    browser.post("/admin/holidays/2027-01-25/remove")
    assert kept(session) == set()
    for wrong in ("2027-01-25", "tomorrow"):
        browser.post(f"/admin/holidays/{wrong}/remove", status=404)


@pytest.mark.parametrize("on, name", [("", "X"), ("25/01/2027", "X"), ("2027-01-25", " ")])
def test_what_is_missing_is_said(session, sign_in, cast, on, name):
    page = sign_in(cast.iara).post("/admin/holidays", {"on": on, "name": name}, status=422)
    assert 'role="alert"' in page
    assert kept(session) == set()


def test_only_years_that_can_be_and_only_for_administrators(sign_in, cast):
    browser = sign_in(cast.iara)
    for year in ("1999", "x", "²", "2101"):
        browser.get(f"/admin/holidays?year={year}", status=404)
    browser.get("/admin/holidays?year=2100")
    for user in (cast.ana, cast.bruno, cast.teo):
        sign_in(user).get("/admin/holidays", status=404)
