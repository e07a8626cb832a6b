"""The block at the top of a file."""

import pytest

from quizapp.formats.reader import read
from tests.formats.samples import bank, found, procedure, unreadable


def test_keys_are_read_in_portuguese_and_english() -> None:
    for keys in (
        "id: proc-1\ntitulo: O título\nidioma: en\nvigência: 05/11/2026\n"
        "responsável: NOC\naprovado_por: Téo\nformato: procedimento/1",
        "id: proc-1\ntitle: O título\nlanguage: en\nin_force_from: 2026-11-05\n"
        "owner: NOC\napproved_by: Téo\nformat: procedimento/1",
    ):
        document = procedure(f"---\n{keys}\n---\n## Um\n\ntexto\n")
        assert document.problems == ()
        assert (document.id, document.title, document.language) == ("proc-1", "O título", "en")
        assert document.in_force_from == "2026-11-05"
        assert (document.owner, document.approved_by) == ("NOC", "Téo")
        assert document.sections[0].line == document.source.split("\n").index("## Um") + 1


@pytest.mark.parametrize(
    "yaml",
    [
        "titulo: [a",
        "a: b: c",
        "a: &x [1]\nb: *x",
        "a: " + "[" * 5000,
        "titulo: \t- x\n - y",
        "a: !!python/object/apply:os.system [ls]\n- b",
    ],
)
def test_yaml_that_is_broken_or_explosive_is_refused(yaml: str) -> None:
    assert unreadable(f"---\n{yaml}\n---\n# T\n".encode(), "a.md") == "front-matter-invalid"


def test_a_broken_block_is_reported_on_its_line() -> None:
    document = read("a.md", b"---\nid: a\ntitulo: b: c\n---\n# T\n")
    assert found(document) == [(3, "front-matter-invalid")]


@pytest.mark.parametrize(
    "line, code",
    [
        ("vigencia: amanhã", "date-invalid"),
        ("vigencia: 31/02/2026", "date-invalid"),
        ("id: com espaço", "id-invalid"),
        ("cor: azul", "front-matter-unknown-key"),
    ],
)
def test_values_that_mean_nothing_are_reported_on_their_line(line: str, code: str) -> None:
    document = procedure(f"---\ntitulo: T\n{line}\n---\n## A\n\nx\n")
    assert found(document) == [(3, code)]


@pytest.mark.parametrize("score", ["101", "-1", "alta"])
def test_a_cut_score_is_a_percentage(score: str) -> None:
    document = bank(f"---\nformato: questoes/1\nnota_minima: {score}\n---\n## A\n- [x] a\n- [ ] b")
    assert found(document) == [(3, "cut-score-invalid")]
    assert {problem.severity for problem in document.problems} == {"error"}


def test_a_format_that_is_not_known_is_refused() -> None:
    assert unreadable(b"---\nformato: prova/9\n---\n# T\n", "a.md") == "format-unknown"


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert procedure("---\n\n# T\n\ntexto\n\n---\n").title == "T"
    assert procedure("---\num título\n---\n\ntexto\n").title == "um título"
