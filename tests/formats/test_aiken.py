"""Aiken: a stem, lettered options, `ANSWER: B`; what is no question is said with its line."""

from pathlib import Path

import pytest

from quizapp.content.messages import message
from quizapp.formats.aiken import is_aiken, read_aiken
from quizapp.formats.foreign import MAX_ITEMS
from quizapp.formats.model import Bank, Unreadable
from quizapp.formats.reader import read
from tests.formats.moodle_says import differences, document, files, needs_corpus
from tests.formats.samples import found
from tests.formats.seeds import BANK, needs_seeds, text_of

SAMPLES = Path(__file__).parents[1] / "samples" / "foreign" / "aiken"
TWO = "A?\nA) x\nB) y\nANSWER: B\n\nB?\nA) x\nB) y\nANSWER: A\n"


def sample(name: str) -> Bank:
    bank = read(name, (SAMPLES / name).read_bytes())
    assert isinstance(bank, Bank)
    assert bank.format == "aiken"
    return bank


def aiken(text: str) -> Bank:
    bank = read_aiken("prova.txt", text)
    assert isinstance(bank, Bank)
    return bank


def test_a_bank_comes_in_with_its_title_and_keys() -> None:
    bank = sample("suporte.txt")
    assert bank.title == "Prova de suporte"
    first, second = bank.items
    assert first.stem == "O cliente diz que está sem internet.  \nO que se confirma primeiro?"
    assert [option.fraction for option in first.options] == [1, 0, 0]
    assert first.options[2].pinned
    assert first.line == 3
    assert second.stem == "Qual LED indica falta de sinal (\\<LOS> ou PON)?"
    assert [option.text for option in second.options] == ["PON", "LOS,  \nisto é, loss of signal"]
    assert [option.fraction for option in second.options] == [0, 1]
    assert (first.kind, first.key, bank.problems) == ("single", "given", ())


def test_errors_are_said_with_their_lines_and_the_good_ones_come_in() -> None:
    bank = sample("com-erros.txt")
    assert [item.stem for item in bank.items] == [
        "Boa?",
        "Resposta que não existe?",
        "Falta a letra B?",
    ]
    assert [item.key for item in bank.items] == ["given", "doubtful", "given"]
    assert found(bank) == [
        (1, "aiken-options-too-few"),
        (5, "aiken-stem-missing"),
        (14, "aiken-answer-missing"),
        (21, "aiken-key"),
        (23, "aiken-letter"),
        (28, "aiken-stem-missing"),
    ]
    assert {problem.severity for problem in bank.problems} == {"warning"}
    assert bank.left_out == ()
    for problem in bank.problems:
        assert "%" not in message(problem)


@pytest.mark.parametrize(
    "answer", ["ANSWER: B", "answer:b", "Answer:  B)", "ANSWER: (b)", "ANSWER: B. y", "RESPOSTA: B"]
)
def test_an_answer_is_written_in_many_ways(answer: str) -> None:
    (item,) = aiken(f"A?\nA) x\nB) y\n{answer}\n").items
    assert [option.fraction for option in item.options] == [0, 1]


@pytest.mark.parametrize(
    "answer, doubt",
    [("A, B", (0, 1)), ("AB", (0, 1)), ("a e b", (0, 1)), ("C", ()), ("", ()), ("x y", ())],
)
def test_an_answer_that_names_no_single_option_leaves_the_key_in_doubt(
    answer: str, doubt: tuple[int, ...]
) -> None:
    bank = aiken(f"A?\nA) x\nB) y\nANSWER: {answer}\n")
    (item,) = bank.items
    assert (item.key, item.doubt) == ("doubtful", doubt)
    assert [option.fraction for option in item.options] == [None, None]
    assert found(bank) == [(4, "aiken-key")]


def test_blank_lines_may_stand_between_the_parts_of_a_question() -> None:
    bank = aiken("A?\n\nA) x\n\nB) y\n\nANSWER: B\nB?\nA) x\nB) y\nANSWER: A")
    assert [(item.stem, len(item.options)) for item in bank.items] == [("A?", 2), ("B?", 2)]


def test_numbers_in_front_of_every_stem_are_the_items_numbers() -> None:
    bank = aiken(TWO.replace("A?", "3. A?").replace("B?", "04) B?"))
    assert [(item.number, item.stem) for item in bank.items] == [("3", "A?"), ("4", "B?")]
    bank = aiken(TWO.replace("A?", "3. A?"))
    assert [(item.number, item.stem) for item in bank.items] == [("1", "3\\. A?"), ("2", "B?")]


def test_text_behind_the_last_answer_is_said_to_be_lost() -> None:
    assert found(aiken(f"{TWO}\nfim")) == [(11, "text-outside-items")]


@pytest.mark.parametrize(
    "text",
    [
        TWO.replace("ANSWER", "Resposta"),
        TWO.replace("ANSWER: B", "ANSWER: B\nExplicação: porque sim."),
        "## " + TWO,
        TWO.replace("A)", "- A)"),
        TWO.replace("A) ", "x ").replace("B) ", "y "),
        "Respostas do cliente\n\nANSWER: sim",
        "1. Confirme.\n2. Anote.\n",
        "GABARITO: A\n1-A 2-B\n",
    ],
)
def test_other_texts_are_no_aiken(text: str) -> None:
    assert is_aiken(TWO)
    assert not is_aiken(text)


@needs_seeds
def test_the_seed_bank_is_no_aiken() -> None:
    assert not is_aiken(text_of(BANK))


def test_a_file_of_too_many_lines_is_refused() -> None:
    bank = read_aiken("a.txt", "A) x\n" * (21 * MAX_ITEMS))
    assert isinstance(bank, Unreadable)
    assert bank.problems[0].code == "too-many-items"
    assert str(MAX_ITEMS) in message(bank.problems[0])


@needs_corpus
@pytest.mark.parametrize("path, count", files("aiken"))
def test_a_file_of_the_corpus_gives_what_moodle_reads(path: str, count: int) -> None:
    bank = document(path)
    assert isinstance(bank, Bank)
    assert bank.format == "aiken"
    assert len(bank.items) + len(bank.left_out) == count
    assert differences(bank, path) == []
