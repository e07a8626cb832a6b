"""Taking a quiz through the pages; what an agent can load holds no key."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, update

from quizapp import clock
from quizapp.db import db
from quizapp.items.scoring import Policy
from quizapp.quiz import attempts, composing, quizzes, starting
from quizapp.quiz.blueprints import Blueprint, Part
from quizapp.quiz.models import Attempt, Flag, LateResponse, Release, Response
from quizapp.quiz.rules import Rules
from tests.client import Client
from tests.conftest import PASSWORD
from tests.quiz.making import add_bank
from tests.quiz.test_attempts import begin, right_answers

ENGLISH = {"Accept-Language": "en"}
CANARIES = ("Canario-retorno-errado", "Canario-retorno-certo", "Canario-explicacao")


def start(browser) -> str:
    """Start the sample quiz and return the attempt's id."""
    browser.get("/quizzes/oito")
    page = browser.post("/quizzes/oito/start")
    return re.search(r"/attempts/(\w+)/items/1", page)[1]


def test_from_start_to_review(sign_in, cast, quiz, session):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    attempt = session.execute(select(Attempt)).scalar_one()
    for position, fields in enumerate(right_answers(session, attempt), start=1):
        page = browser.post(f"/attempts/{public_id}/items/{position}", fields)
    page = browser.get(f"/attempts/{public_id}/check")
    page = browser.post(f"/attempts/{public_id}/submit")
    assert "100%" in page
    assert "Canario-retorno-certo" in page
    assert "Canario-explicacao" in page
    assert "/procedures/conexao#verificacao.1" in page
    assert "100%" in browser.get("/progress")


def test_the_address_of_the_start_leads_to_the_quiz_and_starts_nothing(
    sign_in, cast, quiz, session
):
    response = sign_in(cast.ana).http.get("/quizzes/oito/start")
    assert (response.status_code, response.location) == (303, "/quizzes/oito")
    assert session.execute(select(Attempt)).first() is None


def test_one_comes_back_to_where_one_was(sign_in, cast, quiz):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    browser.post(f"/attempts/{public_id}/items/1", {"option": "1"})
    browser.post("/sign-out")
    again = sign_in(cast.ana)
    assert f"/attempts/{public_id}/items/2" in again.get(f"/attempts/{public_id}")
    page = again.get(f"/attempts/{public_id}/items/1")
    assert re.search(r'value="1"\s+checked', page)


def test_a_script_is_told_that_it_is_saved_after_the_commit(sign_in, cast, quiz, session):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    answer = browser.post_json(f"/attempts/{public_id}/items/1", {"option": "1"})
    assert answer == {"saved": True, "complete": True, "seq": None, "left": None}
    assert session.execute(select(func.count()).select_from(Response)).scalar_one() == 1
    session.commit()
    counted = {"place-1": "1", "client": "page", "seq": "7"}
    assert browser.post_json(f"/attempts/{public_id}/items/4", counted) == {
        "saved": True,
        "complete": False,
        "seq": 7,
        "left": None,
    }
    refused = browser.post_json(f"/attempts/{public_id}/items/1", {"option": "9"}, status=422)
    assert refused["saved"] is False


def test_a_script_hears_of_a_closed_attempt(sign_in, cast, quiz):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    browser.post(f"/attempts/{public_id}/submit")
    answer = browser.post_json(f"/attempts/{public_id}/items/1", {"option": "1"}, status=409)
    assert answer["saved"] is False


def test_nonsense_is_said_on_the_page_and_nothing_is_lost(sign_in, cast, quiz):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    browser.post(f"/attempts/{public_id}/items/1", {"option": "2"})
    page = browser.post(f"/attempts/{public_id}/items/1", {"option": ["1", "2"]}, status=422)
    assert re.search(r'value="2"\s+checked', page)


@pytest.mark.parametrize("path", ["", "/items/1", "/check", "/result"])
def test_anothers_attempt_is_as_if_it_were_not_there(sign_in, cast, quiz, path):
    public_id = start(sign_in(cast.ana))
    other = sign_in(cast.bia)
    missing = re.sub(r'value="[^"]*"', "", other.get("/attempts/ffff" + path, status=404))
    found = re.sub(r'value="[^"]*"', "", other.get(f"/attempts/{public_id}{path}", status=404))
    assert found == missing
    if path == "/items/1":
        other.post(f"/attempts/{public_id}/items/1", {"option": "1"}, status=404)
        other.post(f"/attempts/{public_id}/submit", status=404)


