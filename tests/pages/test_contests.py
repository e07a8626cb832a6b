"""Contesting on pages: the agent sees no key while it is in review, the trainer no name."""

import pytest

from quizapp import clock
from quizapp.content import banks
from quizapp.quiz import attempts, quizzes
from tests.quiz.test_attempts import begin, give, right_answers

REASON = "A resposta B também está no procedimento."


@pytest.fixture
def submitted(session, cast, content):
    """Ana's empty attempt at "oito", published with a review of seven days."""
    bank = banks.find(session, "oito")
    quiz = quizzes.publish(session, bank, 75, by="test", now=clock.now(), review_days=7)
    attempt = begin(session, cast.ana, quiz)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    session.commit()
    return attempt


def test_in_review_a_result_shows_no_key(sign_in, cast, submitted):
    page = sign_in(cast.ana).get(f"/attempts/{submitted.public_id}/result")
    assert "is-key" not in page
    assert "tag-right" not in page
    assert 'class="explanation' not in page
    assert page.count("/contest/") == 8


def test_a_question_is_contested_and_answered(sign_in, cast, submitted, session):
    ana, teo = sign_in(cast.ana), sign_in(cast.teo)
    address = f"/attempts/{submitted.public_id}/contest/1"
    assert "is-key" not in ana.get(address)
    ana.post(address, {"reason": "não"}, status=422)
    assert REASON in ana.post(address, {"reason": REASON})
    queue = teo.get("/contests")
    assert REASON in queue
    assert "Ana" not in queue
    assert "1001" not in queue
    assert "objection waits" in teo.get("/") or "contestação" in teo.get("/")
    where = queue.split('action="/contests/')[1].split('"')[0]
    teo.post(f"/contests/{where}", {"accepted": "no", "answer": "x"}, status=422)
    teo.post(f"/contests/{where}", {"accepted": "no", "answer": "O passo 2 diz outra coisa."})
    assert "O passo 2 diz outra coisa." in ana.get("/my-contests")
    assert "account-count" in ana.get("/"), "and is told so"
    assert "O passo 2" not in ana.get("/notices"), "the answer is on its own page"
    page = ana.get(f"/attempts/{submitted.public_id}/result")
    assert page.count('/contest/1"') == 0


def test_an_accepted_objection_leads_to_the_decision(sign_in, cast, submitted):
    ana, teo = sign_in(cast.ana), sign_in(cast.teo)
    ana.get(f"/attempts/{submitted.public_id}/contest/1")
    ana.post(f"/attempts/{submitted.public_id}/contest/1", {"reason": REASON})
    where = teo.get("/contests").split('action="/contests/')[1].split('"')[0]
    page = teo.post(f"/contests/{where}", {"accepted": "yes", "answer": "De fato, obrigado."})
    assert 'name="outcome"' in page
    assert REASON in page
    assert "Ana" not in page
    assert "/items/oito-1/decision" in teo.get("/contests")


@pytest.mark.parametrize("who", ["bia", "bruno", "teo"])
def test_another_persons_attempt_is_not_there(sign_in, cast, submitted, who):
    browser = sign_in(getattr(cast, who))
    browser.get(f"/attempts/{submitted.public_id}/contest/1", status=404)
    browser.get("/")
    browser.post(f"/attempts/{submitted.public_id}/contest/1", {"reason": REASON}, status=404)


def test_agents_have_no_queue(sign_in, cast, submitted):
    sign_in(cast.ana).get("/contests", status=404)


def test_without_a_review_the_key_is_shown_and_nothing_contested(sign_in, cast, quiz, session):
    attempt = begin(session, cast.ana, quiz)
    for position, sent in enumerate(right_answers(session, attempt), start=1):
        give(session, cast.ana, attempt, position, **sent)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    session.commit()
    ana = sign_in(cast.ana)
    page = ana.get(f"/attempts/{attempt.public_id}/result")
    assert "is-key" in page
    assert "/contest/" not in page
    assert "<textarea" not in ana.get(f"/attempts/{attempt.public_id}/contest/1")
    ana.post(f"/attempts/{attempt.public_id}/contest/1", {"reason": REASON})
    assert REASON not in ana.get("/my-contests")


def test_the_bank_page_publishes_and_confirms_keys(sign_in, cast, content, session):
    teo = sign_in(cast.teo)
    teo.get("/banks/oito")
    page = teo.post("/banks/oito/publish", {"cut_score": "75", "review_days": "7"})
    assert "state-in-review" in page
    uid = banks.places(session, banks.find(session, "oito"))[0].item.uid
    before = page.count("state-in-review")
    page = teo.post("/banks/oito/close-review", {"item": uid})
    assert page.count("state-in-review") == before - 1
    teo.post("/banks/oito/close-review", {"item": "nada"}, status=404)
    teo.post("/banks/oito/publish", {"cut_score": "75", "review_days": "999"}, status=422)


def test_a_second_trainer_may_be_required(app, sign_in, cast, content, session):
    app.config["SECOND_TRAINER"] = True
    teo = sign_in(cast.teo)
    teo.get("/banks/oito")
    assert "state-submitted" in teo.post("/banks/oito/publish", {"cut_score": "75"})
    assert "oito" not in sign_in(cast.ana).get("/quizzes")
