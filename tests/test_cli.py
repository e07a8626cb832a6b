"""The command line, as people and scripts use it."""

import json
import os
import re
from contextvars import Context
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select, text

from quizapp import clock, config
from quizapp.certification import cohorts
from quizapp.content import banks, keys
from quizapp.content.models import Bank, ItemKey
from quizapp.db import db
from quizapp.formats import model
from quizapp.formats.reader import read
from quizapp.people.models import User
from quizapp.quiz.models import Attempt, Quiz
from tests.certification.certified import fields
from tests.conftest import SAMPLES
from tests.torture.harness import free_port


@pytest.fixture
def run(app, monkeypatch):
    """Run a command in English; the test's own session lets go of the database first."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def call(*arguments: str | Path, code: int = 0) -> Result:
        db.session.commit()
        runner = app.test_cli_runner()
        result = Context().run(runner.invoke, args=[str(a) for a in arguments])
        assert result.exit_code == code, result.output
        return result

    return call


def test_import_defaults_to_the_two_folders_and_reports_as_json(run):
    reports = json.loads(run("import", "--format", "json").stdout)
    assert [r["status"] for r in reports] == ["added"] * 4
    assert set(reports[0]) == {
        "path",
        "kind",
        "format",
        "title",
        "status",
        "sections",
        "items",
        "unkeyed",
        "problems",
    }
    again = json.loads(run("import", "--format", "json").stdout)
    assert [r["status"] for r in again] == ["unchanged"] * 4


def test_a_dry_run_says_the_same_and_writes_nothing(run, session):
    dry = json.loads(run("import", "--dry-run", "--format", "json").stdout)
    assert session.execute(select(func.count(Bank.id))).scalar_one() == 0
    assert json.loads(run("import", "--format", "json").stdout) == dry


def test_a_refused_file_exits_with_one_and_names_line_and_remedy(run, tmp_path):
    path = tmp_path / "mau.md"
    path.write_text("---\nformato: questoes/1\nid: mau\n---\n", encoding="utf-8")
    result = run("import", path, SAMPLES / "procedures", code=1)
    assert "mau.md:" in result.output
    assert "[bank-empty]" in result.output
    assert "conexao" in result.output


def test_a_path_that_is_not_there_is_said_plainly(run):
    result = run("import", "/no/such/file.md", code=1)
    assert "/no/such/file.md" in result.output
    assert "Traceback" not in result.output


def test_messages_come_in_the_terminals_language(run, monkeypatch, tmp_path):
    path = tmp_path / "mau.md"
    path.write_text("---\nformato: questoes/1\nid: mau\n---\n", encoding="utf-8")
    english = run("import", path, code=1).output
    monkeypatch.setenv("LC_ALL", "pt_BR.UTF-8")
    assert run("import", path, code=1).output != english


@pytest.mark.parametrize("text", ["1-C 2-A 3-A", "1. c\n2) a\n3: O titular.\n"])
def test_a_gabarito_keys_a_bank(run, session, tmp_path, text):
    run("import")
    gabarito = tmp_path / "gabarito.txt"
    gabarito.write_text(text, encoding="utf-8")
    assert "3 of 3" in run("key", "sem-gabarito", gabarito).output
    values = session.execute(
        select(ItemKey.value).where(ItemKey.origin == "gabarito").order_by(ItemKey.item_id)
    ).scalars()
    assert [v["fractions"] for v in values] == [[0, 0, 1.0, 0], [1.0, 0, 0], [1.0, 0, 0]]
    published = run("publish", "sem-gabarito", "--cut-score", "70").output
    assert "3 items" in published


@pytest.mark.parametrize(
    "text, named", [("1-C 9-A", "9"), ("1-C 2-Z", "Z"), ("1: Nada disso.", "Nada disso")]
)
def test_a_key_for_what_is_not_there_names_it_and_applies_nothing(
    run, session, tmp_path, text, named
):
    run("import")
    before = session.execute(select(func.count(ItemKey.id))).scalar_one()
    gabarito = tmp_path / "gabarito.txt"
    gabarito.write_text(text, encoding="utf-8")
    assert named in run("key", "sem-gabarito", gabarito, code=1).output
    assert session.execute(select(func.count(ItemKey.id))).scalar_one() == before


def test_a_bank_that_is_not_there_is_said_plainly(run, tmp_path):
    gabarito = tmp_path / "g.txt"
    gabarito.write_text("1-A", encoding="utf-8")
    assert "Traceback" not in run("key", "nada", gabarito, code=1).output


def test_convert_writes_the_native_file_with_ids(run, tmp_path):
    out = tmp_path / "out.md"
    run("convert", SAMPLES / "banks" / "sem-gabarito.txt", "-o", out)
    text = out.read_text(encoding="utf-8")
    assert "{#sg-001}" in text
    assert "- [ ] Todas {fixa}" in text
    again = run("convert", out)
    assert again.stdout == text


def test_convert_to_json_has_the_documented_shape(run):
    value = json.loads(run("convert", SAMPLES / "banks" / "oito.md", "--to", "json").stdout)
    assert [d["kind"] for d in value] == ["bank"]
    assert set(value[0]) >= {"path", "kind", "title", "problems", "items", "left_out"}
    assert set(value[0]["items"][0]) >= {
        "id",
        "kind",
        "stem",
        "options",
        "answers",
        "pairs",
        "explanation",
        "sources",
        "competencies",
        "difficulty",
        "use",
        "tags",
        "line",
        "key",
    }
    procedure = json.loads(
        run("convert", SAMPLES / "procedures" / "conexao.md", "--to", "json").stdout
    )[0]
    assert set(procedure) >= {"path", "kind", "title", "problems", "sections"}
    assert set(procedure["sections"][1]) >= {
        "anchor",
        "heading",
        "level",
        "line",
        "text",
        "steps",
    }


def test_convert_leaves_no_file_behind_for_what_it_cannot_read(run, tmp_path):
    bad, out = tmp_path / "bad.txt", tmp_path / "out.md"
    bad.write_bytes(b"\x00\x01\x02")
    run("convert", bad, "-o", out, code=1)
    assert not out.exists()


def test_a_user_is_created_with_a_code(run, session):
    result = run(
        "create-user", "--name", "Zé", "--role", "agent", "--number", "77", "--team", "Nova"
    )
    assert session.execute(select(User.name)).scalar_one() == "Zé"
    assert "-" in result.output
    run("create-user", "--name", "Zé 2", "--role", "agent", "--number", "77", code=1)


def test_the_evidence_is_checked(run):
    run("import")
    assert "unbroken" in run("evidence").output


def test_set_up_makes_a_demonstration_team_once(run, session, app):
    output = run("setup", "--demo").output
    accounts = Path(app.config["INSTANCE"]) / "demo-accounts.txt"
    assert accounts.read_text(encoding="utf-8").strip() in output
    assert accounts.stat().st_mode & 0o077 == 0
    count = session.execute(select(func.count(User.id))).scalar_one()
    assert count >= 6
    assert session.execute(select(func.count(Quiz.id))).scalar_one() == 1, (
        "keyed banks are published"
    )
    assert session.execute(select(func.count(Attempt.id))).scalar_one() >= 1
    trained = [(one.members, one.instructor) for one in cohorts.listed(session)]
    assert trained == [(4, "Téo Instrutor")]
    kept = accounts.read_text(encoding="utf-8")
    run("setup", "--demo")
    assert session.execute(select(func.count(User.id))).scalar_one() == count
    assert accounts.read_text(encoding="utf-8") == kept


def test_the_first_command_makes_the_database(tmp_path, monkeypatch):
    from quizapp import create_app
    from tests.conftest import settings

    app = create_app(settings(tmp_path / "new"))
    for _ in range(2):
        result = Context().run(app.test_cli_runner().invoke, args=["import"])
        assert result.exit_code == 0, result.output
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("at, remedy", [("0001", "quizapp upgrade"), ("9999", "newer version")])
@pytest.mark.parametrize("command", ["evidence", "serve"])
def test_a_database_of_another_version_is_said_plainly(run, session, command, at, remedy):
    session.execute(text("UPDATE alembic_version SET version_num = :at").bindparams(at=at))
    assert remedy in run(command, code=1).output


def test_certificates_lead_to_where_it_is_served(run, app, monkeypatch):
    told = {}
    monkeypatch.setattr(os, "execve", lambda path, arguments, environ: told.update(environ))
    monkeypatch.chdir(config.ROOT)
    port, code = free_port(), "0f" * 16
    assert f"http://127.0.0.1:{port} " in run("serve", "--port", port).output
    address = f"http://127.0.0.1:{port}/c/{code}"
    assert fields("Ana", code=code)["address"] == address, "what a demonstration awards"
    app.config.update(config.load(told))
    assert fields("Ana", code=code)["address"] == address, "what server and worker award"


def test_lint_says_what_is_wrong_and_counts_it(run, tmp_path):
    path = tmp_path / "b.md"
    path.write_text("## Qual NÃO? {#b-1}\n\n- [x] Sim\n- [ ] Não\n", encoding="utf-8")
    result = run("lint", path)
    assert result.exit_code == 0
    assert f"{path}:1:1: info:" in result.output
    assert "[no-source]" in result.output
    assert re.search(r"^ +1 info: no-source$", result.output, re.MULTILINE)
    path.write_text("## {#b-1}\n\n- [x] Sim\n", encoding="utf-8")
    assert run("lint", path, code=1).exit_code == 1


def test_fmt_writes_ids_and_nothing_else(run, tmp_path):
    path = tmp_path / "b.md"
    source = (
        "## Uma?\n\n- [x] a\n- [ ] b\n- [ ] c\n\n## Duas? {#dois}\n\n- [x] a\n- [ ] b\n- [ ] c\n"
    )
    path.write_text(source, encoding="utf-8")
    assert run("fmt", "--check", path, code=1).exit_code == 1
    assert path.read_text(encoding="utf-8") == source
    run("fmt", path)
    assert path.read_text(encoding="utf-8") == source.replace("Uma?", "Uma? {#b-001}")
    run("fmt", "--check", path)


def test_fmt_gives_an_item_the_id_that_it_has_here(run, tmp_path):
    first = "## Uma?\n\n- [x] a\n- [ ] b\n- [ ] c\n"
    second = "## Outra coisa?\n\n- [x] d\n- [ ] e\n- [ ] f\n"
    path = tmp_path / "b.md"
    path.write_text(first + "\n" + second, encoding="utf-8")
    run("import", path)
    path.write_text(second + "\n" + first, encoding="utf-8")
    run("fmt", path)
    text = path.read_text(encoding="utf-8")
    assert "Uma? {#b-001}" in text
    assert "Outra coisa? {#b-002}" in text


def test_export_writes_back_what_a_page_changed(run, tmp_path, session):
    path = tmp_path / "b.md"
    path.write_text("## Uma? {#u}\n\n- [ ] a\n- [ ] b\n- [ ] c\n", encoding="utf-8")
    run("import", path)
    bank = banks.find(session, "b")
    place = banks.places(session, bank)[0]
    keys.give(session, place.revision, (1,), "page", by="t", now=clock.now())
    session.commit()
    run("export")
    assert "- [x] b" in path.read_text(encoding="utf-8")
    assert run("import", path).output.startswith("unchanged")
    path.write_text(path.read_text(encoding="utf-8").replace("Uma?", "Qual?"), encoding="utf-8")
    result = run("export", code=1)
    assert result.exit_code == 1
    assert "Qual?" in path.read_text(encoding="utf-8"), "a file that changed is not written over"


@pytest.mark.parametrize("form", ["gift", "moodle", "qti", "csv", "json", "markdown"])
def test_a_bank_is_exported_and_imported_again(run, tmp_path, form):
    run("import", SAMPLES / "banks" / "oito.md")
    run("export", "oito", "--to", form, "-o", tmp_path / "out")
    (path,) = (tmp_path / "out").iterdir()
    document = read(path.name, path.read_bytes())
    assert isinstance(document, model.Bank)
    assert len(document.items) + len(document.left_out) >= 8
