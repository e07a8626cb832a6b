"""Bringing files by page: a preview first, then all or nothing; never an error of ours."""

import html
import io
import random
import re
import zipfile

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from quizapp import clock
from quizapp.content import banks, brought, editing, reading
from quizapp.content.models import Bank, Conflict, Picture, Procedure, Upload, UploadFile
from quizapp.jobs import Job
from quizapp.sandbox import Child
from tests.content.test_importer import bank_text, dump, item
from tests.formats.pictures import picture

PROCEDURE = "# Fibra\n\n## Sinal\n\n1. Olhe o LED.\n2. Anote.\n"
BROKEN = bank_text(item(1), item(1))
IN_BETWEEN = ("upload", "upload_file", "job")


class Kept:
    """A child process that outlives the test: its start takes longer than most files."""

    def __init__(self, child):
        self.child = child

    def __enter__(self):
        return self.child

    def __exit__(self, *_error):
        pass


@pytest.fixture(scope="module")
def children():
    made = {}
    yield made
    for child in made.values():
        child.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def same_children(children, monkeypatch):
    def child(function, megabytes):
        return Kept(children.setdefault(function, Child(function, megabytes=megabytes)))

    monkeypatch.setattr(reading, "Child", child)


@pytest.fixture
def teo(sign_in, cast):
    """The trainer's browser."""
    return sign_in(cast.teo)


def send(teo, *files, status=200, **fields):
    """Bring files, given as (name, content), through the page; gives the page after it."""
    teo.get("/import")
    parts = [
        FileStorage(io.BytesIO(data.encode() if isinstance(data, str) else data), name)
        for name, data in files
    ]
    # Encoded here: the client's own way leaves files open that the warnings then find.
    boundary, body = encode_multipart({"csrf_token": teo.token, "files": parts, **fields})
    content_type = f'multipart/form-data; boundary="{boundary}"'
    response = teo.http.post("/import", data=body, content_type=content_type)
    assert response.status_code == (303 if status == 200 else status)
    return teo.get(response.location) if status == 200 else response.text


def newest(session):
    session.commit()
    session.expire_all()
    return session.execute(select(Upload).order_by(Upload.id.desc()).limit(1)).scalar_one()


def address(session):
    return f"/import/{newest(session).public_id}"


def statuses(session):
    return [said["status"] for said in newest(session).report]


def count(session, model):
    session.commit()
    return session.execute(select(func.count()).select_from(model)).scalar_one()


def library(session):
    """A hash of all that is kept, save what waits to be taken."""
    return dump(session, without=IN_BETWEEN)


def work(app):
    result = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exit_code == 0, result.output


def test_files_are_previewed_and_then_taken(teo, session, cast):
    before = library(session)
    page = send(teo, ("b.md", bank_text(item(1), item(2))), ("fibra.md", PROCEDURE))
    assert statuses(session) == ["added", "added"]
    assert library(session) == before
    here = address(session)
    assert f"{here}/take" in page
    assert "Pergunta 2?" in teo.get(f"{here}/files/1")
    assert "Olhe o LED." in teo.get(f"{here}/files/2")
    page = teo.post(f"{here}/take")
    assert "/banks/b" in page
    assert "/procedures/fibra" in page
    assert len(banks.places(session, banks.find(session, "b"))) == 2
    assert count(session, UploadFile) == 0
    assert {cast.teo.public_id} == set(session.execute(select(Upload.by)).scalars())


def test_an_item_is_shown_as_an_agent_sees_it_and_its_key_on_request(teo):
    text = bank_text(item(1, "b"), "## Ordem?\n\n1. Primeiro\n2. Segundo\n3. Terceiro\n")
    page = send(teo, ("b.md", text))
    form = re.search(r'<form class="as-asked">.*?</form>', page, re.DOTALL)[0]
    assert "<fieldset disabled>" in form
    assert "checked" not in page
    assert re.search(r"<details class=\"shown-key\">.*?B\. Não, de modo algum\.", page, re.DOTALL)
    asked = re.findall(r'for="question-2-place-\d">(\w+)', page)
    assert sorted(asked) == ["Primeiro", "Segundo", "Terceiro"]
    assert asked != ["Primeiro", "Segundo", "Terceiro"]


