"""Signing in, codes, limits."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.errors import Invalid, TooMany
from quizapp.people import access, passwords, teams
from quizapp.people.models import FailedSignIn, OneTimeCode
from tests.conftest import PASSWORD

HERE = "10.0.0.1"


def attempt(session, name, password, now=None, address=HERE):
    return access.sign_in(session, name, password, address=address, now=now or clock.now())


def test_a_person_signs_in_by_number_or_email(session, cast):
    cast.ana.email = "ana@example.org"
    session.flush()
    assert attempt(session, "1001", PASSWORD) is cast.ana
    assert attempt(session, " ANA@example.org ", PASSWORD) is cast.ana


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(session, cast):
    assert attempt(session, "1001", "not this one") is None
    assert attempt(session, "nobody", "not this one") is None


def test_both_do_the_work_of_a_verification(session, cast, monkeypatch):
    worked = []

    class Counting:
        def verify(self, hashed, password):
            worked.append(hashed)
            raise passwords.VerificationError

        def hash(self, password):
            return "some hash"

    monkeypatch.setattr(passwords, "hasher", Counting)
    attempt(session, "1001", "x")
    attempt(session, "nobody", "x")
    assert len(worked) == 2


def test_the_limit_ends_after_its_window(session, cast):
    now = clock.now()
    for _ in range(access.LIMIT.here):
        assert attempt(session, "1001", "wrong", now) is None
    with pytest.raises(TooMany):
        attempt(session, "1001", PASSWORD, now)
    later = now + access.WINDOW + timedelta(seconds=1)
    assert attempt(session, "1001", PASSWORD, later) is cast.ana


def test_the_limit_of_one_name_does_not_stop_another_at_the_same_address(session, cast):
    now = clock.now()
    for _ in range(access.LIMIT.here):
        attempt(session, "1001", "wrong", now)
    assert attempt(session, "1002", PASSWORD, now) is cast.bia


def test_a_name_is_limited_over_many_addresses(session, cast):
    now = clock.now()
    for i in range(access.LIMIT.name):
        attempt(session, "1001", "wrong", now, address=f"10.1.{i}.1")
    with pytest.raises(TooMany):
        attempt(session, "1001", PASSWORD, now, address="10.2.0.1")


def test_what_was_typed_is_not_kept(session, cast):
    attempt(session, "my secret typed in the wrong field", "x")
    rows = session.execute(select(FailedSignIn)).scalars().all()
    assert len(rows) == 1
    assert "secret" not in rows[0].name_hash


def test_a_code_sets_a_password_once(session, cast):
    now = clock.now()
    before = cast.ana.session_token
    code = access.issue_code(session, cast.ana, by=cast.bruno, now=now)
    written = code.lower().replace("-", " ")
    done = access.redeem_code(session, "1001", written, "uma frase nova", address=HERE, now=now)
    assert done is cast.ana
    assert cast.ana.session_token != before
    assert attempt(session, "1001", "uma frase nova") is cast.ana
    again = access.redeem_code(session, "1001", code, "outra frase nova", address=HERE, now=now)
    assert again is None


def test_a_code_expires_and_a_new_one_ends_the_old(session, cast):
    now = clock.now()
    first = access.issue_code(session, cast.ana, by=None, now=now)
    second = access.issue_code(session, cast.ana, by=None, now=now)
    new = "uma frase nova"
    assert access.redeem_code(session, "1001", first, new, address=HERE, now=now) is None
    late = now + access.CODE_LIFE
    assert access.redeem_code(session, "1001", second, new, address=HERE, now=late) is None


def test_a_code_is_only_good_for_its_owner(session, cast):
    now = clock.now()
    code = access.issue_code(session, cast.ana, by=None, now=now)
    done = access.redeem_code(session, "1002", code, "uma frase nova", address=HERE, now=now)
    assert done is None


def test_guessing_codes_is_limited(session, cast):
    now = clock.now()
    access.issue_code(session, cast.ana, by=None, now=now)
    for _ in range(access.LIMIT.here):
        access.redeem_code(session, "1001", "AAAA-AAAA", "uma frase nova", address=HERE, now=now)
    with pytest.raises(TooMany):
        access.redeem_code(session, "1001", "AAAA-AAAA", "uma frase nova", address=HERE, now=now)


def test_a_code_is_not_kept_in_the_clear(session, cast):
    code = access.issue_code(session, cast.ana, by=None, now=clock.now())
    kept = session.execute(select(OneTimeCode.code_hash)).scalar_one()
    assert code not in kept
    assert len(kept) == 64


@pytest.mark.parametrize("poor", ["short", "1001", "aaaaaaaaaaaa", "Ana Agente", "x" * 201])
def test_poor_passwords_are_refused(app, cast, poor):
    with pytest.raises(Invalid):
        access.set_password(cast.ana, poor)


def test_changing_the_password_needs_the_present_one(session, cast):
    with pytest.raises(Invalid):
        access.change_password(session, cast.ana, "wrong", "uma frase nova", now=clock.now())
    access.change_password(session, cast.ana, PASSWORD, "uma frase nova", now=clock.now())
    assert attempt(session, "1001", "uma frase nova") is cast.ana


def test_who_left_cannot_sign_in_and_is_the_same_person_on_return(session, cast):
    now = clock.now()
    teams.leave(session, cast.ana, by="t", now=now)
    assert attempt(session, "1001", PASSWORD) is None
    assert teams.team_of(session, cast.ana.id) is None
    teams.come_back(session, cast.ana, by="t", now=now)
    assert attempt(session, "1001", PASSWORD) is None, "the old password does not return"
    code = access.issue_code(session, cast.ana, by=None, now=now)
    back = access.redeem_code(session, "1001", code, "uma frase nova", address=HERE, now=now)
    assert back is cast.ana


def test_failures_outside_the_window_are_forgotten(session, cast):
    now = clock.now()
    attempt(session, "1001", "wrong", now)
    attempt(session, "1001", "wrong", now + access.WINDOW * 2)
    assert session.execute(select(func.count(FailedSignIn.id))).scalar_one() == 1
