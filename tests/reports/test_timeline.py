"""One person's days: what they read, tried and were awarded, as far as the reader may see it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from werkzeug.datastructures import MultiDict

from quizapp import clock
from quizapp.people import audience, calendars
from quizapp.quiz import attempts, saving
from quizapp.quiz.models import Attempt
from quizapp.quiz.rules import ReviewRules
from quizapp.reports import analysis, person, readers
from quizapp.reports.sheets.registry import KINDS
from quizapp.study import reading
from tests.certification.certified import act, certify
from tests.conftest import TODAY
from tests.quiz.test_attempts import begin, right_answers
from tests.reports.test_heatmap import sit
from tests.reports.test_progress import revise


def of(session, who, user):
    asks = readers.find(session, who.id)
    return person.of_person(session, asks, user.id, TODAY, clock.now())


def said(session, who, user):
    found = []
    for one in of(session, who, user).events:
        what = one.sections or (one.tried and one.tried.points) or one.until
        found.append((one.kind, one.title, what))
    return found


@pytest.fixture
def days(session, cast, quiz):
    """Ana read three sections, sat an exam, is away since a month ago; Bia and Gil are noise."""
    for user in (cast.ana, cast.bia):
        for slug in ("conexao", "telefone"):
            text = reading.text_of(session, slug, TODAY)
            for part in text.parts[:2]:
                reading.acknowledge(session, user, text, part.anchor, part.hash, now=clock.now())
    sit(session, cast.ana, quiz, 1, 2, 3)
    void = sit(session, cast.ana, quiz, *range(1, 9))
    session.execute(update(Attempt).where(Attempt.id == void.id).values(state="void"))
    sit(session, cast.bia, quiz, 1)
    sit(session, cast.gil, quiz, 1)
    month_ago = TODAY - timedelta(days=30)
    calendars.add_absence(
        session, cast.ana, "leave", month_ago, month_ago, by="bruno", now=clock.now()
    )
    session.commit()


def test_the_days_of_a_person_the_newest_first(session, cast, days, quiz):
    away = ("away", "", TODAY - timedelta(days=30))
    done = [
        ("attempt", "Oito questões", 3),
        ("read", "ATENDIMENTO POR TELEFONE", 2),
        ("read", "Conexão do cliente", 2),
    ]
    for who in (cast.bruno, cast.ana):
        found = said(session, who, cast.ana)
        assert (found[0], sorted(found[1:3]), found[3:]) == (done[0], sorted(done[1:]), [away])
    audience.limit(session, "procedure", "telefone", [cast.sul], by="t", now=clock.now())
    audience.limit(session, "quiz", "oito", [cast.sul], by="t", now=clock.now())
    assert said(session, cast.bruno, cast.ana) == [done[2], away]
    assert said(session, cast.ana, cast.ana) == [done[0], done[2], away], "one's own stays"


def test_an_award_and_what_was_decided_about_it_stand_on_their_days(session, cast, quiz):
    award = certify(session, cast.ana)
    act(session, award, "revoked")
    certify(session, cast.bia)
    for who in (cast.bruno, cast.ana):
        assert said(session, who, cast.ana) == [
            ("revoked", "Suporte N1", None),
            ("award", "Suporte N1", date(2027, 11, 20)),
        ]


def test_the_page_and_the_file_say_the_same_to_who_may_see_it(session, sign_in, cast, days):
    pages = {
        "ana": sign_in(cast.ana).get("/progress"),
        "bruno": sign_in(cast.bruno).get(f"/people/{cast.ana.public_id}?page=7"),
    }
    asked = {"ana": {}, "bruno": {"person": cast.ana.public_id}}
    for who, page in pages.items():
        assert "Conexão do cliente" in page
        assert "22/10/2026" in page
        reader = readers.find(session, getattr(cast, who).id)
        sheets = KINDS["person"].build(session, reader, asked[who], clock.now())
        days_of = next(sheet for sheet in sheets if sheet.columns[0].key == "on")
        assert len(days_of.rows) == 4
    sign_in(cast.carla).get(f"/people/{cast.ana.public_id}", status=404)


def test_a_score_not_shown_has_no_points_in_ones_own_days(session, cast, quiz):
    revise(session, quiz, review=ReviewRules(score="never"))
    sit(session, cast.ana, quiz, 1, 2)
    begin(session, cast.ana, quiz)
    session.commit()
    (open_one, done) = of(session, cast.ana, cast.ana).events
    assert (done.tried.points, done.tried.word) == (None, "submitted")
    assert open_one.tried.state == "open"
    assert of(session, cast.bruno, cast.ana).events[1].tried.points == 2


def keep(session, quiz):
    worked = analysis.work_out(session, quiz, analysis.FIRST, clock.now())
    analysis.keep(session, quiz.id, analysis.FIRST, worked)


def test_time_on_question_is_the_first_time_where_enough_answered_the_same(
    app, session, cast, quiz
):
    app.config["FACILITY_FROM"] = 3
    taken = (cast.ana, 9000), (cast.bia, 4000), (cast.gil, 5000), (cast.ana, 1000), (cast.gil, 900)
    for user, spent in taken:
        attempt = begin(session, user, quiz)
        for position, sent in enumerate(right_answers(session, attempt), start=1):
            asked = session, user.id, attempt.public_id, position, MultiDict(sent).getlist
            saving.store(session, saving.read(*asked, arrived=clock.now(), spent=spent))
        attempts.submit(session, user, attempt.public_id, clock.now())
    assert of(session, cast.bruno, cast.ana).pace is None, "nothing is worked out yet"
    keep(session, quiz)
    pace = of(session, cast.bruno, cast.ana).pace
    assert (pace.items, pace.own, pace.all) == (8, timedelta(seconds=9), timedelta(seconds=5))
    app.config["FACILITY_FROM"] = 4
    keep(session, quiz)
    assert of(session, cast.bruno, cast.ana).pace is None