def test_what_changes_is_shown_by_line_and_word(teo, session):
    send(teo, ("b.md", bank_text(item(1), item(2))))
    teo.post(f"{address(session)}/take")
    page = send(teo, ("b.md", bank_text(item(1).replace("certeza", "dúvida"), item(2))))
    assert statuses(session) == ["updated"]
    assert "<del>certeza</del>" in page
    assert "<ins>dúvida</ins>" in page
    send(teo, ("b.md", bank_text(item(1), item(2))))
    assert statuses(session) == ["unchanged"]
    assert re.search(r'type="submit"[^>]* disabled>', teo.get(address(session)))


def test_a_refused_file_keeps_all_others_out(teo, session):
    before = library(session)
    page = send(teo, ("ok.md", PROCEDURE), ("ruim.md", BROKEN))
    assert statuses(session) == ["added", "refused"]
    assert re.search(r'type="submit"[^>]* disabled>', page)
    here = address(session)
    teo.post(f"{here}/take")
    assert newest(session).state == "ready"
    assert library(session) == before
    teo.post(f"{here}/files/2/leave-out")
    assert statuses(session) == ["added"]
    teo.post(f"{here}/take")
    assert newest(session).state == "taken"
    assert count(session, Procedure) == 1


def test_a_problem_stands_beside_its_line(teo, session):
    send(teo, ("ruim.md", BROKEN), ("ok.md", PROCEDURE))
    page = teo.get(f"{address(session)}/files/1")
    assert "id-duplicate" in page
    line = BROKEN.split("\n").index("## Pergunta 1? {#p-1}", 8) + 1
    here = re.search(r'<tr class="is-here">.*?</tr>', page, re.DOTALL)[0]
    assert f"{line}</th>" in here
    assert "## Pergunta 1? {#p-1}" in here


def test_taking_twice_and_from_two_tabs_is_taking_once(teo, session):
    send(teo, ("fibra.md", PROCEDURE))
    here = address(session)
    teo.post(f"{here}/take")
    taken = library(session)
    for action in ("take", "drop", "again", "files/1/leave-out", "files/1/repair"):
        teo.post(f"{here}/{action}")
    assert library(session) == taken
    assert newest(session).state == "taken"
    assert "/procedures/fibra" in teo.get(here)


def test_dropped_files_are_gone(teo, session):
    before = library(session)
    send(teo, ("fibra.md", PROCEDURE))
    here = address(session)
    teo.post(f"{here}/drop")
    assert (newest(session).state, count(session, UploadFile)) == ("dropped", 0)
    teo.post(f"{here}/take")
    assert library(session) == before
    teo.get(here)


def test_an_upload_belongs_to_who_made_it(teo, session, sign_in, cast):
    from quizapp.people import access, teams
    from tests.conftest import PASSWORD

    send(teo, ("fibra.md", PROCEDURE))
    here = address(session)
    other = teams.add_user(
        session, name="Rui", role="trainer", employee_number="9005", by="test", now=clock.now()
    )
    access.set_password(other, PASSWORD)
    session.commit()
    for stranger in (sign_in(other), sign_in(cast.ana), sign_in(cast.iara)):
        for path in (here, f"{here}/files/1", f"{here}/images/x.png"):
            stranger.get(path, status=404)
        for action in ("take", "drop", "again", "files/1/leave-out", "files/1/set-beside"):
            stranger.post(f"{here}/{action}", status=404)
    assert newest(session).state == "ready"


def test_what_waits_is_found_again(teo, session):
    send(teo, ("fibra.md", PROCEDURE))
    assert address(session) in teo.get("/import")
    teo.post(f"{address(session)}/drop")
    assert address(session) not in teo.get("/import")


def test_a_pasted_text_goes_the_same_way(teo, session):
    teo.get("/import")
    text = "## Que luz indica falta de sinal?\r\n- [ ] PON\r\n- [x] LOS\r\n"
    teo.post("/import", {"name": "Luzes / ONU", "text": text})
    (said,) = newest(session).report
    assert (said["kind"], said["items"], said["slug"]) == ("bank", 1, "luzes-onu")
    teo.post("/import", {"name": "Fluxo", "text": PROCEDURE})
    assert newest(session).report[0]["kind"] == "procedure"


def test_a_pasted_text_needs_a_name_and_is_not_lost(teo):
    teo.get("/import")
    page = teo.post("/import", {"name": " ", "text": "um <texto>"}, status=422)
    assert "um &lt;texto&gt;" in page
    assert 'role="alert"' in page


