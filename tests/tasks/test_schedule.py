"""What comes with time alone: a year and more of a person in a program, day by day."""

import sys
from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.certification import assignments, awarding
from quizapp.certification.assignments import Wanted
from quizapp.certification.models import Enrolment
from quizapp.certification.rules import Step
from quizapp.notices.models import Notice
from quizapp.tasks import mailing, schedule
from tests.certification import making
from tests.study import test_renamed as guide

worker = sys.modules["quizapp.tasks.worker"]  # the package has the command by that name

DAY = timedelta(days=1)


@pytest.fixture
def live(session, cast):
    """Lets days pass, with all that the worker does; gives Ana's notices of that time, in order."""

    def days(first, last):
        found = []
        for now in (first + n * DAY for n in range((last - first).days + 1)):
            for task in (schedule.enrol, schedule.renew, schedule.remind):
                task(session, now)
            new = session.scalars(
                select(Notice).where(Notice.person == cast.ana.public_id, Notice.at == now)
            )
            found += [((now - first).days, one.kind, one.args.get("days")) for one in new]
            session.commit()
        return found

    return days


def test_a_year_of_a_certification(session, cast, content, live):
    begin = clock.now()
    program = making.add_program(session, making.READ_ONE)
    wanted = Wanted("person", cast.ana.public_id, None, 40)
    assignments.assign(session, program, wanted, by=cast.teo.public_id, now=begin)
    session.commit()

    assert live(begin, begin + 3 * DAY) == [(0, "assigned", None)]

    def read(at):
        making.acknowledge(session, cast.ana, "verificacao", at=at)
        (given,) = awarding.settle(session, cast.ana.id, now=at)
        session.commit()
        return given

    awarded = begin + 11 * DAY
    first = read(awarded)
    assert live(awarded, awarded + DAY) == [(0, "awarded", None)]

    end = awarded + (first.valid_until - first.awarded_on)
    for days in (60, 30, 7):
        assert live(end - (days + 1) * DAY, end - (days - 2) * DAY) == [(1, "expiring", days)]

    second = read(end - 4 * DAY)
    assert live(end - 4 * DAY, end + 8 * DAY) == [(0, "renewed", None)]
    assert (first.cycle, second.cycle) == (1, 2)
    assert second.valid_until > first.valid_until
    assert session.scalars(select(Enrolment.ended_at)).all().count(None) == 0


def test_the_worker_does_all_of_it(app, session, cast, content):
    program = making.add_program(session, making.READ_ONE)
    wanted = Wanted("everybody", "", None, 40)
    assignments.assign(session, program, wanted, by=cast.teo.public_id, now=clock.now())
    session.commit()
    assert app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 0
    told = session.scalars(select(Notice.person).where(Notice.kind == "assigned")).all()
    assert cast.ana.public_id in told
    assert len(told) == len(set(told)) == session.query(Enrolment).count()
    # What makes notices comes before what writes about them, and that before what is sent.
    order = list(worker.PERIODIC)
    tasks = (schedule.enrol, schedule.renew, schedule.remind, mailing.gather, mailing.send)
    assert sorted(tasks, key=order.index) == list(tasks)


def test_who_misses_but_a_section_that_goes_is_certified(session, cast, content):
    text = guide.bring(session, *guide.BEFORE)
    program = making.add_program(session, Step("read", "guia"))
    for person in (cast.ana, cast.gil):
        making.enrol(session, program, person)
    guide.say(session, cast.ana, text, "verificacao")
    session.commit()
    schedule.award(session, clock.now())
    assert making.awards(session) == []

    guide.bring(session, guide.BEFORE[0])
    session.commit()
    for _ in range(2):
        schedule.award(session, clock.now())
    assert [award.user_id for award in making.awards(session)] == [cast.ana.id]
