"""Banks written as CSV read back to the same, safe for a spreadsheet; what is lost is said."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.formats.foreign import assemble
from quizapp.formats.model import Answer, Bank, Item, Option
from quizapp.formats.reader import read
from quizapp.formats.tables.defusing import defused, fused
from quizapp.formats.tables.writer import write_csv
from tests.examples import tried
from tests.formats.comparing import items_of
from tests.formats.item_generators import items
from tests.formats.samples import bank, declared, found
from tests.formats.sheets import keyed
from tests.formats.test_native import ALL_KINDS

CHOICE = "## Qual LED?\n- [x] LOS\n- [ ] PON\n- [ ] Wi-Fi\n"


def table_of(made: Bank) -> list[list[str]]:
    data, _ = write_csv(made)
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def again(made: Bank) -> Bank:
    document = read(f"{made.id}.csv", write_csv(made)[0])
    assert isinstance(document, Bank), document
    return document


def lost(made: Bank) -> list[tuple[str, str]]:
    return [
        (str(problem.args["item"]), str(problem.args["what"])) for problem in write_csv(made)[1]
    ]


@settings(
    max_examples=tried(200),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(items(), min_size=1, max_size=4))
def test_what_is_not_said_to_be_lost_reads_back(given_items: list[Item]) -> None:
    made = assemble("provas.md", "native", given_items)
    said = {item for item, _ in lost(made)}
    kept = [item for item in items_of(made) if item.id not in said]
    if kept:
        back = again(made)
        assert [item for item in items_of(back) if item.id not in said] == kept
        assert write_csv(back)[0] == write_csv(made)[0]


def test_every_kind_but_scenarios_has_its_row() -> None:
    made = bank(ALL_KINDS)
    back = again(made)
    kinds = [item.kind for item in made.items if item.kind != "scenario"]
    assert [item.kind for item in back.items] == kinds
    scenario = next(item for item in made.items if item.kind == "scenario")
    numeric = next(item for item in made.items if item.kind == "numeric")
    assert lost(made) == [
        *((made.id, what) for what in ("title", "cut_score")),
        (numeric.id, "feedback"),
        (scenario.id, "item"),
    ]
    assert all(problem.severity == "warning" for problem in write_csv(made)[1])


def test_the_file_opens_in_a_brazilian_excel() -> None:
    data, _ = write_csv(
        declared(
            "## Ação? {#q-1}\n- [x] a\n- [ ] b\n\n## Quanto dura? {#q-2}\nResposta: 1.234,5 ± 0,5\n"
        )
    )
    assert data.startswith(b"\xef\xbb\xbfId;N\xc3\xbamero;Tipo;Uso;Pergunta;A;B;Gabarito;")
    assert b"1234,5 \xc2\xb1 0,5" in data
    assert b"\r\n" in data


def test_the_header_names_the_columns_in_portuguese() -> None:
    header, first = table_of(bank(CHOICE + "\nExplicação: perda de sinal.\n"))
    assert header == [
        *("Id", "Número", "Tipo", "Uso", "Pergunta", "A", "B", "C", "Gabarito", "Explicação"),
        *("Categoria", "Competências", "Dificuldade", "Etiquetas", "Fonte", "Nome"),
    ]
    assert first[4:10] == ["Qual LED?", "LOS", "PON", "Wi-Fi", "A", "perda de sinal."]


@pytest.mark.parametrize(
    "text", ["=1+1", "+55 37", "-1", "@nome", "'citado", "'=x", "''", "normal"]
)
def test_a_cell_that_begins_like_a_formula_is_defused(text: str) -> None:
    options = (Option(text, 1.0), Option("outra", 0.0))
    (item,) = bank(CHOICE).items
    made = replace(bank(CHOICE), items=(replace(item, options=options, name=text),))
    for row in table_of(made):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    back = again(made).items[0]
    assert (back.options[0].text, back.name) == (text, text)


@given(st.text(max_size=5) | st.sampled_from(["=", "'", "'=", "''='", "\t", "\r=", "-", ""]))
def test_a_cell_is_the_same_when_it_is_fused_again(cell: str) -> None:
    assert fused(defused(cell)) == cell
    assert not defused(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_weights_pins_doubts_and_feedback_are_kept() -> None:
    made = assemble(
        "provas.md",
        "native",
        [
            Item(
                id="a-1",
                id_given=True,
                number="",
                kind="multiple",
                stem="Qual?",
                line=1,
                key="given",
                options=(
                    Option("a", 0.75, "Sim.", pinned=True),
                    Option("b", 0.25),
                    Option("c", -0.5, "Não."),
                ),
            ),
            Item(
                id="a-2",
                id_given=True,
                number="",
                kind="single",
                stem="Quem?",
                line=1,
                key="doubtful",
                options=(Option("a"), Option("b"), Option("c")),
                doubt=(0, 2),
            ),
            Item(
                id="a-3",
                id_given=True,
                number="",
                kind="short_answer",
                stem="?",
                line=1,
                key="given",
                answers=(Answer("LOS"), Answer("perda", fraction=0.5)),
            ),
        ],
    )
    assert items_of(again(made)) == items_of(made)
    assert table_of(made)[1][5:9] == ["a {75%} {fixa}", "b {25%}", "c {-50%}", "A, B"]
    assert table_of(made)[2][8] == "A? C?"


def test_what_a_table_cannot_hold_is_said() -> None:
    (item,) = bank(CHOICE).items
    picture = "![LEDs](imagens/0123456789abcdef.png)"
    many = tuple(Option(f"o {n}", float(not n)) for n in range(27))
    made = replace(
        bank(CHOICE),
        language="en",
        lint=(("key-longest", "off"),),
        title="Banco",
        items=(
            replace(item, id="a-1", tags=("a, b",), accepted=("key-longest",), stem=picture),
            replace(item, id="a-2", options=many),
            replace(item, id="a-3", stem="x" * 33_000),
            replace(item, id="a-4"),
        ),
    )
    assert lost(made) == [
        *((made.id, what) for what in ("language", "lint")),
        *(("a-1", what) for what in ("tags", "accepted", "images")),
        ("a-2", "item"),
        ("a-3", "item"),
    ]
    assert [back.id for back in again(made).items] == ["a-1", "a-4"]


# A table of ours that somebody edited


def edited(*rows: str) -> Bank:
    header = "Id;Número;Tipo;Uso;Pergunta;A;B;C;Gabarito;Nome\n"
    document = read("banco.csv", (header + "".join(f"{row}\n" for row in rows)).encode())
    assert isinstance(document, Bank), document
    return document


def test_a_row_that_was_added_needs_no_type() -> None:
    made = edited(
        ";;;;Qual?;a;b;c;A, C;", ";;;;Quanto?;;;;30;", ";;;;É?;Certo;Errado;;E;", ";;;;;;;;;x"
    )
    assert [item.kind for item in made.items] == ["multiple", "numeric", "true_false"]
    assert [keyed(item) for item in made.items] == ["AC", "", "B"]
    assert [item.number for item in made.items] == ["1", "2", "3"]


def test_a_key_of_ours_is_a_letter_even_where_an_option_has_its_name() -> None:
    (item,) = edited("a-1;1;única;prova;Qual?;B;A;C;B;").items
    assert keyed(item) == "B"


def test_faults_of_an_edited_row_are_said() -> None:
    made = edited(
        "a-1;1;única;prova;Qual?;a;b;;D;",
        "a-2;2;mapa;prova;Onde?;a;b;;A;",
        "a-3;3;numérica;prova;Quanto?;;;;muito;",
        "a-4;4;associação;prova;Ligue;a -> 1;b;;;",
    )
    assert [item.id for item in made.items] == ["a-1", "a-3", "a-4"]
    assert found(made) == [
        *((2, "key-missing"), (2, "key-option-missing"), (3, "item-left-out")),
        (4, "number-invalid"),
    ]
    assert {problem.severity for problem in made.problems} == {"warning"}