def crawl(browser: Client, seen: dict[str, str], path: str) -> None:
    """Every page that links lead to, static files included."""
    if path in seen or path.startswith("/sign-"):
        return
    response = browser.http.get(path)
    seen[path] = response.data.decode(errors="replace")  # pictures and files as they come
    if response.status_code == 303:
        crawl(browser, seen, response.location)
    if response.mimetype == "text/html":
        for link in re.findall(r'(?:href|src|action)="(/[^"#]*)', response.text):
            crawl(browser, seen, link.replace("&amp;", "&"))


def test_no_key_leaves_the_server_before_review(sign_in, cast, quiz, session):
    """A canary in feedback and explanations; and right answers that no page spells out."""
    browser = sign_in(cast.ana)
    public_id = start(browser)
    seen: dict[str, str] = {}
    crawl(browser, seen, "/")
    for query in ("canario", "titular", "fibra", "dBm"):
        crawl(browser, seen, f"/search?q={query}")
    assert f"/attempts/{public_id}/items/6" in seen
    assert len(seen) > 20
    for path, text in seen.items():
        for canary in (*CANARIES, "ONT", "24,5", "25,5", "24.5"):
            assert canary not in text, f"{canary} in {path}"
    answers = [
        browser.post_json(f"/attempts/{public_id}/items/1", {"option": str(n)}) for n in (1, 2, 3)
    ]
    assert answers[0] == answers[1] == answers[2], "right and wrong are answered alike"


def test_what_a_page_shows_does_not_depend_on_the_key(session, cast, quiz):
    """The same seed with another key gives the same form, values and order."""
    from quizapp.content import banks, keys

    def shown(user):
        sheet = attempts.sheet(session, begin(session, user, quiz, seed=11))
        return repr(sheet.items)

    before = shown(cast.ana)
    place = banks.places(session, quiz.bank)[0]
    other = {"fractions": [1, 0, 0, 0]}
    keys._add(session, place.revision, "confirmed", other, "t", "t", clock.now())
    assert shown(cast.bia) == before


def test_an_open_attempts_result_is_not_shown(sign_in, cast, quiz):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    page = browser.get(f"/attempts/{public_id}/result")
    assert f"/attempts/{public_id}/items/1" in page


def test_a_stale_page_leads_to_the_result(sign_in, cast, quiz):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    browser.post(f"/attempts/{public_id}/submit")
    page = browser.post(f"/attempts/{public_id}/items/1", {"option": "1"})
    assert "0%" in page
    assert "alert-warning" in page


def test_a_script_is_told_to_sign_in_again(sign_in, cast, quiz):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    browser.http.client.delete_cookie("quizapp")
    answer = browser.post_json(f"/attempts/{public_id}/items/1", {"option": "1"}, status=401)
    assert answer["code"] == "signed-out"
    browser.sign_in(cast.ana.employee_number, PASSWORD)
    browser.token = "old"
    answer = browser.post_json(f"/attempts/{public_id}/items/1", {"option": "1"}, status=400)
    assert answer["code"] == "stale"


def test_another_window_is_refused_until_it_takes_over(sign_in, cast, quiz):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    address = f"/attempts/{public_id}"
    assert browser.post_json(f"{address}/hold", {"client": "a"})["holder"] == "me"
    assert browser.post_json(f"{address}/hold", {"client": "b"}, 409)["code"] == "elsewhere"
    fields = {"client": "b", "seq": "1", "option": "2"}
    assert browser.post_json(f"{address}/items/1", fields, 409)["code"] == "elsewhere"
    state = browser.post_json(f"{address}/hold", {"client": "b", "take": "1"})
    assert (state["person"], state["holder"]) == (cast.ana.public_id, "me")
    assert browser.post_json(f"{address}/items/1", fields)["seq"] == 1
    late = {"client": "a", "seq": "9", "option": "3"}
    assert browser.post_json(f"{address}/items/1", late, 409)["code"] == "elsewhere"
    state = browser.get_json(f"{address}/state?client=a")
    assert (state["open"], state["holder"], state["result"]) == (True, "elsewhere", None)
    assert state["saves"]["1"]["client"] == "b"
    assert state["saves"]["1"]["seq"] == 1
    assert browser.get_json("/attempts/ffff/state", 404)["code"] == "missing"


def test_a_page_without_script_does_not_overwrite_what_another_saved_meanwhile(sign_in, cast, quiz):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    page = browser.get(f"/attempts/{public_id}/items/1")
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    browser.post(f"/attempts/{public_id}/items/1", {"option": "2", "seen": seen})
    page = browser.post(f"/attempts/{public_id}/items/1", {"option": "3", "seen": seen}, status=409)
    assert "em outra janela nesse meio-tempo" in page
    assert re.search(r'value="2"\s+checked', page)
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    browser.post(f"/attempts/{public_id}/items/1", {"option": "3", "seen": seen})
    page = browser.get(f"/attempts/{public_id}/items/1")
    assert re.search(r'value="3"\s+checked', page)


