"""The decision page: what it would move is looked at before; nobody is named."""

import html
import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from quizapp import clock, jobs
from quizapp.content import banks, keys
from quizapp.content.models import Item
from quizapp.quiz import attempts, quizzes, regrade
from quizapp.quiz.models import ItemDecision, Score
from quizapp.tasks.worker import work_once
from tests.quiz.test_attempts import begin, give, right_answers

PAGE = "/banks/oito/items/{}/decision"
WHY = "O procedimento mudou."


@pytest.fixture
def sat(session, cast, quiz):
    """Ana has all right, Bia all but the first two of eight; 75 is the cut."""
    made = []
    for user, wrong in ((cast.ana, ()), (cast.bia, (1, 2))):
        attempt = begin(session, user, quiz)
        for position, fields in enumerate(right_answers(session, attempt), start=1):
            if position not in wrong:
                give(session, user, attempt, position, **fields)
        attempts.submit(session, user, attempt.public_id, clock.now())
        made.append(attempt)
    session.commit()
    return made


def seen(page):
    return re.search(r'name="seen" value="(\w*)"', page)[1]


def decided(browser, uid, **fields):
    """Look at what it would move, then decide; the page of the decision."""
    look = browser.post(PAGE.format(uid), {"action": "preview", **fields})
    assert 'id="plan"' in look
    return browser.post(
        PAGE.format(uid), {"action": "decide", "seen": seen(look), "reason": WHY, **fields}
    )


def test_the_page_shows_the_question_its_key_and_what_was_chosen(sign_in, cast, sat):
    page = sign_in(cast.teo).get(PAGE.format("oito-1"))
    assert 'class="is-key"' in page
    assert re.search(r"chosen 1 time|escolhida 1 vez", page)
    for name in ("Ana", "Bia", "1001"):
        assert name not in page


def test_a_preview_changes_nothing_and_names_nobody(sign_in, cast, sat, session):
    page = sign_in(cast.teo).post(PAGE.format("oito-1"), {"action": "preview", "outcome": "better"})
    assert sat[1].public_id[:8] in page
    assert sat[0].public_id[:8] not in page, "all right: untouched"
    assert "Bia" not in page
    session.expire_all()
    assert session.execute(select(func.count(ItemDecision.id))).scalar_one() == 0
    assert session.execute(select(func.count(Score.id))).scalar_one() == 2


def test_a_decision_moves_scores_and_shows_who_moved(sign_in, cast, sat, session):
    teo = sign_in(cast.teo)
    page = decided(teo, "oito-1", outcome="better")
    assert WHY in page
    assert sat[1].public_id[:8] in page
    session.expire_all()
    assert attempts.latest_score(session, sat[1]).percent == pytest.approx(600 / 7)
    assert attempts.latest_score(session, sat[0]).percent == 100
    bank = teo.get("/banks/oito")
    assert "/decisions/" in bank
    told = sign_in(cast.bia).get("/notices")
    assert f"/attempts/{sat[1].public_id}/result" in told


def test_another_outcome_than_the_one_looked_at_is_not_taken(sign_in, cast, sat, session):
    teo = sign_in(cast.teo)
    look = teo.post(PAGE.format("oito-1"), {"action": "preview", "outcome": "better"})
    fields = {"action": "decide", "seen": seen(look), "reason": WHY, "outcome": "everyone"}
    page = teo.post(PAGE.format("oito-1"), fields, status=422)
    assert seen(page) != seen(look)
    assert session.execute(select(func.count(ItemDecision.id))).scalar_one() == 0
    teo.post(PAGE.format("oito-1"), {**fields, "seen": seen(page)})
    session.expire_all()
    assert session.execute(select(ItemDecision.policy)).scalar_one() == "everyone"


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": ""},
        {"outcome": "replaced"},
        {"outcome": "replaced", "option": "1"},
        {"outcome": "replaced", "option": ["0", "2"]},
        {"outcome": "kept"},
        {"outcome": "both", "option": "99"},
    ],
)
def test_what_makes_no_sense_is_said(sign_in, cast, sat, fields):
    page = sign_in(cast.teo).post(
        PAGE.format("oito-1"), {"action": "preview", **fields}, status=422
    )
    assert 'role="alert"' in page


