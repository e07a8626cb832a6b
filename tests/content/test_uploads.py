"""Files that come by page beside those of folders: nothing is replaced in silence."""

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.content import (
    banks,
    brought,
    conflicts,
    exporting,
    importer,
    pictures,
    reading,
    uploads,
)
from quizapp.content.models import BankRevision, Picture, UploadFile
from quizapp.content.resizing import WIDEST
from quizapp.formats.model import Bank, Procedure, Unreadable
from quizapp.formats.reader import read
from quizapp.sandbox import Child, NotStarted, TooLong, TooMuch
from tests.conftest import TODAY
from tests.content.test_importer import bank_text, dump, item
from tests.formats.pictures import picture

HERE = bank_text(item(1), item(2))
CHANGED = bank_text(item(1, "b"), item(2))
OTHER = bank_text(item(1), item(2), item(3))


@pytest.fixture
def by_page(session):
    """Import a text as an upload; gives its status."""

    def run(text, name="b.md"):
        (report,) = importer.import_files(
            session,
            [importer.File(name, "1", text.encode())],
            by="t",
            now=clock.now(),
            today=TODAY,
            origin="upload",
        )
        session.commit()
        return report.status

    return run


@pytest.fixture
def from_folder(session, tmp_path):
    """Import a text as the file of a folder; gives its status."""
    folder = tmp_path / "banks"
    folder.mkdir()

    def run(text):
        (folder / "b.md").write_text(text, encoding="utf-8")
        (report,) = importer.import_files(
            session, importer.gather([folder]), by="t", now=clock.now(), today=TODAY
        )
        session.commit()
        return report.status

    run.folder = folder
    return run


def origins(session):
    return list(
        session.execute(select(BankRevision.origin).order_by(BankRevision.number)).scalars()
    )


def test_an_upload_brings_a_folders_bank_up_to_date_and_the_folder_does_not_undo_it(
    session, by_page, from_folder
):
    assert from_folder(HERE) == "added"
    assert by_page(CHANGED) == "updated"
    assert from_folder(HERE) == "unchanged"
    assert banks.current(session, banks.find(session, "b")).source == CHANGED
    assert by_page(OTHER) == "updated"
    assert origins(session) == ["file", "upload", "upload"]


def test_a_folders_file_that_changed_after_an_upload_is_a_conflict(session, by_page, from_folder):
    from_folder(HERE)
    by_page(CHANGED)
    assert from_folder(OTHER) == "conflict"
    (conflict,) = conflicts.open_ones(session)
    sides = conflicts.sides(session, conflict)
    assert (sides.base, sides.page, sides.file) == (HERE, CHANGED, OTHER)


def test_the_way_back_by_page_is_a_change_too(by_page, from_folder):
    from_folder(HERE)
    by_page(CHANGED)
    assert by_page(HERE) == "updated"


def test_an_upload_twice_changes_nothing(session, by_page):
    assert by_page(HERE) == "added"
    before = dump(session)
    assert by_page(HERE) == "unchanged"
    assert dump(session) == before


def test_an_uploaded_bank_is_written_to_the_folder_and_taken_from_there(
    session, by_page, from_folder, tmp_path
):
    by_page(HERE)
    exporting.write_back(session, tmp_path / "procedures", from_folder.folder)
    session.commit()
    written = (from_folder.folder / "b.md").read_text(encoding="utf-8")
    assert from_folder(written) == "unchanged"


def test_settling_an_uploads_conflict_leaves_the_folders_file_as_it_was_taken(
    session, by_page, from_folder
):
    from quizapp.content import editing

    from_folder(HERE)
    bank = banks.find(session, "b")
    editing.save_bank(session, bank, CHANGED, 1, by="t", now=clock.now(), reason="gabarito")
    session.commit()
    assert by_page(OTHER) == "conflict"
    (conflict,) = conflicts.open_ones(session)
    conflicts.settle(session, conflict, OTHER, by="t", now=clock.now(), reason="x")
    session.commit()
    assert from_folder(HERE) == "unchanged"
    assert banks.current(session, bank).source == OTHER


def test_names_are_made_fit_to_be_shown():
    for given, wanted in (
        ("a.md", "a.md"),
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\provas\\a.gift", "C:/provas/a.gift"),
        ("a\u202egnp.md", "agnp.md"),
        ("  um \t nome .md ", "um nome .md"),
        ("\udcff.md", ".md"),
        ("...", "..."),
        ("", "documento"),
        ("/", "documento"),
    ):
        assert brought.clean_name(given) == wanted
    long = brought.clean_name("pasta/" + "x" * 999 + ".md")
    assert len(long) == brought.LONGEST_NAME
    assert long.endswith("x.md")


