"""The trainer's programs: as fields and as text the same thing; published, assigned, moved."""

import re
from io import BytesIO

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.certification import enrolments, programs
from quizapp.certification.models import Assignment, Enrolment, Program, ProgramRevision
from quizapp.content import importer
from quizapp.content.models import Conflict, Upload
from quizapp.formats.programs import write_program
from quizapp.formats.reader import read
from quizapp.formats.titles import RESERVED
from quizapp.pages.program_forms import GroupRow, ProgramForm
from tests.conftest import TODAY

TEXT = """---
formato: trilha/1
id: suporte-n1
titulo: Suporte N1
idioma: pt-BR
carga_horaria: 1h30
validade: 12 meses
avisos: 60, 30, 7
filas: Suporte N1
ordem: sim
---

Para quem começa.

1. Ler: conexao#verificacao
2. Ler: telefone
3. Prova: oito

- Para: equipe Norte, em 30 dias
- Para: pessoa 2001, até 15/12/2026
"""


def fields(**more):
    """What the page sends for the same program."""
    return {
        "view": "fields",
        "id": "",
        "title": "Suporte N1",
        "language": "pt-BR",
        "hours": "1h30",
        "validity": "12 meses",
        "warnings": "60, 30, 7",
        "queues": "Suporte N1",
        "in_order": "y",
        "intro": "Para quem começa.",
        "step-0": "read:conexao",
        "anchor-0": "verificacao",
        "step-1": "read:telefone",
        "anchor-1": "",
        "step-2": "quiz:oito",
        "who-0": "equipe Norte",
        "due-0": "30 dias",
        "who-1": "pessoa 2001",
        "due-1": "15/12/2026",
        "number": "0",
        "do": "save",
        **more,
    }


@pytest.fixture
def trainer(sign_in, cast, quiz, session):
    """Téo, who reads English, before the samples and their quiz."""
    cast.teo.locale = "en"
    session.commit()
    return sign_in(cast.teo)


@pytest.fixture
def program(trainer):
    """The program, saved from its text as a draft."""
    trainer.post("/trainer/programs/new", {"view": "text", "text": TEXT, "do": "save"})


def newest(session):
    session.expire_all()
    found = session.execute(select(ProgramRevision).order_by(ProgramRevision.id.desc())).scalars()
    return found.first()


def test_fields_and_text_make_the_same_program(trainer, session):
    page = trainer.post("/trainer/programs/new", fields())
    assert "Saved as a new version." in page
    assert "Conexão do cliente – Verificação" in page
    by_fields = newest(session)
    assert by_fields.source == TEXT
    assert by_fields.program.slug == "suporte-n1"
    trainer.post(
        "/trainer/programs/new",
        {"view": "text", "text": TEXT.replace("id: suporte-n1", "id: outra"), "do": "save"},
    )
    by_text = newest(session)
    assert by_text.program.slug == "outra"
    for fact in ("title", "language", "rules", "intro_html", "origin"):
        assert getattr(by_text, fact) == getattr(by_fields, fact)
    assert [(s.kind, s.slug, s.anchor) for s in by_text.steps] == [
        (s.kind, s.slug, s.anchor) for s in by_fields.steps
    ]


def test_the_form_shows_a_text_and_writes_it_again_as_it_was(trainer, program, session):
    page = trainer.get("/trainer/programs/suporte-n1/edit")
    for shown in ("equipe Norte", "30 dias", "15/12/2026", "1h30", "Para quem começa."):
        assert shown in page
    document = read("a.md", TEXT.encode())
    assert ProgramForm.of(document).text() == TEXT
    assert write_program(document) == TEXT.replace("avisos: 60, 30, 7\n", "")
    number = {"number": "1", "reason": "nada", "id": "suporte-n1"}
    page = trainer.post("/trainer/programs/suporte-n1/edit", fields(**number))
    assert "Nothing was changed." in page
    assert newest(session).number == 1


def test_a_button_takes_what_is_typed_to_the_other_view(trainer):
    page = trainer.post("/trainer/programs/new", fields(do="text", title="Outro nome"))
    assert "titulo: Outro nome" in page
    assert "2. Ler: telefone" in page
    page = trainer.post(
        "/trainer/programs/new",
        {"view": "text", "text": TEXT.replace("1h30", "45 min"), "do": "fields"},
    )
    assert 'value="45 min"' in page
    assert 'value="read:telefone"' in page
    page = trainer.post(
        "/trainer/programs/new",
        {"view": "text", "text": TEXT.replace("Prova: oito", "Prova oito"), "do": "fields"},
        status=422,
    )
    assert "program-step-unread" in page
    assert "line 17" in page