def test_a_reason_is_needed(sign_in, cast, sat, session):
    teo = sign_in(cast.teo)
    look = teo.post(PAGE.format("oito-1"), {"action": "preview", "outcome": "better"})
    fields = {"action": "decide", "seen": seen(look), "outcome": "better", "reason": " "}
    assert 'role="alert"' in teo.post(PAGE.format("oito-1"), fields, status=422)
    assert session.execute(select(func.count(ItemDecision.id))).scalar_one() == 0


def test_a_proposal_is_filled_in_and_settled(sign_in, cast, sat, session):
    place = banks.places(session, banks.find(session, "oito"))[0]
    keys.give(session, place.revision, (2,), "page", by="teo", now=clock.now())
    session.commit()
    teo = sign_in(cast.teo)
    page = teo.get(PAGE.format("oito-1"))
    assert re.search(r'name="option" value="2" checked', page)
    assert re.search(r'id="outcome-replaced"[^>]* checked', page)
    decided(teo, "oito-1", outcome="replaced", option="2")
    session.expire_all()
    (status,) = keys.statuses(session, [place.revision.id]).values()
    assert (status.proposed, status.right) == (None, {2})
    assert "proposed" not in teo.get("/banks/oito").split('id="oito-2"')[0]


@pytest.mark.parametrize(
    "uid, fields",
    [
        ("oito-5", {"outcome": "both", "match-0": "1", "match-1": "0"}),
        ("oito-6", {"outcome": "replaced", "answers": "roteador\nmodem"}),
        ("oito-7", {"outcome": "both", "answers": "-27\n-30..-28,5"}),
        ("oito-4", {"outcome": "better"}),
        ("oito-2", {"outcome": "replaced", "option": ["0", "2"]}),
    ],
)
def test_every_kind_has_its_fields(sign_in, cast, sat, session, uid, fields):
    decided(sign_in(cast.teo), uid, **fields)
    session.expire_all()
    row = session.execute(select(ItemDecision)).scalar_one()
    assert session.get_one(Item, row.item_id).uid == uid


def test_a_range_that_is_none_is_said(sign_in, cast, sat):
    fields = {"action": "preview", "outcome": "both", "answers": "muito"}
    assert "muito" in sign_in(cast.teo).post(PAGE.format("oito-7"), fields, status=422)


def test_many_attempts_are_left_to_the_worker_with_progress(
    sign_in, cast, sat, session, monkeypatch
):
    monkeypatch.setattr(regrade, "AT_ONCE", 1)
    teo = sign_in(cast.teo)
    page = decided(teo, "oito-1", outcome="better")
    assert "data-progress" in page
    session.expire_all()
    row = session.execute(select(ItemDecision)).scalar_one()
    assert attempts.latest_score(session, sat[1]).number == 1
    address = f"/decisions/{row.public_id}"
    said = teo.http.get(address, headers={"Accept": "application/json"}).get_json()
    assert said == {"ended": False, "done": 0, "total": 0}
    assert work_once()
    session.expire_all()
    assert attempts.latest_score(session, sat[1]).number == 2
    said = teo.http.get(address, headers={"Accept": "application/json"}).get_json()
    assert said["ended"] is True
    assert "data-progress" not in teo.get(address)


def test_what_broke_off_is_begun_again(sign_in, cast, sat, session, monkeypatch):
    monkeypatch.setattr(regrade, "AT_ONCE", 1)
    teo = sign_in(cast.teo)
    decided(teo, "oito-1", outcome="better")
    session.expire_all()
    row = session.execute(select(ItemDecision)).scalar_one()
    jobs.finish(session, jobs.latest(session, row.public_id).id, "failed")
    session.commit()
    page = teo.get(f"/decisions/{row.public_id}")
    assert f"/decisions/{row.public_id}/again" in page
    teo.post(f"/decisions/{row.public_id}/again")
    assert work_once()
    session.expire_all()
    assert attempts.latest_score(session, sat[1]).number == 2


