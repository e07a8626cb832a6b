"""Programs as rows: files and pages make states of them, the same thing either way."""

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.certification import program_texts, programs
from quizapp.certification.models import Program, ProgramRevision
from quizapp.certification.rules import Step, Validity
from quizapp.content import conflicts, documents, exporting, importer
from quizapp.content.editing import Faulty, Stale
from quizapp.errors import Invalid, Missing
from quizapp.evidence import chain
from tests.conftest import TODAY

TEXT = """---
formato: trilha/1
id: n1
titulo: Suporte N1
carga_horaria: 1h30
validade: 12 meses
filas: Suporte N1
---
Para quem começa.

1. Ler: conexao#verificacao
2. Prova: oito
"""


@pytest.fixture
def bring(session, tmp_path):
    """Write a program's file and import it; gives its report."""

    def run(text, name="n1.md"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        run.files = importer.gather([tmp_path / name])
        reports = importer.import_files(session, run.files, by="test", now=clock.now(), today=TODAY)
        session.commit()
        return reports[0]

    run.folder = tmp_path
    return run


def save(session, program, text, number=1, reason="Dois anos."):
    return program_texts.save(
        session,
        program,
        text,
        number,
        by="teo",
        now=clock.now(),
        today=TODAY,
        reason=reason,
    )


def states(session):
    return session.execute(select(ProgramRevision).order_by(ProgramRevision.id)).scalars().all()


def test_a_file_becomes_a_draft_and_the_same_again_changes_nothing(session, quiz, bring):
    report = bring(TEXT)
    assert (report.kind, report.status, report.steps, report.problems) == (
        "program",
        "added",
        2,
        (),
    )
    program = programs.find_any(session, "n1")
    assert programs.state_of(program) == "draft"
    revision = programs.revision_of(session, program)
    assert (revision.number, revision.title, revision.origin) == (1, "Suporte N1", "file")
    assert revision.intro_html == "<p>Para quem começa.</p>"
    rules = programs.rules_of(revision)
    assert (rules.minutes, rules.validity, rules.queues) == (
        90,
        Validity(months=12),
        ("Suporte N1",),
    )
    assert programs.steps(session, revision.id) == (
        Step("read", "conexao", "verificacao"),
        Step("quiz", "oito"),
    )
    assert bring(TEXT).status == "unchanged"
    assert len(states(session)) == 1
    assert chain.first_break(session) is None


def test_a_changed_file_is_a_new_state_beside_the_old_one(session, quiz, bring):
    bring(TEXT)
    assert bring(TEXT.replace("12 meses", "todo 31/12")).status == "updated"
    first, second = states(session)
    assert programs.rules_of(first).validity == Validity(months=12)
    assert programs.rules_of(second).validity == Validity(until=(31, 12))
    program = programs.find_any(session, "n1")
    assert programs.revision_of(session, program).id == second.id
    assert programs.steps(session, first.id) == programs.steps(session, second.id)
    assert [state.number for state in programs.history(session, program)] == [2, 1]


def test_what_a_text_names_and_is_not_here_is_said_with_its_line(session, cast, quiz, bring):
    text = TEXT.replace("1. Ler: conexao#verificacao", "1. Ler: conexao#nada\n1. Ler: outro")
    text += "3. Prova: sem-gabarito\n4. Prova: nada\n\nPara: equipe Norte\nPara: equipe Leste\n"
    text += "Para: pessoa 1001\nPara: pessoa 7\nPara: turma Dezembro\nPara: equipe sul\n"
    report = bring(text)
    assert report.status == "added"
    assert [(p.line, p.severity, p.code) for p in report.problems] == [
        (11, "warning", "program-read-unknown"),
        (12, "warning", "program-read-unknown"),
        (14, "info", "program-quiz-unpublished"),
        (15, "warning", "program-quiz-unknown"),
        (18, "warning", "program-for-unknown"),
        (20, "warning", "program-for-unknown"),
        (21, "warning", "program-for-unknown"),
    ]


def test_a_program_is_published_once_all_of_it_is_there(session, quiz, bring):
    bring(TEXT.replace("#verificacao", "#nada"))
    program = programs.find_any(session, "n1")
    with pytest.raises(Invalid, match="conexao#nada"):
        programs.publish(session, program, by="test", now=clock.now(), today=TODAY)
    with pytest.raises(Missing):
        programs.find(session, "n1")
    bring(TEXT)
    programs.publish(session, program, by="test", now=clock.now(), today=TODAY)
    assert programs.find(session, "n1") is program
    assert [row.slug for row, _ in programs.published(session)] == ["n1"]
    programs.retire(session, program, by="test", now=clock.now())
    with pytest.raises(Missing):
        programs.find(session, "n1")
    assert [row.slug for row, _ in programs.every(session)] == ["n1"]
    assert programs.published(session) == []


def test_a_page_writes_the_same_text_and_goes_through_the_same_parser(session, quiz, bring):
    text = TEXT.replace("id: n1", "id: n2")
    by_page = program_texts.add(session, text, by="teo", now=clock.now())
    bring(TEXT)
    first, second = states(session)
    for fact in ("title", "language", "rules", "intro_html"):
        assert getattr(first, fact) == getattr(second, fact)
    assert (first.origin, second.origin) == ("page", "file")
    with pytest.raises(Invalid, match="n2"):
        program_texts.add(session, text, by="teo", now=clock.now())
    text = program_texts.text_of(session, by_page).text
    changed = text.replace("12 meses", "24 meses")

    with pytest.raises(Stale):
        save(session, by_page, changed, number=9)
    with pytest.raises(Faulty):
        save(session, by_page, changed.replace("24 meses", "sempre"))
    with pytest.raises(Invalid, match="n2"):
        save(session, by_page, changed.replace("id: n2", "id: n3"))
    with pytest.raises(Invalid):
        save(session, by_page, "# Um procedimento\n\nTexto.\n")
    with pytest.raises(Invalid):
        save(session, by_page, "---\nformato: questoes/1\n---\n## A?\n- [x] a\n- [ ] b\n")
    with pytest.raises(Invalid):
        save(session, by_page, changed, reason=" ")
    assert save(session, by_page, changed) == "updated"
    assert (states(session)[-1].reason, states(session)[-1].number) == ("Dois anos.", 2)


def test_a_file_and_a_page_that_both_changed_are_a_conflict(session, quiz, bring):
    bring(TEXT)
    program = programs.find_any(session, "n1")
    mine = TEXT.replace("12 meses", "24 meses")
    program_texts.save(
        session, program, mine, 1, by="teo", now=clock.now(), today=TODAY, reason="Dois anos."
    )
    session.commit()
    theirs = TEXT.replace("1h30", "2h")
    report = bring(theirs)
    assert (report.status, [p.code for p in report.problems]) == ("conflict", ["edited-here-too"])
    found = conflicts.open_one(session, "program", "n1")
    sides = conflicts.sides(session, found)
    assert (sides.base, sides.page, sides.file, sides.number) == (TEXT, mine, theirs, 2)
    both = mine.replace("1h30", "2h")
    text = both.replace("id: n1", "id: n9")
    with pytest.raises(Invalid):
        conflicts.settle(session, found, text, by="teo", now=clock.now(), reason="x")
    conflicts.settle(session, found, both, by="teo", now=clock.now(), reason="x")
    assert found.kept == "both"
    assert states(session)[-1].source == both
    assert states(session)[-1].origin == "settled"
    session.commit()
    assert bring(theirs).status == "unchanged"


def test_another_file_of_the_same_id_is_refused(session, quiz, bring):
    bring(TEXT)
    report = bring(TEXT, name="outra.md")
    assert (report.status, [p.code for p in report.problems]) == ("refused", ["identity-taken"])


def test_an_export_writes_a_changed_program_back_to_its_file(session, quiz, bring, tmp_path):
    bring(TEXT)
    program = programs.find_any(session, "n1")
    mine = TEXT.replace("12 meses", "24 meses")
    program_texts.save(
        session, program, mine, 1, by="teo", now=clock.now(), today=TODAY, reason="Dois anos."
    )
    program_texts.add(session, TEXT.replace("id: n1", "id: n2"), by="teo", now=clock.now())
    for other in documents.live(session):
        if other.slug not in ("n1", "n2"):
            other.retired_at = clock.now()  # the samples stay as they are
    folder = tmp_path / "out"
    written = exporting.write_back(session, folder, folder)
    session.commit()
    names = {one.path.name: one.status for one in written}
    assert (names["n1.md"], names["n2.trilha.md"]) == ("written", "written")
    assert (tmp_path / "n1.md").read_text(encoding="utf-8") == mine
    assert bring(mine).status == "unchanged"
    copies = {one.path.name for one in exporting.write_copies(session, tmp_path / "copies")}
    assert {"n1.trilha.md", "n2.trilha.md"} <= copies
    again = (tmp_path / "copies" / "n1.trilha.md").read_text(encoding="utf-8")
    assert again == mine


def test_pruning_retires_a_program_whose_file_is_gone(session, quiz, bring):
    bring(TEXT)
    (bring.folder / "n1.md").unlink()
    gone = importer.prune(session, bring.folder, [], by="test", now=clock.now())
    assert "n1" in gone
    program = session.execute(select(Program)).scalar_one()
    assert programs.state_of(program) == "retired"
    assert bring(TEXT).status == "updated"
    assert programs.state_of(program) == "draft"
