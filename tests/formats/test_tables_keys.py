"""Keys in tables: letters, words, numbers from 0 or 1, crosses, V and F; kinds by their name."""

import pytest

from quizapp.formats.model import Answer
from tests.formats.samples import found
from tests.formats.sheets import csv_bank, keys_of

HEADER = "Pergunta;A;B;C;D;Gabarito\n"


# Keys


@pytest.mark.parametrize(
    "key, letters",
    [
        ("B", "B"),
        ("b)", "B"),
        ("(B)", "B"),
        ("Letra B", "B"),
        ("alternativa b", "B"),
        ("A,C", "AC"),
        ("A e C", "AC"),
        ("BD", "BD"),
        ("gama", "C"),
        ("GAMA.", "C"),
        ("C) gama", "C"),
        ("alfa|delta", "AD"),
    ],
)
def test_a_key_is_letters_or_words(key: str, letters: str) -> None:
    bank = csv_bank(HEADER + f"Qual?;alfa;beta;gama;delta;{key}\n")
    assert (keys_of(bank), bank.problems) == ([letters], ())
    assert bank.items[0].kind == ("multiple" if len(letters) > 1 else "single")


def test_several_right_options_share_the_whole() -> None:
    (item,) = csv_bank(HEADER + "Qual?;a;b;c;d;A,C\n").items
    assert [option.fraction for option in item.options] == [0.5, 0.0, 0.5, 0.0]


@pytest.mark.parametrize(
    "numbers, letters",
    [
        (["0", "1", "3"], ["A", "B", "D"]),
        (["1", "4", "2"], ["A", "D", "B"]),
        (["1,4", "2", "1"], ["AD", "B", "A"]),
        (["1", "2", "3"], ["A?B?", "B?C?", "C?D?"]),
        (["0", "4", "1"], ["A?", "D?", "A?B?"]),
    ],
)
def test_numbers_begin_where_the_whole_table_shows_it(
    numbers: list[str], letters: list[str]
) -> None:
    bank = csv_bank(HEADER + "".join(f"Qual {n}?;a;b;c;d;{n}\n" for n in numbers))
    assert keys_of(bank) == letters
    doubtful = [line for line, code in found(bank) if code == "key-number-doubtful"]
    assert doubtful == ([2, 3, 4] if "?" in letters[0] else [])
    assert [code for _, code in found(bank)].count("key-numbers-from") == bool(doubtful)


def test_a_count_of_options_is_that_of_its_own_row() -> None:
    bank = csv_bank(HEADER + "Qual?;a;b;c;;3\nQuem?;a;b;c;d;1\n")
    assert keys_of(bank) == ["C", "A"]


def test_numbers_before_the_options_say_where_they_begin() -> None:
    bank = csv_bank(HEADER + "Qual?;1) a;2) b;3) c;;2\n")
    assert keys_of(bank) == ["B"]


@pytest.mark.parametrize(
    "header, letter",
    [("Correta (0-3)", "C"), ("Correta (1 a 4)", "B"), ("Correct answer (0-based)", "C")],
)
def test_a_header_may_say_where_numbers_begin(header: str, letter: str) -> None:
    assert keys_of(csv_bank(f"Pergunta;A;B;C;D;{header}\nQual?;a;b;c;d;2\n")) == [letter]


def test_numbers_for_a_difficulty_are_left_aside() -> None:
    bank = csv_bank("Pergunta;A;B;Gabarito;Nível\nQual?;a;b;A;3\n")
    assert (bank.items[0].difficulty, bank.items[0].tags) == (None, ())
    assert found(bank) == [(1, "table-column-aside")]


def test_kahoots_numbers_begin_at_one() -> None:
    bank = csv_bank(
        "Question - max 120 characters,Answer 1 - max 75 characters,Answer 2 - max 75 characters,"
        "Answer 3 - max 75 characters,Time limit (sec),Correct answer(s)\nWhich?,a,b,c,20,2\n"
    )
    assert keys_of(bank) == ["B"]


def test_a_number_that_is_an_option_and_a_place_is_doubtful() -> None:
    bank = csv_bank(HEADER + "Quanto?;2;3;4;5;3\nQual?;a;b;c;d;4\n")
    assert keys_of(bank) == ["B?C?", "D"]
    assert found(bank) == [(2, "key-says-two")]


def test_a_number_beyond_the_options_is_one_of_their_texts() -> None:
    assert keys_of(csv_bank(HEADER + "Qual porta?;80;443;53;22;443\n")) == ["B"]


def test_a_letter_that_is_another_options_text_is_doubtful() -> None:
    bank = csv_bank(HEADER + "Qual classe?;C;B;A;D;A\n")
    assert keys_of(bank) == ["A?C?"]