def test_a_page_without_script_asks_before_it_stops_another_attempts_window(
    sign_in, cast, quiz, session
):
    add_bank(session, "aa", 2)
    other = composing.create(
        session, "Outra", "exam", Blueprint((Part("aa"),)), Rules(), by="t", now=clock.now()
    )
    quizzes.open_quiz(session, other, by="t", now=clock.now())
    begun = begin(session, cast.ana, other)
    session.commit()
    browser = sign_in(cast.ana)
    browser.post_json(f"/attempts/{begun.public_id}/hold", {"client": "a"})
    mine = f"/attempts/{start(browser)}"
    page = browser.post(f"{mine}/items/1", {"option": "1"}, status=409)
    assert f'action="{mine}/hold"' in page
    assert session.execute(select(Response)).first() is None
    browser.post(f"{mine}/hold", {"take": "1"})
    browser.post(f"{mine}/items/1", {"option": "1"})
    assert len(session.execute(select(Response)).all()) == 1
    assert browser.get_json(f"/attempts/{begun.public_id}/state?client=a")["holder"] == "elsewhere"


def test_a_submit_carries_the_sheet_and_is_answered_alike_each_time(sign_in, cast, quiz, session):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    browser.post_json(f"/attempts/{public_id}/hold", {"client": "a"})
    attempt = session.execute(select(Attempt)).scalar_one()
    fields = {"client": "a", "key": "k"}
    for position, given in enumerate(right_answers(session, attempt), start=1):
        fields |= {f"{position}:{name}": value for name, value in given.items()}
        fields[f"{position}:seq"] = str(position)
    first = browser.post_json(f"/attempts/{public_id}/submit", fields)
    assert first["submitted"] is True
    again = browser.post_json(f"/attempts/{public_id}/submit", {"client": "b"})
    assert again == first
    assert "100%" in browser.get(first["result"])
    state = browser.get_json(f"/attempts/{public_id}/state")
    assert (state["open"], state["result"]) == (False, first["result"])


def test_after_the_end_an_answer_is_kept_apart_and_the_attempt_is_over(
    sign_in, cast, quiz, session
):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    browser.post_json(f"/attempts/{public_id}/items/1", {"option": "1", "client": "a", "seq": "1"})
    attempt = session.execute(select(Attempt)).scalar_one()
    attempt.deadline_at = clock.now() - timedelta(minutes=5)
    late = {"option": "2", "client": "a", "seq": "2"}
    answer = browser.post_json(f"/attempts/{public_id}/items/1", late, status=409)
    assert answer["code"] == "late"
    assert session.execute(select(LateResponse.seq)).scalar_one() == 2
    state = browser.get_json(f"/attempts/{public_id}/state")
    assert state["open"] is False
    session.expire_all()
    assert attempt.ended == "deadline"


def test_a_flag_is_set_and_taken_off(sign_in, cast, quiz, session):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    browser.post_json(f"/attempts/{public_id}/flags/3", {"on": "1"})
    assert session.execute(select(Flag.position)).scalars().all() == [3]
    session.commit()
    browser.post(f"/attempts/{public_id}/items/3", {"option": "1", "goto": "unflag"})
    assert session.execute(select(Flag.position)).scalars().all() == []


def set_rules(session, quiz, **changes):
    """Other rules for attempts to come."""
    given = replace(quizzes.rules_of(session, quiz), **changes)
    blueprint = quizzes.blueprint_of(session, quiz)
    quizzes.revise(session, quiz, quiz.title, blueprint, given, reason="", by="t", now=clock.now())
    session.commit()


def test_the_rules_are_said_before_the_start(sign_in, cast, quiz, session):
    set_rules(
        session,
        quiz,
        minutes=45,
        attempts=2,
        delay_hours=24,
        consultation=False,
        navigation="sequential",
        minima={"triagem": 70},
        policy=Policy(multiple="all_or_nothing", spelling=True),
    )
    page = sign_in(cast.ana).get("/quizzes/oito", headers=ENGLISH)
    for said in (
        "6 of 8",
        "45 minutes",
        "2 of 2",
        "It goes forward only",
        "Without consultation: procedures, search, practice",
        "Between two attempts lie 24 hours",
        "In triagem you need 70% at least.",
        "Scored only when you tick all right options and no other.",
        "One typing slip is forgiven.",
        "After submitting you see: your score, your answers.",
    ):
        assert said in page, said


