"""Files of ours as trainers have them: chats, tables of keys, folded answers, old encodings."""

from pathlib import Path

import pytest

from quizapp.formats.decoding import repaired_bytes
from quizapp.formats.model import Bank
from quizapp.formats.reader import read
from tests.formats.samples import found

SAMPLES = Path(__file__).parents[1] / "samples" / "pasted"
READ = {
    "conversa.txt": ("single single", "B A", ["text-outside-items"] * 2),
    "dobras.md": ("single single", "A A", []),
    "gabarito-em-tabela.md": ("multiple single single", "AB A A", []),
    "letras-trocadas.md": ("single single", "A C", ["mojibake", "text-outside-items"]),
    "sem-gabarito-antigo.txt": (
        "single single",
        "- -",
        ["encoding-guessed", "key-missing", "key-missing"],
    ),
    "verdadeiro-falso.txt": ("true_false true_false essay", "A B -", []),
}


def _sample(name: str) -> Bank:
    document = read(name, (SAMPLES / name).read_bytes())
    assert isinstance(document, Bank)
    return document


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir()))
def test_a_sample_gives_its_questions_keys_and_warnings(name: str) -> None:
    kinds, keys, codes = READ[name]
    document = _sample(name)
    assert " ".join(item.kind for item in document.items) == kinds
    letters = [
        "".join("ABCD"[place] for place, option in enumerate(item.options) if option.fraction)
        for item in document.items
    ]
    assert " ".join(letter or "-" for letter in letters) == keys
    assert [code for _, code in found(document)] == codes


def test_a_garbled_bank_is_mended_where_somebody_asks() -> None:
    data = (SAMPLES / "letras-trocadas.md").read_bytes()
    assert _sample("letras-trocadas.md").items[0].stem.startswith("Qual Ã")
    document = read("letras-trocadas.md", repaired_bytes(data))
    assert isinstance(document, Bank)
    assert document.problems == ()
    assert document.items[0].stem == "Qual é a primeira ação?"
    assert document.items[1].explanation == "não há botão de volume na ONU."
