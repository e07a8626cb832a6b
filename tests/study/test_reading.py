"""One's word about a section: about the text shown, once, and again where it is asked anew."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from quizapp import clock
from quizapp.errors import Missing
from quizapp.study import reading
from quizapp.study.models import Acknowledgement
from tests.conftest import TODAY


@pytest.fixture
def shown(session, content):
    return reading.text_of(session, "conexao", TODAY)


@pytest.fixture
def anew(monkeypatch):
    """What renewals ask anew, by anchor, for the test to fill."""
    asked = {}
    monkeypatch.setattr(reading, "asked_anew", [lambda _session, user, _shown: asked.get(user, {})])
    return asked


def say(session, user, shown, anchor, now=None):
    part = next(part for part in shown.parts if part.anchor == anchor)
    return reading.acknowledge(session, user, shown, anchor, part.hash, now=now or clock.now())


def state(session, user, shown, anchor):
    places = [part.anchor for part in shown.parts]
    return reading.states(session, user.id, shown)[places.index(anchor)]


def words(session):
    return session.scalar(select(func.count()).select_from(Acknowledgement))


def test_it_is_said_once_for_a_text(session, cast, shown):
    assert say(session, cast.ana, shown, "verificacao")
    assert say(session, cast.ana, shown, "verificacao")
    assert words(session) == 1
    assert state(session, cast.ana, shown, "verificacao") == "read"
    assert state(session, cast.ana, shown, "encerramento") == "new"
    assert state(session, cast.bia, shown, "verificacao") == "new"
    assert reading.read_counts(session, cast.ana.id, TODAY) == {shown.procedure_id: 1}


def test_it_is_not_taken_for_another_text_or_place(session, cast, shown):
    assert not reading.acknowledge(session, cast.ana, shown, "verificacao", "x", now=clock.now())
    with pytest.raises(Missing):
        reading.acknowledge(session, cast.ana, shown, "nowhere", "x", now=clock.now())
    assert words(session) == 0


def test_a_renewal_asks_for_it_anew_and_the_first_stays(session, cast, shown, anew):
    now = clock.now()
    say(session, cast.ana, shown, "verificacao", now - timedelta(days=300))
    say(session, cast.ana, shown, "encerramento", now - timedelta(days=300))
    anew[cast.ana.id] = {"verificacao": now - timedelta(days=1)}
    assert state(session, cast.ana, shown, "verificacao") == "anew"
    assert state(session, cast.ana, shown, "encerramento") == "read", "it asks for that one alone"
    assert say(session, cast.ana, shown, "verificacao", now)
    assert state(session, cast.ana, shown, "verificacao") == "read"
    assert words(session) == 3
    assert reading.read_counts(session, cast.ana.id, TODAY) == {shown.procedure_id: 2}


def test_a_renewal_of_the_whole_procedure_asks_for_each_section(session, cast, shown, anew):
    now = clock.now()
    say(session, cast.ana, shown, "verificacao", now - timedelta(days=300))
    anew[cast.ana.id] = {"": now - timedelta(days=1)}
    assert state(session, cast.ana, shown, "verificacao") == "anew"
    anew[cast.ana.id] = {}
    anew[cast.bia.id] = {"": now}
    assert state(session, cast.ana, shown, "verificacao") == "read"


def test_who_waits_for_it_is_told_in_the_same_transaction(session, cast, shown, monkeypatch):
    told = []
    monkeypatch.setattr(
        reading, "acknowledged", [lambda own, user, now: told.append((own, user, words(own)))]
    )
    say(session, cast.ana, shown, "verificacao")
    say(session, cast.ana, shown, "verificacao")
    assert told == [(session, cast.ana.id, 1)]


def test_it_cannot_be_changed_or_taken_back(session, cast, shown):
    say(session, cast.ana, shown, "verificacao")
    session.commit()
    given = session.scalars(select(Acknowledgement)).one()
    session.delete(given)
    with pytest.raises(IntegrityError):
        session.flush()
