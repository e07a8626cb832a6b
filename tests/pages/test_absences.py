"""Managers put down when their people are away, trainers when anybody is."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.pages.language import today
from quizapp.people import calendars
from quizapp.people.models import Absence


@pytest.fixture
def gil_away(session, cast):
    """Gil, of another team than Bruno's, is away from today on."""
    made = calendars.add_absence(session, cast.gil, "leave", today(), None, by="t", now=clock.now())
    session.commit()
    return made.id


def fields(user, first="2026-03-04", last="", kind="vacation"):
    return {"person": user.public_id, "kind": kind, "first": first, "last": last}


def test_a_manager_puts_down_changes_and_takes_back_an_absence(session, sign_in, cast, gil_away):
    browser = sign_in(cast.bruno)
    assert "Gil Agente" not in browser.get("/absences")
    page = browser.post("/absences", fields(cast.ana))
    assert "04/03/2026" in page
    session.expire_all()
    absence = session.scalars(select(Absence).where(Absence.user_id == cast.ana.id)).one()
    assert (absence.first, absence.last) == (date(2026, 3, 4), None)
    assert absence.by == cast.bruno.public_id
    browser.post(f"/absences/{absence.id}/end", {"last": "2026-03-09"})
    session.expire_all()
    assert absence.last == date(2026, 3, 9)
    browser.post(f"/absences/{absence.id}/take-back")
    session.expire_all()
    assert absence.ended_at


def test_a_manager_reaches_only_their_own_people(session, sign_in, cast, gil_away):
    browser = sign_in(cast.bruno)
    browser.post("/absences", fields(cast.hugo), status=404)
    browser.post(f"/absences/{gil_away}/end", {"last": today().isoformat()}, status=404)
    browser.post(f"/absences/{gil_away}/take-back", status=404)
    sign_in(cast.ana).get("/absences", status=404)
    session.expire_all()
    absence = session.get_one(Absence, gil_away)
    assert (absence.last, absence.ended_at) == (None, None)
    assert session.scalars(select(Absence)).all() == [absence]


def test_a_trainer_reaches_everybody(sign_in, cast, gil_away):
    browser = sign_in(cast.teo)
    assert "Gil Agente" in browser.get("/absences")
    tomorrow = (today() + timedelta(days=1)).isoformat()
    browser.post(f"/absences/{gil_away}/end", {"last": tomorrow})
    assert "Ana Agente" in browser.post("/absences", fields(cast.ana))


@pytest.mark.parametrize(
    "change",
    [
        {"person": ""},
        {"first": ""},
        {"first": "04/03/2026"},
        {"last": "2026-03-03"},
        {"kind": "sick"},
    ],
)
def test_what_is_missing_or_malformed_is_said_and_kept_in_the_form(session, sign_in, cast, change):
    browser = sign_in(cast.bruno)
    page = browser.post("/absences", {**fields(cast.ana), **change}, status=422)
    assert 'role="alert"' in page
    assert session.scalars(select(Absence)).all() == []


def test_a_wrong_last_day_is_said_beside_its_absence(sign_in, cast, gil_away):
    browser = sign_in(cast.carla)
    for last in ("2020-01-01", ""):
        page = browser.post(f"/absences/{gil_away}/end", {"last": last}, status=422)
        assert "<details open" in page.replace(' class="rows-more"', "")


def test_a_trainer_finds_a_person_by_number_or_name(session, sign_in, cast):
    cast.teo.locale = "en"
    session.commit()
    browser = sign_in(cast.teo)
    assert cast.hugo.public_id not in browser.get("/absences"), "no list of everybody"
    given = fields(cast.hugo)
    browser.post("/absences", {**given, "person": "2002"})
    browser.post("/absences", {**given, "person": "gíl"})
    absent = session.scalars(select(Absence.user_id).order_by(Absence.id)).all()
    assert absent == [cast.hugo.id, cast.gil.id]
    page = browser.post("/absences", {**given, "person": "agente"}, status=422)
    assert "Several people are called so" in page
    assert f'<option value="{cast.bia.public_id}">' in page
    assert cast.bruno.public_id not in page
    assert 'value="2026-03-04"' in page, "what was typed stays"
    page = browser.post("/absences", {**given, "person": "Zulmira"}, status=422)
    assert "Nobody here has this number or name." in page
    assert 'value="Zulmira"' in page
    sign_in(cast.bruno).post("/absences", {**given, "person": "1001"}, status=404)
    session.expire_all()
    assert len(session.scalars(select(Absence)).all()) == 2


def test_the_page_of_a_person_says_that_they_are_away(session, sign_in, cast, content):
    browser, place = sign_in(cast.bruno), f"/people/{cast.ana.public_id}"
    assert "ausente agora" not in browser.get(place)
    told = {"by": cast.bruno.public_id, "now": clock.now()}
    calendars.add_absence(session, cast.ana, "leave", today(), today(), **told)
    session.commit()
    assert "ausente agora" in browser.get(place)