def test_nothing_chosen_is_said(teo, session):
    assert 'role="alert"' in send(teo, status=422)
    assert 'role="alert"' in send(teo, ("", b""), status=422)
    assert count(session, Upload) == 0


def test_too_many_and_too_large_files_are_said(teo, session, monkeypatch):
    files = [(f"{n}.md", PROCEDURE) for n in range(brought.MOST_FILES + 1)]
    assert str(brought.MOST_FILES) in send(teo, *files, status=422)
    monkeypatch.setattr(brought, "MOST_BYTES", 10)
    assert "fibra.md" in send(teo, ("fibra.md", PROCEDURE), status=422)
    assert count(session, Upload) == 0


def test_a_request_beyond_the_limit_is_said_and_other_pages_keep_theirs(teo, app):
    megabyte = b"x" * 2**20
    page = send(teo, *((f"{n}.txt", megabyte * 25) for n in range(4)), status=413)
    assert "100 MB" in page
    teo.post("/account", {"old": "x" * 2**21}, status=413)


def test_pictures_come_with_the_text_that_shows_them(teo, session):
    text = bank_text("## Que tela é esta?\n\n![Tela](img/tela.png)\n\n- [x] Rede\n- [ ] Outra\n")
    shown = picture("PNG", 30, 20)
    page = send(
        teo,
        ("curso/b.md", text),
        ("curso/img/tela.png", shown),
        ("curso/img/outra.png", picture("PNG", 9, 9)),
    )
    assert statuses(session) == ["added", "picture", "unused"]
    source = re.search(rf'src="({address(session)}/images/[0-9a-f]+\.png)"', page)[1]
    response = teo.http.get(source)
    assert (response.status_code, response.mimetype) == (200, "image/png")
    teo.post(f"{address(session)}/take")
    assert count(session, Picture) == 1
    assert teo.http.get(f"/images/{source.rpartition('/')[2]}").status_code == 200


def test_a_folder_brings_what_may_be_of_use(teo, session):
    teo.get("/import")
    names = ("c/fibra.md", "c/.git/config.md", "c/foto.heic", "c/x.exe")
    parts = [(io.BytesIO(PROCEDURE.encode()), name) for name in names]
    teo.post("/import", {"folder": parts})
    assert [said["name"] for said in newest(session).report] == ["c/fibra.md"]


def edited_bank(session, cast):
    """A bank that came by page and was edited there since."""
    bank = banks.find(session, "b")
    text = editing.bank_text(session, bank)
    editing.save_bank(
        session,
        bank,
        text.text.replace("Depende", "Varia"),
        text.number,
        by=cast.teo.public_id,
        now=clock.now(),
        reason="clareza",
    )
    session.commit()


def test_a_file_that_changed_what_a_page_changed_waits_for_a_person(teo, session, cast):
    send(teo, ("b.md", bank_text(item(1), item(2))))
    teo.post(f"{address(session)}/take")
    edited_bank(session, cast)
    before = library(session)
    changed = bank_text(item(1, "b"), item(2))
    send(teo, ("b.md", changed), ("fibra.md", PROCEDURE))
    here = address(session)
    assert statuses(session) == ["conflict", "added"]
    teo.post(f"{here}/take")
    assert library(session) == before
    teo.post(f"{here}/files/1/set-beside")
    assert session.execute(select(Conflict.slug)).scalars().all() == ["b"]
    assert statuses(session) == ["added"]
    teo.post(f"{here}/take")
    assert newest(session).state == "taken"


def test_nothing_is_taken_that_has_become_a_conflict_since(teo, session, cast):
    send(teo, ("b.md", bank_text(item(1))))
    teo.post(f"{address(session)}/take")
    send(teo, ("b.md", bank_text(item(1, "b"))), ("fibra.md", PROCEDURE))
    edited_bank(session, cast)
    before = library(session)
    teo.post(f"{address(session)}/take")
    assert statuses(session) == ["conflict", "added"]
    assert (newest(session).state, library(session)) == ("ready", before)


def test_nothing_is_taken_over_a_newer_file_than_the_preview_showed(teo, session):
    send(teo, ("b.md", bank_text(item(1))))
    teo.post(f"{address(session)}/take")
    send(teo, ("b.md", bank_text(item(1), item(2))))
    first = address(session)
    send(teo, ("b.md", bank_text(item(1), item(3))))
    teo.post(f"{address(session)}/take")
    before = library(session)
    page = teo.post(f"{first}/take")
    assert library(session) == before
    assert "{#p-<del>3</del>}" in page  # the new preview is beside what is there now
    assert not re.search(r'type="submit"[^>]* disabled>', page)
    teo.post(f"{first}/take")
    assert library(session) != before


