"""Editing on a page: the same parser, a revision with author and reason, nothing lost."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.content import banks, conflicts, editing, keys, procedures
from quizapp.content.models import Procedure
from quizapp.errors import Invalid
from tests.content.test_importer import bank_text, bring, item  # noqa: F401 - a fixture

NOW = clock.now()


def edit(session, bank, text, number, reason="erro de digitação"):
    stored = editing.save_bank(session, bank, text, number, by="teo", now=NOW, reason=reason)
    session.commit()
    return stored


def test_a_bank_without_ids_is_edited_with_them(session, content):
    bank = banks.find(session, "sem-gabarito")
    text = editing.bank_text(session, bank)
    uids = [place.item.uid for place in banks.places(session, bank)]
    assert all(f"{{#{uid}}}" in text.text for uid in uids)
    stored = edit(session, bank, text.text.replace("sem conexão", "sem internet"), text.number)
    assert stored.status == "updated"
    assert [place.item.uid for place in banks.places(session, bank)] == uids
    revision = banks.current(session, bank)
    assert (revision.origin, revision.reason, revision.imported_by) == (
        "page",
        "erro de digitação",
        "teo",
    )


def test_keys_given_on_a_page_stand_in_the_text(session, content):
    bank = banks.find(session, "sem-gabarito")
    place = banks.places(session, bank)[1]
    keys.give(session, place.revision, (0, 2), "page", by="teo", now=NOW)
    text = editing.bank_text(session, bank)
    assert editing.item_text(text, place.item.uid).count("[x]") == 2
    assert text.text.count("[x]") == 2
    stored = edit(session, bank, text.text, text.number)
    assert keys.statuses(session, [place.revision.id])[place.revision.id].state == "confirmed"
    assert not stored.problems


def test_ids_are_written_in_and_nothing_else_changed(session, bring):  # noqa: F811
    source = bank_text("## Uma?\n\n- [x] a\n- [ ] b\n- [ ] c\n", item(2))
    bring(b=source)
    text = editing.bank_text(session, banks.find(session, "b")).text
    assert text == source.replace("## Uma?", "## Uma? {#b-001}")


def test_what_another_person_saved_meanwhile_is_not_written_over(session, bring):  # noqa: F811
    bring(b=bank_text(item(1)))
    bank = banks.find(session, "b")
    text = editing.bank_text(session, bank)
    edit(session, bank, text.text.replace("Depende", "Varia"), text.number)
    with pytest.raises(editing.Stale):
        edit(session, bank, text.text.replace("Depende", "Muda"), text.number)
    assert "Varia" in banks.current(session, bank).source


@pytest.mark.parametrize("text", ["", "## {#p-1}\n\n- [x] a\n", "# Só um texto\n\nprosa\n"])
def test_a_text_with_errors_changes_nothing(session, bring, text):  # noqa: F811
    bring(b=bank_text(item(1)))
    bank = banks.find(session, "b")
    with pytest.raises(Invalid):
        edit(session, bank, text, 1)
    session.rollback()
    assert banks.current(session, bank).number == 1


def test_a_reason_is_asked_for(session, bring):  # noqa: F811
    bring(b=bank_text(item(1)))
    bank = banks.find(session, "b")
    with pytest.raises(Invalid):
        edit(session, bank, editing.bank_text(session, bank).text + "\n", 1, reason="  ")


def test_one_item_is_changed_alone(session, bring):  # noqa: F811
    bring(b=bank_text(item(1), item(2)))
    bank = banks.find(session, "b")
    text = editing.bank_text(session, bank)
    assert editing.item_text(text, "p-2").startswith("## Pergunta 2? {#p-2}")
    changed = editing.with_changed_item(text, "p-1", lambda i: replace(i, stem="Outra?"))
    edit(session, bank, changed, 1)
    stems = [place.revision.stem for place in banks.places(session, bank)]
    assert stems == ["Outra?", "Pergunta 2?"]
    assert [p.revision.number for p in banks.places(session, bank)] == [2, 1]


def test_a_file_that_says_something_else_than_the_page_is_a_conflict(session, bring):  # noqa: F811
    bring(b=bank_text(item(1)))
    bank = banks.find(session, "b")
    text = editing.bank_text(session, bank)
    edit(session, bank, text.text.replace("Depende", "Varia"), 1)
    assert bring(b=bank_text(item(1)))["b"].status == "unchanged", "the file did not change"
    report = bring(b=bank_text(item(1).replace("Sim, com certeza", "Sim")))["b"]
    assert report.status == "conflict"
    assert [p.code for p in report.problems] == ["edited-here-too"]
    assert "Varia" in banks.current(session, bank).source
    (found,) = conflicts.open_ones(session)
    sides = conflicts.sides(session, found)
    assert ["Depende" in sides.base, "Varia" in sides.page, "Sim." in sides.file] == [True] * 3
    both = sides.file.replace("Depende", "Varia")
    conflicts.settle(session, found, both, by="teo", now=NOW, reason="as duas")
    session.commit()
    assert conflicts.open_ones(session) == []
    options = banks.places(session, bank)[0].revision.content["options"]
    assert [o["text"] for o in options] == ["Sim.", "Não, de modo algum.", "Varia do caso."]
    again = bring(b=bank_text(item(1).replace("Sim, com certeza", "Sim")))["b"]
    assert again.status == "unchanged", "what was settled is not asked again"


def test_a_file_that_says_what_the_page_says_is_no_conflict(session, bring):  # noqa: F811
    bring(b=bank_text(item(1)))
    bank = banks.find(session, "b")
    edited = editing.bank_text(session, bank).text.replace("Depende", "Varia")
    edit(session, bank, edited, 1)
    assert bring(b=edited)["b"].status == "unchanged"
    assert conflicts.open_ones(session) == []


def test_a_procedure_is_edited_too(session, content):
    row = session.execute(select(Procedure).where(Procedure.slug == "telefone")).scalar_one()
    text = editing.procedure_text(session, row)
    assert text.name == "telefone.txt"
    status = editing.save_procedure(
        session, row, text.text + "\nFim.\n", text.number, by="teo", now=NOW, reason="fim"
    )
    assert status == "updated"
    assert procedures.newest(session, row).origin == "page"


def test_an_accepted_remark_stands_in_the_text(session, bring):  # noqa: F811
    bring(b=bank_text(item(1), item(2)))
    bank = banks.find(session, "b")
    editing.accept(session, bank, "p-2", "no-explanation", by="teo", now=NOW)
    text = editing.bank_text(session, bank)
    assert "no-explanation" in editing.item_text(text, "p-2")
    assert "no-explanation" not in editing.item_text(text, "p-1")
