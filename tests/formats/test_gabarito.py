"""Key files as trainers write them."""

import pytest

from quizapp.formats.gabarito import match_keys, parse_gabarito
from quizapp.formats.model import Item
from tests.formats.samples import declared

ITEMS = declared(
    "## A {#ssi-001}\n- [ ] um\n- [ ] dois\n- [ ] três. {fixa}\n"
    "## B\n- [ ] Verdadeiro\n- [ ] Falso\n"
    "## C\n- [x] a\n- [x] b\n- [ ] c\n- [ ] d\n"
    "## D\n- [x] a\n- [ ] b\n"
    "## E\nResposta: 3\n"
    "## F\n- [ ] igual\n- [ ] igual\n- [ ] Todas\n"
).items


def answers(text: str) -> list[tuple[str, str]]:
    entries, problems = parse_gabarito(text)
    assert problems == []
    return [(entry.ref, entry.answer) for entry in entries]


def codes(text: str, items: tuple[Item, ...] = ITEMS) -> list[tuple[int, int, str]]:
    entries, problems = parse_gabarito(text)
    _, unmatched = match_keys(entries, items)
    return [(p.line, p.column, p.code) for p in [*problems, *unmatched]]


@pytest.mark.parametrize(
    "text",
    [
        "1-A 2-C 3 B",
        "1-A, 2-C; 3-B.",
        "1. A\n2) C\n3: B",
        "Questão 1: A\nquestao 2 - C\nq 3 = B",
        "Gabarito: 1-A 2-C 3-B",
        "GABARITO - Prova N1\n\n# comentário\n  1 - A\n- 2 - C\n\n3º B\n-----",
        "01) A | 02) C | 03) B",
    ],
)
def test_numbers_and_letters_are_read_in_many_forms(text: str) -> None:
    assert answers(text) == [("1", "A"), ("2", "C"), ("3", "B")]


def test_several_letters_small_letters_ids_and_words_are_read() -> None:
    assert answers("4-A,C\n5: BD\n6 - A e C") == [("4", "A,C"), ("5", "BD"), ("6", "A e C")]
    assert answers("1. a 2. b") == [("1", "a"), ("2", "b")]
    assert answers("ssi-001: B\nq1 = A") == [("ssi-001", "B"), ("1", "A")]
    assert answers("1. Convidar cliente\n2: A massiva é") == [
        ("1", "Convidar cliente"),
        ("2", "A massiva é"),
    ]


def test_what_is_no_answer_is_reported_with_line_and_column() -> None:
    assert codes("1-A\n  prova boa\n") == [(2, 3, "key-line-unreadable")]
    assert codes("1-A 1-B") == [(1, 5, "key-twice")]
    assert codes("1-A\n1-A") == []


@pytest.mark.parametrize(
    "text, selected",
    [
        ("1-B", {"ssi-001": (1,)}),
        ("1: Três", {"ssi-001": (2,)}),
        ("ssi-001: C, A", {"ssi-001": (0, 2)}),
        ("2-V", {"bt-002": (0,)}),
        ("2: E", {"bt-002": (1,)}),
        ("2: Falso", {"bt-002": (1,)}),
        ("2-B", {"bt-002": (1,)}),
        ("3-AC", {"bt-003": (0, 2)}),
        ("6: todas.", {"bt-006": (2,)}),
    ],
)
def test_answers_find_their_options(text: str, selected: dict[str, tuple[int, ...]]) -> None:
    entries, problems = parse_gabarito(text)
    assert problems == []
    assert match_keys(entries, ITEMS) == (selected, [])


@pytest.mark.parametrize(
    "text, code",
    [
        ("9-A", "key-item-missing"),
        ("abc-1: A", "key-item-missing"),
        ("1-D", "key-option-missing"),
        ("1: outra coisa", "key-option-missing"),
        ("6: igual", "key-option-ambiguous"),
        ("4-AB", "key-too-many"),
        ("2-AB", "key-too-many"),
        ("5-A", "key-not-choice"),
        ("1-A\nssi-001: B", "key-twice"),
    ],
)
def test_answers_that_fit_nothing_are_errors(text: str, code: str) -> None:
    assert [found for _, _, found in codes(text)] == [code]


def test_a_number_that_two_items_have_is_refused() -> None:
    assert codes("1-A", (ITEMS[0], ITEMS[0])) == [(1, 1, "key-item-ambiguous")]
