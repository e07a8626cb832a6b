"""Who has to hold a program: whoever is there today, once, by what is due first."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.certification import assignments, awarding
from quizapp.certification.assignments import Wanted
from quizapp.certification.models import (
    Assignment,
    Cohort,
    CohortMember,
    Enrolment,
)
from quizapp.errors import Invalid
from quizapp.evidence.models import EvidenceEntry
from quizapp.people import audience, calendars, teams
from quizapp.people.models import User
from tests.certification.making import PASS, add_program, awards, enrol, sit

NOW = clock.now()
DAY = timedelta(days=1)


@pytest.fixture
def program(session, cast, quiz):
    made = add_program(session, PASS, at=NOW)
    add_program(session, PASS, slug="outra", at=NOW)
    return made


def assign(session, program, whose, target="", **due):
    return assignments.assign(session, program, Wanted(whose, target, **due), by="teo", now=NOW)


def under_way(session):
    """The names of who is under way, in order."""
    query = select(User.name).join(Enrolment, Enrolment.user_id == User.id)
    return sorted(session.scalars(query.where(Enrolment.ended_at.is_(None))))


def test_everybody_who_is_here_has_to(session, cast, program):
    teams.leave(session, cast.bia, by="test", now=NOW)
    assign(session, program, "everybody")
    here = session.scalars(select(User.name).where(User.left_at.is_(None))).all()
    assert under_way(session) == sorted(here)
    assert cast.bia.name not in here


def test_a_team_is_who_works_in_it_and_not_who_leads_it(session, cast, program):
    assign(session, program, "team", cast.norte.public_id)
    assert cast.ana.name in under_way(session)
    assert not {cast.bruno.name, cast.gil.name} & set(under_way(session))


def test_a_role_a_person_and_a_cohort(session, cast, program):
    role = assign(session, program, "role", "manager")
    assert under_way(session) == sorted([cast.bruno.name, cast.carla.name])
    assignments.end(session, role, by="teo", now=NOW)
    assert under_way(session) == []
    assign(session, program, "person", cast.gil.public_id)
    cohort = Cohort(name="Turma 1", starts_on=NOW.date(), created_at=NOW)
    session.add(cohort)
    session.flush()
    for user, ended in ((cast.ana, None), (cast.bia, NOW)):
        session.add(
            CohortMember(cohort_id=cohort.id, user_id=user.id, started_at=NOW, ended_at=ended)
        )
    session.flush()
    assign(session, program, "cohort", cohort.public_id)
    assert under_way(session) == sorted([cast.ana.name, cast.gil.name])


def test_a_program_for_a_team_concerns_nobody_else(session, cast, program):
    assign(session, program, "role", "agent")
    assert cast.gil.name in under_way(session)
    audience.limit(session, "program", "trilha", [cast.norte], by="test", now=NOW)
    assignments.enrol_due(session, NOW)
    assert cast.ana.name in under_way(session)
    assert cast.gil.name not in under_way(session)


def test_again_changes_nothing(session, cast, program):
    first = assign(session, program, "team", cast.norte.public_id, due_days=30)
    entries = session.scalar(select(func.count()).select_from(EvidenceEntry))
    assert assign(session, program, "team", cast.norte.public_id, due_days=30) is first
    assignments.enrol_due(session, NOW + DAY)
    assert session.scalar(select(func.count()).select_from(EvidenceEntry)) == entries


def test_who_joins_later_has_the_days_from_then(session, cast, program):
    assign(session, program, "team", cast.sul.public_id, due_days=10)
    teams.set_teams(session, cast.ana, [cast.sul], by="test", now=NOW + 5 * DAY)
    assignments.enrol_due(session, NOW + 6 * DAY)
    due = dict(iter(session.execute(select(Enrolment.user_id, Enrolment.due_on))))
    assert due[cast.gil.id] == calendars.day_of(None, NOW) + 10 * DAY
    assert due[cast.ana.id] == calendars.day_of(None, NOW) + 15 * DAY


def test_what_is_due_first_counts_and_ends_with_its_assignment(session, cast, program):
    early, late = ((NOW + n * DAY).date() for n in (40, 190))
    assign(session, program, "everybody", due_on=late)
    soon = assign(session, program, "person", cast.ana.public_id, due_on=early)
    assign(session, program, "role", "agent")

    def due(user):
        query = select(Enrolment.due_on).where(Enrolment.user_id == user.id)
        return session.execute(query).scalar_one()

    assert (due(cast.ana), due(cast.bia)) == (early, late)
    assignments.end(session, soon, by="teo", now=NOW)
    assert due(cast.ana) == late


def test_who_left_the_team_is_released_and_goes_on_when_back(session, cast, program):
    assign(session, program, "team", cast.norte.public_id)
    first = session.scalars(select(Enrolment).where(Enrolment.user_id == cast.ana.id)).one()
    teams.set_teams(session, cast.ana, [cast.sul], by="test", now=NOW)
    assignments.enrol_due(session, NOW)
    assert first.ended == "released"
    teams.set_teams(session, cast.ana, [cast.norte], by="test", now=NOW)
    assignments.enrol_due(session, NOW)
    assert (first.ended_at, first.cycle) == (None, 1)


def test_who_began_alone_stays_when_nobody_asks(session, cast, program):
    enrolment = enrol(session, program, cast.gil)
    assignments.enrol_due(session, NOW)
    assert enrolment.ended_at is None
    program.retired_at = NOW
    assignments.enrol_due(session, NOW)
    assert enrolment.ended == "released"


def test_a_draft_concerns_nobody_until_it_is_published(session, cast, program):
    program.published_at = None
    assign(session, program, "everybody", due_days=3)
    assert under_way(session) == []
    program.published_at = NOW + 5 * DAY
    assignments.enrol_due(session, NOW + 5 * DAY)
    (due,) = set(session.scalars(select(Enrolment.due_on)))
    assert due == calendars.day_of(None, NOW) + 8 * DAY


def test_who_has_passed_already_is_certified_at_once_and_not_enrolled_again(session, cast, program):
    sit(session, cast.ana, _quiz(session))
    assign(session, program, "team", cast.norte.public_id)
    assert [award.user_id for award in awards(session)] == [cast.ana.id]
    assignments.enrol_due(session, NOW)
    assert cast.ana.name not in under_way(session)


def test_whose_certification_was_revoked_has_to_earn_it_anew(session, cast, program):
    sit(session, cast.ana, _quiz(session))
    assign(session, program, "person", cast.ana.public_id)
    (award,) = awards(session)
    awarding.revoke(session, award, reason="Cola.", by=cast.teo.public_id, now=NOW)
    assignments.enrol_due(session, clock.now())
    last = session.scalars(select(Enrolment).order_by(Enrolment.id.desc())).first()
    assert (last.cycle, last.ended_at) == (2, None)
    assert len(awards(session)) == 1


def test_the_text_of_a_program_rules_over_its_own_assignments_only(session, cast, program):
    by_hand = assign(session, program, "person", cast.gil.public_id)
    norte, agents = Wanted("team", cast.norte.public_id), Wanted("role", "agent", due_days=30)
    assignments.sync(session, program, [norte, agents], by="file", now=NOW)
    kept = {row.id for row in assignments.in_force(session, program)}
    assignments.sync(session, program, [agents], by="file", now=NOW)
    left = assignments.in_force(session, program)
    assert {row.whose for row in left} == {"person", "role"}
    assert {row.id for row in left} < kept
    assert by_hand.ended_at is None
    ended = session.scalars(select(Assignment).where(Assignment.ended_at.is_not(None))).all()
    assert [row.whose for row in ended] == ["team"]


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("team", "ninguem"),
        Wanted("role", "chefe"),
        Wanted("everybody", "x"),
        Wanted("person", ""),
        Wanted("everybody", "", due_days=0),
        Wanted("everybody", "", due_on=date(2027, 1, 1), due_days=3),
    ],
)
def test_nobody_knows_whom(session, program, wanted):
    with pytest.raises(Invalid):
        assignments.assign(session, program, wanted, by="teo", now=NOW)


def _quiz(session):
    from quizapp.quiz.models import Quiz

    return session.scalars(select(Quiz)).one()


def _due_on(session, user):
    query = select(Enrolment.due_on).where(Enrolment.user_id == user.id)
    return session.execute(query).scalar_one()


@pytest.mark.parametrize(
    "given, joins, has",
    [
        (10, 2, 10),  # as long as the others had: 10 days
        (10, 20, 10),
        (200, 20, None),  # 30 days at the most, and never less than the fixed day
        (200, 199, 30),
        (200, 900, 30),
    ],
)
def test_who_comes_to_a_fixed_day_later_has_as_long_as_the_others(
    session, cast, program, given, joins, has
):
    today = calendars.day_of(None, NOW)
    assign(session, program, "team", cast.sul.public_id, due_on=today + given * DAY)
    teams.set_teams(session, cast.ana, [cast.sul], by="test", now=NOW + joins * DAY)
    assignments.enrol_due(session, NOW + joins * DAY)
    assert _due_on(session, cast.gil) == today + given * DAY
    assert _due_on(session, cast.ana) == today + (joins + has if has else given) * DAY
    assert not assignments.is_due(session, NOW + (joins + 1) * DAY)


def test_a_day_that_was_over_before_it_was_given_leaves_days_to_everybody(session, cast, program):
    past = Wanted("team", cast.sul.public_id, due_on=date(2020, 12, 31))
    assignments.sync(session, program, [past], by="teo", now=NOW)
    assert _due_on(session, cast.gil) == calendars.day_of(None, NOW) + 30 * DAY


@pytest.mark.parametrize("is_known", [True, False])
def test_who_returns_is_not_late_at_once(session, cast, program, is_known):
    today = calendars.day_of(None, NOW)
    if not is_known:
        teams.leave(session, cast.gil, by="test", now=NOW)
    assign(session, program, "everybody", due_on=today + 10 * DAY)
    if is_known:
        teams.leave(session, cast.gil, by="test", now=NOW + DAY)
    later = NOW + 60 * DAY
    assignments.enrol_due(session, later)
    teams.come_back(session, cast.gil, by="test", now=later)
    assignments.enrol_due(session, later)
    assert _due_on(session, cast.gil) == today + 70 * DAY
    assert _due_on(session, cast.bia) == today + 10 * DAY
    assert not assignments.is_due(session, later + DAY)
