"""Supervising: releasing a start, seeing who is at it, giving time; one's own team only."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update
from werkzeug.datastructures import MultiDict

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Invalid
from quizapp.evidence.models import EvidenceEntry
from quizapp.people import teams
from quizapp.quiz import attempts, composing, quizzes, saving, starting, supervising
from quizapp.quiz.blueprints import Blueprint, Part
from quizapp.quiz.models import Allowance, Attempt, Release
from quizapp.quiz.rules import Rules
from tests.conftest import TODAY
from tests.quiz.making import add_bank


@pytest.fixture
def exam(session, cast):
    """A closed exam of 30 minutes that a supervisor releases; pages in English."""
    for user in (cast.teo, cast.bruno, cast.carla):
        user.locale = "en"
    add_bank(session, "aa", 4)
    rules = Rules(release=True, minutes=30, consultation=False)
    quiz = composing.create(
        session, "Fechada", "exam", Blueprint((Part("aa"),)), rules, by="test", now=clock.now()
    )
    quizzes.open_quiz(session, quiz, by="test", now=clock.now())
    session.commit()
    return quiz


def start(session, user, quiz, code):
    attempt = starting.start(
        session,
        user,
        quiz,
        seed=1,
        language="pt_BR",
        now=clock.now(),
        today=TODAY,
        release_code=code,
    )
    session.commit()
    return attempt


def code_of(page):
    return re.search(r'code-large">(\d{6})<', page)[1]


def release(browser, **more):
    return browser.post("/supervision/release", {"quiz": "fechada", "checked": "y", **more})


def test_a_code_that_the_supervisor_makes_starts_one_attempt_once(sign_in, cast, exam, session):
    browser = sign_in(cast.bruno)
    page = browser.get("/supervision")
    assert "Ana Agente" in page
    assert "Gil Agente" not in page  # of another team
    code = code_of(release(browser, person=cast.ana.public_id))
    with pytest.raises(Invalid):
        start(session, cast.bia, exam, code)
    session.rollback()
    attempt = start(session, cast.ana, exam, code)
    used = session.execute(select(Release).where(Release.attempt_id == attempt.id)).scalar_one()
    assert used.by == cast.bruno.public_id
    entry = session.execute(
        select(EvidenceEntry).where(EvidenceEntry.kind == "attempt.released")
    ).scalar_one()
    assert (entry.by, entry.about) == (cast.bruno.public_id, cast.ana.public_id)
    assert code not in entry.data


def test_nobody_is_released_unseen(sign_in, cast, exam, session):
    browser = sign_in(cast.bruno)
    data = {"quiz": "fechada", "person": cast.ana.public_id}
    browser.get("/supervision")
    assert "Look who sits there" in browser.post("/supervision/release", data, status=422)
    data = {"quiz": "fechada", "person": "", "checked": "y"}
    assert "Choose who" in browser.post("/supervision/release", data, status=422)
    assert session.execute(select(Release)).first() is None


def test_a_later_code_makes_the_earlier_one_void_and_each_ends_after_its_time(
    sign_in, cast, exam, session
):
    browser = sign_in(cast.bruno)
    first = code_of(release(browser, person=cast.ana.public_id))
    second = code_of(release(browser, person=cast.ana.public_id))
    with pytest.raises(starting.WrongRelease):
        start(session, cast.ana, exam, first)
    session.rollback()
    session.execute(update(Release).values(expires_at=clock.now() - timedelta(seconds=1)))
    session.commit()
    with pytest.raises(starting.WrongRelease):
        start(session, cast.ana, exam, second)


def test_who_may_not_start_gets_no_code(sign_in, cast, exam, session):
    rules = replace(quizzes.rules_of(session, exam), opens_at=clock.now() + timedelta(days=1))
    quizzes.revise(
        session,
        exam,
        exam.title,
        quizzes.blueprint_of(session, exam),
        rules,
        reason="",
        by="test",
        now=clock.now(),
    )
    session.commit()
    browser = sign_in(cast.bruno)
    browser.get("/supervision")
    data = {"quiz": "fechada", "checked": "y", "person": cast.ana.public_id}
    assert "This quiz opens on" in browser.post("/supervision/release", data, status=422)


def test_other_teams_are_as_if_they_were_not_there(sign_in, cast, exam, session):
    carla, bruno = sign_in(cast.carla), sign_in(cast.bruno)
    attempt = start(session, cast.ana, exam, code_of(release(bruno, person=cast.ana.public_id)))
    carla.get("/supervision")
    data = {"quiz": "fechada", "checked": "y", "person": cast.ana.public_id}
    carla.post("/supervision/release", data, status=404)
    more = {"minutes": "10", "reason": "Queda de energia"}
    carla.post(f"/supervision/attempts/{attempt.public_id}/extend", more, status=404)
    for whom in (f"person:{cast.ana.public_id}", f"team:{cast.norte.public_id}"):
        carla.post("/supervision/allowances", {**more, "quiz": "fechada", "whom": whom}, status=404)
    assert "Ana" not in carla.get("/supervision")
    bruno.post(
        "/supervision/allowances",
        {**more, "quiz": "fechada", "whom": f"person:{cast.ana.public_id}"},
    )
    given = session.execute(select(Allowance)).scalar_one()
    carla.post(f"/supervision/allowances/{given.id}/end", status=404)
    bruno.post(f"/supervision/allowances/{given.id}/end")
    session.expire_all()
    assert session.get_one(Allowance, given.id).ended_at is not None
    for user in (cast.ana, cast.iara):
        other = sign_in(user)
        other.get("/supervision", status=404)
        other.post("/supervision/release", data, status=404)


def test_who_takes_an_exam_is_seen_without_the_answers_and_gets_more_time(
    sign_in, cast, exam, session
):
    browser = sign_in(cast.bruno)
    attempt = start(session, cast.ana, exam, code_of(release(browser, person=cast.ana.public_id)))
    saving.save(
        session,
        cast.ana.id,
        attempt.public_id,
        1,
        MultiDict({"option": "1"}).getlist,
        clock.now(),
    )
    session.commit()
    page = browser.get("/supervision")
    assert "1 of 4 answered" in page
    assert "29 minutes left" in page
    assert "released" in page
    assert "Certo" not in page
    # Whoever is done stays on the list for a while, without a score.
    done = start(session, cast.bia, exam, code_of(release(browser, person=cast.bia.public_id)))
    attempts.submit(session, cast.bia, done.public_id, clock.now())
    session.commit()
    page = browser.get("/supervision")
    assert page.count("Handed in on") == 1
    assert "0%" not in page
    at, whose = clock.now() + timedelta(hours=4), [cast.bia.id]
    later = supervising.sittings(session, at, whose, viewer=cast.bruno.id)
    assert later == []
    before = attempt.deadline_at
    path = f"/supervision/attempts/{attempt.public_id}/extend"
    browser.post(path, {"minutes": "10", "reason": "Queda de energia"})
    session.expire_all()
    assert session.get_one(Attempt, attempt.id).deadline_at == before + timedelta(minutes=10)
    for wrong in (
        {"minutes": "10"},
        {"minutes": "0", "reason": "x"},
        {"minutes": "-5", "reason": "x"},
        {"minutes": "99999", "reason": "x"},
    ):
        browser.post(path, wrong, status=422)
    entry = session.execute(
        select(EvidenceEntry).where(EvidenceEntry.kind == "attempt.extended")
    ).scalar_one()
    assert entry.by == cast.bruno.public_id
    assert "Queda de energia" in entry.data


def test_an_attempt_is_looked_up_at_once_however_many_one_leads(app, sign_in, cast, exam, session):
    browser = sign_in(cast.bruno)
    attempt = start(session, cast.ana, exam, code_of(release(browser, person=cast.ana.public_id)))
    path = f"/supervision/attempts/{attempt.public_id}/extend"

    def statements():
        asked = []
        event.listen(db.engine, "before_cursor_execute", note := lambda *a: asked.append(a[2]))
        browser.post(path, {"minutes": "5", "reason": "Queda"})
        event.remove(db.engine, "before_cursor_execute", note)
        return sum("FROM attempt" in one and "public_id" in one for one in asked)

    few = statements()
    for number in range(5):
        user = teams.add_user(
            session,
            name=f"A{number}",
            role="agent",
            employee_number=f"7{number}",
            by="t",
            now=clock.now(),
        )
        teams.set_teams(session, user, [cast.norte], by="t", now=clock.now())
    assert statements() == few


def test_a_trainer_releases_by_company_number_and_sees_no_name(sign_in, cast, exam, session):
    browser = sign_in(cast.teo)
    page = release(browser, number="2001")
    assert "Gil" not in page
    attempt = start(session, cast.gil, exam, code_of(page))
    page = browser.get("/supervision")
    assert "2001" in page
    assert "Gil" not in page
    browser.post(
        f"/supervision/attempts/{attempt.public_id}/extend", {"minutes": "5", "reason": "Ruído"}
    )
    data = {"quiz": "fechada", "checked": "y", "number": "000"}
    assert "company number" in browser.post("/supervision/release", data, status=422)
    # What others released is not the trainer's to extend.
    code = code_of(release(sign_in(cast.bruno), person=cast.ana.public_id))
    other = start(session, cast.ana, exam, code)
    path = f"/supervision/attempts/{other.public_id}/extend"
    browser.post(path, {"minutes": "5", "reason": "x"}, status=404)


def test_a_manager_gives_the_team_more_time(sign_in, cast, exam, session):
    browser = sign_in(cast.bruno)
    data = {"quiz": "fechada", "minutes": "20", "attempts": "", "reason": "Sala barulhenta"}
    page = browser.post("/supervision/allowances", {**data, "whom": f"team:{cast.norte.public_id}"})
    assert "20 minutes more" in page
    assert "Sala barulhenta" in page
    session.expire_all()
    assert starting.standing(session, cast.bia.id, exam).rules.minutes == 50
    assert starting.standing(session, cast.gil.id, exam).rules.minutes == 30
    browser.post("/supervision/allowances", {**data, "whom": ""}, status=422)
    whom = f"person:{cast.ana.public_id}"
    browser.post("/supervision/allowances", {**data, "whom": whom, "reason": " "}, status=422)


def test_where_no_exam_needs_a_code_the_page_says_so(sign_in, cast, quiz):
    cast.bruno.locale = "en"
    browser = sign_in(cast.bruno)
    assert "No exam on the list needs" in browser.get("/supervision")
    # A code for a quiz that needs none would say that somebody was looked at.
    data = {"quiz": quiz.slug, "checked": "y", "person": cast.ana.public_id}
    browser.post("/supervision/release", data, status=404)