def test_steps_and_groups_are_added_moved_and_removed(trainer):
    page = trainer.post("/trainer/programs/new", fields(do="up-2"))
    assert page.index('value="quiz:oito"') < page.index('value="read:telefone"')
    page = trainer.post("/trainer/programs/new", fields(do="remove-1"))
    assert 'name="step-1" value="quiz:oito"' in page
    page = trainer.post("/trainer/programs/new", fields(do="add-read", read="conexao"))
    assert 'name="step-3" value="read:conexao"' in page
    page = trainer.post("/trainer/programs/new", fields(do="add-quiz", quiz="oito"))
    assert 'name="step-3" value="quiz:oito"' in page
    page = trainer.post("/trainer/programs/new", fields(do="drop-0"))
    assert 'name="who-0" value="pessoa 2001"' in page
    more = {"who": "pessoa", "person": "1002", "due": "10"}
    page = trainer.post("/trainer/programs/new", fields(do="add-for", **more))
    assert 'name="who-2" value="pessoa 1002"' in page


@pytest.mark.parametrize(
    "typed, behind",
    [
        ("", "equipe A"),
        ("10", "equipe A, em 10 dias"),
        ("30 dias", "equipe A, em 30 dias"),
        ("em 30 dias", "equipe A, em 30 dias"),
        ("15/12/2026", "equipe A, até 15/12/2026"),
        ("2026-12-15", "equipe A, até 2026-12-15"),
        ("logo", "equipe A, até logo"),
    ],
)
def test_what_is_typed_as_until_when_becomes_words_of_the_text(typed, behind):
    assert GroupRow("equipe A", typed).text() == behind


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(trainer, session):
    page = trainer.post("/trainer/programs/new", fields(hours="muitas"), status=422)
    assert 'id="hours-error"' in page
    assert "“muitas” is no time" in page
    page = trainer.post("/trainer/programs/new", fields(title=""), status=422)
    assert "Give the program a title." in page
    page = trainer.post("/trainer/programs/new", fields(**{"due-0": "logo"}), status=422)
    assert "program-due-unread" in page
    page = trainer.post("/trainer/programs/new", {"view": "fields", "title": "Só"}, status=422)
    assert "program-empty" in page
    page = trainer.post("/trainer/programs/new", {"view": "text", "text": "# A\n"}, status=422)
    assert session.execute(select(Program)).first() is None


def test_one_looks_at_it_before_it_is_saved(trainer, session):
    page = trainer.post(
        "/trainer/programs/new", fields(do="check", **{"who-0": "equipe Leste", "step-3": "quiz:x"})
    )
    assert "Looked at, not saved yet" in page
    assert "Conexão do cliente – Verificação" in page
    assert "program-for-unknown" in page
    assert "program-quiz-unknown" in page
    assert session.execute(select(Program)).first() is None


def test_a_save_over_somebody_elses_shows_the_difference_and_keeps_the_text(
    trainer, program, session
):
    first = {"number": "1", "reason": "dois anos", "validity": "2 anos", "id": "suporte-n1"}
    page = trainer.post("/trainer/programs/suporte-n1/edit", fields(**first))
    assert "Saved as a new version." in page
    second = {"number": "1", "reason": "horas", "hours": "3h", "id": "suporte-n1"}
    page = trainer.post("/trainer/programs/suporte-n1/edit", fields(**second), status=409)
    assert "Somebody saved another version meanwhile" in page
    assert 'value="3h"' in page
    assert 'name="number" value="2"' in page
    page = trainer.post(
        "/trainer/programs/suporte-n1/edit", fields(number="2", reason="", id="suporte-n1"), 422
    )
    assert "Say in a few words why" in page
    page = trainer.get("/trainer/programs/suporte-n1/history")
    assert "“dois anos”" in page
    assert "Téo Instrutor" in page


