"""Programs: what a text of one says, what is wrong with it, and that it reads back."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quizapp.formats.front_matter import is_id
from quizapp.formats.json_out import as_json
from quizapp.formats.model import Bank, Procedure, Program, ProgramFor, ProgramStep
from quizapp.formats.programs import write_program
from quizapp.formats.reader import read
from quizapp.formats.text import collapse, fold, normalise

TEXT = """---
formato: trilha/1
id: n1
titulo: Suporte N1
carga_horaria: 1h30
validade: 12 meses
avisos: 90, 10
filas: Suporte N1, Chat
ordem: sim
---
Para quem começa.

## Etapas

1. Ler: fluxo#verificacao
2. Ler: velocidade
3. **Prova:** sem-internet

- Para: equipe Suporte N1, até 15/12/2026
- Para: turma Novatos, de dezembro, em 30 dias
Para: papel atendentes
Para: pessoa 1001
Para: todos
"""


def program(text):
    document = read("trilha.md", text.encode())
    assert isinstance(document, Program), document
    return document


def facts(one):
    """What a program says, without lines and source."""
    return replace(
        one,
        source="",
        problems=(),
        steps=tuple(replace(step, line=0) for step in one.steps),
        wanted=tuple(replace(who, line=0) for who in one.wanted),
    )


def codes(text):
    return [(p.line, p.column, p.severity, p.code) for p in program(text).problems]


def with_body(body, **matter):
    head = "".join(f"{key}: {value}\n" for key, value in matter.items())
    return f"---\nformato: trilha/1\ntitulo: T\n{head}---\n{body}"


def test_a_program_says_what_to_do_for_whom_and_for_how_long():
    found = program(TEXT)
    assert found.problems == ()
    assert (found.id, found.title, found.language) == ("n1", "Suporte N1", "pt-BR")
    assert (found.minutes, found.months, found.until) == (90, 12, None)
    assert (found.warn_days, found.queues, found.in_order) == (
        (90, 10),
        ("Suporte N1", "Chat"),
        True,
    )
    assert found.intro == "Para quem começa."
    assert found.intro_html == "<p>Para quem começa.</p>"
    assert found.steps == (
        ProgramStep("read", "fluxo", "verificacao", 15),
        ProgramStep("read", "velocidade", "", 16),
        ProgramStep("quiz", "sem-internet", "", 17),
    )
    assert found.wanted == (
        ProgramFor("team", "Suporte N1", "2026-12-15", None, 19),
        ProgramFor("cohort", "Novatos, de dezembro", None, 30, 20),
        ProgramFor("role", "agent", None, None, 21),
        ProgramFor("person", "1001", None, None, 22),
        ProgramFor("everybody", "", None, None, 23),
    )


def test_the_same_in_english():
    english = """---
format: program/1
id: n1
title: Suporte N1
hours: 1:30
validity: 1 year
warnings: [10, 90]
queues: Suporte N1, Chat
order: yes
---
Para quem começa.

1) Read: fluxo#verificacao
2) Read: velocidade
3) Exam: sem-internet

