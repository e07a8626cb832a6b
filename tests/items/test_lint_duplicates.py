"""Items that ask the same: in one bank, across banks, with signatures that were stored."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.items.lint import Question, duplicates, lint_items, signature, unpacked
from tests.items.linting import OPTIONS, STEM, question

OTHERS = ("Abrir uma ordem de serviço", "Anotar o protocolo da chamada", "Avisar o plantão")


def twins(one: Question, other: Question) -> list[tuple[str, str]]:
    """The codes and the twin named, of the second of two items."""
    pair = [replace(one, id="q-1"), replace(other, id="q-2")]
    return [
        (finding.code, str(finding.args["other"]))
        for finding in lint_items(pair)
        if finding.code.startswith("stem-") and finding.item == "q-2"
    ]


def test_the_same_question_twice_is_found_whatever_its_options_and_signs() -> None:
    shouted = STEM.upper().replace(".", " –")
    assert twins(question(), question(shouted, OTHERS)) == [("stem-duplicate", "q-1")]


def test_a_stem_that_leaves_the_question_to_the_options_is_the_same_only_with_like_ones() -> None:
    stem = "Assinale a alternativa correta sobre a ONU do cliente."
    assert twins(question(stem), question(stem, OTHERS)) == []
    assert twins(question(stem), question(stem, OPTIONS[::-1], key=2)) == [
        ("stem-duplicate", "q-1")
    ]
    assert twins(question(stem), question(stem, (*OTHERS, OPTIONS[0]), key=3)) == [
        ("stem-duplicate", "q-1")
    ]


def test_two_pictures_are_two_questions() -> None:
    one, other = (question(f"![A ONU]({name}.png) O que mostra a luz da ONU?") for name in "ab")
    assert twins(one, other) == []
    assert twins(one, one) == [("stem-duplicate", "q-1")]


@pytest.mark.parametrize(
    "stem, options, key",
    [
        ("O cliente liga e está sem internet. O que se confirma primeiro?", OPTIONS, 0),
        ("Um cliente liga sem internet. O que se confirma em primeiro lugar?", OPTIONS, 0),
        ("O cliente liga sem internt. O que se confirma primeiro?", OPTIONS[::-1], 2),
    ],
)
def test_a_question_put_a_little_otherwise_is_nearly_the_same(
    stem: str, options: tuple[str, ...], key: int
) -> None:
    rich = ("Os dados do contrato dele", "O endereço da entrega", "A cor da fachada verde")
    options = tuple(rich[OPTIONS.index(option)] for option in options)
    assert twins(question(STEM, rich), question(stem, options, key=key)) == [
        ("stem-near-duplicate", "q-1")
    ]


@pytest.mark.parametrize(
    "one, other",
    [
        (
            question("Qual luz da ONU pisca na falta de sinal?", ("LOS", "PON", "LAN"), key=0),
            question("Qual luz da ONU pisca na falta de rede?", ("LOS", "PON", "LAN"), key=2),
        ),
        (
            question("Qual é o prazo da troca de titular?", ("5 dias", "10 dias", "15 dias")),
            question("Qual é o prazo da troca de endereço?", ("5 dias", "10 dias", "15 dias")),
        ),
        (
            question("A luz LOS acesa mostra que falta sinal.", (), kind="true_false"),
            question("A luz PON acesa mostra que falta sinal.", (), kind="true_false"),
        ),
        (question(STEM), question("O que se faz por fim?", OPTIONS)),
    ],
)
def test_questions_of_one_mould_are_several(one: Question, other: Question) -> None:
    assert twins(one, other) == []


def test_the_later_item_names_the_first_of_its_likes() -> None:
    bank = [question(id=f"q-{n}", line=n) for n in (1, 2, 3)]
    assert [(f.item, f.line, f.args["other"]) for f in lint_items(bank)] == [
        ("q-2", 2, "q-1"),
        ("q-3", 3, "q-1"),
    ]


def test_a_text_is_not_asked_and_has_no_twin() -> None:
    texts = [question(kind="description", options=(), id=f"q-{n}") for n in (1, 2)]
    assert lint_items(texts) == []


def test_an_item_of_another_bank_is_named_with_its_bank() -> None:
    library = [signature(question(id="n-7", bank="noc")), signature(question("Outra?", bank="noc"))]
    (finding,) = lint_items([question()], library=library)
    assert (finding.code, finding.args) == ("stem-duplicate", {"other": "noc: n-7"})


def test_a_bank_is_not_compared_with_what_the_library_has_of_itself() -> None:
    assert lint_items([question()], library=[signature(question())]) == []


def test_the_same_words_elsewhere_go_before_like_ones() -> None:
    rich = ("Os dados do contrato dele", "O endereço da entrega", "A cor da fachada verde")
    like = "Um cliente liga sem internet. O que se confirma primeiro?"
    library = (
        signature(question(stem, rich, id=item, bank="noc"))
        for item, stem in (("n-1", like), ("n-2", STEM), ("n-3", STEM))
    )
    (twin,) = duplicates([signature(question(STEM, rich))], library)
    assert (twin.other.id, twin.exact) == ("n-2", True)


def test_thousands_of_one_mould_are_compared_with_few() -> None:
    mould = "Assinale a alternativa correta sobre o atendimento do cliente por telefone."
    bank = [
        question(mould, (f"Passo {n}", f"Luz {n}", f"Cabo {n}"), key=n % 3, id=f"q-{n}")
        for n in range(2000)
    ]
    (finding,) = lint_items([*bank, replace(bank[1500], id="q-9999")])
    assert (finding.item, finding.args) == ("q-9999", {"other": "q-1500"})


@given(st.text(max_size=200), st.lists(st.text(max_size=40), max_size=5))
def test_a_stored_signature_is_the_same_signature(stem: str, options: list[str]) -> None:
    one = signature(question(stem, tuple(options)))
    assert unpacked(one.bank, one.id, one.packed()) == one


@given(st.lists(st.tuples(st.text(max_size=80), st.lists(st.text(max_size=30), max_size=5))))
def test_no_text_breaks_the_lint(items: list[tuple[str, list[str]]]) -> None:
    bank = [
        question(stem, tuple(options), id=f"q-{place}")
        for place, (stem, options) in enumerate(items)
    ]
    ids = {one.id for one in bank}
    assert all(finding.item in ids | {""} for finding in lint_items(bank))
