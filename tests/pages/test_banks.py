"""The trainer: keys item by item, publishing, confirming."""

from sqlalchemy import select

from quizapp.content import banks
from quizapp.content.models import ItemKey
from quizapp.quiz.models import Quiz


def test_drafts_are_keyed_one_by_one_and_published(sign_in, cast, content, session):
    browser = sign_in(cast.teo)
    assert "Trocar o plano" in browser.get("/banks/sem-gabarito")
    places = banks.places(session, banks.find(session, "sem-gabarito"))
    page = browser.get("/banks/sem-gabarito/keys")
    for place in places:
        assert place.item.uid in page
        page = browser.post(f"/banks/sem-gabarito/items/{place.item.uid}/key", {"option": "0"})
    browser.post("/banks/sem-gabarito/publish", {"cut_score": "66,5"})
    assert session.execute(select(Quiz.cut_score)).scalar_one() == 66.5
    assert "sem-gabarito" in sign_in(cast.ana).get("/quizzes")
    by = set(session.execute(select(ItemKey.by).where(ItemKey.origin == "page")).scalars())
    assert by == {cast.teo.public_id}


def test_a_key_needs_an_option(sign_in, cast, content, session):
    uid = banks.places(session, banks.find(session, "sem-gabarito"))[0].item.uid
    browser = sign_in(cast.teo)
    browser.get("/banks")
    for option in ([], ["9"], ["x"]):
        browser.post(f"/banks/sem-gabarito/items/{uid}/key", {"option": option}, status=422)


def test_an_unkeyed_bank_is_not_published(sign_in, cast, content):
    browser = sign_in(cast.teo)
    browser.get("/banks")
    browser.post("/banks/sem-gabarito/publish", {"cut_score": "80"}, status=422)


def test_a_cut_score_is_a_percentage(sign_in, cast, content):
    browser = sign_in(cast.teo)
    browser.get("/banks")
    for text in ("abc", "101", "-1", "nan", "inf"):
        browser.post("/banks/oito/publish", {"cut_score": text}, status=422)


def test_a_quiz_is_taken_off_the_list(sign_in, cast, quiz):
    browser = sign_in(cast.teo)
    browser.get("/banks/oito")
    browser.post("/banks/oito/withdraw")
    sign_in(cast.ana).get("/quizzes/oito", status=404)


def test_a_cut_score_outlives_the_withdrawal(sign_in, cast, quiz):
    browser = sign_in(cast.teo)
    browser.get("/banks/oito")
    browser.post("/banks/oito/publish", {"cut_score": "62,5"})
    assert 'value="62,5"' in browser.post("/banks/oito/withdraw")
