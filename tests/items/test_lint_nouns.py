"""What forms tell of gender, number, sound and mood, and where they are silent."""

import pytest

from quizapp.items.lint.nouns import begins_with_vowel, gender, is_infinitive, number


@pytest.mark.parametrize(
    "words, expected",
    [
        (
            "antena fibra rede velocidade conexao instalacoes mensagem imagens internet senha cor",
            "f",
        ),
        ("roteador cabo modem problema sistemas switch botao painel telefone dia sinais", "m"),
        ("cliente atendente central artista caixa mal", None),
    ],
)
def test_gender_is_told_by_endings_and_exceptions(words: str, expected: str | None) -> None:
    assert {word: gender(word) for word in words.split()} == dict.fromkeys(words.split(), expected)


def test_number_is_told_by_an_s_unless_the_singular_has_one() -> None:
    assert [number(word) for word in ("cabos", "cabo", "onibus", "dns", "os")] == [
        "p",
        "s",
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    "words, expected",
    [
        ("antenna engineer hour outage update unplugged", True),
        ("router one-way wire cable", False),
        ("unicast user European herb LED 5G", None),
    ],
)
def test_the_first_sound_is_told_unless_it_may_be_either(words: str, expected: bool | None) -> None:
    found = {word: begins_with_vowel(word) for word in words.split()}
    assert found == dict.fromkeys(words.split(), expected)


@pytest.mark.parametrize(
    "words, expected",
    [
        ("verificar abrir ver desliga-lo reconecta-la", True),
        ("celular lugar servidor cabo luz", False),
        ("por mar tambor", None),
    ],
)
def test_an_infinitive_is_told_from_nouns_that_end_alike(words: str, expected: bool | None) -> None:
    found = {word: is_infinitive(word) for word in words.split()}
    assert found == dict.fromkeys(words.split(), expected)
