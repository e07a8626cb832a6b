"""Views that come by e-mail: once a week, by daylight, while their person leads, without names."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from quizapp import clock
from quizapp.certification.rules import ProgramRules, Validity
from quizapp.notices import outbox
from quizapp.notices.models import Mail, Notice
from quizapp.people import calendars, teams
from quizapp.people.models import User
from quizapp.reports import readers, views
from quizapp.reports.models import SavedView
from quizapp.tasks import mailing
from tests.certification.making import READ_ONE, add_program, enrol
from tests.mailbox import mailbox
from tests.reports.test_readiness import certify

# A Monday, 8:00 in São Paulo.
MONDAY = datetime(2026, 11, 23, 11, tzinfo=UTC)
DAY = timedelta(days=1)
MONTH = ProgramRules(None, False, Validity(months=1), queues=("Fibra",))


@pytest.fixture
def at(monkeypatch):
    """What time it is."""

    def set_to(now):
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    return set_to


@pytest.fixture
def box(app, session, cast, quiz, at):
    at(MONDAY - 3 * DAY)
    program = add_program(session, READ_ONE, rules=MONTH)
    certify(session, program, cast.ana, clock.now())
    enrol(session, program, cast.bia)
    cast.bruno.email, cast.bruno.locale = "bruno@example.com", "en"
    session.commit()
    with mailbox() as made:
        app.config.update(made.settings())
        yield made


@pytest.fixture
def weekly(session, cast, box):
    """Bruno's teams in figures, each Monday."""
    with force_locale("en"):
        made = views.begin_weekly(session, readers.find(session, cast.bruno.id), clock.now())
    session.commit()
    return made


@pytest.fixture
def work(session, box, at):
    """What the worker does at a time, and how many messages came in all."""

    def done(now):
        at(now)
        session.commit()
        mailing.gather(session, now)
        mailing.send(session, now)
        session.expire_all()
        return len(box.messages)

    return done


def test_a_manager_gets_the_figures_once_a_week_by_daylight(weekly, work, box, session, cast):
    assert work(MONDAY - timedelta(minutes=1)) == 0, "it is before eight"
    assert work(MONDAY) == 1
    assert work(MONDAY + timedelta(hours=1)) == 1
    message = box.messages[0]
    assert (message["To"], message["Subject"]) == ("bruno@example.com", "quizapp: My team")
    text = message.get_content().replace("\r\n", "\n")
    assert (
        "Norte\n  hold some certification: 1 of 2\n  to see to: With something about to expire: 1"
        in text
    )
    assert "Fibra: 1 of 2; 1 is about to stop" in text
    assert "https://quiz.example.com/attention" in text
    assert f"https://quiz.example.com/views/{weekly.public_id}/change" in text
    assert not any(name in text for name in ("Ana", "Bia", "1001", "1002"))
    assert [part.get_content_type() for part in message.walk()] == ["text/plain"], "no file"
    assert outbox.unread(session, cast.bruno.public_id) == 0, "it is no news"
    assert weekly.sent_on == date(2026, 11, 23)
    assert work(MONDAY + 6 * DAY) == 1
    assert work(MONDAY + 7 * DAY) == 2


def test_what_nobody_could_send_on_its_day_comes_on_the_next(weekly, work):
    assert work(MONDAY + 2 * DAY) == 1
    assert work(MONDAY + 3 * DAY) == 1
    assert work(MONDAY + 7 * DAY) == 2, "and the week after on its own day"


def test_it_comes_with_the_news_of_the_day_in_one_message(weekly, work, box, session, cast):
    outbox.tell(
        session, cast.bruno.public_id, "pass-kept", {"quiz": "Q"}, about="/", now=clock.now()
    )
    assert work(MONDAY) == 1
    text = box.messages[0].get_content().replace("\r\n", "\n")
    assert "hold some certification" in text
    assert "“Q”" in text


def test_a_worker_that_died_neither_loses_nor_repeats_it(weekly, work, box, session, at):
    at(MONDAY)
    claimed = views.due(session, MONDAY)
    assert views.claim(session, claimed[0])
    session.rollback()  # it died before its commit
    assert work(MONDAY) == 1
    assert not views.claim(session, claimed[0]), "another one that saw it due, too"
    mailing.gather(session, MONDAY)
    assert len(session.scalars(select(Mail)).all()) == 1


@pytest.mark.parametrize("why", ["away", "left", "no team", "no address", "stopped", "an agent"])
def test_nothing_comes_to_who_should_have_nothing(weekly, work, session, cast, why):
    bruno = session.get_one(User, cast.bruno.id)
    if why == "away":
        days = MONDAY.date(), MONDAY.date() + 7 * DAY
        calendars.add_absence(session, bruno, "vacation", *days, by="t", now=clock.now())
    elif why == "left":
        bruno.left_at = clock.now()
    elif why == "no team":
        teams.set_teams(session, bruno, [], by="t", now=clock.now())
    elif why == "no address":
        bruno.email = None
    elif why == "an agent":
        bruno.role = "agent"
    else:
        session.get_one(SavedView, weekly.id).weekday = None
    assert work(MONDAY) == 0
    assert work(MONDAY + DAY) == 0
    assert session.scalars(select(Notice)).all() == []


def test_who_stopped_leading_while_it_waited_is_told_nothing_of_the_team(
    weekly, box, session, cast, at
):
    mailing.gather(session, at(MONDAY))
    teams.set_teams(
        session, session.get_one(User, cast.bruno.id), [cast.sul], by="t", now=clock.now()
    )
    session.get_one(SavedView, weekly.id).args = {"team": cast.norte.public_id}
    session.commit()
    mailing.send(session, MONDAY)
    text = box.messages[0].get_content().replace("\r\n", "\n")
    assert "You no longer lead what your view “My team” is about." in text
    assert "Norte" not in text


def test_a_view_comes_as_a_link_on_its_weekday_and_in_its_persons_zone(session, cast, box, work):
    cast.bruno.zone = "America/Rio_Branco"  # two hours behind
    who = readers.find(session, cast.bruno.id)
    made = views.keep(session, who, "ready", {"team": cast.norte.public_id}, "Fila", clock.now())
    views.schedule(session, who, made, 2, clock.now())
    wednesday = MONDAY + 2 * DAY
    assert work(wednesday) == 0
    assert work(wednesday + timedelta(hours=2)) == 1
    text = box.messages[0].get_content().replace("\r\n", "\n")
    assert (
        f"Your view “Fila” of this week: https://quiz.example.com/views/{made.public_id}\n" in text
    )
    assert "Norte" not in text