def test_words_that_differ_from_their_letter_are_doubtful() -> None:
    bank = csv_bank(HEADER + "Qual?;alfa;beta;gama;delta;B) gama\nQuem?;eu;tu;;;B) ele\n")
    assert keys_of(bank) == ["B?C?", "B?"]


def test_a_key_that_is_no_option_is_missing_and_said_with_its_cell() -> None:
    bank = csv_bank(HEADER + "Qual?;a;b;c;d;zeta\n")
    assert bank.items[0].key == "missing"
    problem = next(p for p in bank.problems if p.code == "key-option-missing")
    assert (problem.line, problem.column, problem.severity) == (2, 15, "warning")
    assert problem.args == {"item": "1", "option": "zeta"}


def test_words_that_two_options_have_are_no_key() -> None:
    bank = csv_bank(HEADER + "Qual?;alfa;Alfa;c;d;ALFA\n")
    assert bank.items[0].key == "missing"
    assert "key-option-ambiguous" in [code for _, code in found(bank)]


def test_without_a_column_for_keys_the_items_are_drafts() -> None:
    bank = csv_bank("Pergunta;A;B\nQual?;a;b\n")
    assert bank.items[0].key == "missing"
    assert found(bank) == [(2, "key-missing")]


@pytest.mark.parametrize(
    "answers, options",
    [
        (("V", "F"), ["Verdadeiro", "Falso"]),
        (("Certo", "Errado"), ["Certo", "Errado"]),
        (("C", "E"), ["Certo", "Errado"]),
        (("TRUE", "FALSE"), ["True", "False"]),
        (("verdadeiro", "falso"), ["Verdadeiro", "Falso"]),
    ],
)
def test_a_table_that_only_says_what_is_true_has_true_and_false(
    answers: tuple[str, str], options: list[str]
) -> None:
    bank = csv_bank(f"Afirmação;Gabarito\nUm.;{answers[0]}\nDois.;{answers[1]}\nTrês.;\n")
    assert [item.kind for item in bank.items] == ["true_false"] * 3
    assert [option.text for option in bank.items[0].options] == options
    assert keys_of(bank) == ["A", "B", ""]


def test_crosses_below_v_and_f_are_keys() -> None:
    bank = csv_bank("Afirmação;V;F\nUm.;x;\nDois.;;X\n")
    assert keys_of(bank) == ["A", "B"]


def test_true_and_false_as_options_take_their_letters_and_words() -> None:
    bank = csv_bank("Pergunta;A;B;Gabarito\nUm.;Verdadeiro;Falso;F\nDois.;Falso;Verdadeiro;B\n")
    assert keys_of(bank) == ["B", "B"]
    assert {item.kind for item in bank.items} == {"true_false"}


# Kinds


def test_answers_without_options_are_typed() -> None:
    bank = csv_bank('Pergunta;Resposta\nQual grupo?;Discord\nQuantos?;"1,5"\nQuem?;"N2|nível 2"\n')
    assert [item.kind for item in bank.items] == ["short_answer", "numeric", "short_answer"]
    assert bank.items[1].answers == (Answer(value=1.5, tolerance=0.0),)
    assert [answer.text for answer in bank.items[2].answers] == ["N2", "nível 2"]


def test_a_long_answer_makes_an_essay() -> None:
    (item,) = csv_bank(f"Pergunta;Resposta\nExplique.;{'palavra ' * 20}\n").items
    assert (item.kind, item.key, len(item.answers)) == ("essay", "missing", 1)


def test_types_are_read_and_those_that_are_not_served_left_out() -> None:
    bank = csv_bank(
        "Tipo;Pergunta;A;B;Gabarito\nMúltipla escolha;Um?;a;b;A\nCheckbox;Dois?;a;b;A\n"
        "Dissertativa;Três?;;;\nHotspot;Quatro?;a;b;A\nOrdenação;Cinco?;a;b;\n"
        "Associação;Seis?;a -> 1;b → 2;\nVerdadeiro ou falso;Sete.;;;F\nResposta curta;Oito?;x;y;\n"
        "Associação;Nove?;a;b;\n"
    )
    assert [item.kind for item in bank.items] == [
        *("single", "multiple", "essay", "ordering", "matching", "true_false", "short_answer")
    ]
    assert [(left.line, left.type) for left in bank.left_out] == [
        (5, "Hotspot"),
        (10, "Associação"),
    ]
    assert bank.items[4].pairs == (("a", "1"), ("b", "2"))


def test_a_column_of_types_that_names_none_is_a_tag() -> None:
    (item,) = csv_bank("Pergunta;A;B;Gabarito;Tipo\nQual?;a;b;A;Conceitual\n").items
    assert (item.kind, item.tags) == ("single", ("Conceitual",))