def test_publishing_enrols_whom_the_text_names_and_retiring_releases_them(
    trainer, program, cast, session
):
    page = trainer.get("/trainer/programs/suporte-n1")
    assert "team Norte" in page
    assert "person 2001" in page
    assert session.execute(select(Enrolment)).first() is None
    page = trainer.post("/trainer/programs/suporte-n1/publish")
    assert "The program is published." in page
    found = session.execute(select(Enrolment)).scalars().all()
    assert {one.user_id for one in found} == {cast.ana.id, cast.bia.id, cast.gil.id}
    assert "1001" in page or "3 people" in page
    page = trainer.post("/trainer/programs/suporte-n1/retire")
    session.expire_all()
    assert all(one.ended == "released" for one in found)
    trainer.post("/trainer/programs/suporte-n1/retire", status=404)


def test_what_cannot_be_done_cannot_be_published(trainer, session):
    trainer.post("/trainer/programs/new", fields(**{"step-2": "quiz:nada"}))
    page = trainer.post("/trainer/programs/suporte-n1/publish", status=422)
    assert "nada cannot be read or taken yet" in page
    session.expire_all()
    assert session.execute(select(Program)).scalar_one().published_at is None


def test_a_published_program_keeps_to_what_can_be_done(trainer, program, session):
    trainer.post("/trainer/programs/suporte-n1/publish")
    changed = fields(number="1", reason="outra prova", id="suporte-n1", **{"step-2": "quiz:nada"})
    page = trainer.post("/trainer/programs/suporte-n1/edit", changed, status=422)
    assert "People could not finish it: nada" in page
    assert newest(session).number == 1


def test_a_conflict_with_its_file_is_settled_on_the_page(trainer, session, tmp_path):
    file = tmp_path / "n1.md"

    def bring(text):
        file.write_text(text, encoding="utf-8")
        files = importer.gather([file])
        importer.import_files(session, files, by="test", now=clock.now(), today=TODAY)
        session.commit()

    bring(TEXT)
    mine = fields(number="1", reason="horas", hours="2h", id="suporte-n1")
    trainer.post("/trainer/programs/suporte-n1/edit", mine)
    bring(TEXT.replace("12 meses", "2 anos"))
    found = session.execute(select(Conflict)).scalar_one()
    page = trainer.get(f"/conflicts/{found.id}")
    assert "carga_horaria: 2h" in page
    assert "anos" in page
    trainer.post(f"/conflicts/{found.id}", {"keep": "file", "number": "2"})
    assert "validade: 2 anos" in newest(session).source
    assert newest(session).number == 3


def test_it_is_assigned_by_hand_and_that_ended(trainer, program, cast, session):
    trainer.post("/trainer/programs/suporte-n1/publish")
    url = "/trainer/programs/suporte-n1/assignments"
    page = trainer.post(url, {"who": "equipe Sul", "due": "10"})
    assert "team Sul" in page
    assert "within 10 days" in page
    one = session.execute(select(Assignment).where(Assignment.origin == "page")).scalar_one()
    assert (one.target, one.due_days, one.by) == (cast.sul.public_id, 10, cast.teo.public_id)
    page = trainer.post(url, {"who": "pessoa", "person": "4711"}, status=422)
    assert "Nobody here has this name or number." in page
    page = trainer.post(url, {"who": "equipe Sul", "due": "logo"}, status=422)
    assert "Write a day, 15/12/2026" in page
    page = trainer.post(f"{url}/{one.id}/end")
    assert "team Sul" not in page.partition("Assign it")[0]
    trainer.post(f"{url}/{one.id}/end", status=404)
    of_text = session.execute(
        select(Assignment.id).where(Assignment.origin == "file").limit(1)
    ).scalar_one()
    trainer.post(f"{url}/{of_text}/end", status=404)


@pytest.mark.parametrize(
    "given, said",
    [
        ({"who": "equipe Sul", "person": "2001"}, "A number is for one person"),
        ({"who": "pessoa", "person": " "}, "Type the person"),
        ({"who": "equipe Sul", "due": "10/01/2020"}, "This day is over"),
    ],
)
def test_fields_that_say_two_things_nobody_or_a_day_that_is_over_assign_nobody(
    trainer, program, session, given, said
):
    url = "/trainer/programs/suporte-n1/assignments"
    page = trainer.post(url, given, status=422)
    assert said in page.partition('id="assignments"')[2]
    assert session.execute(select(Assignment).where(Assignment.origin == "page")).all() == []


