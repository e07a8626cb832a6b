"""What people are told of programs: each thing once, on the right day for them, not while away."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from quizapp.certification import progress, reminders
from quizapp.certification.models import (
    Assignment,
    Certification,
    CertificationAct,
    Enrolment,
    Program,
    ProgramRevision,
)
from quizapp.certification.rules import ProgramRules
from quizapp.notices.models import Notice
from quizapp.people import calendars
from quizapp.people.models import Holiday
from quizapp.tasks import schedule

NOON = datetime(2026, 11, 23, 15, tzinfo=UTC)  # a Monday, 12:00 in São Paulo
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture
def program(session):
    """The program Suporte N1, and another that nobody is concerned by any more."""
    made = []
    for slug, retired in (("n1", None), ("velha", NOON)):
        program = Program(slug=slug, path="", published_at=NOON, retired_at=retired)
        session.add(program)
        session.flush()
        revision = ProgramRevision(
            program_id=program.id,
            number=1,
            title="Suporte N1" if retired is None else "Trilha velha",
            language="pt-BR",
            rules=ProgramRules(60, True, None).to_json(),
            intro_html="",
            source="",
            source_hash="",
            origin="page",
            reason="",
            at=NOON,
            by="test",
        )
        session.add(revision)
        session.flush()
        program.current_revision_id = revision.id
        made.append(program)
    session.commit()
    return made


@pytest.fixture
def enrol(session, program):
    def begun(
        user, due_on=None, since=NOON - 60 * DAY, *, cycle=1, of=0, assigned=True, asked_at=None
    ):
        assignment = Assignment(
            program_id=program[of].id,
            whose="everybody",
            target="",
            origin="page",
            at=asked_at or since,
            by="t",
        )
        session.add(assignment)
        session.flush()
        enrolment = Enrolment(
            program_id=program[of].id,
            program_revision_id=program[of].current_revision_id,
            user_id=user.id,
            cycle=cycle,
            since=since,
            due_on=due_on,
            assignment_id=assignment.id if assigned else None,
        )
        session.add(enrolment)
        session.commit()
        return enrolment

    return begun


@pytest.fixture
def certify(session, enrol):
    def awarded(user, valid_until, *, cycle=1, of=0, awarded_at=NOON - 300 * DAY):
        enrolment = enrol(user, since=awarded_at, cycle=cycle, of=of)
        enrolment.ended_at = awarded_at
        made = Certification(
            enrolment_id=enrolment.id,
            program_id=enrolment.program_id,
            program_revision_id=enrolment.program_revision_id,
            user_id=user.id,
            cycle=cycle,
            source="earned",
            awarded_at=awarded_at,
            awarded_on=awarded_at.date(),
            valid_until=valid_until,
            printed={},
            signing_key_id="k",
            signature="s",
            reason="",
            by="test",
        )
        session.add(made)
        session.commit()
        return made

    return awarded


def told(session, now=NOON):
    """The kinds and days of what is told at a time, with what it is about."""
    before = set(session.scalars(select(Notice.id)))
    schedule.remind(session, now)
    session.commit()
    new = session.scalars(select(Notice).where(Notice.id.not_in(before)).order_by(Notice.id))
    return [(one.kind, one.args.get("days")) for one in new]


def over_days(session, first, last):
    """What is told by a schedule that runs every day, twice at first, by days from NOON on."""
    found = {}
    for n in range(first, last + 1):
        for hour in (0, 5) if n < 12 else (0,):
            if news := told(session, NOON + n * DAY + timedelta(hours=hour)):
                found.setdefault(n, []).extend(news)
    return found


def test_who_has_to_complete_a_program_is_told_once(session, cast, enrol):
    enrol(cast.ana, since=NOON - DAY, due_on=TODAY + 30 * DAY)
    enrol(cast.bia, since=NOON - DAY, assigned=False)  # began by herself
    enrol(cast.gil, since=NOON - DAY, of=1)  # retired
    assert told(session) == [("assigned", None)]
    assert told(session, NOON + DAY) == []
    (notice,) = session.scalars(select(Notice))
    assert notice.person == cast.ana.public_id
    assert notice.about == "/programs/n1"
    assert notice.args == {"program": "Suporte N1", "on": "2026-12-23"}


def test_who_began_of_their_own_is_told_once_it_is_asked_for(session, cast, enrol):
    due = TODAY + 21 * DAY
    calendars.add_absence(
        session, cast.ana, "vacation", TODAY - 40 * DAY, TODAY - 20 * DAY, by="b", now=NOON
    )
    enrolment = enrol(cast.ana, due, since=NOON - 60 * DAY, asked_at=NOON)
    (told,) = reminders.to_tell(session, NOON)
    # What was before it was asked for moves nothing.
    assert (told.kind, told.args["on"]) == ("assigned", due.isoformat())
    assert progress.path(session, enrolment, NOON).due_on == due


def test_what_is_due_is_said_ahead_and_what_is_overdue_every_week(session, cast, enrol):
    enrol(cast.ana, due_on=TODAY + 10 * DAY)
    assert over_days(session, 0, 20) == {
        3: [("due", 7)],
        9: [("due", 1)],
        11: [("overdue", None)],
        18: [("overdue", None)],
    }


def test_who_has_a_few_days_only_is_not_reminded_at_once(session, cast, enrol):
    enrol(cast.ana, since=NOON, due_on=TODAY + 4 * DAY)
    assert over_days(session, 0, 4) == {0: [("assigned", None)], 3: [("due", 1)]}


def test_a_worker_that_was_away_tells_where_things_stand_and_not_what_it_missed(
    session, cast, enrol
):
    enrol(cast.ana, due_on=TODAY + 10 * DAY)
    assert told(session, NOON + 8 * DAY) == [("due", 2)]
    assert told(session, NOON + 30 * DAY) == [("overdue", None)]


def test_nobody_is_reminded_while_away_and_the_days_away_move_the_day(session, cast, enrol):
    enrol(cast.ana, due_on=TODAY + 10 * DAY)
    first, last = TODAY + 2 * DAY, TODAY + 15 * DAY
    calendars.add_absence(session, cast.ana, "vacation", first, last, by="t", now=NOON)
    session.commit()
    found = over_days(session, 0, 30)
    assert min(found) > 15
    assert found == {17: [("due", 7)], 23: [("due", 1)], 25: [("overdue", None)]}


def test_a_holiday_moves_the_day_and_so_the_reminders(session, cast, enrol):
    session.add(Holiday(on=TODAY + 10 * DAY, name="Feriado"))
    enrol(cast.ana, due_on=TODAY + 10 * DAY)
    assert over_days(session, 0, 12) == {4: [("due", 7)], 10: [("due", 1)], 12: [("overdue", None)]}


def test_a_day_ends_when_it_ends_for_the_person(session, cast, enrol):
    enrol(cast.ana, due_on=TODAY)
    enrol(cast.bia, due_on=TODAY)
    cast.bia.zone = "America/Noronha"  # an hour ahead
    session.commit()
    told(session)
    late = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 23:30 in São Paulo, 0:30 in Noronha
    assert told(session, late) == [("overdue", None)]
    assert told(session, late + timedelta(hours=1)) == [("overdue", None)]


def test_a_certification_that_ends_is_announced_as_its_program_says(session, cast, certify):
    certify(cast.ana, TODAY + 61 * DAY)
    assert over_days(session, 0, 95) == {
        1: [("expiring", 60)],
        31: [("expiring", 30)],
        54: [("expiring", 7)],
        62: [("expired", None)],
    }


def test_what_was_renewed_or_revoked_or_has_no_end_is_not_announced(session, cast, certify):
    certify(cast.ana, TODAY + 5 * DAY)
    certify(cast.ana, TODAY + 400 * DAY, cycle=2)
    revoked = certify(cast.bia, TODAY + 5 * DAY)
    certify(cast.gil, None)
    certify(cast.hugo, TODAY + 5 * DAY, of=1)  # of a program that is no more
    act(session, revoked, "revoked", NOON - 100 * DAY)
    assert told(session) == []
    act(session, revoked, "reinstated", NOON - 99 * DAY)
    assert told(session) == [("expiring", 5)]


def test_a_renewal_is_announced_by_the_certification_it_continues_alone(
    session, cast, certify, enrol
):
    certify(cast.ana, TODAY + 8 * DAY)
    enrol(cast.ana, cycle=2, since=NOON - 52 * DAY, due_on=TODAY + 8 * DAY)
    assert over_days(session, 0, 17) == {
        0: [("expiring", 8)],
        1: [("expiring", 7)],
        9: [("expired", None)],
        16: [("overdue", None)],
    }


def test_who_lost_a_certification_is_told_that_it_has_to_be_earned_anew(
    session, cast, certify, enrol
):
    revoked = certify(cast.ana, TODAY + 300 * DAY)
    act(session, revoked, "revoked", NOON)
    enrol(cast.ana, cycle=2, since=NOON)
    assert told(session) == [("assigned", None), ("revoked", None)]


def act(session, certification, what, at):
    session.add(
        CertificationAct(
            certification_id=certification.id, act=what, reason="Fraude.", at=at, by="teo"
        )
    )
    session.commit()


def test_an_award_a_renewal_and_what_was_decided_are_told_once_and_also_while_away(
    session, cast, certify
):
    calendars.add_absence(session, cast.ana, "leave", TODAY - DAY, None, by="t", now=NOON)
    session.commit()
    certify(cast.ana, TODAY + 365 * DAY, awarded_at=NOON)
    assert told(session) == [("awarded", None)]
    second = certify(cast.ana, TODAY + 700 * DAY, cycle=2, awarded_at=NOON)
    assert told(session) == [("renewed", None)]
    act(session, second, "revoked", NOON)
    act(session, second, "reinstated", NOON)
    assert told(session) == [("revoked", None), ("reinstated", None)]
    assert told(session) == []
    notice = session.scalars(select(Notice).where(Notice.kind == "revoked")).one()
    assert notice.args["reason"] == "Fraude."


def test_who_left_is_told_nothing(session, cast, enrol, certify):
    enrol(cast.ana, due_on=TODAY)
    certify(cast.bia, TODAY)
    for person in (cast.ana, cast.bia):
        person.left_at = NOON
    session.commit()
    assert reminders.to_tell(session, NOON) == []