def test_a_pass_is_taken_away_by_name_on_a_page_of_its_own(sign_in, cast, sat, session):
    teo = sign_in(cast.teo)
    page = decided(teo, "oito-8", outcome="replaced", option="1")
    bia = sat[1].public_id
    address = re.search(rf'href="(/decisions/\w+/passes/{bia})"', page)[1]
    assert "Bia" not in teo.get(address)
    teo.post(address, {"reason": ""}, status=422)
    teo.post(address, {"reason": WHY})
    session.expire_all()
    score = attempts.latest_score(session, sat[1])
    assert (score.passed, score.reason) == (False, WHY)
    teo.get(address, status=404)
    other = address.replace(bia, sat[0].public_id)
    teo.get(other, status=404)
    teo.get("/")
    teo.post(other, {"reason": WHY}, status=404)


@pytest.mark.parametrize("who", ["ana", "bruno", "iara"])
def test_only_trainers_decide(sign_in, cast, sat, who):
    browser = sign_in(getattr(cast, who))
    browser.get(PAGE.format("oito-1"), status=404)
    browser.get("/")
    browser.post(PAGE.format("oito-1"), {"action": "preview", "outcome": "better"}, status=404)


def test_a_question_that_is_not_there(sign_in, cast, sat):
    sign_in(cast.teo).get(PAGE.format("oito-99"), status=404)


def test_the_command_tries_it_first_and_then_does_it(app, sat, session):
    bia = sat[1]
    run = app.test_cli_runner().invoke
    said = run(args=["regrade", "oito#oito-1", "--void", "better", "--dry-run"])
    assert said.exit_code == 0, said.output
    assert f"{bia.public_id} 75.00% -> 85.71%" in said.output
    session.rollback()
    assert session.execute(select(func.count(ItemDecision.id))).scalar_one() == 0
    session.rollback()
    done = run(args=["regrade", "oito#oito-1", "--void", "better", "--reason", WHY])
    assert done.exit_code == 0, done.output
    session.expire_all()
    assert attempts.latest_score(session, bia).percent == pytest.approx(600 / 7)


@pytest.mark.parametrize(
    "args",
    [
        ["oito#oito-1"],
        ["oito#oito-99", "--keep"],
        ["oito#oito-1", "--key", "Z", "--reason", "x"],
        ["oito#oito-1", "--key", "C", "--void", "better"],
        ["oito#oito-1", "--key", "C"],
    ],
)
def test_the_command_says_what_is_amiss_in_one_line(app, sat, session, args):
    session.rollback()
    said = app.test_cli_runner().invoke(args=["regrade", *args])
    assert said.exit_code == 1
    assert said.output.count("\n") <= 3
    assert session.execute(select(func.count(ItemDecision.id))).scalar_one() == 0


def mended(browser, uid, old, new):
    """Change a part of a question's text on its own page."""
    path = f"/banks/oito/items/{uid}/edit"
    page = browser.get(path)
    typed = html.unescape(
        re.search(r'<textarea[^>]*name="text"[^>]*>\n?(.*?)</textarea>', page, re.S)[1]
    )
    assert old in typed
    number = re.search(r'name="number" value="(\d+)"', page)[1]
    sent = {"text": typed.replace(old, new), "number": number, "reason": WHY, "action": "save"}
    return browser.post(path, {**sent, "name": re.search(r'name="name" value="([^"]*)"', page)[1]})


STILL = "still speaks for the old one"