def test_a_group_and_a_persons_number_are_not_added_as_the_group(trainer):
    both = fields(do="add-for", who="equipe Sul", person="2001", due="5")
    page = trainer.post("/trainer/programs/new", both, status=422)
    assert "A number is for one person" in page
    assert 'name="who-2"' not in page
    assert 'name="person" value="2001"' in page


def test_a_day_that_is_over_is_remarked_before_everybody_is_late(trainer):
    over = fields(do="check", **{"who-1": "equipe Sul", "due-1": "10/01/2020"})
    page = trainer.post("/trainer/programs/new", over)
    assert page.count("program-due-over") == 1


def test_a_line_taken_out_of_the_text_ends_what_it_assigned(trainer, program, cast, session):
    trainer.post("/trainer/programs/suporte-n1/publish")
    trainer.post(
        "/trainer/programs/suporte-n1/edit",
        fields(number="1", reason="só a Norte", id="suporte-n1", do="drop-1"),
    )
    shorter = fields(number="1", reason="só a Norte", id="suporte-n1")
    del shorter["who-1"]
    trainer.post("/trainer/programs/suporte-n1/edit", shorter)
    session.expire_all()
    standing = session.execute(select(Assignment).where(Assignment.ended_at.is_(None))).scalars()
    assert [one.whose for one in standing] == ["team"]


def test_people_stay_on_their_version_until_they_are_moved(trainer, program, cast, session):
    trainer.post("/trainer/programs/suporte-n1/publish")
    enrolled = session.execute(select(Enrolment).order_by(Enrolment.id)).scalars().all()
    changed = fields(number="1", reason="sem telefone", id="suporte-n1")
    del changed["step-1"]
    page = trainer.post("/trainer/programs/suporte-n1/edit", changed)
    assert "Move to version 2" in page
    session.expire_all()
    assert {one.revision.number for one in enrolled} == {1}
    page = trainer.post(
        "/trainer/programs/suporte-n1/move", {"enrolment": [enrolled[0].public_id, "nobody"]}
    )
    assert "Moved to the newest version: 1." in page
    session.expire_all()
    assert [one.revision.number for one in enrolled] == [2, 1, 1]


def test_whoever_is_no_trainer_finds_none_of_it(sign_in, cast, program):
    for person in (cast.ana, cast.bruno, cast.iara):
        browser = sign_in(person)
        for path in ("", "/new", "/suporte-n1", "/suporte-n1/edit", "/suporte-n1/history"):
            browser.get(f"/trainer/programs{path}", status=404)
        for what in ("publish", "retire", "assignments", "move"):
            browser.post(f"/trainer/programs/suporte-n1/{what}", status=404)


def test_a_program_may_be_for_some_teams_alone(trainer, program, cast, session):
    page = trainer.get("/trainer/programs/suporte-n1")
    assert "for: everybody" in page
    page = trainer.post(
        "/trainer/audience/program/suporte-n1", {"whose": "teams", "team": cast.sul.public_id}
    )
    assert "for: Sul" in page
    assert "for: Sul" in trainer.get("/trainer/programs")


def test_the_list_says_how_each_stands(trainer, program, session, cast):
    page = trainer.get("/trainer/programs")
    assert "Draft" in page
    assert "3 steps" in page
    program = session.execute(select(Program)).scalar_one()
    trainer.post("/trainer/programs/suporte-n1/publish")
    session.expire_all()
    enrolments.begin(session, program, cast.hugo, now=clock.now(), by=cast.hugo.public_id)
    session.commit()
    page = trainer.get("/trainer/programs")
    assert "4 people under way" in page
    assert programs.state_of(program) == "published"


def test_a_program_comes_by_upload_too(trainer, session):
    page = trainer.post(
        "/import",
        {"files": (BytesIO(TEXT.encode()), "suporte.md")},
        content_type="multipart/form-data",
    )
    assert "3 steps" in page
    assert "<code>conexao#verificacao</code>" in page
    upload = session.execute(select(Upload)).scalar_one()
    page = trainer.post(f"/import/{upload.public_id}/take")
    assert "/trainer/programs/suporte-n1" in page
    assert newest(session).origin == "upload"


def test_an_id_that_is_another_pages_address_is_refused_beside_its_field(session, trainer):
    for given in ({"id": "new"}, {"id": "", "title": "New"}):
        page = trainer.post("/trainer/programs/new", fields(**given), status=422)
        assert "is the address of a page of its own" in page
    page = trainer.post(
        "/trainer/programs/new",
        {"view": "text", "text": TEXT.replace("id: suporte-n1", "id: new"), "do": "save"},
        status=422,
    )
    assert "is the address of a page of its own" in page
    assert session.scalars(select(Program)).all() == []


