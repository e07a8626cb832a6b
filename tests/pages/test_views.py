"""Reports that somebody keeps under a name: their own, and only while they may see them."""

import re

import pytest

from quizapp import clock
from quizapp.people import teams
from quizapp.people.models import User
from quizapp.reports.models import SavedView


@pytest.fixture(autouse=True)
def scene(session, cast, content):
    cast.bruno.locale = cast.carla.locale = cast.teo.locale = "en"
    session.commit()


def keep(browser, kind, name, status=200, **args):
    return browser.post("/views", {"kind": kind, "name": name, **args}, status=status)


def views(session):
    session.expire_all()
    return {view.name: view for view in session.query(SavedView)}


def lead(session, cast, *led):
    teams.set_teams(session, session.get_one(User, cast.bruno.id), led, by="t", now=clock.now())
    session.commit()


def test_a_page_is_kept_with_its_filters_opened_renamed_and_deleted(sign_in, session, cast):
    browser, norte = sign_in(cast.bruno), cast.norte.public_id
    page = browser.get(f"/heatmap?by=section&team={norte}&period=90")
    assert "Keep this view" not in page, "there is nothing to keep yet"
    page = browser.get(f"/teams/{norte}")
    assert re.search(rf'action="/views".*name="team" value="{norte}"', page, re.S)
    keep(
        browser, "heatmap", " Norte,  by  section ", by="section", team=norte, period="90", evil="x"
    )
    view = views(session)["Norte, by section"]
    assert view.args == {"by": "section", "team": norte, "period": "90"}
    opened = browser.http.get(f"/views/{view.public_id}")
    assert opened.status_code == 302
    assert opened.location == f"/heatmap?team={norte}&by=section&period=90"
    assert "Norte, by section" in browser.get("/views")
    assert "Norte, by section" in browser.get("/reports")
    keep(browser, "team", "Team", team=norte)
    assert "a view of this name" in keep(browser, "ready", "Team", status=422)
    assert "Give the view a name" in keep(browser, "ready", " ", status=422)
    change = f"/views/{view.public_id}"
    assert "a view of this name" in browser.post(change, {"name": "Team"}, status=422)
    browser.post(change, {"name": "Sections", "weekday": "4"})
    assert (views(session)["Sections"].weekday, len(views(session))) == (4, 2)
    browser.post(f"{change}/stop")
    assert views(session)["Sections"].weekday is None
    browser.post(f"{change}/delete")
    assert list(views(session)) == ["Team"]


def test_a_view_of_what_is_not_ones_own_is_not_there(sign_in, session, cast):
    norte, sul, gil = cast.norte.public_id, cast.sul.public_id, cast.gil.public_id
    bruno, carla = sign_in(cast.bruno), sign_in(cast.carla)
    keep(bruno, "ready", "Mine", team=norte)
    (view,) = views(session).values()
    for method, path in (
        (carla.get, ""),
        (carla.get, "/change"),
        (carla.post, ""),
        (carla.post, "/stop"),
        (carla.post, "/delete"),
    ):
        method(f"/views/{view.public_id}{path}", status=404)
    assert "Mine" not in carla.get("/views")
    keep(bruno, "ready", "x", team=sul, status=404)
    keep(bruno, "person", "x", person=gil, status=404)
    keep(bruno, "team", "x", status=404)
    keep(bruno, "coverage", "x", status=404)
    keep(bruno, "nothing", "x", status=404)
    keep(sign_in(cast.teo), "coverage", "Gaps")
    keep(sign_in(cast.teo), "ready", "x", status=404)
    for other in (cast.ana, cast.iara):
        sign_in(other).get("/views", status=404)
    assert set(views(session)) == {"Mine", "Gaps"}


def test_a_view_of_a_team_one_no_longer_leads_says_so_and_shows_nothing(sign_in, session, cast):
    browser = sign_in(cast.bruno)
    keep(browser, "team", "T", team=cast.norte.public_id)
    keep(browser, "person", "P", person=cast.ana.public_id)
    assert "Norte" in browser.get("/views")
    lead(session, cast, cast.sul)
    assert "Norte" not in browser.get("/views")
    for view in views(session).values():
        page = browser.get(f"/views/{view.public_id}")
        assert "You no longer lead what this view is about" in page
        assert "Norte" not in page
        assert "Ana Agente" not in page
    lead(session, cast, cast.norte)
    assert "Ana Agente" in browser.get(f"/views/{views(session)['T'].public_id}")


def test_the_weekly_figures_are_switched_on_from_home_with_one_press(app, sign_in, session, cast):
    browser = sign_in(cast.bruno)
    page = browser.get("/")
    assert "sends no e-mail" in page
    assert "Have them come" not in page, "nothing is offered that cannot come"
    app.config["SMTP_HOST"] = "smtp.example.com"
    cast.bruno.email = "bruno@example.com"
    session.commit()
    assert "Have them come" in browser.get("/")
    assert views(session) == {}, "off until somebody wants it"
    assert "It comes once a week" in browser.post("/views/weekly")
    browser.post("/views/weekly")
    (view,) = views(session).values()
    assert (view.name, view.kind, view.weekday) == ("My team", "home", 0)
    assert "Another day, or stop it" in browser.get("/")
    browser.post(f"/views/{view.public_id}/stop")
    assert "Have them come" in browser.get("/")


@pytest.mark.parametrize(
    "who, there, not_there",
    [
        ("bruno", "/heatmap", "/coverage"),
        ("teo", "/coverage", "/heatmap"),
        ("ana", "/progress", "/views"),
    ],
)
def test_the_index_has_the_reports_of_ones_role(sign_in, cast, who, there, not_there):
    browser = sign_in(getattr(cast, who))
    page = browser.get("/reports")
    cards = re.search(r'<ul class="cards">.*?</ul>', page, re.S)[0]
    links = re.findall(r'href="([^"]+)"', cards)
    assert there in links
    assert f'"{not_there}"' not in page
    for link in links:
        browser.get(link)
