"""Programs on the command line: in, out, and written in other forms."""

import json

import pytest
from sqlalchemy import select

from quizapp.certification.models import Program
from tests.certification.test_programs import TEXT
from tests.test_cli import run as run


@pytest.fixture
def file(tmp_path):
    """A program's file."""
    path = tmp_path / "n1.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_program_is_imported_and_what_it_lacks_is_said_with_its_place(run, file, session, app):
    said = run("import", file).output
    assert "“Suporte N1” (2 steps)" in said
    assert f"{file.name}:11:1: warning: There is no conexao#verificacao to read" in said
    assert "[program-read-unknown]" in said
    assert "[program-quiz-unknown]" in said
    assert session.execute(select(Program)).scalar_one().published_at is None
    assert "unchanged" in run("import", file).output


def test_a_program_with_an_error_is_refused(run, file, session, app):
    file.write_text(TEXT.replace("12 meses", "sempre"), encoding="utf-8")
    said = run("import", file, code=1).output
    assert f"{file.name}:6:1: error: “sempre” is no validity." in said
    assert session.execute(select(Program)).first() is None


def test_a_program_is_converted_and_exported(run, file, tmp_path, app):
    assert run("convert", file).stdout.endswith("1. Ler: conexao#verificacao\n2. Prova: oito\n")
    (document,) = json.loads(run("convert", "--to", "json", file).stdout)
    assert (document["kind"], document["minutes"], document["months"]) == ("program", 90, 12)
    run("import", file)
    run("export", "-o", tmp_path / "out")
    assert (tmp_path / "out" / "n1.trilha.md").read_text(encoding="utf-8") == TEXT
    assert run("fmt", file).output == ""
    assert "program" in json.loads(run("lint", "--format", "json", file).stdout)[0]["kind"]
