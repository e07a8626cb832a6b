"""What a renewal asks to be read again, and from whom."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.certification import rereading
from quizapp.certification.models import Enrolment, Program, ProgramRevision, ProgramStep, Waiver
from quizapp.content.models import SectionMove
from quizapp.study import reading
from tests.conftest import TODAY

NOW = clock.now()


@pytest.fixture
def revision(session, content):
    program = Program(slug="base", path="base.md")
    session.add(program)
    session.flush()
    made = ProgramRevision(
        program_id=program.id,
        number=1,
        title="Base",
        language="pt-BR",
        rules={},
        intro_html="",
        source="",
        source_hash="",
        origin="page",
        reason="",
        at=NOW,
        by="test",
        steps=[
            ProgramStep(position=1, kind="read", slug="conexao", anchor="verificacao"),
            ProgramStep(position=2, kind="quiz", slug="oito", anchor=""),
        ],
    )
    session.add(made)
    session.flush()
    return made


def enrol(session, revision, user, cycle, ended_at=None):
    enrolment = Enrolment(
        program_id=revision.program_id,
        program_revision_id=revision.id,
        user_id=user.id,
        cycle=cycle,
        since=NOW - timedelta(days=2),
        ended_at=ended_at,
    )
    session.add(enrolment)
    session.flush()
    return enrolment


def stands(session, user):
    shown = reading.text_of(session, "conexao", TODAY)
    places = [part.anchor for part in shown.parts]
    return reading.states(session, user.id, shown)[places.index("verificacao")]


def read_long_ago(session, user):
    shown = reading.text_of(session, "conexao", TODAY)
    for part in shown.parts:
        reading.acknowledge(
            session, user, shown, part.anchor, part.hash, now=NOW - timedelta(days=300)
        )


def test_an_open_renewal_asks_anew_for_its_steps(session, cast, revision):
    read_long_ago(session, cast.ana)
    read_long_ago(session, cast.bia)
    enrol(session, revision, cast.ana, 2)
    assert stands(session, cast.ana) == "anew"
    assert stands(session, cast.bia) == "read"
    shown = reading.text_of(session, "conexao", TODAY)
    assert reading.states(session, cast.ana.id, shown).count("read") == len(shown.parts) - 1


def test_a_first_cycle_counts_what_was_read_before(session, cast, revision):
    read_long_ago(session, cast.ana)
    enrol(session, revision, cast.ana, 1)
    assert stands(session, cast.ana) == "read"


def test_a_renewal_that_ended_asks_nothing(session, cast, revision):
    read_long_ago(session, cast.ana)
    enrol(session, revision, cast.ana, 2, ended_at=NOW)
    assert stands(session, cast.ana) == "read"


def test_a_section_under_a_new_heading_is_asked_for_there(session, cast, revision):
    read_long_ago(session, cast.ana)
    enrol(session, revision, cast.ana, 2)
    shown = reading.text_of(session, "conexao", TODAY)
    parts = [
        replace(part, anchor="confirmacao") if part.anchor == "verificacao" else part
        for part in shown.parts
    ]
    renamed = replace(shown, parts=tuple(parts))
    assert rereading.asked_anew(session, cast.ana.id, renamed) == {}
    session.add(
        SectionMove(
            procedure_id=shown.procedure_id,
            revision_id=shown.revision_id,
            old_anchor="verificacao",
            new_anchor="confirmacao",
            how="renamed",
            state="recognised",
            candidates=[],
        )
    )
    session.flush()
    assert list(rereading.asked_anew(session, cast.ana.id, renamed)) == ["confirmacao"]


def test_a_waived_step_is_not_asked_anew(session, cast, revision):
    read_long_ago(session, cast.ana)
    enrolment = enrol(session, revision, cast.ana, 2)
    waiver = Waiver(
        enrolment_id=enrolment.id,
        kind="read",
        slug="conexao",
        anchor="verificacao",
        reason="knows it",
        at=NOW,
        by="test",
    )
    session.add(waiver)
    session.flush()
    assert stands(session, cast.ana) == "read"
    waiver.ended_at = NOW
    session.flush()
    assert stands(session, cast.ana) == "anew"
