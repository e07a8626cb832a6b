"""Keys that accept several: shown, kept through files and pages, and said where a file cannot."""

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.content import banks, editing, exporting, importer, items, keys
from quizapp.content.models import ItemKey
from quizapp.formats.reader import read
from quizapp.items.keys import accepting
from quizapp.quiz import quizzes
from tests.content.test_importer import (  # noqa: F401 - a fixture
    bank_text,
    bring,
    find,
    item,
    revisions,
    states,
)
from tests.test_cli import run  # noqa: F401 - a fixture

A, B, C = ({"fractions": [int(i == n) for i in range(3)]} for n in range(3))
NOW = clock.now()


def accept_both(session, uid, *wanted):
    """Add a confirmed key that accepts these."""
    revision = revisions(session, uid)[-1]
    count = session.execute(select(ItemKey).where(ItemKey.item_id == revision.item_id)).all()
    session.add(
        ItemKey(
            item_id=revision.item_id,
            item_revision_id=revision.id,
            version=len(count) + 1,
            state="confirmed",
            value=accepting(wanted),
            origin="regrade",
            at=NOW,
            by="teo",
        )
    )
    session.commit()


def status_of(session, uid):
    newest = revisions(session, uid)[-1]
    return keys.statuses(session, [newest.id])[newest.id]


@pytest.fixture
def both(session, bring):  # noqa: F811
    """A bank whose first item accepts its file's key, A, and B."""
    bring(b=bank_text(item(1), item(2)))
    accept_both(session, "p-1", A, B)
    return banks.find(session, "b")


def test_both_options_are_right(session, both):
    assert status_of(session, "p-1").right == {0, 1}
    assert status_of(session, "p-2").right == {0}


def test_an_item_is_asked_for_one_option_unless_a_key_needs_several():
    assert items.kind_with("single", accepting((A, B))) == "single"
    assert items.kind_with("single", accepting((A, {"fractions": [0.5, 0, 0.5]}))) == "multiple"


@pytest.mark.parametrize("given", ["a", "b"])
def test_a_file_with_one_of_the_keys_undoes_nothing(session, both, bring, given):  # noqa: F811
    bring(b=bank_text(item(1, given), item(2), title="Outro título"))
    assert states(session, "p-1") == ["confirmed", "confirmed"]
    assert status_of(session, "p-1").confirmed == accepting((A, B))


def test_a_file_with_another_key_is_a_change(session, both, bring):  # noqa: F811
    other = item(1, None).replace("- [ ] Depende", "- [x] Depende")
    bring(b=bank_text(other, item(2)))
    assert status_of(session, "p-1").confirmed == C


def test_a_mended_text_keeps_both_keys_to_be_confirmed(session, both, bring):  # noqa: F811
    before = status_of(session, "p-1").key_id
    bring(b=bank_text(item(1).replace("Depende do caso", "Depende"), item(2)))
    assert status_of(session, "p-1").waiting_state == "unconfirmed"
    keys.confirm(session, revisions(session, "p-1")[-1], by="teo", now=NOW)
    after = status_of(session, "p-1")
    assert (after.confirmed, after.key_id) == (accepting((A, B)), before)


def test_the_text_keeps_the_key_that_stands_in_it(session, both):
    accept_both(session, "p-2", B, A)
    assert editing.bank_text(session, both).text.count("- [x] Sim, com certeza.") == 2


def test_a_text_whose_key_is_none_of_them_gets_the_first(session, bring):  # noqa: F811
    bring(b=bank_text(item(1)))
    accept_both(session, "p-1", C, B)
    text = editing.bank_text(session, banks.find(session, "b")).text
    assert [o.fraction for o in read("b.md", text.encode()).items[0].options] == [0, 0, 1]


def test_what_is_written_and_taken_again_changes_nothing(session, both, bring, tmp_path):  # noqa: F811
    (written,) = exporting.write_back(session, tmp_path, bring.folder)
    assert [p.code for p in written.problems] == ["accepted-kept-here"]
    assert written.problems[0].args == {"item": "p-1"}
    copies = tmp_path / "copies"
    (copy,) = exporting.write_copies(session, copies)
    assert [p.args["item"] for p in copy.problems] == ["p-1"]
    for folder in (bring.folder, copies):
        files = importer.gather([folder])
        importer.import_files(session, files, by="t", now=NOW, today=NOW.date(), origin="upload")
    assert status_of(session, "p-1").confirmed == accepting((A, B))
    assert len(states(session, "p-1")) == 2


def test_a_page_left_as_it_was_keeps_both_and_one_ticked_is_a_change(session, both):
    revision = revisions(session, "p-1")[-1]
    assert keys.give(session, revision, (0, 1), "page", by="teo", now=NOW) == "same"
    assert keys.give(session, revision, (1,), "page", by="teo", now=NOW) == "confirmed"
    assert status_of(session, "p-1").confirmed == B


def test_both_ticked_where_one_was_the_key_needs_both(session, both):
    revision = revisions(session, "p-2")[-1]
    keys.give(session, revision, (0, 1), "page", by="teo", now=NOW)
    assert status_of(session, "p-2").confirmed == {"fractions": [0.5, 0.5, 0]}


def test_the_pool_asks_it_as_before(session, both):
    quizzes.publish(session, both, 80, by="teo", now=NOW)
    ready = {one.item.uid: one for one in quizzes.pool(session, both)}
    assert (ready["p-1"].kind, ready["p-1"].key) == ("single", accepting((A, B)))


def test_pages_show_both_as_right(sign_in, cast, both):
    teo = sign_in(cast.teo)
    page = teo.get("/banks/b")
    assert page.split('id="p-1"')[1].split('id="p-2"')[0].count("tag-right") == 2
    first, second = (teo.get(f"/banks/b/items/{uid}/key") for uid in ("p-1", "p-2"))
    assert (first.count(" checked"), second.count(" checked")) == (2, 1)
    assert (first.count("alert-warning"), second.count("alert-warning")) == (1, 0)
    export = teo.get("/banks/b/export")
    assert export.count("alert-warning") == 1
    assert "p-1" in export


def test_the_command_says_what_no_file_holds(run, both, tmp_path):  # noqa: F811
    for arguments in ([], ["b", "--to", "gift"]):
        done = run("export", *arguments, "-o", tmp_path / "out")
        assert done.output.count("[accepted-kept-here]") == 1
