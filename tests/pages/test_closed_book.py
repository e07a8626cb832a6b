"""Without consultation: while the exam is open, whatever could help is closed, in every tab."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from quizapp import clock
from quizapp.content import importer, pictures
from quizapp.db import db
from quizapp.formats.images import image_of
from quizapp.pages import closed_book
from quizapp.pages.access import OPEN_ENDPOINTS
from quizapp.quiz import attempts, quizzes
from quizapp.quiz.blueprints import Blueprint, Part
from quizapp.quiz.models import Attempt, Quiz
from quizapp.quiz.rules import OPEN_REVIEW, Rules
from tests.conftest import TODAY
from tests.formats.pictures import png
from tests.quiz.test_attempts import begin

CLOSED = "Fechado durante a prova|Closed during the exam"
# What an agent may load in an exam without consultation. A new route is closed, or comes here
# with a word on why it helps nobody.
ALLOWED = {
    "home.index": "says what there is, and nothing of what it says",
    "account.settings": "the own password",
    "account.sign_out": "",
    "quizzes.index": "titles",
    "quizzes.quiz": "of exams: what they ask for",
    "attempts.attempt": "of exams: questions, without keys",
    "attempts.item": "of exams: questions, without keys",
    "attempts.all_items": "of exams: questions, without keys",
    "attempts.check": "of exams: what is answered",
    "attempts.state": "which answers were saved, not what they say",
    "attempts.save": "saving tells nothing",
    "attempts.hold": "the window that writes",
    "attempts.flag": "a mark of one's own",
    "attempts.submit": "the way out",
}
PRACTICE = {
    "quizzes.quiz",
    "quizzes.start",
    "attempts.attempt",
    "attempts.item",
    "attempts.all_items",
    "attempts.check",
    "attempts.state",
}


@pytest.fixture
def exam(session, quiz):
    """The quiz "oito" without consultation, an hour long."""
    rules = replace(quizzes.rules_of(session, quiz), consultation=False, minutes=60)
    blueprint = quizzes.blueprint_of(session, quiz)
    quizzes.revise(session, quiz, quiz.title, blueprint, rules, reason="", by="t", now=clock.now())
    session.commit()
    return quiz


@pytest.fixture
def practice(session, quiz):
    """The practice items of the same bank, as a quiz of their own."""
    made = Quiz(slug="treino", title="Treino", use="practice", cut_score=0)
    session.add(made)
    session.flush()
    blueprint, rules = Blueprint((Part("oito"),)), Rules(cut_score=0, review=OPEN_REVIEW)
    quizzes.revise(session, made, "Treino", blueprint, rules, reason="", by="t", now=clock.now())
    quizzes.open_quiz(session, made, by="t", now=clock.now())
    session.commit()
    return made


def paths(app, user, values):
    """Every route that this person's role can reach: endpoint, method and filled path."""
    for rule in app.url_map.iter_rules():
        allowed = getattr(app.view_functions[rule.endpoint], "allowed", frozenset())
        if rule.endpoint in OPEN_ENDPOINTS or allowed is None or user.role not in allowed:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(values[m[1]]), rule.rule)
        for method in rule.methods & {"GET", "POST"}:
            yield rule.endpoint, method, path


def load(browser, method, path):
    if method == "GET":
        return browser.http.get(path)
    return browser.http.post(path, data={"csrf_token": browser.token})


def is_closed(response):
    return response.status_code == 409 and re.search(CLOSED, response.text) is not None


def values_of(attempt, slug="conexao"):
    return {
        "public_id": attempt.public_id,
        "position": 1,
        "slug": slug,
        "name": "0123456789abcdef.png",
        "attempt_id": attempt.public_id,
        "kind": "person",
        "form": "csv",
    }


def walk(app, browser, user, attempt):
    """The endpoints that this person can load in the exam, and those that are closed."""
    browser.get("/")
    token = browser.token
    open_ones, closed_ones = set(), set()
    for endpoint, method, path in paths(app, user, values_of(attempt)):
        if endpoint in ("account.sign_out", "attempts.submit", "quizzes.start"):
            continue
        browser.token = token
        found = is_closed(load(browser, method, path))
        (closed_ones if found else open_ones).add(endpoint)
    # The exam's own result leads back to it; others are closed, as another test says.
    return open_ones - {"results.result"}, closed_ones


def test_every_route_is_closed_or_named_here(app, sign_in, cast, session, exam):
    attempt = begin(session, cast.ana, exam)
    open_ones, closed_ones = walk(app, sign_in(cast.ana), cast.ana, attempt)
    assert open_ones <= ALLOWED.keys(), open_ones - ALLOWED.keys()
    assert {
        "library.index",
        "library.procedure",
        "library.find",
        "library.acknowledge",
    } <= closed_ones
    assert {"contests.contest", "contests.mine", "progress.index"} <= closed_ones
    assert "pictures.show" in closed_ones


def test_a_route_that_was_left_open_is_found(app, sign_in, cast, session, exam, monkeypatch):
    broken = closed_book.STAYS_OPEN | {"library.find"}
    monkeypatch.setattr(closed_book, "STAYS_OPEN", broken)
    attempt = begin(session, cast.ana, exam)
    open_ones, _ = walk(app, sign_in(cast.ana), cast.ana, attempt)
    assert open_ones - ALLOWED.keys() == {"library.find"}