def large(number):
    """A procedure too large to be read while a page waits."""
    return f"# Grande {number}\n\n## Parte\n\n" + "Texto comprido.\n\n" * 45_000


def test_large_files_are_read_and_taken_by_the_worker(teo, session, app):
    before = library(session)
    page = send(teo, ("a.md", large(1)), ("b.md", large(2)))
    here = address(session)
    assert newest(session).state == "reading"
    assert "data-progress" in page
    assert 'http-equiv="refresh"' in page
    assert teo.http.get(here, headers={"Accept": "application/json"}).json["ended"] is False
    work(app)
    assert teo.http.get(here, headers={"Accept": "application/json"}).json == {
        "ended": True,
        "done": 2,
        "total": 2,
    }
    assert statuses(session) == ["added", "added"]
    assert library(session) == before
    assert "data-progress" in teo.post(f"{here}/take")
    teo.post(f"{here}/take")  # the second press
    assert count(session, Job) == 2
    work(app)
    assert newest(session).state == "taken"
    assert count(session, Procedure) == 2


def test_a_large_upload_can_be_dropped_before_it_is_read(teo, session, app):
    send(teo, ("a.md", large(1)), ("b.md", large(2)))
    teo.post(f"{address(session)}/drop")
    work(app)
    assert (newest(session).state, count(session, Procedure)) == ("dropped", 0)


def test_an_upload_whose_trial_breaks_is_said_and_can_be_tried_again(
    teo, session, app, monkeypatch
):
    from quizapp.content import previews

    def broken(*args, **kwargs):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(previews, "import_files", broken)
    page = send(teo, ("fibra.md", PROCEDURE))
    assert newest(session).state == "failed"
    assert f"{address(session)}/again" in page
    monkeypatch.undo()
    teo.post(f"{address(session)}/again")
    work(app)
    assert statuses(session) == ["added"]


def test_a_job_that_breaks_again_and_again_is_said(teo, session, app, monkeypatch):
    from quizapp.content import uploads

    def broken(*args, **kwargs):
        raise RuntimeError("a fault of ours")

    send(teo, ("a.md", large(1)), ("b.md", large(2)))
    here = address(session)
    monkeypatch.setattr(uploads, "read", broken)
    work(app)
    assert f"{here}/again" in teo.get(here)
    monkeypatch.undo()
    teo.post(f"{here}/again")
    work(app)
    assert statuses(session) == ["added", "added"]


