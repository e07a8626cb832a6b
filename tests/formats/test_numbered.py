"""Banks copied from a form, and what tells banks from procedures."""

import pytest

from quizapp.formats.model import Bank, Procedure
from quizapp.formats.reader import read
from tests.formats.samples import bank, found


@pytest.mark.parametrize("number", ["{}", "{}.", "{})", "Questão {}", "questao {}:"])
def test_numbers_alone_on_a_line_open_items(number: str) -> None:
    text = "\n\n".join(
        f"{number.format(n)}\n\nPergunta {n}?\na) um\nb) dois\nc) três" for n in (1, 2)
    )
    document = bank("Prova de voz\n\n" + text, "p.txt")
    assert document.title == "Prova de voz"
    assert [(i.number, i.stem, [o.text for o in i.options]) for i in document.items] == [
        ("1", "Pergunta 1?", ["um", "dois", "três"]),
        ("2", "Pergunta 2?", ["um", "dois", "três"]),
    ]


def test_options_that_are_numbers_open_no_item() -> None:
    text = "1\nQuantas horas?\n24\n48\n72\n2\nQuantos dias?\n1\n2\n30\n"
    assert [len(item.options) for item in bank(text, "p.txt").items] == [3, 3]


def test_ids_and_numbers_are_the_sources_own() -> None:
    document = bank("4\nA?\nx\ny\nz\n6\nB?\nx\ny\nz\n", "prova-voz.txt")
    assert [(item.id, item.number) for item in document.items] == [("pv-004", "4"), ("pv-006", "6")]


KEYED = "## Qual?\n- [x] a\n- [ ] b\n\n## E qual?\n- [ ] a\n- [x] b\nExplicação: sim.\n"


@pytest.mark.parametrize(
    "text",
    [
        KEYED,
        "# Banco\n\n" + KEYED,
        "## A {#a-1}\nResposta: 3\n",
        "---\nformato: questoes/1\n---\n## Um\n\ntexto\n",
        "---\nformat: questions/1\n---\n1\nUm?\na\nb\n",
    ],
)
def test_a_bank_is_known_by_its_content(text: str) -> None:
    assert isinstance(read("a.md", text.encode()), Bank)
    assert isinstance(read("a.txt", text.encode()), Bank)


@pytest.mark.parametrize(
    "text",
    [
        "# Guia\n\n## Antes\n\nConfira:\n\n- [x] luz\n- [ ] cabo\n\nLigue.\n\n## Fim\n\ntexto\n",
        "# Guia\n\n## Antes\n- [x] luz\n- [x] cabo\n",
        "# Guia\n\n## Antes\n\nx\n\n## Depois\n\ny\n\n## Fim\n- [x] luz\n- [ ] cabo\n",
        "---\nformato: procedimento/1\n---\n" + KEYED,
        "# Guia\n\n1. um\n2. dois\n3. três\n",
        "Guia\n\n1\nsolto\n",
    ],
)
def test_a_procedure_may_hold_boxes_and_numbers(text: str) -> None:
    assert isinstance(read("a.md", text.encode()), Procedure)


def test_an_item_without_options_is_kept_and_reported() -> None:
    document = bank("1\nA?\nx\ny\nz\n2\nB?\nx\ny\nz\n3\nC?\nx\ny\nz\n4\nD?\nx\ny\nz\n5\n", "p.txt")
    assert (document.items[4].stem, document.items[4].kind) == ("5", "description")
    assert (21, "item-empty") in found(document)
