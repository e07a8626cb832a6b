"""The administrator adds people, and people come and go."""

import re

from sqlalchemy import select

from quizapp.people.models import User
from tests.client import Client


def test_a_person_is_added_and_signs_in_with_the_code(app, sign_in, cast, session):
    browser = sign_in(cast.iara)
    browser.get("/admin/people/new")
    page = browser.post(
        "/admin/people/new",
        {
            "name": "Zeca Novo",
            "role": "agent",
            "employee_number": "7007",
            "email": "",
            "teams": [cast.norte.public_id],
        },
    )
    code = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", page)[0]
    zeca = Client(app)
    zeca.get("/first-access")
    new = "a frase do Zeca"
    page = zeca.post(
        "/first-access", {"identifier": "7007", "code": code, "password": new, "again": new}
    )
    assert "Zeca" in page
    assert "Zeca Novo" in sign_in(cast.bruno).get("/teams")


def test_the_page_of_a_code_loaded_again_says_kindly_what_to_do(sign_in, cast, session):
    browser = sign_in(cast.iara)
    fields = {"name": "Zeca Novo", "role": "agent", "employee_number": "7007", "email": ""}
    browser.post("/admin/people/new", fields)
    page = browser.post("/admin/people/new", fields)
    zeca = session.scalars(select(User).where(User.employee_number == "7007")).one()
    assert f'action="/admin/people/{zeca.public_id}/code"' in page
    assert "alert-warning" in page
    browser.post("/admin/people/new", {**fields, "name": "Outro"}, status=422)
    browser.post(f"/admin/people/{zeca.public_id}/leave")
    browser.post(f"/admin/people/{zeca.public_id}/return")
    again = browser.post(f"/admin/people/{zeca.public_id}/return")
    assert f'action="/admin/people/{zeca.public_id}/code"' in again


def test_what_is_wrong_is_said_beside_the_form(sign_in, cast):
    browser = sign_in(cast.iara)
    browser.get("/admin/people/new")
    fields = {"name": "Outra", "role": "agent", "employee_number": "1001"}
    page = browser.post("/admin/people/new", fields, status=422)
    assert 'role="alert"' in page
    assert 'value="Outra"' in page


def test_a_person_leaves_and_returns(sign_in, cast, session):
    agent, admin = sign_in(cast.ana), sign_in(cast.iara)
    admin.get("/admin/people")
    admin.post(f"/admin/people/{cast.ana.public_id}/leave")
    assert "/sign-out" not in agent.get("/"), "the session ends"
    page = admin.post(f"/admin/people/{cast.ana.public_id}/return")
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    count = session.execute(select(User).where(User.name == "Ana Agente")).scalars().all()
    assert len(count) == 1


def test_the_last_administrator_cannot_leave(sign_in, cast, session):
    admin = sign_in(cast.iara)
    admin.get("/admin/people")
    admin.post(f"/admin/people/{cast.iara.public_id}/leave")
    assert "/sign-out" in admin.get("/admin/people")


def test_teams_are_added(sign_in, cast):
    admin = sign_in(cast.iara)
    admin.get("/admin/people")
    assert "Leste" in admin.post("/admin/teams", {"team": "Leste"})
    admin.post("/admin/teams", {"team": "Leste"})


def test_a_name_that_certificates_cannot_print_is_said(sign_in, cast, session):
    browser = sign_in(cast.iara)
    cast.iara.locale = "en"
    fields = {"role": "agent", "email": ""}
    page = browser.post(
        "/admin/people/new", {**fields, "name": "王小明", "employee_number": "7007"}
    )
    assert "cannot print" in page
    named = session.scalars(select(User).where(User.employee_number == "7007")).one()
    assert "cannot print" in browser.get(f"/admin/people/{named.public_id}")
    page = browser.post(
        "/admin/people/new", {**fields, "name": "Ľuboš Ἀθηνᾶ Жук", "employee_number": "7008"}
    )
    assert "cannot print" not in page
