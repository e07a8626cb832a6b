"""Closed by default: every route says who may see it, and others see nothing."""

import re

import pytest
from flask import Flask

from quizapp.pages.access import OPEN_ENDPOINTS
from tests.client import Client
from tests.conftest import PASSWORD


def views(app: Flask):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in OPEN_ENDPOINTS:
            yield rule, app.view_functions[rule.endpoint]


def test_every_route_declares_who_may_see_it(app):
    undeclared = {rule.endpoint for rule, view in views(app) if not hasattr(view, "allowed")}
    assert not undeclared, f"no role declared for {undeclared}"


def test_a_route_without_a_declaration_is_closed(app, sign_in, cast):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    browser = sign_in(cast.iara)
    assert "secret" not in browser.get("/forgotten", status=404)


def test_these_routes_are_open_to_everyone(app):
    opened = {rule.endpoint for rule, view in views(app) if view.allowed is None}
    assert opened == {
        "account.sign_in",
        "account.redeem",
        "account.choose_language",
        "account.choose_theme",
        "certificates.show",
        "certificates.download",
        "certificates.check",
        "certificates.check_file",
        "health.alive",
        "health.ready",
        "ready.feed",  # which asks for a token
    }


def test_all_that_changes_something_is_a_post(app):
    for rule, _ in views(app):
        assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}


def test_nobody_signed_in_is_sent_to_the_sign_in_page(app, client):
    for rule, view in views(app):
        if view.allowed is None or "GET" not in rule.methods:
            continue
        path = re.sub(r"<(int:[^>]*|[^>]*position)>", "1", rule.rule)
        path = re.sub(r"<[^>]+>", "x", path)
        response = client.http.get(path)
        assert response.status_code == 303, rule
        assert response.location.startswith("/sign-in"), rule


ROLE_PAGES = {
    "/teams": {"manager"},
    "/banks": {"trainer"},
    "/banks/oito": {"trainer"},
    "/admin/people": {"admin"},
    "/admin/people/new": {"admin"},
    "/admin/holidays": {"admin"},
    "/absences": {"manager", "trainer"},
    "/trainer/cohorts": {"trainer"},
}


@pytest.mark.parametrize("who", ["ana", "bruno", "teo", "iara"])
def test_a_role_sees_only_its_own_pages(who, sign_in, cast, content):
    user = getattr(cast, who)
    browser = sign_in(user)
    for path, roles in ROLE_PAGES.items():
        browser.get(path, status=200 if user.role in roles else 404)


def test_a_form_without_its_token_changes_nothing(sign_in, cast):
    browser = sign_in(cast.ana)
    browser.token = "wrong"
    browser.post("/sign-out", status=400)
    assert "/sign-out" in browser.get("/")


def test_changing_the_password_ends_other_sessions(sign_in, cast):
    phone, desk = sign_in(cast.ana), sign_in(cast.ana)
    desk.get("/account")
    new = "uma frase bem nova"
    desk.post("/account", {"old": PASSWORD, "password": new, "again": new})
    assert "/sign-out" in desk.get("/")
    assert "/sign-out" not in phone.get("/")


def test_signing_out_is_a_post_and_ends_the_session(sign_in, cast):
    browser = sign_in(cast.ana)
    assert browser.http.get("/sign-out").location == "/"
    assert "/sign-out" in browser.get("/"), "opening the address changes nothing"
    browser.post("/sign-out")
    assert "/sign-out" not in browser.get("/")


def test_after_signing_in_one_is_where_one_wanted_to_be(app, cast, content):
    browser = Client(app)
    browser.get("/library")
    page = browser.post("/sign-in?next=/library", {"identifier": "1001", "password": PASSWORD})
    assert "Conexão do cliente" in page


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_way_on_stays_on_our_site(app, cast, target):
    browser = Client(app)
    browser.get("/sign-in")
    response = browser.http.post(
        "/sign-in",
        query_string={"next": target},
        data={"identifier": "1001", "password": PASSWORD, "csrf_token": browser.token},
    )
    assert response.status_code == 303
    assert response.location == "/"


def test_pages_are_not_kept_by_the_browser_but_static_files_are(app, sign_in, cast):
    browser = sign_in(cast.ana)
    assert browser.http.get("/").headers["Cache-Control"] == "no-store"
    assert "max-age" in browser.http.get("/static/icon.svg").headers["Cache-Control"]


def test_a_wrong_sign_in_says_the_same_for_all(app, cast):
    browser = Client(app)
    pages = []
    for name in ("1001", "nobody"):
        browser.get("/sign-in")
        page = browser.post("/sign-in", {"identifier": name, "password": "wrong"}, status=422)
        pages.append(re.sub(r'value="[^"]*"', "", page))
    assert pages[0] == pages[1]


def test_too_many_tries_are_stopped_on_the_page(app, cast):
    browser = Client(app)
    for _ in range(8):
        browser.post("/sign-in", {"identifier": "1001", "password": "wrong"}, status=422)
    browser.post("/sign-in", {"identifier": "1001", "password": PASSWORD}, status=429)


def test_reading_requests_cannot_write(app):
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    from quizapp.db import db

    with app.test_request_context("/"), pytest.raises(DBAPIError, match=r"read-?only"):
        db.session.execute(text("DELETE FROM failed_sign_in"))