def test_what_still_speaks_for_the_old_key_is_said_until_it_is_mended(sign_in, cast, sat, session):
    cast.teo.locale = "en"
    teo = sign_in(cast.teo)
    assert STILL not in teo.get("/banks/oito")
    after = decided(teo, "oito-1", outcome="replaced", option="0")
    edit = "/banks/oito/items/oito-1/edit"
    for page in (after, teo.get(PAGE.format("oito-1")), teo.get("/banks/oito")):
        note = page[page.index(STILL) :].split("</div>")[0]
        assert "the explanation" in note
        assert "feedback of option A" in note
        assert "feedback of option B" in note
        assert "option C" not in note
        assert f'href="{edit}"' in note
        assert page.count(STILL) == 1
    page = mended(teo, "oito-1", "o titular vem primeiro", "o modelo vem primeiro")
    note = page[page.index(STILL) :].split("</div>")[0]
    assert "the explanation" not in note
    mended(teo, "oito-1", "isso vem depois", "isso vem antes")
    page = mended(teo, "oito-1", "sem ele nada começa", "ele vem depois")
    assert STILL not in page
    assert STILL not in teo.get(PAGE.format("oito-1"))


def test_a_void_question_or_the_old_key_again_speaks_for_nothing_else(sign_in, cast, sat, session):
    cast.teo.locale = "en"
    teo = sign_in(cast.teo)
    assert STILL not in decided(teo, "oito-2", outcome="better")
    assert STILL in decided(teo, "oito-1", outcome="both", option="0")
    note = teo.get("/banks/oito").split(STILL)[1].split("</div>")[0]
    assert "option A" in note
    assert "option B" not in note, "it is right still"
    assert STILL not in decided(teo, "oito-1", outcome="replaced", option="1")


def test_who_leads_the_people_sees_their_names_and_decides_nothing(sign_in, cast, sat, session):
    page = decided(sign_in(cast.teo), "oito-8", outcome="replaced", option="1")
    address = re.search(r'href="(/decisions/\w+)/passes/', page)[1]
    assert "Bia" not in page
    assert "Oito quest" in page, "the quiz and the attempt's number stand beside the id"
    bruno = sign_in(cast.bruno)
    shown = bruno.get(f"/people/{cast.bia.public_id}/attempts/{sat[1].public_id}")
    assert f'href="{address}"' in shown
    page = bruno.get(address)
    assert "Bia Agente" in page
    assert "/passes/" not in page
    assert "/banks/" not in page
    sign_in(cast.carla).get(address, status=404)
    sign_in(cast.ana).get(address, status=404)


@pytest.mark.parametrize(
    "eliminatory, said",
    [(True, "1 eliminatory question not right"), (False, "below the cut score")],
)
def test_why_the_keys_would_not_pass_somebody_is_said(
    sign_in, cast, quiz, session, eliminatory, said
):
    cast.teo.locale = "en"
    if eliminatory:
        rules = replace(quizzes.rules_of(session, quiz), cut_score=50)
        blueprint = replace(
            quizzes.blueprint_of(session, quiz), eliminatory=frozenset({"oito#oito-8"})
        )
        quizzes.revise(
            session, quiz, quiz.title, blueprint, rules, reason="x", by="test", now=clock.now()
        )
    attempt = begin(session, cast.bia, quiz)
    for position, fields in enumerate(right_answers(session, attempt), start=1):
        if position > 2:
            give(session, cast.bia, attempt, position, **fields)
    attempts.submit(session, cast.bia, attempt.public_id, clock.now())
    session.commit()
    teo = sign_in(cast.teo)
    look = teo.post(
        PAGE.format("oito-8"), {"action": "preview", "outcome": "replaced", "option": "1"}
    )
    row = look[look.index('id="plan"') :].split("<tbody>")[-1]
    assert said in row
    assert ("below the cut score" in row) == (not eliminatory)
    assert "0 keep their score" in look
    kept = decided(teo, "oito-8", outcome="replaced", option="1")
    assert said in kept.split('id="kept-head"')[1]
    page = teo.get(re.search(r'href="(/decisions/\w+/passes/\w+)"', kept)[1])
    assert said in page
