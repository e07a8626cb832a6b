"""The result's page: what the rules show, in words; what they do not is not in its bytes."""

import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from quizapp import clock
from quizapp.quiz import attempts, quizzes
from quizapp.quiz.models import Attempt
from quizapp.quiz.rules import ReviewRules
from tests.quiz.test_attempts import begin, give, right_answers
from tests.reports.test_attempts import NEVER, regrade, sit
from tests.reports.test_progress import revise

KEYS = re.compile(r"is-key|tag-right|tag-wrong|sign-right|sign-wrong|Canario|ONT|-25,5")


def result(browser, attempt):
    return browser.get(f"/attempts/{attempt.public_id}/result")


def test_a_failed_result_says_what_to_read_and_when_more_is_shown(sign_in, cast, quiz, session):
    closes = clock.now() + timedelta(days=9)
    rules = ReviewRules(explanations="close")
    page = result(
        sign_in(cast.ana), sit(session, cast.ana, quiz, right=2, review=rules, closes_at=closes)
    )
    assert "25%" in page
    assert "result-failed" in page
    assert '/procedures/telefone#saudacao"' in page
    assert f"{closes.astimezone(ZoneInfo('America/Sao_Paulo')):%d/%m/%Y %H:%M}" in page
    assert not KEYS.search(page)
    assert "state-wrong" not in page
    assert "state-right" not in page


def test_a_passed_result_shows_the_key(sign_in, cast, quiz, session):
    page = result(sign_in(cast.ana), sit(session, cast.ana, quiz, right=7))
    assert "is-key" in page
    assert "Canario-explicacao" in page


def test_without_a_score_it_says_submitted_and_no_more(sign_in, cast, quiz, session):
    attempt = sit(session, cast.ana, quiz, right=8, review=NEVER)
    browser = sign_in(cast.ana)
    page = result(browser, attempt)
    assert "state-submitted" in page
    assert not re.search(r"state-passed|state-failed|100%|8 de 8|competencies-head", page)
    for path in ("/", "/quizzes", "/quizzes/oito", "/progress"):
        page = browser.get(path)
        assert not re.search(r"state-passed|100%|8 de 8", page), path
        if path != "/quizzes/oito":
            assert "state-submitted" in page, path


def test_right_or_wrong_hidden_leaves_the_same_bytes(sign_in, cast, quiz, session):
    """Two attempts, one right and one wrong: only what was answered tells them apart."""
    rules = replace(NEVER, responses="submit")
    quizzes.revise(
        session,
        quiz,
        quiz.title,
        quizzes.blueprint_of(session, quiz),
        replace(quizzes.rules_of(session, quiz), review=rules),
        reason="",
        by="t",
        now=clock.now(),
    )
    pages = []
    for right in ("ONU", "modem"):
        attempt = begin(session, cast.ana, quiz)
        give(session, cast.ana, attempt, 6, text=right)
        attempts.submit(session, cast.ana, attempt.public_id, attempt.started_at)
        page = result(sign_in(cast.ana), attempt)
        assert right in page
        page = re.sub(r'(?:value|data-csrf|data-attempt)="[^"]*"|\d\d:\d\d|/attempts/\w+', "", page)
        pages.append(re.sub(rf"{right}|(tentativa|attempt) \d", "", page))
    assert pages[0] == pages[1]


def test_what_was_missed_is_said_in_words(sign_in, cast, quiz, session):
    blueprint = replace(quizzes.blueprint_of(session, quiz), eliminatory=frozenset({"oito#oito-8"}))
    rules = quizzes.rules_of(session, quiz)
    quizzes.revise(session, quiz, quiz.title, blueprint, rules, reason="", by="t", now=clock.now())
    page = result(sign_in(cast.ana), sit(session, cast.ana, quiz, right=7))
    assert "87,5%" in page
    assert re.search("1 eliminatory question was not right|1 questão eliminatória", page)
    assert 'href="#item-8"' not in page


def test_a_row_says_why_a_score_above_the_cut_score_is_no_pass(sign_in, cast, quiz, session):
    blueprint = replace(quizzes.blueprint_of(session, quiz), eliminatory=frozenset({"oito#oito-8"}))
    rules = quizzes.rules_of(session, quiz)
    quizzes.revise(session, quiz, quiz.title, blueprint, rules, reason="", by="t", now=clock.now())
    cast.ana.locale = cast.bruno.locale = "en"
    sit(session, cast.ana, quiz, right=7)
    session.commit()
    ana, told = sign_in(cast.ana), "1 eliminatory question not right"
    # In the timeline and in the list of attempts.
    assert ana.get("/progress").count(told) == 2
    assert ana.get("/quizzes/oito").count(told) == 1
    assert sign_in(cast.bruno).get(f"/people/{cast.ana.public_id}").count(told) == 2


def test_a_regraded_result_shows_how_it_came_about(sign_in, cast, quiz, session):
    session.info["author"] = cast.teo.public_id
    attempt = sit(session, cast.ana, quiz, right=2)
    regrade(session, attempt, policy="everyone")
    session.commit()
    page = result(sign_in(cast.ana), attempt)
    assert "state-granted" in page
    assert "Duas alternativas servem." in page
    assert "Téo" not in page
    path = f"/people/{cast.ana.public_id}/attempts/{attempt.public_id}"
    assert "Téo Instrutor" in sign_in(cast.bruno).get(path)


def test_opening_the_result_after_the_deadline_submits_what_was_saved(sign_in, cast, quiz, session):
    revise(session, quiz, minutes=10)
    attempt = begin(session, cast.ana, quiz)
    for position, sent in enumerate(right_answers(session, attempt)[:6], start=1):
        give(session, cast.ana, attempt, position, **sent)
    attempt.deadline_at = clock.now() - timedelta(minutes=1)
    page = result(sign_in(cast.ana), attempt)
    assert "75%" in page
    session.expire_all()
    assert session.get_one(Attempt, attempt.id).ended == "deadline"
