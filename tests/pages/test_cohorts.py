"""A trainer's cohorts: people, meetings, attendance on the screen and on paper."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from quizapp import clock
from quizapp.certification import cohorts, meetings, progress
from quizapp.certification.models import Cohort
from quizapp.db import db
from quizapp.people import calendars
from tests.certification.making import PASS, READ_ONE, acknowledge, add_program, enrol, sit
from tests.certification.test_cohorts import told

DUE = (clock.now() + timedelta(days=30)).date()
PLAN = {"name": "N1 março", "starts_on": "2026-03-02", "ends_on": "2026-03-31"}


@pytest.fixture
def trainer(sign_in, cast):
    return sign_in(cast.teo)


@pytest.fixture
def place(session, trainer):
    """The address of a cohort without anybody."""
    trainer.post("/trainer/cohorts/new", PLAN)
    session.expire_all()
    return f"/trainer/cohorts/{session.scalars(select(Cohort.public_id)).one()}"


def of(session, place):
    session.expire_all()
    return cohorts.find(session, place.rpartition("/")[2])


def names(session, place):
    return [one.name for one in cohorts.members(session, of(session, place).id)]


def test_a_cohort_is_made_and_changed(session, trainer, place, cast):
    assert "N1 março" in trainer.get("/trainer/cohorts")
    changed = {**PLAN, "name": "N1 abril", "instructor": cast.teo.public_id, "ends_on": ""}
    page = trainer.post(f"{place}/edit", changed)
    assert "Téo Instrutor" in page
    found = of(session, place)
    assert (found.name, found.instructor_id, found.ends_on) == ("N1 abril", cast.teo.id, None)
    assert f'value="{cast.teo.public_id}" selected' in trainer.get(f"{place}/edit")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"starts_on": ""},
        {"starts_on": "02/03/2026"},
        {"ends_on": "2026-03-01"},
        {"program": "77"},
        {"instructor": "nobody"},
    ],
)
def test_what_is_wrong_is_said_and_stays_in_the_form(session, trainer, place, change):
    for path in ("/trainer/cohorts/new", f"{place}/edit"):
        page = trainer.post(path, {**PLAN, "name": "Outra", **change}, status=422)
        assert 'role="alert"' in page
        assert change.get("starts_on", "2026-03-02") in page
    assert [one.name for one in cohorts.listed(session)] == ["N1 março"]


def test_people_join_by_team_and_by_number(session, trainer, place, cast):
    page = trainer.get(f"{place}/people?team={cast.norte.public_id}")
    ticked = re.findall(r'name="person" value="([^"]+)" checked', page)
    assert set(ticked) == {cast.ana.public_id, cast.bia.public_id}
    assert f'value="{cast.bruno.public_id}">' in page  # who leads them is trained when ticked
    trainer.post(f"{place}/people", {"team": cast.norte.public_id, "person": ticked})
    trainer.post(f"{place}/people", {"numbers": "2001, 1001\n2001"})
    assert names(session, place) == ["Ana Agente", "Bia Agente", "Gil Agente"]
    page = trainer.get(f"{place}/people?team={cast.norte.public_id}")
    assert 'name="person"' in page  # Bruno alone
    assert cast.ana.public_id not in page
    assert "Téo Instrutor" in trainer.get(f"{place}/people?team=none")
    trainer.post(f"{place}/people/{cast.gil.public_id}/remove")
    assert names(session, place) == ["Ana Agente", "Bia Agente"]


def test_unknown_people_are_refused_together(session, trainer, place, cast):
    page = trainer.post(f"{place}/people", {"numbers": "2001 7777 8888"}, status=422)
    assert "7777, 8888" in page
    assert "2001 7777 8888" in page
    trainer.post(f"{place}/people", {"person": "nobody"}, status=404)
    trainer.post(f"{place}/people", {}, status=422)
    assert names(session, place) == []


@pytest.fixture
def meeting(session, trainer, place, cast):
    """The address of a meeting of Ana and Gil."""
    trainer.post(f"{place}/people", {"numbers": "1001 2001"})
    trainer.post(f"{place}/meetings", {"on": "2026-03-03", "minutes": "90"})
    return f"{place}/meetings/2026-03-03"


def test_attendance_is_put_down_and_shown(session, trainer, place, meeting, cast):
    leave = "leave", of(session, place).starts_on, None
    calendars.add_absence(session, cast.gil, *leave, **told())
    page = trainer.get(meeting)
    # Nothing is put down yet: who is on leave is proposed as excused, nobody as present.
    checked = re.findall(r'name="state-(\w+)" value="(\w+)" checked', page)
    assert checked == [(cast.gil.public_id, "excused")]
    ana, gil = f"state-{cast.ana.public_id}", f"state-{cast.gil.public_id}"
    page = trainer.post(meeting, {ana: "present", gil: "excused"})
    assert "state-passed" in page
    found = of(session, place)
    held = meetings.of_cohort(session, found.id)[0]
    assert meetings.states(session, held) == {cast.ana.id: "present", cast.gil.id: "excused"}
    trainer.post(meeting, {f"state-{cast.bia.public_id}": "present"}, status=404)
    assert "alert-warning" in trainer.post(meeting, {ana: "late"})


def test_the_program_of_a_cohort_is_asked_of_it(session, trainer, place, meeting, cast, quiz):
    program = add_program(session, PASS)
    session.commit()
    trainer.post(f"{place}/edit", {**PLAN, "program": str(program.id)})
    assert "alert-warning" in trainer.post(f"{place}/ask", {"due_on": f"{DUE:%d/%m/%Y}"})
    page = trainer.post(f"{place}/ask", {"due_on": DUE.isoformat()})
    assert f"{DUE:%d/%m/%Y}" in page
    assert f'action="{place}/ask"' not in page
    session.expire_all()
    asked = progress.open_enrolments(session, [cast.ana.id, cast.bia.id])
    assert [(one.user_id, one.due_on) for one in asked] == [(cast.ana.id, DUE)]


def test_how_far_each_is_in_the_program_is_shown(session, trainer, place, meeting, cast, quiz):
    for slug in ("trilha", "outra"):
        program = add_program(session, READ_ONE, PASS, slug=slug)
        enrol(session, program, cast.ana)
        enrol(session, program, cast.bia)  # not of the cohort
    acknowledge(session, cast.ana, "verificacao")
    session.commit()
    assert "1/2" not in trainer.get(place)  # without a program
    page = trainer.post(f"{place}/edit", {**PLAN, "program": str(program.id)})
    assert page.count("state-under-way") == 1
    assert "1/2" in page
    assert "0/2" in page  # ready: none of two people
    sit(session, cast.ana, quiz)
    session.commit()
    page = trainer.get(place)
    assert "state-valid" in page
    assert "state-under-way" not in page


def test_a_large_cohort_costs_as_many_statements_as_a_small_one(
    session, trainer, place, meeting, cast, quiz
):
    program = add_program(session, READ_ONE, PASS)
    session.commit()
    trainer.post(f"{place}/edit", {**PLAN, "program": str(program.id)})
    trainer.post(f"{place}/ask", {"due_on": DUE.isoformat()})

    def statements():
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        trainer.get(place)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    few = statements()
    assert few < 40
    trainer.post(f"{place}/people", {"numbers": "1002 2002 9001 9002"})
    assert statements() == few


def test_the_list_for_paper_has_a_line_for_each(trainer, meeting, cast):
    page = trainer.get(f"{meeting}/list")
    for name in ("Ana Agente", "Gil Agente", "03/03/2026", "1001"):
        assert name in page
    assert "Bia Agente" not in page
    assert page.count("<tr>") == 1 + 2 + 4


def test_all_others_are_present_by_one_button(session, trainer, place, meeting, cast):
    trainer.post(meeting, {f"state-{cast.gil.public_id}": "absent", "others": "present"})
    held = meetings.of_cohort(session, of(session, place).id)[0]
    assert meetings.states(session, held) == {cast.ana.id: "present", cast.gil.id: "absent"}


def test_what_ends_something_asks_once_more(trainer, place, meeting, cast):
    page = trainer.get(place)
    people = f"{place}/people/{cast.ana.public_id}/remove"
    for address in (f"{place}/close", people, f"{meeting}/remove"):
        before = page[: page.index(f'action="{address}"')]
        assert before.count("<details") == before.count("</details>") + 1


def test_nobody_is_no_zero_people(trainer, place, cast):
    cast.teo.locale = "en"
    assert "nobody yet" in trainer.get("/trainer/cohorts")
    for said in ("joined", "already"):
        page = trainer.post(f"{place}/people", {"numbers": "1001"})
        assert said in page


def test_wrong_meetings_are_said_and_missing_ones_missing(trainer, place, meeting):
    for fields in (
        {"on": ""},
        {"on": "2026-03-03"},
        {"on": "2026-04-03"},
        {"on": "2026-03-04", "minutes": "an hour"},
        {"on": "2026-03-04", "minutes": "-5"},
        {"on": "2026-03-04", "minutes": "٣"},
    ):
        assert 'role="alert"' in trainer.post(f"{place}/meetings", fields, status=422)
    for wrong in ("2026-03-04", "tomorrow"):
        trainer.get(f"{place}/meetings/{wrong}", status=404)
        trainer.get(f"{place}/meetings/{wrong}/list", status=404)
    trainer.post(f"{meeting}/remove")
    trainer.get(meeting, status=404)


def test_a_closed_cohort_is_read_only(session, trainer, place, meeting, cast):
    trainer.post(f"{place}/close")
    assert of(session, place).closed_at is not None
    page = trainer.get(place)
    assert "/remove" not in page
    assert "alert-warning" in trainer.post(meeting, {f"state-{cast.ana.public_id}": "present"})
    trainer.post(f"{place}/people", {"numbers": "1002"}, status=422)
    trainer.post(f"{place}/edit", PLAN, status=422)
    trainer.post(f"{place}/reopen")
    assert of(session, place).closed_at is None
    trainer.post(f"{place}/reopen", status=404)


def test_cohorts_are_a_trainers(sign_in, cast, place, meeting):
    for user in (cast.ana, cast.bruno, cast.iara):
        browser = sign_in(user)
        for path in ("/trainer/cohorts", place, f"{place}/people", meeting, f"{meeting}/list"):
            browser.get(path, status=404)


def test_what_was_asked_of_a_cohort_can_be_ended_there(
    session, trainer, place, meeting, quiz, cast
):
    program = add_program(session, PASS)
    session.commit()
    trainer.post(f"{place}/edit", {**PLAN, "program": str(program.id)})
    trainer.post(f"{place}/ask-no-more", status=404)
    page = trainer.post(f"{place}/ask", {"due_on": DUE.isoformat()})
    assert f'action="{place}/ask-no-more"' in page
    page = trainer.post(f"{place}/ask-no-more")
    assert f'action="{place}/ask"' in page
    session.expire_all()
    assert cohorts.asked_of(session, of(session, place)) == []
    assert progress.open_enrolments(session, [cast.ana.id]) == []


def test_what_a_programs_text_asks_ends_with_its_line(session, trainer, place, meeting, quiz):
    program = add_program(session, PASS)
    session.commit()
    trainer.post(f"{place}/edit", {**PLAN, "program": str(program.id)})
    trainer.post(f"{place}/ask", {"due_on": DUE.isoformat()})
    session.expire_all()
    [asked] = cohorts.asked_of(session, of(session, place))
    asked.origin = "file"
    session.commit()
    assert "/ask-no-more" not in trainer.get(place)
    trainer.post(f"{place}/ask-no-more", status=404)
