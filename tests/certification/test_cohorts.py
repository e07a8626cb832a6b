"""People who are trained together, when they meet and who was there."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.certification import cohorts, meetings, progress
from quizapp.certification.cohorts import Plan
from quizapp.errors import Invalid, Missing, Refused
from quizapp.evidence.models import EvidenceEntry
from tests.certification.making import PASS, READ_ONE, add_program

PLAN = Plan("N1 março", None, None, date(2026, 3, 2), date(2026, 3, 31))
MEETING = date(2026, 3, 3)


def told():
    return {"by": "t", "now": clock.now()}


@pytest.fixture
def cohort(session, cast):
    """Ana and Gil, who meet once; beside another cohort in which Bia is."""
    made = cohorts.begin(session, PLAN, **told())
    cohorts.add_members(session, made, [cast.gil, cast.ana], **told())
    meetings.add(session, made, MEETING, 90, **told())
    other = cohorts.begin(session, replace(PLAN, name="Outra"), **told())
    cohorts.add_members(session, other, [cast.bia], **told())
    held = meetings.add(session, other, MEETING, None, **told())
    given = {cast.bia.public_id: "absent"}
    meetings.keep_attendance(session, other, held, given, **told())
    return made


def data_of(session, kind, cohort):
    rows = session.scalars(
        select(EvidenceEntry.data)
        .where(EvidenceEntry.kind == kind, EvidenceEntry.about == cohort.public_id)
        .order_by(EvidenceEntry.seq)
    )
    return [json.loads(row) for row in rows]


@pytest.mark.parametrize(
    "fault",
    [
        {"name": "  "},
        {"name": "N1 março"},
        {"name": "x" * 201},
        {"ends_on": date(2026, 3, 1)},
        {"starts_on": date(206, 3, 1)},
    ],
)
def test_a_plan_that_cannot_be_is_refused(session, cohort, fault):
    with pytest.raises(Invalid):
        cohorts.begin(session, replace(PLAN, **{"name": "Nova", **fault}), **told())


def test_a_cohort_may_keep_its_name_when_it_is_changed(session, cohort, cast):
    cohorts.change(session, cohort, replace(PLAN, instructor_id=cast.teo.id), **told())
    with pytest.raises(Invalid):
        cohorts.change(session, cohort, replace(PLAN, name="Outra"), **told())
    assert [(one.name, one.instructor, one.members) for one in cohorts.listed(session)] == [
        ("Outra", None, 1),
        ("N1 março", "Téo Instrutor", 2),
    ]


def test_the_evidence_says_what_the_cohort_is(session, cohort, cast, content):
    program = add_program(session, READ_ONE)
    plan = Plan("N1 abril", program.id, cast.teo.id, date(2026, 4, 1), None)
    cohorts.change(session, cohort, plan, **told())
    assert data_of(session, "cohort.changed", cohort) == [
        {
            "name": "N1 abril",
            "program": program.slug,
            "instructor": cast.teo.public_id,
            "starts_on": "2026-04-01",
            "ends_on": None,
        }
    ]


def test_people_join_once_leave_and_join_again(session, cohort, cast):
    assert cohorts.add_members(session, cohort, [cast.ana, cast.bia], **told()) == 1
    assert cohorts.add_members(session, cohort, [cast.ana, cast.bia], **told()) == 0
    names = [member.name for member in cohorts.members(session, cohort.id)]
    assert names == ["Ana Agente", "Bia Agente", "Gil Agente"]
    cohorts.remove_member(session, cohort, cast.bia, **told())
    with pytest.raises(Missing):
        cohorts.remove_member(session, cohort, cast.bia, **told())
    assert cohorts.add_members(session, cohort, [cast.bia], **told()) == 1
    assert data_of(session, "cohort.members", cohort)[1:] == [
        {"added": [cast.bia.public_id]},
        {"removed": [cast.bia.public_id]},
        {"added": [cast.bia.public_id]},
    ]


@pytest.mark.parametrize(
    "on, minutes",
    [
        (MEETING, None),  # there is one
        (date(2026, 3, 1), None),
        (date(2026, 4, 1), None),
        (date(2026, 3, 4), 0),
        (date(2026, 3, 4), 1441),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(session, cohort, on, minutes):
    with pytest.raises(Invalid):
        meetings.add(session, cohort, on, minutes, **told())


def test_attendance_keeps_the_last_word_and_records_what_changed(session, cohort, cast):
    held = meetings.find(session, cohort, MEETING)
    ana, gil = cast.ana.public_id, cast.gil.public_id
    given = {ana: "present", gil: "absent"}
    assert meetings.keep_attendance(session, cohort, held, given, **told()) == 2
    assert meetings.keep_attendance(session, cohort, held, given, **told()) == 0
    given[gil] = "excused"
    assert meetings.keep_attendance(session, cohort, held, given, **told()) == 1
    assert meetings.states(session, held) == {cast.ana.id: "present", cast.gil.id: "excused"}
    assert meetings.attendance(session, cohort.id) == {
        cast.ana.id: {MEETING: "present"},
        cast.gil.id: {MEETING: "excused"},
    }
    assert data_of(session, "cohort.attendance", cohort) == [
        {"on": "2026-03-03", "states": {ana: "present", gil: "absent"}},
        {"on": "2026-03-03", "states": {gil: "excused"}},
    ]


def test_attendance_is_kept_of_those_expected_alone(session, cohort, cast):
    held = meetings.find(session, cohort, MEETING)
    for error, given in (
        (Missing, {cast.bia.public_id: "present"}),
        (Invalid, {cast.ana.public_id: "late"}),
    ):
        with pytest.raises(error):
            meetings.keep_attendance(session, cohort, held, given, **told())


def test_who_left_the_cohort_stays_on_the_list_of_a_meeting(session, cohort, cast):
    held = meetings.find(session, cohort, MEETING)
    given = {cast.ana.public_id: "present"}
    meetings.keep_attendance(session, cohort, held, given, **told())
    for gone in (cast.ana, cast.gil):
        cohorts.remove_member(session, cohort, gone, **told())
    assert [member.name for member in meetings.expected(session, held)] == ["Ana Agente"]


def test_a_meeting_with_attendance_is_not_taken_off(session, cohort, cast):
    held = meetings.find(session, cohort, MEETING)
    spare = meetings.add(session, cohort, date(2026, 3, 5), None, **told())
    meetings.remove(session, cohort, spare, **told())
    given = {cast.ana.public_id: "present"}
    meetings.keep_attendance(session, cohort, held, given, **told())
    with pytest.raises(Refused):
        meetings.remove(session, cohort, held, **told())
    assert [one.on for one in meetings.of_cohort(session, cohort.id)] == [MEETING]


def open_enrolments(session, user):
    return progress.open_enrolments(session, [user.id])


def test_whoever_joins_is_enrolled_in_what_the_cohort_must_hold(session, cohort, cast, quiz):
    program = add_program(session, PASS)
    add_program(session, PASS, slug="outra")
    with pytest.raises(Invalid):
        cohorts.ask(session, cohort, None, **told())
    cohorts.change(session, cohort, replace(PLAN, program_id=program.id), **told())
    due = (clock.now() + timedelta(days=30)).date()
    for _ in range(2):  # twice is once
        asked = cohorts.ask(session, cohort, due, **told())
    assert cohorts.asked_of(session, cohort) == [asked]
    cohorts.add_members(session, cohort, [cast.hugo], **told())
    for user in (cast.ana, cast.gil, cast.hugo):
        enrolment = open_enrolments(session, user)[0]
        assert (enrolment.program_id, enrolment.due_on) == (program.id, due)
    assert open_enrolments(session, cast.bia) == []
    cohorts.remove_member(session, cohort, cast.hugo, **told())
    assert open_enrolments(session, cast.hugo) == []


def test_a_closed_cohort_changes_no_more_until_it_is_reopened(session, cohort, cast):
    held = meetings.find(session, cohort, MEETING)
    cohorts.close(session, cohort, **told())
    given = {cast.ana.public_id: "present"}
    for change in (
        lambda: cohorts.close(session, cohort, **told()),
        lambda: cohorts.change(session, cohort, PLAN, **told()),
        lambda: cohorts.ask(session, cohort, None, **told()),
        lambda: cohorts.add_members(session, cohort, [cast.bia], **told()),
        lambda: cohorts.remove_member(session, cohort, cast.ana, **told()),
        lambda: meetings.add(session, cohort, date(2026, 3, 4), None, **told()),
        lambda: meetings.remove(session, cohort, held, **told()),
        lambda: meetings.keep_attendance(session, cohort, held, given, **told()),
    ):
        with pytest.raises(Refused, match=r"closed|encerrada"):
            change()
    cohorts.reopen(session, cohort, **told())
    with pytest.raises(Missing):
        cohorts.reopen(session, cohort, **told())
    assert cohorts.add_members(session, cohort, [cast.bia], **told()) == 1