def test_a_picture_is_found_by_its_path_or_by_its_bare_name():
    one, two = picture("PNG", 3, 3), picture("PNG", 4, 4)
    text = b"# A\n\n![x](img/um%20dois.png) ![y](../z.png) ![z](so.png)\n"
    files = brought.bring(
        [
            ("curso/a.md", text),
            ("curso/img/um dois.png", one),
            ("z.png", two),
            ("longe/so.png", one),
            ("curso/so/so.png", two),
        ]
    )
    (document,) = brought.to_import(files)
    assert document.beside["img/um%20dois.png"] == document.beside["img/um dois.png"] == one
    assert document.beside["../z.png"] == two
    assert "so.png" not in document.beside  # two have this name
    assert brought.used_pictures(files) == {"curso/img/um dois.png", "z.png"}


def test_pictures_are_made_small_in_a_child_before_one_writes(session):
    wide = {"a.png": picture("PNG", 2400, 30), "b.png": picture("PNG", 2400, 30)[:90]}
    given = reading.Given("p.md", b"# P\n\n## A\n\n![x](a.png) ![y](b.png)\n", wide)
    (seen,) = reading.read_all([given])
    assert [image.width for image in seen.document.images] == [WIDEST, 0]
    problems = pictures.keep(session, seen.document.images, by="t", now=clock.now())
    assert [problem.code for problem in problems] == ["image-unreadable"]
    assert session.execute(select(Picture.width)).scalar_one() == WIDEST


def test_more_than_can_be_imported_without_locking_others_out_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_THINGS", 5)
    seen = [
        reading.look("b.md", bank_text(item(1), item(2), item(3)).encode(), {}),
        reading.look("p.md", b"# A\n\n## B\n\nc\n\n## D\n\ne\n", {}),
        reading.look("c.md", bank_text(item(1)).encode(), {}),
    ]
    monkeypatch.setattr(uploads, "read_all", lambda *_args, **_options: seen)
    found = [one.document for one in uploads.read([])]
    assert [type(one) for one in found] == [Bank, Procedure, Unreadable]
    assert found[2].problems[0].code == "upload-too-much"


@pytest.mark.parametrize("error, code", [(TooLong, "read-too-long"), (TooMuch, "read-too-much")])
def test_a_file_that_asks_too_much_is_refused_and_the_next_one_read(monkeypatch, error, code):
    def call(self, name, *args, seconds):
        if name == "a.md":
            raise error
        return reading.look(name, *args)

    monkeypatch.setattr(Child, "call", call)
    given = [reading.Given(name, b"# A\n\n## B\n\nc\n", {}) for name in ("a.md", "b.md")]
    first, second = reading.read_all(given)
    assert [p.code for p in first.document.problems] == [code]
    assert isinstance(second.document, Procedure)


def test_a_file_that_had_less_than_its_time_is_not_called_too_long(monkeypatch):
    def call(self, *args, seconds):
        raise TooLong

    monkeypatch.setattr(Child, "call", call)
    given = [reading.Given("a.md", b"", {})]
    with pytest.raises(reading.OutOfTime):
        reading.read_all(given, patience=1.0)


def test_a_child_that_does_not_start_is_no_fault_of_the_file():
    with Child("no.such.module:read", megabytes=64) as child, pytest.raises(NotStarted):
        child.call("a.md", b"", seconds=5)


def test_what_is_shown_of_an_item_holds_its_key_apart():
    (shown, draft) = reading.look("b.md", bank_text(item(1), item(2, "")).encode(), {}).shown
    assert shown["key"] == {"fractions": [1.0, 0, 0]}
    assert "fraction" not in str(shown["content"])
    assert (shown["state"], draft["state"], draft["key"]) == ("confirmed", "missing", None)


def test_the_preview_says_the_text_that_would_be_stored(session):
    text = "## Um?\n- [x] Sim\n- [ ] Não\n"
    files = brought.bring([("prova.md", text.encode())])
    seen = [reading.look("prova.md", text.encode(), {})]
    upload = uploads.begin(session, files, by="t", now=clock.now())
    uploads.preview(session, upload, files, seen, now=clock.now(), today=TODAY)
    session.commit()
    (source,) = session.execute(select(UploadFile.source)).scalars()
    assert uploads.take(session, upload, files, seen, now=clock.now(), today=TODAY)
    session.commit()
    assert banks.current(session, banks.find(session, "prova")).source == source
    assert isinstance(read("prova.md", source.encode()), Bank)
