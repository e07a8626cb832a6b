"""Notices: a person's own, counted in the navigation until they are read."""

import re

import pytest

from quizapp import clock
from quizapp.notices import outbox
from quizapp.pages.notices import words

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
    found = re.search(r'account-count">(\d+)<', page)
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
