"""A mended text keeps its published key where somebody says that only the spelling changed."""

import json

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.content import banks, editing, keys
from quizapp.evidence.models import EvidenceEntry
from quizapp.quiz import quizzes

NOW = clock.now()
ITEM = "oito-1"


def place(session):
    found = banks.places(session, banks.find(session, "oito"))
    return next(p for p in found if p.item.uid == ITEM)


def mend(session, old, new, *, spelling=True):
    """Replace a text of the bank; the key status of the item's newest revision."""
    bank = banks.find(session, "oito")
    text = editing.bank_text(session, bank)
    assert old in text.text
    changed = text.text.replace(old, new, 1)
    editing.save_bank(
        session,
        bank,
        changed,
        text.number,
        by="teo",
        now=NOW,
        reason="erro de digitação",
        spelling=spelling,
    )
    session.commit()
    revision = place(session).revision
    return keys.statuses(session, [revision.id])[revision.id]


def asked(session):
    """The revision's number that the quiz asks."""
    pool = quizzes.pool(session, banks.find(session, "oito"))
    return next(one.revision.number for one in pool if one.item.uid == ITEM)


def test_without_that_word_a_changed_text_asks_for_its_key(session, quiz):
    assert mend(session, "confirma primeiro", "confirma antes", spelling=False).state == (
        "unconfirmed"
    )
    assert asked(session) == 1


def test_with_it_the_key_stays_confirmed_and_published(session, quiz):
    before = keys.statuses(session, [place(session).revision.id])[place(session).revision.id]
    status = mend(session, "confirma primeiro", "confirma antes")
    assert (status.state, status.confirmed) == ("confirmed", before.confirmed)
    assert status.key_id == before.key_id, "with its publication"
    assert asked(session) == 2
    entry = session.execute(
        select(EvidenceEntry).where(EvidenceEntry.kind == "key.kept")
    ).scalar_one()
    assert (entry.by, entry.about) == ("teo", f"oito#{ITEM}")
    assert json.loads(entry.data)["only"] == "spelling"


def test_an_option_may_be_mended_in_its_place(session, quiz):
    assert mend(session, "O nome do titular.", "O nome do(a) titular.").state == "confirmed"


@pytest.mark.parametrize(
    "old, new",
    [
        ("- [ ] A cor da casa.\n", ""),
        ("- [ ] A cor da casa.\n", "- [ ] A cor da casa.\n- [ ] O CPF.\n"),
        (
            "- [ ] A cor da casa.\n- [ ] Nenhuma das anteriores. {fixa}",
            "- [ ] Nenhuma das anteriores. {fixa}\n- [ ] A cor da casa.",
        ),
    ],
)
def test_other_options_or_another_order_are_no_spelling(session, quiz, old, new):
    assert mend(session, old, new).state != "confirmed"


def test_what_was_proposed_goes_on_being_proposed(session, quiz, monkeypatch):
    monkeypatch.setattr(keys, "in_use", [lambda *_: True])
    revision = place(session).revision
    assert keys.give(session, revision, (2,), "page", by="teo", now=NOW) == "proposed"
    status = mend(session, "confirma primeiro", "confirma antes")
    assert (status.state, status.right) == ("proposed", {1})
