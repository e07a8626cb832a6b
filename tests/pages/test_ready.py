"""Who is ready today: the page of managers, and the feed of another system."""

import re

import pytest

from quizapp import clock
from quizapp.pages import ready
from quizapp.people import teams
from quizapp.people.models import User
from quizapp.reports.models import Feed
from tests.certification.making import READ_ONE, add_program, enrol
from tests.reports.test_readiness import YEAR, certify


@pytest.fixture(autouse=True)
def scene(session, cast, quiz):
    cast.bruno.locale = cast.carla.locale = "en"
    program = add_program(session, READ_ONE, rules=YEAR)
    certify(session, program, cast.ana, clock.now())
    certify(session, program, cast.gil, clock.now())
    enrol(session, program, cast.bia)
    session.commit()


def test_a_manager_sees_the_queues_of_their_own_people(sign_in, cast):
    page = sign_in(cast.bruno).get("/ready")
    assert "May work it today: 1 of 2" in page
    assert "Ana Agente" in page
    assert "Bia Agente" in page
    assert "Gil Agente" not in page
    browser = sign_in(cast.bruno)
    browser.get(f"/ready?team={cast.norte.public_id}")
    browser.get(f"/ready?team={cast.sul.public_id}", status=404)
    browser.get("/ready?team=nobody", status=404)
    for other in (cast.ana, cast.teo, cast.iara):
        sign_in(other).get("/ready", status=404)


def test_a_feed_reads_what_its_maker_leads_for_as_long_as_they_do(
    app, client, sign_in, session, cast
):
    browser = sign_in(cast.bruno)
    page = browser.post("/ready/feeds", {"name": "Escalas"})
    token = re.search(r'class="token">([^<]+)', page)[1]
    assert token not in browser.get("/ready/feeds"), "it is shown once"
    assert "There is a feed of this name" in browser.post(
        "/ready/feeds", {"name": "Escalas"}, status=422
    )

    def read(given=f"Bearer {token}"):
        return app.test_client().get("/feeds/ready.json", headers={"Authorization": given})

    found = read()
    assert found.headers["Cache-Control"] == "no-store"
    assert [queue["queue"] for queue in found.json["queues"]] == ["Fibra", "Suporte N1"]
    people = {one["number"]: one for one in found.json["queues"][0]["people"]}
    assert {number: one["ready"] for number, one in people.items()} == {"1001": True, "1002": False}
    assert people["1001"]["until"]
    assert people["1002"]["state"] == "not-begun"
    assert "Ana" not in found.text
    assert "2001" not in found.text
    session.expire_all()
    assert session.query(Feed).one().used_at is not None
    for wrong in ("", "Bearer", "Bearer x", f"Basic {token}"):
        assert read(wrong).status_code == 401

    feed = session.query(Feed).one().public_id
    sign_in(cast.carla).post(f"/ready/feeds/{feed}/end", status=404)
    teams.set_teams(session, session.get_one(User, cast.bruno.id), [], by="t", now=clock.now())
    session.commit()
    assert read().json["queues"] == []
    browser.post(f"/ready/feeds/{feed}/end")
    assert read().status_code == 401


def test_of_many_teams_there_are_figures_and_a_team_has_the_names(sign_in, cast, monkeypatch):
    monkeypatch.setattr(ready, "MANY", 0)
    page = sign_in(cast.bruno).get("/ready")
    assert page.count("1 of 2") == 2  # Fibra and Suporte N1
    assert f'href="/ready?team={cast.norte.public_id}"' in page
    assert "Ana Agente" not in page
    assert cast.sul.name not in page


def test_paper_says_whose_team_it_is(sign_in, cast):
    browser = sign_in(cast.bruno)
    above = f'<a href="/teams/{cast.norte.public_id}">{cast.norte.name}</a></p>'
    for address in ("/ready", "/attention"):
        head = browser.get(f"{address}?team={cast.norte.public_id}").partition("<h1>")[0]
        assert above in head
        assert above not in browser.get(address).partition("<h1>")[0]


@pytest.mark.parametrize("report", ["ready", "attention"])
def test_a_file_is_named_after_the_one_team_it_is_of(sign_in, cast, report):
    browser = sign_in(cast.bruno)

    def name(query=""):
        answer = browser.http.get(f"/exports/{report}.xlsx{query}")
        return answer.headers["Content-Disposition"]

    assert "norte" in name(f"?team={cast.norte.public_id}")
    assert "norte" not in name()


def test_the_page_of_a_person_says_what_they_are_called_to(sign_in, cast):
    programs = f'href="/people/{cast.bia.public_id}/programs"'
    page = sign_in(cast.bruno).get(f"/people/{cast.bia.public_id}")
    assert "Programs under way" in page
    assert page.count(programs) == 2, "in the head, and at what is under way"
    assert "Programs under way" not in sign_in(cast.bruno).get(f"/people/{cast.ana.public_id}")
    assert "Programs under way" not in sign_in(cast.bia).get("/progress")