def archive(**entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def hostile():
    chance = random.Random(7)
    word = archive(**{"word__document.xml": "<w:document/>", "x": "y"})
    bomb = archive(**{"word__document.xml": b" " * 30_000_000})
    laughs = '<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "aaaa">]><quiz>&a;</quiz>'
    return {
        "nothing": ("vazio.md", b""),
        "blanks": ("brancos.txt", b" \n\t\r\n"),
        "noise": ("ruido.md", chance.randbytes(40_000)),
        "noise in a zip's clothes": ("a.docx", b"PK\x03\x04" + chance.randbytes(5_000)),
        "noise in a PDF's clothes": ("a.pdf", b"%PDF-1.7\n" + chance.randbytes(5_000)),
        "half a zip": ("meio.docx", word[: len(word) // 2]),
        "a bomb": ("bomba.docx", bomb),
        "a way out": ("fora.docx", archive(**{"..__..__fora.txt": "x", "word__document.xml": "y"})),
        "an entity": ("riso.xml", laughs.encode()),
        "open tags": ("aberto.xml", b'<?xml version="1.0"?><quiz><question>' * 2_000),
        "deep quotes": ("fundo.md", b"> " * 50_000 + b"x"),
        "a wrong ending": ("planilha.xlsx", PROCEDURE.encode()),
        "a picture with a text's ending": ("foto.md", picture("PNG")),
        "half a picture": ("foto.png", picture("PNG")[:40]),
        "halves of characters": ("q.json", rb'[{"kind":"bank","title":"\ud800"}]'),
        "zeros": ("zeros.bin", b"\x00" * 100_000),
        "a name that leads out": ("../../etc/passwd", b"# A\n\n## B\n\nc\n"),
        "a name of emoji": ("\N{SKULL}\N{SKULL}.md", b"# A\n\n## B\n\nc\n"),
        "a name that turns": ("a\u202egnp.md", b"# A\n\n## B\n\nc\n"),
        "a name without end": ("x" * 1000 + ".md", b"# A\n\n## B\n\nc\n"),
        "a name of dots": ("...", b"# A\n\n## B\n\nc\n"),
        "a formula": ("f.csv", b"=cmd|' /C calc'!A0;b\n=1+1;2\n"),
        "front matter without end": ("m.md", b"---\nid: " + b"a" * 100_000),
    }


@pytest.mark.parametrize("what", hostile())
def test_no_file_gives_an_error_of_ours_or_a_partial_import(what, teo, session):
    before = library(session)
    name, data = hostile()[what]
    send(teo, (name, data), ("fibra.md", PROCEDURE))
    here = address(session)
    found = newest(session)
    assert found.state == "ready", what
    assert library(session) == before
    for said in found.report:
        if "kind" in said:
            teo.get(f"{here}/files/{said['position']}")
    refused = "refused" in statuses(session)
    teo.post(f"{here}/take")
    if refused:
        assert library(session) == before
    else:
        assert newest(session).state == "taken"


def test_all_of_them_at_once(teo, session, app):
    before = library(session)
    send(teo, *hostile().values(), ("fibra.md", PROCEDURE))
    work(app)
    assert newest(session).state == "ready"
    assert library(session) == before
    teo.post(f"{address(session)}/take")
    assert library(session) == before


def test_the_same_name_twice_is_two_files_of_one_document(teo, session):
    send(teo, ("fibra.md", PROCEDURE), ("fibra.md", PROCEDURE + "\nMais.\n"))
    first, second = newest(session).report
    assert (first["status"], second["status"]) == ("added", "refused")
    assert second["problems"][0]["code"] == "identity-taken"


def test_garbled_accents_are_mended_when_somebody_says_so(teo, session):
    garbled = bank_text(item(1)).replace("Não", "NÃ£o")
    page = send(teo, ("b.md", garbled))
    here = address(session)
    assert f"{here}/files/1/repair" in page
    assert "NÃ£o, de modo algum." in page
    page = teo.post(f"{here}/files/1/repair")
    assert "Não, de modo algum." in page
    assert "mojibake" not in page
    teo.post(f"{here}/take")
    source = banks.current(session, banks.find(session, "b")).source
    assert source == bank_text(item(1))


def test_the_examples_on_the_page_are_read_as_it_says(teo, session):
    page = teo.get("/import", headers={"Accept-Language": "en"})
    questions, procedure = re.findall(r'<pre class="sample"><code>(.*?)</code>', page, re.DOTALL)
    for name, text, kind in (("a", questions, "bank"), ("b", procedure, "procedure")):
        teo.post("/import", {"name": name, "text": html.unescape(text)})
        (said,) = newest(session).report
        assert (said["kind"], said["problem_counts"].get("error", 0)) == (kind, 0)
    assert said["sections"] == 1
    teo.get("/import")
    teo.post("/import", {"name": "a", "text": html.unescape(questions)})
    (said,) = newest(session).report
    assert (said["items"], said["unkeyed"]) == (1, 0)


def test_addresses_that_lead_nowhere(teo, session):
    send(teo, ("fibra.md", PROCEDURE))
    here = address(session)
    for path in ("files/9", "files/x", "images/a.png", "images/..%2fx", "nowhere"):
        teo.get(f"{here}/{path}", status=404)
    teo.get(f"{here}?from=99999999999")
    teo.get(f"{here}?from=-1")
    assert count(session, Bank) == 0


def test_the_preview_of_a_program_has_titles_and_no_ids(app, teo, session, cast):
    cast.teo.locale = "en"
    program = "---\nformato: trilha/1\n---\n# Fibra N1\n\n1. Ler: fibra#sinal\n2. Ler: fibra\n"
    send(teo, ("trilha.md", program), ("fibra.md", PROCEDURE))
    work(app)  # where it could not be read at once
    page = teo.get(f"{address(session)}/files/{newest(session).report[0]['position']}")
    steps = re.findall(r"<li>Reading: (.*?) <code>(.*?)</code>", page)
    assert steps == [("Fibra – Sinal", "fibra#sinal"), ("Fibra", "fibra")]
    assert "tag-wrong" not in page
