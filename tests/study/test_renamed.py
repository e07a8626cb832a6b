"""A heading that is renamed over the same text asks nobody for their word again."""

import pytest
from sqlalchemy import event, func, select

from quizapp import clock
from quizapp.certification import assignments, awarding, progress
from quizapp.certification.assignments import Wanted
from quizapp.certification.models import CertificationBasis
from quizapp.certification.rules import Step
from quizapp.content import importer, moves
from quizapp.content.models import SectionMove
from quizapp.db import db
from quizapp.people import teams
from quizapp.reports import attention
from quizapp.reports import teams as reports
from quizapp.study import reading
from quizapp.study.models import Acknowledgement
from tests.certification.making import PASS, add_program, awards, enrol
from tests.conftest import TODAY
from tests.content.test_moves import BODY, MORE, OTHER, guide

BEFORE = (("Verificação", BODY), ("Fatura", OTHER))
AFTER = (("Primeiras checagens", BODY), ("Fatura", OTHER))


def bring(session, *sections):
    text = guide(*sections).encode()
    (report,) = importer.import_files(
        session,
        [importer.File("guia.md", "guia.md", text)],
        by="t",
        now=clock.now(),
        today=TODAY,
    )
    assert report.status in ("added", "updated"), report
    return shown(session)


def shown(session):
    return reading.text_of(session, "guia", TODAY)


def say(session, user, text, anchor):
    part = next(part for part in text.parts if part.anchor == anchor)
    reading.acknowledge(session, user, text, anchor, part.hash, now=clock.now())


def states(session, user):
    text = shown(session)
    found = reading.states(session, user.id, text)
    return {part.anchor: state for part, state in zip(text.parts, found, strict=True)}


def read_by(session, user):
    """How many sections are read, as one's own list and as the team's page say."""
    own = sum(reading.read_counts(session, user.id, TODAY).values())
    team = reports._read(session, 1, TODAY, clock.now())
    (row,) = [row for row in team.rows if row.public_id == user.public_id]
    assert row.read == own
    return own


@pytest.fixture
def read(session, cast):
    """Ana gave her word about a section; Bia about the other."""
    text = bring(session, *BEFORE)
    say(session, cast.ana, text, "verificacao")
    say(session, cast.bia, text, "fatura")


def test_the_reader_does_not_ask_again(session, cast, read):
    assert read_by(session, cast.ana) == 1
    text = bring(session, *AFTER)
    assert states(session, cast.ana)["primeiras-checagens"] == "read"
    assert states(session, cast.bia)["primeiras-checagens"] == "new"
    assert read_by(session, cast.ana) == 1
    say(session, cast.ana, text, "primeiras-checagens")
    assert session.scalar(select(func.count()).select_from(Acknowledgement)) == 2


def test_nor_after_several_names(session, cast, read):
    bring(session, *AFTER)
    bring(session, ("Antes de tudo", BODY), ("Fatura", OTHER))
    assert states(session, cast.ana)["antes-de-tudo"] == "read"
    assert read_by(session, cast.ana) == 1
    bring(session, *BEFORE)
    assert states(session, cast.ana)["verificacao"] == "read"
    assert read_by(session, cast.ana) == 1


def test_another_text_under_another_heading_has_changed(session, cast, read):
    bring(session, ("Primeiras checagens", BODY + " Sempre."), ("Fatura", OTHER))
    assert states(session, cast.ana)["primeiras-checagens"] == "changed"
    assert read_by(session, cast.ana) == 0


def test_a_move_that_nobody_decided_counts_for_nothing(session, cast, read):
    bring(session, *AFTER)
    move = session.scalars(select(SectionMove)).one()
    move.state, move.new_anchor = "asked", None
    session.flush()
    assert states(session, cast.ana)["primeiras-checagens"] == "new"
    assert read_by(session, cast.ana) == 0
    moves.decide(session, "guia", move.id, "primeiras-checagens", by="t", now=clock.now())
    assert states(session, cast.ana)["primeiras-checagens"] == "read"
    assert read_by(session, cast.ana) == 1


def test_a_path_counts_it_in_a_first_cycle(session, cast, read):
    program = add_program(session, Step("read", "guia"))
    bia, ana = (enrol(session, program, who) for who in (cast.bia, cast.ana))
    text = bring(session, *AFTER)
    steps = [path.steps[0].done for path in progress.paths(session, [bia, ana], clock.now())]
    assert steps == [1, 1]
    for part in text.parts:
        if part.anchor != "primeiras-checagens":
            say(session, cast.ana, text, part.anchor)
    awarding.settle(session, cast.ana.id, clock.now())
    [award] = awards(session, cast.ana)
    rests_on = session.scalars(
        select(CertificationBasis.anchor).where(CertificationBasis.certification_id == award.id)
    ).all()
    assert sorted(rests_on) == sorted(part.anchor for part in text.parts)


def test_a_text_whose_headings_stand_costs_no_look_for_others(session, cast, read):
    text = shown(session)
    session.commit()
    seen = []
    event.listen(db.engine, "before_cursor_execute", note := lambda *a: seen.append(a[2]))
    try:
        reading.states(session, cast.ana.id, text)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert not any("section_move" in one for one in seen)
    bring(session, ("Verificação", MORE), ("Fatura", OTHER))
    assert states(session, cast.ana)["verificacao"] == "changed"


@pytest.mark.parametrize("asked", ["verificacao", "primeiras-checagens", "antes-de-tudo"])
def test_nor_does_the_list_of_whom_to_see_to(session, cast, read, asked):
    """Whichever of its names the program's step has."""
    for heading in ("Primeiras checagens", "Antes de tudo"):
        bring(session, (heading, BODY), ("Fatura", OTHER))
    team = Wanted("team", cast.norte.public_id, due_days=9)
    rest = Step("read", "guia", "fatura")
    program = add_program(session, Step("read", "guia", asked), rest, slug="um")
    assignments.assign(session, program, team, by="t", now=clock.now())
    assert not_begun(session, cast.bruno) == []
    other = add_program(session, Step("read", "guia", asked), PASS, slug="dois")
    assignments.assign(session, other, team, by="t", now=clock.now())
    assert not_begun(session, cast.bruno) == ["Bia Agente"]
    text = shown(session)
    say(session, cast.bia, text, "antes-de-tudo")
    assert not_begun(session, cast.bruno) == []


def not_begun(session, leader):
    led = teams.led_teams(session, leader.id)
    lines = attention.of_teams(session, leader.id, led, clock.now()).lines
    assert {line.reason for line in lines} <= {"not-begun"}
    return [line.person.name for line in lines]
