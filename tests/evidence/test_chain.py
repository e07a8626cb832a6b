"""The chain: it grows, it shows changes, and the database refuses them."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from quizapp import clock
from quizapp.evidence import chain
from tests.databases import drop_triggers


def grow(session, count=3):
    for i in range(count):
        data = {"i": i, "é": "ã"}
        chain.append(session, "test", by="a", about=f"x{i}", at=clock.now(), data=data)
    session.commit()


def test_an_empty_chain_is_unbroken(session):
    assert chain.first_break(session) is None
    assert chain.head(session) == (0, chain.GENESIS)


def test_entries_follow_from_one_another(session):
    grow(session)
    assert chain.first_break(session) is None
    assert chain.head(session)[0] == 3


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE evidence_entry SET data = '{}' WHERE seq = 2",
        "UPDATE evidence_entry SET by = 'b' WHERE seq = 2",
        "UPDATE evidence_entry SET at = '2020-01-01 00:00:00.000000' WHERE seq = 2",
        "DELETE FROM evidence_entry WHERE seq = 2",
        "UPDATE evidence_entry SET hash = previous WHERE seq = 2",
    ],
)
def test_a_change_shows_at_its_entry(session, change):
    grow(session)
    names = ("evidence_entry_no_update", "evidence_entry_no_delete")
    drop_triggers(session, "evidence_entry", *names)
    session.execute(text(change))
    assert chain.first_break(session) == 2


@pytest.mark.parametrize(
    "change", ["UPDATE evidence_entry SET by = 'b'", "DELETE FROM evidence_entry"]
)
def test_the_database_refuses_to_change_evidence(session, change):
    grow(session)
    with pytest.raises(DatabaseError, match="immutable"):
        session.execute(text(change))