def test_earlier_results_open_again_after_the_submit(sign_in, cast, session, exam):
    first = begin(session, cast.ana, exam)
    attempts.submit(session, cast.ana, first.public_id, clock.now())
    session.commit()
    browser, other = sign_in(cast.ana), sign_in(cast.ana)
    places = (f"/attempts/{first.public_id}/result", "/procedures/conexao", "/search?q=sinal")
    for path in (*places, "/library", "/progress", "/my-contests"):
        assert not is_closed(browser.http.get(path)), "before the exam nothing is closed"
    second = begin(session, cast.ana, exam)
    session.commit()
    for tab in (browser, other):
        for path in (*places, "/library", "/progress", "/my-contests"):
            assert is_closed(tab.http.get(path)), path
    page = browser.get("/library", status=409)
    assert f"/attempts/{second.public_id}" in page
    assert "titular" not in browser.get(places[1], status=409)
    own = browser.http.get(f"/attempts/{second.public_id}/result")
    assert own.status_code == 303, "the exam's own leads back to it"
    assert own.location == f"/attempts/{second.public_id}"
    attempts.submit(session, cast.ana, second.public_id, clock.now())
    for path in places:
        assert not is_closed(other.http.get(path)), "after the submit all is open"


def test_scripts_hear_it_too(sign_in, cast, session, exam):
    begin(session, cast.ana, exam)
    browser = sign_in(cast.ana)
    for path in ("/search?q=sinal", "/procedures/conexao"):
        response = browser.http.get(path, headers={"Accept": "application/json"})
        assert response.status_code == 409
        assert response.get_json()["code"] == "closed-book"
    sent = browser.post_json("/procedures/conexao/read", {"read": "x y"}, status=409)
    assert sent["code"] == "closed-book"


def test_it_is_closed_to_that_person_alone(sign_in, cast, session, exam):
    begin(session, cast.ana, exam)
    session.commit()
    assert not is_closed(sign_in(cast.bia).http.get("/procedures/conexao"))
    assert not is_closed(sign_in(cast.teo).http.get("/banks/oito"))


def test_an_exam_with_consultation_closes_nothing(sign_in, cast, session, quiz):
    begin(session, cast.ana, quiz)
    assert not is_closed(sign_in(cast.ana).http.get("/procedures/conexao"))


def test_it_ends_with_the_deadline_though_nobody_swept(sign_in, cast, session, exam):
    attempt = begin(session, cast.ana, exam)
    browser = sign_in(cast.ana)
    assert is_closed(browser.http.get("/library"))
    attempt = session.get_one(Attempt, attempt.id)
    attempt.deadline_at = clock.now() - timedelta(minutes=1)
    assert not is_closed(browser.http.get("/library"))
    session.expire_all()
    assert session.get_one(Attempt, attempt.id).state == "open", "nobody swept"


def test_practice_is_closed_from_its_start_to_its_review(
    app, sign_in, cast, session, exam, practice
):
    done = begin(session, cast.ana, practice)
    attempts.submit(session, cast.ana, done.public_id, clock.now())
    begun = begin(session, cast.ana, practice)
    begin(session, cast.ana, exam)
    browser = sign_in(cast.ana)
    browser.get("/")
    token = browser.token
    seen = set()
    for endpoint, method, path in paths(app, cast.ana, values_of(begun, "treino")):
        if endpoint in PRACTICE and (method == "GET" or endpoint == "quizzes.start"):
            browser.token = token
            assert is_closed(load(browser, method, path)), path
            seen.add(endpoint)
    assert seen == PRACTICE
    for attempt in (begun, done):
        assert is_closed(browser.http.get(f"/attempts/{attempt.public_id}/result"))


def test_a_manager_in_an_exam_does_not_read_what_the_team_answered(sign_in, cast, session, exam):
    done = begin(session, cast.ana, exam)
    attempts.submit(session, cast.ana, done.public_id, clock.now())
    path = f"/people/{cast.ana.public_id}/attempts/{done.public_id}"
    browser = sign_in(cast.bruno)
    assert not is_closed(browser.http.get(path))
    begin(session, cast.bruno, exam)
    assert is_closed(browser.http.get(path))


def test_the_exams_own_pictures_load_and_no_others(sign_in, cast, session, exam):
    shown, other = image_of(png(9, 9, 1)), image_of(png(9, 9, 2))
    pictures.keep(session, [shown, other], by="t", now=clock.now())
    bank = (
        "---\nformato: questoes/1\nid: figuras\ntitulo: Figuras\n---\n"
        f"## O que se vê? {{#fig-1}}\n\n![a luz]({shown.name})\n\n- [x] A luz.\n- [ ] Nada.\n"
    )
    file = importer.File("figuras.md", "figuras.md", bank.encode())
    importer.import_files(session, [file], by="t", now=clock.now(), today=TODAY)
    from quizapp.content import banks

    made = quizzes.publish(session, banks.find(session, "figuras"), 50, by="t", now=clock.now())
    rules = replace(quizzes.rules_of(session, made), consultation=False)
    quizzes.revise(
        session,
        made,
        made.title,
        quizzes.blueprint_of(session, made),
        rules,
        reason="",
        by="t",
        now=clock.now(),
    )
    attempt = begin(session, cast.ana, made)
    browser = sign_in(cast.ana)
    page = browser.get(f"/attempts/{attempt.public_id}/items/1")
    (source,) = re.findall(r'<img[^>]* src="([^"]+)"', page)
    assert browser.http.get(source).mimetype == "image/png"
    assert is_closed(browser.http.get(f"/images/{other.name.rpartition('/')[2]}"))


def test_asking_is_answered_from_an_index(session, cast, exam):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("reads SQLite's plan")
    query = str(attempts._OPEN.compile(db.engine)).replace("?", "1", 1).replace("?", "'open'")
    plan = [row[-1] for row in session.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    assert plan
    assert all(step.startswith("SEARCH attempt USING") for step in plan), plan
