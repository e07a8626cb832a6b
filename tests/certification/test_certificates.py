"""What a certificate says today: its state by the day of its person, and nothing more."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.certification import certificates, lookups
from quizapp.certification.models import MissedLookup, certificate_code
from quizapp.errors import Missing, TooMany
from tests.certification.certified import act, certify, fields


def test_it_prints_the_name_and_nothing_else_about_the_person(app, session, cast):
    cast.ana.email = "ana@example.org"
    row = certify(session, cast.ana)
    said = str(row.printed)
    assert "Ana Agente" in said
    for private in ("1001", "ana@example.org", cast.ana.public_id, "Norte"):
        assert private not in said


def test_it_names_the_company_the_issuer_and_where_to_check_it(app, session):
    app.config.update(
        COMPANY="Acme", CERTIFICATE_ISSUER="Téo, Treinamento", PUBLIC_URL="https://quiz.example.com"
    )
    printed = fields("Ana", code="0f" * 16)
    assert printed["company"] == "Acme"
    assert printed["issuer"] == "Téo, Treinamento"
    assert printed["address"] == "https://quiz.example.com/c/" + "0f" * 16


@pytest.mark.parametrize(
    "acts, state",
    [
        ([], "valid"),
        (["revoked"], "revoked"),
        (["revoked", "reinstated"], "valid"),
        (["revoked", "reinstated", "revoked"], "revoked"),
    ],
)
def test_the_last_act_counts(session, cast, acts, state):
    row = certify(session, cast.ana, valid_until=None)
    certify(session, cast.bia)
    for what in acts:
        act(session, row, what)
    assert certificates.find(session, row.code, clock.now()).state == state


@pytest.mark.parametrize(
    "zone, at, state",
    [
        (None, datetime(2027, 11, 21, 2, 59, tzinfo=UTC), "valid"),  # 23:59 in São Paulo
        (None, datetime(2027, 11, 21, 3, 0, tzinfo=UTC), "expired"),
        ("America/Rio_Branco", datetime(2027, 11, 21, 4, 59, tzinfo=UTC), "valid"),
        ("America/Rio_Branco", datetime(2027, 11, 21, 5, 0, tzinfo=UTC), "expired"),
    ],
)
def test_it_expires_when_the_last_day_is_over_where_its_person_lives(
    session, cast, zone, at, state
):
    cast.ana.zone = zone
    row = certify(session, cast.ana, valid_until=date(2027, 11, 20))
    found = certificates.find(session, row.code, at).state
    assert (found == "expired") == (state == "expired")


@pytest.mark.parametrize("code", ["", "x", "A" * 32, "0" * 31, "0" * 33, "0" * 31 + "\n", "٠" * 32])
def test_what_is_no_identifier_is_not_there(session, cast, code):
    with pytest.raises(Missing):
        certificates.find(session, code, clock.now())


def test_an_identifier_is_understood_as_people_copy_it():
    code = "0123456789abcdef" * 2
    for typed in (
        code,
        code.upper(),
        " 0123 4567 89ab cdef  0123-4567-89ab-cdef\n",
        f"https://quiz.example.com/c/{code}",
        f"https://quiz.example.com/c/{code}/",
    ):
        assert certificates.code_of(typed) == code


def test_who_misses_too_often_waits_and_others_do_not(session, cast):
    row, now = certify(session, cast.ana), clock.now()
    for _ in range(lookups.MOST):
        lookups.guard(session, "203.0.113.7", now)
        lookups.count(session, "203.0.113.7", now)
    with pytest.raises(TooMany):
        lookups.guard(session, "203.0.113.7", now)
    lookups.guard(session, "203.0.113.8", now)
    assert certificates.find(session, row.code, now)
    later = now + lookups.WINDOW
    lookups.guard(session, "203.0.113.7", later)
    lookups.count(session, "203.0.113.9", later)
    assert session.scalars(select(MissedLookup.address)).all() == ["203.0.113.9"]


def test_an_address_of_ipv6_counts_with_its_whole_network():
    assert lookups.place("2001:db8:1:2:3:4:5:6") == lookups.place("2001:db8:1:2:ffff::1")
    assert lookups.place("2001:db8:1:2::1") != lookups.place("2001:db8:1:3::1")
    assert lookups.place("::ffff:203.0.113.7") == "203.0.113.7"
    assert lookups.place("unix socket") == "unix socket"


@pytest.mark.slow
def test_a_hundred_thousand_guesses_find_none_and_are_limited(session, cast):
    now = clock.now()
    for user in (cast.ana, cast.bia, cast.gil):
        certify(session, user)
    found = limited = 0
    for n in range(100_000):
        address = f"198.51.100.{n % 20}"
        try:
            lookups.guard(session, address, now)
            certificates.find(session, certificate_code(), now)
            found += 1
        except Missing:
            lookups.count(session, address, now)
        except TooMany:
            limited += 1
    assert found == 0
    assert limited == 100_000 - 20 * lookups.MOST
    assert session.query(MissedLookup).count() == 20 * lookups.MOST