def test_why_it_cannot_be_started_is_said_and_starting_is_refused(sign_in, cast, quiz, session):
    set_rules(session, quiz, opens_at=clock.now() + timedelta(days=1))
    browser = sign_in(cast.ana)
    assert "This quiz opens on" in browser.get("/quizzes/oito", headers=ENGLISH)
    page = browser.post("/quizzes/oito/start", status=409, headers=ENGLISH)
    assert "This quiz opens on" in page
    assert session.execute(select(func.count()).select_from(Attempt)).scalar_one() == 0


def test_codes_open_the_quiz_and_wrong_ones_are_counted(sign_in, cast, quiz, session):
    set_rules(session, quiz, access_code="Turma 7", release=True)
    code = starting.release_for(session, quiz, cast.ana, by="b", now=clock.now())
    browser = sign_in(cast.ana)
    page = browser.get("/quizzes/oito")
    assert 'name="access_code"' in page
    assert 'name="release_code"' in page
    wrong = {"access_code": "x", "release_code": code}
    browser.post("/quizzes/oito/start", wrong, status=422)
    wrong = {"access_code": "turma 7", "release_code": "x"}
    page = browser.post("/quizzes/oito/start", wrong, status=422, headers=ENGLISH)
    assert "supervisor; this one is wrong" in page
    session.expire_all()
    assert session.execute(select(Release.tries)).scalar_one() == 1
    session.commit()
    right = {"access_code": " turma 7", "release_code": code}
    page = browser.post("/quizzes/oito/start", right)
    assert "/items/1" in page


def test_forward_only_leads_on_and_never_back(sign_in, cast, quiz, session):
    set_rules(session, quiz, navigation="sequential")
    browser = sign_in(cast.ana)
    public_id = start(browser)
    page = browser.post(f"/attempts/{public_id}/items/1", {"option": "1", "goto": "next"})
    assert f"/attempts/{public_id}/items/2" in page
    assert f'href="/attempts/{public_id}/items/1"' not in page
    page = browser.get(f"/attempts/{public_id}/items/1")
    assert 'data-position="2"' in page
    page = browser.post(f"/attempts/{public_id}/items/1", {"option": "2"})
    assert "alert-warning" in page
    later = browser.http.get(f"/attempts/{public_id}/all")
    assert later.location.endswith("/items/2")


def test_a_submit_that_came_late_says_so_and_answers_as_ever(sign_in, cast, quiz, session):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    attempt = session.execute(select(Attempt)).scalar_one()
    attempt.deadline_at = clock.now() - timedelta(minutes=5)
    sheet = {"client": "a", "1:option": "1", "1:seq": "1"}
    first = browser.post_json(f"/attempts/{public_id}/submit", sheet)
    assert first == browser.post_json(f"/attempts/{public_id}/submit", sheet)
    page = browser.get(first["result"])
    assert '<p class="alert alert-warning">' in page
    assert "fica guardada" in page
    assert session.execute(select(func.count()).select_from(LateResponse)).scalar_one() == 1
    session.execute(update(Attempt).values(deadline_at=clock.now() - timedelta(days=2)))
    sheet = {"client": "a", "1:option": "2", "1:seq": "2"}
    page = browser.get(browser.post_json(f"/attempts/{public_id}/submit", sheet)["result"])
    assert '<p class="alert alert-warning">' in page
    assert "guardada" not in page
    assert session.execute(select(func.count()).select_from(LateResponse)).scalar_one() == 1


def test_a_saves_name_tells_nothing_of_the_answer(sign_in, cast, quiz, session):
    """The stored value goes by the source's order: its hash would say whether it is right."""
    browser = sign_in(cast.ana)
    public_id = start(browser)
    attempt = session.execute(select(Attempt)).scalar_one()
    answers = right_answers(session, attempt)
    marks = []
    for seq in ("1", "2"):
        browser.post_json(
            f"/attempts/{public_id}/items/4", {**answers[3], "client": "a", "seq": seq}
        )
        marks.append(browser.get_json(f"/attempts/{public_id}/state?client=a")["saves"]["4"])
    assert marks[0]["mark"] != marks[1]["mark"]
    assert marks[0].keys() == {"mark", "client", "seq"}


def test_a_save_takes_three_statements(app, sign_in, cast, quiz, session):
    browser = sign_in(cast.ana)
    public_id = start(browser)
    fields = {"option": "1", "client": "a"}
    browser.post_json(f"/attempts/{public_id}/items/1", {**fields, "seq": "1"})
    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    browser.post_json(f"/attempts/{public_id}/items/1", {**fields, "seq": "2"})
    assert len(said) == 3, said
