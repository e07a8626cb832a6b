"""A session ends after its hours, by no clock that somebody sets."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp import clock
from tests.client import Client
from tests.conftest import PASSWORD

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch):
    """Put the clock so many hours from the start of the test."""

    def put(hours: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: AT + timedelta(hours=hours))

    return put


@pytest.fixture
def ana(app, cast, at) -> Client:
    """Ana's browser, which minds no date of a cookie."""
    at(0)
    browser = Client(app)
    browser.sign_in(cast.ana.employee_number, PASSWORD)
    return browser


@pytest.mark.parametrize("hours, status", [(2, 200), (-2, 200), (11.9, 200), (12.1, 303)])
def test_a_clock_put_right_ends_no_session_before_its_hours(ana, at, hours, status):
    at(hours)
    assert ana.http.get("/").status_code == status


def test_a_stamp_of_long_after_is_no_good_either(ana, at):
    at(-13)
    assert ana.http.get("/").status_code == 303


def test_the_cookie_says_how_long_and_not_until_when(app, cast, client):
    client.get("/sign-in")
    answer = client.http.post(
        "/sign-in",
        data={
            "csrf_token": client.token,
            "identifier": cast.ana.employee_number,
            "password": PASSWORD,
        },
    )
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert f"; Max-Age={12 * 3600}" in cookie
    assert "expires" not in cookie.lower()
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_out_takes_the_cookie_away(sign_in, cast):
    browser = sign_in(cast.ana)
    answer = browser.http.post("/sign-out", data={"csrf_token": browser.token})
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert "Max-Age=0" in cookie