For: team Suporte N1, by 2026-12-15
For: cohort Novatos, de dezembro, within 30 days
For: role agent
For: person 1001
For: everybody
"""
    assert facts(program(english)) == facts(program(TEXT))


@pytest.mark.parametrize(
    "key, value, name, read_as",
    [
        ("carga_horaria", "8", "minutes", 480),
        ("carga_horaria", "8h", "minutes", 480),
        ("carga_horaria", "1,5", "minutes", 90),
        ("carga_horaria", "45 min", "minutes", 45),
        ("validade", "2 anos", "months", 24),
        ("validade", "todo 31/12", "until", (31, 12)),
        ("validade", "sem validade", "months", None),
        ("ordem", "não", "in_order", False),
    ],
)
def test_facts_are_written_in_several_ways(key, value, name, read_as):
    found = program(with_body("1. Ler: a\n", **{key: value}))
    assert found.problems == ()
    assert getattr(found, name) == read_as


@pytest.mark.parametrize(
    "key, value, code",
    [
        ("carga_horaria", "muitas", "program-hours-invalid"),
        ("carga_horaria", "0", "program-hours-invalid"),
        ("validade", "12", "program-validity-invalid"),
        ("validade", "todo 31/11", "program-validity-invalid"),
        ("validade", "todo 29/02", "program-validity-invalid"),
        ("avisos", "60, cedo", "program-warnings-invalid"),
        ("avisos", "400", "program-warnings-invalid"),
        ("ordem", "talvez", "program-order-invalid"),
    ],
)
def test_facts_that_cannot_be_read_are_errors_on_their_line(key, value, code):
    assert codes(with_body("1. Ler: a\n", **{key: value})) == [(4, 1, "error", code)]


@pytest.mark.parametrize(
    "line, column, severity, code",
    [
        ("2. Estudar: b", 4, "error", "program-step-unread"),
        ("2. Ler: b#", 4, "error", "program-step-unread"),
        ("2. Ler: b#c.3", 4, "error", "program-step-unread"),
        ("2. Prova: b#c", 4, "error", "program-step-unread"),
        ("2. Ler: a", 4, "error", "program-step-twice"),
        ("Para: os novatos", 7, "error", "program-for-unread"),
        ("Para: equipe", 7, "error", "program-for-unread"),
        ("Para: papel bombeiro", 7, "error", "program-role-unknown"),
        ("Para: equipe N1, até amanhã", 18, "error", "program-due-unread"),
        ("Para: todos, em 0 dias", 14, "error", "program-due-unread"),
        ("Boa sorte.", 1, "warning", "program-text-outside"),
    ],
)
def test_a_line_below_the_first_step_that_says_nothing_is_told_with_its_place(
    line, column, severity, code
):
    found = codes(with_body(f"1. Ler: a\n{line}\n"))
    assert [(place, level, said) for place, _, level, said in found] == [(6, severity, code)]
    assert found[0][1] == column


def test_a_program_without_a_step_or_with_a_group_twice_is_refused():
    assert codes(with_body("Só texto.\n")) == [(5, 1, "error", "program-empty")]
    twice = codes(with_body("1. Ler: a\nPara: equipe Sul\nPara: equipe sul, em 3 dias\n"))
    assert [code for *_, code in twice] == ["program-for-twice"]


def test_steps_in_code_are_part_of_the_introduction():
    found = program(with_body("Assim:\n\n```\n1. Ler: x\n```\n\n1. Ler: a\n"))
    assert [step.slug for step in found.steps] == ["a"]
    assert "1. Ler: x" in found.intro


def test_a_heading_gives_the_title_and_the_file_name_the_id():
    found = read("minha-trilha.md", b"---\nformato: trilha/1\n---\n# Um nome\n\n1. Ler: a\n")
    assert (found.id, found.title, found.intro) == ("minha-trilha", "Um nome", "")
    assert found.problems == ()


@pytest.mark.parametrize(
    "heading, lines", [("## Antes do dia 10", [8, 12]), ("## Etapas", []), ("## Passos", [])]
)
def test_a_heading_that_is_not_kept_is_said(heading, lines):
    text = (
        f"---\nformato: trilha/1\n---\n# Um nome\n\nLeia.\n\n{heading}\n\n1. Ler: a\n\n{heading}\n"
    )
    found = read("a.md", text.encode())
    assert (found.intro, [p.line for p in found.problems]) == ("Leia.", lines)
    assert {(p.severity, p.code) for p in found.problems} <= {("info", "program-heading-dropped")}


def test_only_what_says_so_is_a_program():
    assert isinstance(read("a.md", b"# A\n\n1. Ler: a\n2. Prova: b\n"), Procedure)
    bank = b"---\nformato: questoes/1\n---\n## A?\n- [x] a\n- [ ] b\n"
    assert isinstance(read("a.md", bank), Bank)


def test_the_json_of_a_program_has_its_steps_and_groups():
    value = as_json("a.md", program(TEXT), lambda problem: problem.code)
    assert list(value)[:6] == ["path", "kind", "title", "problems", "steps", "for"]
    assert value["kind"] == "program"
    assert value["steps"][0] == {
        "kind": "read",
        "slug": "fluxo",
        "anchor": "verificacao",
        "line": 15,
    }


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp")),
    min_size=1,
    max_size=20,
).map(lambda text: collapse(normalise(text)))
NAMES = WORDS.filter(lambda text: text and "," not in text and ";" not in text)
IDS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True).filter(is_id)
STEPS = st.lists(
    st.builds(ProgramStep, st.just("read"), IDS, st.one_of(st.just(""), IDS))
    | st.builds(ProgramStep, st.just("quiz"), IDS),
    min_size=1,
    max_size=6,
    unique=True,
)
DUE = st.one_of(
    st.just((None, None)),
    st.tuples(st.dates(date(2000, 1, 1)).map(str), st.none()),
    st.tuples(st.none(), st.integers(1, 3650)),
)
WHOM = st.one_of(
    st.just(("everybody", "")),
    st.tuples(st.sampled_from(["team", "cohort", "person"]), NAMES),
    st.tuples(st.just("role"), st.sampled_from(["agent", "manager", "trainer", "admin"])),
)
GROUPS = st.lists(
    st.builds(lambda whom, due: ProgramFor(*whom, *due), WHOM, DUE),
    max_size=4,
    unique_by=lambda one: (one.whose, fold(one.name)),
)
VALIDITY = st.one_of(
    st.just((None, None)),
    st.tuples(st.integers(1, 600), st.none()),
    st.tuples(st.none(), st.dates().map(lambda d: (min(d.day, 28), d.month))),
)
PROGRAMS = st.builds(
    lambda validity, **more: Program(
        format="program",
        language="pt-BR",
        source="",
        months=validity[0],
        until=validity[1],
        **more,
    ),
    validity=VALIDITY,
    id=IDS,
    title=st.from_regex(r"[A-Za-z][A-Za-z0-9 ]{0,20}[a-z]", fullmatch=True).map(collapse),
    steps=STEPS.map(tuple),
    wanted=GROUPS.map(tuple),
    minutes=st.none() | st.integers(1, 60_000),
    warn_days=st.sets(st.integers(1, 365), min_size=1, max_size=10).map(
        lambda days: tuple(sorted(days, reverse=True))
    ),
    queues=st.lists(NAMES, max_size=3, unique=True).map(tuple),
    in_order=st.booleans(),
)


@settings(deadline=None)
@given(PROGRAMS)
def test_what_is_written_reads_back(one):
    again = program(write_program(one))
    assert [p for p in again.problems if p.severity == "error"] == []
    assert facts(again) == facts(one)


@settings(deadline=None)
@given(st.text())
def test_any_introduction_reads_back_once_it_was_read(text):
    first = read("a.md", with_body(f"{text}\n\n1. Ler: a\n").encode())
    assume(isinstance(first, Program))
    again = program(write_program(first))
    assert facts(again).steps == facts(first).steps
    assert facts(program(write_program(again))) == facts(again)


@settings(deadline=None)
@given(st.text())
def test_any_body_gives_a_document_and_no_exception(text):
    read("a.md", f"---\nformato: trilha/1\n---\n{text}".encode())
