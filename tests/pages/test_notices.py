"""Notices: a person's own, counted in the navigation until they are read."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.content.models import Item
from quizapp.notices import outbox
from quizapp.pages.notice_texts import words
from quizapp.quiz import attempts, decisions, quizzes, regrade
from tests.quiz.test_attempts import begin, give, right_answers

KINDS = {
    "score-changed": {},
    "pass-kept": {},
    "pass-taken": {"reason": "Decidido pelo instrutor."},
    "late-decided": {"accepted": 1, "kept": 2},
    "contest-answered": {"position": 3, "accepted": True},
}


@pytest.fixture
def told(session, cast):
    """Ana was told of everything once, Bia of one thing."""
    for kind, args in KINDS.items():
        given = {"quiz": "Oito", "number": 1, **args}
        outbox.tell(session, cast.ana.public_id, kind, given, about="/progress", now=clock.now())
    outbox.tell(session, cast.bia.public_id, "pass-kept", {}, about="/", now=clock.now())
    session.commit()


def count(page):
    found = re.search(r'account-count"[^>]*>(\d+)<', page)
    return int(found[1]) if found else 0


def test_what_one_was_told_is_counted_until_it_is_read(sign_in, cast, told):
    browser = sign_in(cast.ana)
    assert count(browser.get("/library")) == len(KINDS)
    page = browser.get("/notices")
    assert page.count('href="/progress"') == len(KINDS) + 1, "and the navigation's own"
    assert "Decidido pelo instrutor." in page
    page = browser.post("/notices/read")
    assert count(page) == 0
    assert page.count('href="/progress"') == len(KINDS) + 1, "they stay there to read"
    assert count(sign_in(cast.bia).get("/")) == 1, "another's are untouched"


def test_reading_the_page_alone_marks_nothing(sign_in, cast, told):
    browser = sign_in(cast.ana)
    browser.get("/notices")
    assert count(browser.get("/notices")) == len(KINDS)


def test_each_kind_has_words_of_its_own(app):
    with app.test_request_context("/"):
        said = {kind: words(kind, {"quiz": "Oito", "number": 2, **a}) for kind, a in KINDS.items()}
        assert len(set(said.values())) == len(KINDS)
        assert all("Oito" in text for text in said.values())
        assert words("something-new", {}), "a kind of tomorrow does not break the page"


def test_who_was_told_nothing_reads_so(sign_in, cast):
    assert "empty" in sign_in(cast.gil).get("/notices")


def test_seeing_what_a_notice_is_about_can_mark_it_read(sign_in, cast, told, session):
    outbox.tell(session, cast.ana.public_id, "pass-kept", {}, about="/library", now=clock.now())
    session.commit()
    browser = sign_in(cast.ana)
    assert "data-seen" not in browser.get("/quizzes")
    page = browser.get("/library")
    assert page.count("data-seen") == 1
    assert count(browser.get("/library")) == len(KINDS) + 1, "a GET marks nothing"
    answer = browser.post_json("/notices/seen", {"about": "/library"})
    assert answer["unread"] == len(KINDS)
    page = browser.get("/library")
    assert "data-seen" not in page
    assert count(page) == len(KINDS), "what is about other pages waits"


def test_without_script_a_button_marks_it_and_stays_there(sign_in, cast, told):
    browser = sign_in(cast.ana)
    page = browser.post("/notices/seen", {"about": "/progress"})
    assert count(page) == 0
    assert 'href="/progress" aria-current="page"' in page
    for elsewhere in ("//example.org/", "https://example.org/", "/\\example.org"):
        answer = browser.http.post(
            "/notices/seen", data={"csrf_token": browser.token, "about": elsewhere}
        )
        assert answer.location == "/notices"


@pytest.mark.parametrize("shown", ["submit", "never"])
def test_from_what_to_what_a_score_went_is_said_where_it_is_shown(
    sign_in, cast, quiz, session, shown
):
    cast.bia.locale = "en"
    rules = quizzes.rules_of(session, quiz)
    rules = replace(rules, review=replace(rules.review, score=shown))
    quizzes.revise(
        session,
        quiz,
        quiz.title,
        quizzes.blueprint_of(session, quiz),
        rules,
        reason="x",
        by="test",
        now=clock.now(),
    )
    attempt = begin(session, cast.bia, quiz)
    for position, fields in enumerate(right_answers(session, attempt), start=1):
        if position > 3:
            give(session, cast.bia, attempt, position, **fields)
    attempts.submit(session, cast.bia, attempt.public_id, clock.now())
    item = session.execute(select(Item).where(Item.uid == "oito-1")).scalar_one()
    about = decisions.subject(session, item)
    ruling = decisions.rule(about, "void", "everyone")
    regrade.apply(
        session, decisions.decide(session, about, ruling, reason="x", by="teo", now=clock.now())
    )
    session.commit()
    browser = sign_in(cast.bia)
    for page in (browser.get("/notices"), browser.get(f"/attempts/{attempt.public_id}/result")):
        assert "has changed" in page
        assert ("Score: from 62.5% to 75%. You have passed now." in page) == (shown == "submit")
