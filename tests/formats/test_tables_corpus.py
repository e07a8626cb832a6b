"""Tables of other people, and samples of ours, come out as they were counted by hand."""

import csv
from pathlib import Path

import pytest

from quizapp.formats.model import Bank
from quizapp.formats.reader import read
from tests.formats.samples import found
from tests.formats.sheets import keys_of

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
SAMPLES = ROOT / "tests" / "samples" / "foreign" / "csv"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not here")


def bank_of(path: Path) -> Bank:
    document = read(path.name, path.read_bytes())
    assert isinstance(document, Bank), document
    return document


@needs_corpus
def test_a_table_of_185_questions_without_a_header_is_understood() -> None:
    path = CORPUS / "csv" / "concurso_185_pt.csv"
    bank = bank_of(path)
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines(keepends=True)))
    assert len(bank.items) == len(rows) == 185
    assert bank.left_out == ()
    assert keys_of(bank) == [row[7] for row in rows]
    assert {item.kind for item in bank.items} == {"single"}
    assert [item.name for item in bank.items] == [" ".join(row[0].split()) for row in rows]
    assert [item.category for item in bank.items] == [row[9] for row in rows]
    assert all(not option.text.startswith("(") for option in bank.items[0].options)
    assert found(bank)[0] == (1, "table-columns-guessed")
    assert bank.problems[0].args["columns"].startswith("1 Nome, 2 Pergunta, 3 A")


@needs_corpus
def test_a_template_with_its_example_alone_is_one_question() -> None:
    bank = bank_of(CORPUS / "xlsx" / "moodle_q_template_pt.xlsx")
    assert keys_of(bank) == ["A"]
    assert [option.text for option in bank.items[0].options] == ["80", "53", "25", "22", "23"]
    assert bank.items[0].category == "G1/Apache"
    assert found(bank) == [(4, "table-example")]


@pytest.mark.parametrize(
    "name, keys, codes",
    [
        ("fibra.csv", ["A", "AB", "A"], ["table-row-aside"]),
        ("light-zero.csv", ["A", "B", "A"], []),
        (
            "duvida.csv",
            ["B?C?", "A?B?"],
            ["key-numbers-from", "key-number-doubtful", "key-number-doubtful"],
        ),
        ("afirmacoes.tsv", ["A", "B", "A"], []),
        ("sem-cabecalho.csv", ["A", "B", "A"], ["table-columns-guessed"]),
        ("latin.csv", ["A", "A"], ["encoding-guessed"]),
    ],
)
def test_a_sample_has_its_keys_and_problems(name: str, keys: list[str], codes: list[str]) -> None:
    bank = bank_of(SAMPLES / name)
    assert keys_of(bank) == keys
    assert [problem.code for problem in bank.problems] == codes
    assert bank.left_out == ()


def test_the_samples_are_all_counted() -> None:
    assert len(list(SAMPLES.iterdir())) == 6


def test_a_sample_keeps_what_stands_beside_the_options() -> None:
    first, second, third = bank_of(SAMPLES / "fibra.csv").items
    assert (first.number, first.difficulty, first.category) == ("1", "easy", "Fibra")
    assert first.explanation == "LOS quer dizer perda de sinal."
    assert first.sources == ("sem-sinal#leds",)
    assert second.options[0].text == "Horário; duração"
    assert [item.line for item in (first, second, third)] == [2, 3, 5]
    assert third.difficulty == "hard"
    first = bank_of(SAMPLES / "afirmacoes.tsv").items[0]
    assert (first.kind, [option.text for option in first.options]) == (
        "true_false",
        ["Certo", "Errado"],
    )
