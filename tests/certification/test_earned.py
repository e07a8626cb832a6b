"""From what a person did to the paper: the certificate of an award as the rules give it."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.certification import awarding, certificates, checking, document, signing
from quizapp.certification.rules import Step
from quizapp.content import banks, keys
from quizapp.errors import Refused
from quizapp.evidence.models import EvidenceEntry
from quizapp.people import calendars
from quizapp.quiz import quizzes
from tests.certification.making import (
    PASS,
    READ_ALL,
    READ_ONE,
    acknowledge,
    add_program,
    awards,
    enrol,
    sit,
)
from tests.quiz.making import bank_text, import_text


def test_it_names_the_sections_that_were_read_and_the_quizzes_that_were_passed(session, cast, quiz):
    enrol(session, add_program(session, READ_ALL, PASS), cast.ana)
    acknowledge(session, cast.ana)
    sit(session, cast.ana, quiz)
    (row,) = awards(session, cast.ana)
    today = calendars.day_of(None, clock.now()).isoformat()
    printed = row.printed
    assert (printed["name"], printed["program"]) == ("Ana Agente", "Trilha trilha")
    assert (printed["minutes"], printed["awarded_on"]) == (240, today)
    assert printed["code"] == row.code
    assert len(printed["sections"]) > 1
    assert {(one["procedure"], one["on"]) for one in printed["sections"]} == {
        (printed["sections"][0]["procedure"], today)
    }
    assert [one["on"] for one in printed["quizzes"]] == [today]
    assert printed["waived"] == []
    assert signing.is_sealed(session, printed, row.signing_key_id, row.signature)
    (entry,) = session.scalars(
        select(EvidenceEntry).where(EvidenceEntry.kind == "certification.awarded")
    )
    assert json.loads(entry.data)["printed"] == signing.digest(printed)
    data = document.pdf(printed, row.signing_key_id, row.signature)
    session.commit()
    assert checking.check(session, data, clock.now()).verdict == "genuine"


def test_the_page_says_provisional_while_a_key_is_in_review_and_expired_a_year_later(
    session, cast, content, client
):
    now = clock.now()
    import_text(session, "novo", bank_text("novo", 3))
    ids = [place.revision.id for place in banks.places(session, banks.find(session, "novo"))]
    keys.publish(session, "novo", ids, by="teo", now=now, review_days=5, second=False)
    quizzes.publish(session, banks.find(session, "novo"), 75, by="teo", now=now)
    enrol(session, add_program(session, Step("quiz", "novo")), cast.ana)
    sit(session, cast.ana, session.scalars(select(quizzes.Quiz)).one())
    (row,) = awards(session, cast.ana)
    session.commit()
    assert "certificate-provisional" in client.get(f"/c/{row.code}")
    found = certificates.find(session, row.code, clock.now() + timedelta(days=400))
    assert (found.state, found.is_valid) == ("expired", False)


def test_what_was_recorded_says_so_and_names_nothing_that_was_not_done_here(session, cast, content):
    program = add_program(session, READ_ONE)
    row = awarding.record(
        session,
        cast.ana,
        program,
        awarded_on=date(2026, 1, 2),
        valid_until=date(2027, 1, 2),
        reason="curso do fabricante",
        by=cast.teo.public_id,
        now=clock.now(),
    )
    assert row.printed["source"] == "recorded"
    assert row.printed["sections"] == row.printed["quizzes"] == []
    assert "fabricante" not in str(row.printed)
    assert document.pdf(row.printed, row.signing_key_id, row.signature).startswith(b"%PDF")


def test_the_same_is_recorded_once_unless_it_was_revoked(session, cast, content):
    program = add_program(session, READ_ONE)
    told = {"by": cast.teo.public_id, "now": clock.now(), "reason": "curso do fabricante"}
    days = {"awarded_on": date(2026, 1, 2), "valid_until": date(2027, 1, 2)}
    first = awarding.record(session, cast.ana, program, **days, **told)
    with pytest.raises(Refused):
        awarding.record(session, cast.ana, program, **days, **told)
    until = {**days, "valid_until": date(2028, 1, 2)}
    longer = awarding.record(session, cast.ana, program, **until, **told)
    awarding.revoke(session, first, **told)
    awarding.revoke(session, longer, **told)
    awarding.record(session, cast.ana, program, **days, **told)
    assert len(awards(session, cast.ana)) == 3
