"""Times are shown in the zone that a person lives by."""

import re
from datetime import UTC, datetime

import pytest
from flask_login import login_user

from quizapp.pages.access import visitor_of
from quizapp.pages.language import day, moment, zone

LATE = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)


def test_brazils_zones_come_first_and_the_chosen_one_is_kept(session, sign_in, cast):
    browser = sign_in(cast.ana)
    page = browser.get("/account")
    names = re.findall(r'<option value="([^"]*)"', page)
    assert names[0] == ""
    assert names.index("America/Sao_Paulo") < names.index("Europe/Lisbon")
    assert "Fernando de Noronha" in page
    assert not [name for name in names if name.startswith("Etc/")]
    assert "Lisboa (Portugal)" in sign_in(cast.bia).get(
        "/account", headers={"Accept-Language": "pt-BR"}
    )
    page = browser.post("/account/zone", {"zone": "America/Manaus"})
    assert 'value="America/Manaus" selected' in page
    session.expire_all()
    assert cast.ana.zone == "America/Manaus"
    browser.post("/account/zone", {"zone": ""})
    session.expire_all()
    assert cast.ana.zone is None


def test_an_unknown_zone_changes_nothing(session, sign_in, cast):
    page = sign_in(cast.ana).post("/account/zone", {"zone": "Mars/Olympus"})
    assert "alert-danger" in page
    session.expire_all()
    assert cast.ana.zone is None


@pytest.mark.parametrize(
    "chosen, shown",
    [
        (None, "28/02/2026 23:30"),
        ("America/Manaus", "28/02/2026 22:30"),
        ("Europe/Lisbon", "01/03/2026 02:30"),
        ("Nowhere/Gone", "28/02/2026 23:30"),
    ],
)
def test_a_moment_is_shown_in_the_readers_zone(app, cast, chosen, shown):
    cast.ana.zone = chosen
    with app.test_request_context("/", headers={"Accept-Language": "pt-BR"}):
        login_user(visitor_of(cast.ana))
        assert moment(LATE) == shown
        assert day(LATE) == shown[:10]


def test_nobody_signed_in_reads_the_installations_zone(app):
    assert zone().key == "America/Sao_Paulo"
    with app.test_request_context("/"):
        assert zone().key == "America/Sao_Paulo"
