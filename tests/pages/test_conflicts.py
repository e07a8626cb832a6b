"""A conflict of file and page: both sides shown, settled by a person."""

import re

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.content import banks, editing, importer
from quizapp.content.models import Conflict
from tests.conftest import TODAY
from tests.content.test_importer import bank_text, item


@pytest.fixture
def conflict(session, tmp_path):
    path = tmp_path / "b.md"

    def bring(text):
        path.write_text(text, encoding="utf-8")
        files = importer.gather([path])
        importer.import_files(session, files, by="t", now=clock.now(), today=TODAY)

    bring(bank_text(item(1)))
    bank = banks.find(session, "b")
    text = editing.bank_text(session, bank)
    edited = text.text.replace("Depende", "Varia")
    editing.save_bank(session, bank, edited, 1, by="t", now=clock.now(), reason="x")
    bring(bank_text(item(1).replace("Sim, com certeza", "Sim")))
    session.commit()
    return session.execute(select(Conflict)).scalar_one()


def number_of(page):
    return re.search(r'name="number" value="(\d+)"', page)[1]


def shown(session):
    place = banks.places(session, banks.find(session, "b"))[0]
    return [option["text"] for option in place.revision.content["options"]]


@pytest.mark.parametrize(
    "keep, first, third",
    [
        ("page", "Sim, com certeza.", "Varia do caso."),
        ("file", "Sim.", "Depende do caso."),
    ],
)
def test_one_side_is_kept(sign_in, cast, session, conflict, keep, first, third):
    browser = sign_in(cast.teo)
    assert "b" in browser.get("/conflicts")
    page = browser.get(f"/conflicts/{conflict.id}")
    assert page.count("<ins>") >= 1
    browser.post(f"/conflicts/{conflict.id}", {"keep": keep, "number": number_of(page)})
    assert [shown(session)[0], shown(session)[2]] == [first, third]
    browser.get(f"/conflicts/{conflict.id}", status=404)


def test_both_sides_are_brought_together(sign_in, cast, session, conflict):
    browser = sign_in(cast.teo)
    number = number_of(browser.get(f"/conflicts/{conflict.id}"))
    sent = {"keep": "both", "number": number}
    browser.post(f"/conflicts/{conflict.id}", sent | {"text": "nada"}, status=422)
    both = bank_text(item(1).replace("Sim, com certeza", "Sim").replace("Depende", "Varia"))
    browser.post(f"/conflicts/{conflict.id}", sent | {"text": both})
    assert [shown(session)[0], shown(session)[2]] == ["Sim.", "Varia do caso."]


def test_what_was_saved_meanwhile_is_not_written_over(sign_in, cast, session, conflict):
    browser = sign_in(cast.teo)
    number = number_of(browser.get(f"/conflicts/{conflict.id}"))
    sent = {"keep": "both", "text": "o que eu escrevi", "number": str(int(number) - 1)}
    page = browser.post(f"/conflicts/{conflict.id}", sent, status=409)
    assert "o que eu escrevi" in page
    assert shown(session)[0] == "Sim, com certeza."