def test_no_address_beside_the_programs_and_quizzes_is_an_id(app):
    """A page added there has to be reserved, too."""
    for base in ("/trainer/programs/", "/trainer/quizzes/", "/programs/", "/quizzes/"):
        names = {
            rule.rule.removeprefix(base).split("/")[0]
            for rule in app.url_map.iter_rules()
            if rule.rule.startswith(base)
        }
        assert names - {"<slug>"} <= RESERVED


def test_a_draft_that_a_browser_kept_comes_back_and_saves_nothing(trainer, session):
    page = trainer.post("/trainer/programs/new", {"view": "text", "text": TEXT, "do": "keep"})
    assert "Ler: conexao#verificacao" in page
    page = trainer.post("/trainer/programs/new", fields(do="keep", validity="sempre"))
    assert 'value="sempre"' in page
    assert session.scalars(select(Program)).all() == []
    fetched = trainer.http.post(
        "/trainer/programs/new",
        data={"csrf_token": trainer.token, **fields()},
        headers={"Accept": "application/json, text/html;q=0.9"},
    )
    assert fetched.json == {"to": "/trainer/programs/suporte-n1"}
    assert "Saved as a new version." in trainer.get(fetched.json["to"])


@pytest.mark.parametrize("do", ["keep", "add-read", "up-1"])
def test_who_must_is_not_lost_before_it_is_added(trainer, content, do):
    half = {"who": "pessoa", "person": "00417", "due": "30 dias"}
    page = trainer.post("/trainer/programs/new", fields(do=do, **half))
    for value in half.values():
        assert f'value="{value}"' in page
    assert '<option value="pessoa" selected>' in page


@pytest.mark.parametrize(
    "row, line",
    [
        ({"read": "abertura"}, "4. Ler: abertura"),
        ({"quiz": "outra"}, "4. Prova: outra"),
        ({"who": "equipe Sul", "due": "10"}, "- Para: equipe Sul, em 10 dias"),
        ({"who": "pessoa", "person": "1002"}, "- Para: pessoa 1002"),
    ],
)
def test_a_filled_row_is_saved_as_if_it_was_added_first(trainer, session, row, line):
    page = trainer.post("/trainer/programs/new", fields(do="text", **row))
    assert line in page
    page = trainer.post("/trainer/programs/new", fields(do="check", hours="muitas", **row), 422)
    again = fields(
        hours="2h", **dict(re.findall(r'name="((?:step|who|due)-\d)" value="(.*?)"', page))
    )
    trainer.post("/trainer/programs/new", again)
    once = newest(session).source
    assert once.count(line) == 1, "taken along, and shown so"
    trainer.post("/trainer/programs/new", fields(id="direta", **row))
    assert line in newest(session).source
    assert newest(session).program.slug == "direta"


@pytest.mark.parametrize(
    "row, said",
    [
        ({"who": "equipe Sul", "person": "2001"}, "A number is for one person"),
        ({"who": "pessoa"}, "Type the person"),
        ({"due": "30 dias"}, "Choose who it is for."),
        ({"who": "equipe Sul", "due": "logo"}, "program-due-unread"),
        ({"who": "equipe Norte"}, "program-for-twice"),
        ({"quiz": "oito"}, "program-step-twice"),
    ],
)
def test_a_filled_row_that_is_wrong_saves_nothing(trainer, session, row, said):
    for do in ("check", "save"):
        page = trainer.post("/trainer/programs/new", fields(do=do, **row), status=422)
        assert said in page
    assert session.execute(select(Program)).first() is None


def test_adding_one_row_leaves_what_is_chosen_in_the_others(trainer):
    chosen = {"read": "conexao", "quiz": "oito", "who": "equipe Sul"}
    selected = {name: f'<option value="{value}" selected>' for name, value in chosen.items()}
    for do, added in (("add-read", "read"), ("add-quiz", "quiz"), ("add-for", "who"), ("up-1", "")):
        page = trainer.post("/trainer/programs/new", fields(do=do, **chosen))
        assert [name for name in chosen if selected[name] not in page] == ([added] if added else [])
