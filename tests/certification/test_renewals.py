"""A year passes: the next cycle opens, asks for all of it again, and both cycles stand."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.certification import assignments, awarding, progress, renewals, status
from quizapp.certification.assignments import Wanted
from quizapp.certification.models import Certification, Enrolment
from quizapp.people import calendars, teams
from tests.certification.making import (
    PASS,
    READ_ONE,
    acknowledge,
    add_program,
    awards,
    enrol,
    sit,
)

NOW = clock.now()
DAY = timedelta(days=1)


@pytest.fixture
def held(session, cast, quiz):
    """Ana's certification, for twelve months; Bia has one without an end."""
    program = add_program(session, READ_ONE, PASS)
    assignments.assign(session, program, Wanted("person", cast.ana.public_id), by="teo", now=NOW)
    acknowledge(session, cast.ana, "verificacao")
    sit(session, cast.ana, quiz)
    awarding.record(
        session,
        cast.bia,
        program,
        awarded_on=NOW.date() - 30 * DAY,
        valid_until=None,
        reason="Antes.",
        by=cast.teo.public_id,
        now=NOW,
    )
    (award,) = awards(session, cast.ana)
    return award


def end_of(held):
    """An instant on the last valid day."""
    return held.awarded_at + (held.valid_until - held.awarded_on)


def test_the_next_cycle_opens_sixty_days_before_once(session, cast, held):
    ahead = end_of(held) - 60 * DAY
    assert renewals.open_due(session, ahead - DAY) == []
    (opened,) = renewals.open_due(session, ahead)
    assert (opened.cycle, opened.user_id, opened.since) == (2, cast.ana.id, ahead)
    assert opened.due_on == held.valid_until
    assert renewals.open_due(session, ahead + DAY) == []
    assignments.enrol_due(session, ahead + DAY)
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 3


def test_only_what_is_done_from_then_on_counts_and_both_cycles_stand(session, cast, quiz, held):
    before = dict(held.__dict__)
    ahead = end_of(held) - 60 * DAY
    (opened,) = renewals.open_due(session, ahead)
    assert [s.why for s in progress.path(session, opened, ahead).steps] == ["anew", "anew"]
    assert awarding.settle(session, cast.ana.id, ahead) == []
    acknowledge(session, cast.ana, "verificacao", at=ahead + DAY)
    sit(session, cast.ana, quiz, at=ahead + 2 * DAY)
    first, second = awards(session, cast.ana)
    session.refresh(first)
    assert {k: v for k, v in first.__dict__.items() if k in before} == before | {
        k: first.__dict__[k] for k in before if k.startswith("_")
    }
    assert (first.cycle, second.cycle) == (1, 2)
    assert second.awarded_on == first.valid_until - 58 * DAY
    assert second.printed["code"] != first.printed["code"]
    found = status.holdings(session, [cast.ana.id, cast.gil.id], ahead + 2 * DAY)
    # The first is about to end, and nobody has to see to that, as long as the second stands.
    assert [(one.cycle, one.state) for one in found[cast.ana.id]] == [(2, "valid"), (1, "valid")]
    assert found[cast.gil.id] == []
    awarding.revoke(session, second, reason="Engano.", by=cast.teo.public_id, now=ahead + 2 * DAY)
    found = status.holdings(session, [cast.ana.id], ahead + 2 * DAY)[cast.ana.id]
    assert [(one.cycle, one.state) for one in found] == [(2, "revoked"), (1, "expiring")]


def test_an_old_certification_expires_on_the_right_day(session, cast, held):
    last = end_of(held)
    assert status.state_of(session, held, last - 61 * DAY) == "valid"
    assert status.state_of(session, held, last - 60 * DAY) == "expiring"
    assert status.state_of(session, held, last) == "expiring"
    assert status.state_of(session, held, last + DAY) == "expired"


def test_nothing_opens_for_who_left_or_whose_program_is_retired(session, cast, held):
    ahead = end_of(held)
    program = held.program
    program.retired_at = NOW
    assert renewals.open_due(session, ahead) == []
    program.retired_at = None
    teams.leave(session, cast.ana, by="test", now=NOW)
    assert renewals.open_due(session, ahead) == []


def test_who_holds_it_of_their_own_will_may_renew_without_a_due_day(session, cast, quiz):
    enrol(session, add_program(session, PASS), cast.gil)
    sit(session, cast.gil, quiz)
    (award,) = awards(session, cast.gil)
    (opened,) = renewals.open_due(session, end_of(award))
    assert (opened.due_on, opened.assignment_id) == (None, None)


def test_a_revoked_one_is_not_renewed_and_a_reinstated_one_is(session, cast, held):
    said = {"by": cast.teo.public_id, "now": NOW}
    awarding.revoke(session, held, reason="Cola.", **said)
    assert status.state_of(session, held, NOW) == "revoked"
    assert renewals.open_due(session, end_of(held)) == []
    awarding.reinstate(session, held, reason="Engano.", **said)
    assert status.state_of(session, held, NOW) == "valid"
    assert len(renewals.open_due(session, end_of(held))) == 1


def test_a_cycle_that_a_revocation_opened_is_the_renewal_of_the_reinstated(session, cast, held):
    said = {"by": cast.teo.public_id, "now": NOW}
    program, wanted = held.program, Wanted("person", cast.ana.public_id, due_days=3)
    assignments.assign(session, program, wanted, by="teo", now=NOW)
    awarding.revoke(session, held, reason="Cola.", **said)
    assignments.enrol_due(session, NOW + DAY)
    opened = session.scalars(select(Enrolment).where(Enrolment.cycle == 2)).one()
    assert opened.due_on is not None
    assert opened.due_on < held.valid_until
    awarding.reinstate(session, held, reason="Engano.", **said)
    session.refresh(opened)
    assert opened.due_on == held.valid_until


def test_it_is_provisional_while_a_key_it_rests_on_is_in_review(session, cast, content):
    from quizapp.content import banks, keys
    from quizapp.quiz import quizzes
    from tests.quiz.making import bank_text, import_text

    import_text(session, "novo", bank_text("novo", 3))
    ids = [place.revision.id for place in banks.places(session, banks.find(session, "novo"))]
    keys.publish(session, "novo", ids, by="teo", now=NOW, review_days=5, second=False)
    quizzes.publish(session, banks.find(session, "novo"), 75, by="teo", now=NOW)
    exam = session.scalars(select(quizzes.Quiz)).one()
    from quizapp.certification.rules import Step

    enrol(session, add_program(session, Step("quiz", "novo")), cast.ana)
    enrol(session, add_program(session, READ_ONE, slug="outra"), cast.ana)
    acknowledge(session, cast.ana, "verificacao")
    sit(session, cast.ana, exam)
    found = status.holdings(session, [cast.ana.id], NOW + DAY)[cast.ana.id]
    assert {one.slug: one.state for one in found} == {"trilha": "provisional", "outra": "valid"}
    assert found[0].is_ready
    found = status.holdings(session, [cast.ana.id], clock.now() + 6 * DAY)[cast.ana.id]
    assert {one.state for one in found} == {"valid"}
    assert session.scalar(select(func.count()).select_from(Certification)) == 2


def under_way(session, user):
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.user_id == user.id, Enrolment.ended_at.is_(None))
        .execution_options(populate_existing=True)
    ).one()


def test_who_is_released_from_a_renewal_and_comes_back_has_until_the_award_ends(
    session, cast, quiz
):
    program, today = add_program(session, READ_ONE), calendars.day_of(None, NOW)
    team = Wanted("team", cast.norte.public_id, due_on=today + 30 * DAY)
    assignments.assign(session, program, team, by="teo", now=NOW)
    acknowledge(session, cast.ana, "verificacao", at=NOW)
    awarding.settle(session, cast.ana.id, NOW)
    (award,) = awards(session, cast.ana)
    ahead = end_of(award) - 60 * DAY
    renewals.open_due(session, ahead)
    teams.set_teams(session, cast.ana, [], by="iara", now=ahead)
    assignments.enrol_due(session, ahead)
    teams.set_teams(session, cast.ana, [cast.norte], by="iara", now=ahead + DAY)
    assignments.enrol_due(session, ahead + DAY)
    again = under_way(session, cast.ana)
    assert (again.cycle, again.due_on) == (2, award.valid_until)
    assert not progress.path(session, again, ahead + DAY).is_overdue


def test_a_renewal_of_ones_own_is_due_once_it_is_asked_for(session, cast, quiz):
    program = add_program(session, READ_ONE)
    enrol(session, program, cast.ana, NOW)
    acknowledge(session, cast.ana, "verificacao", at=NOW)
    awarding.settle(session, cast.ana.id, NOW)
    (award,) = awards(session, cast.ana)
    ahead = end_of(award) - 60 * DAY
    (opened,) = renewals.open_due(session, ahead)
    assert opened.due_on is None
    asked = assignments.assign(
        session, program, Wanted("person", cast.ana.public_id, due_days=5), by="teo", now=ahead
    )
    again = under_way(session, cast.ana)
    assert (again.id, again.assignment_id) == (opened.id, asked.id)
    assert again.due_on == award.valid_until
    assert not assignments.is_due(session, ahead)
