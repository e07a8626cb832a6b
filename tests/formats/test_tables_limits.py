"""No table raises, takes long or grows without end."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.formats.foreign import MAX_ITEMS
from quizapp.formats.model import Bank, Unreadable
from quizapp.formats.reader import read
from quizapp.formats.tables.reader import is_csv
from tests.examples import tried

# Of processor time, and generous: what is quadratic takes minutes.
SECONDS = 8.0


_CELLS = st.sampled_from(
    [
        *(
            "Pergunta",
            "Questão",
            "A",
            "B",
            "Opção 1",
            "Gabarito",
            "Tipo",
            "Nº",
            "V",
            "F",
            "Errada 1",
        ),
        *(
            "Alternativas",
            "Dificuldade",
            "Qual?",
            "um",
            "dois",
            "1",
            "2",
            "0",
            "A, B",
            "x",
            "*um",
            "",
        ),
        *(
            "a) um; b) dois",
            "Verdadeiro",
            "Exemplo",
            "Total: 3",
            "Multipla",
            "=1+1",
            '"aberta',
            '""',
        ),
        *('"a\nb"', "Id", "Número", "Uso", "{50%}", "única", "(A) um", "(B) dois", "'=x", "Tema:"),
    ]
)
_SIGNS = st.sampled_from([";", ",", "\t", "|"])


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Rows of cells that mean something somewhere, in any order."""
    sign = draw(_SIGNS)
    rows = draw(st.lists(st.lists(_CELLS | st.text(max_size=4), max_size=9), max_size=9))
    own = ["Id;Número;Tipo;Uso;Pergunta;A;B;Gabarito"] if draw(st.integers(0, 5)) == 0 else []
    return "\n".join([*own, *(sign.join(row) for row in rows)])


@settings(
    max_examples=tried(400),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(tables())
def test_no_table_raises(text: str) -> None:
    is_csv("a.txt", text)
    document = read("a.csv", text.encode())
    if isinstance(document, Unreadable):
        assert any(problem.severity == "error" for problem in document.problems)
        return
    assert isinstance(document, Bank)
    for item in document.items:
        fractions = [option.fraction for option in item.options]
        if item.key == "given" and item.kind in ("single", "multiple", "true_false"):
            assert None not in fractions
        elif item.key != "given":
            assert set(fractions) <= {None}
        assert all(0 <= place < max(len(item.options), 1) for place in item.doubt)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        '"' * 1_000_000,
        '"a' * 500_000,
        '""a,' * 250_000,
        ";" * 1_000_000,
        ";a" * 500_000,
        "a;b\n" * 250_000,
        "Pergunta;A;B;Gabarito\n" + '"' * 1_000_000,
        "Pergunta;A;B;Gabarito\n" + "a" * 1_000_000 + ";b;c;A",
        "Pergunta;A;B;Gabarito\n" + '"x\n' * 300_000,
        "Pergunta;Alternativas;Gabarito\n" + '"' + "a) " * 10_000 + '";b;A\n',
        "Pergunta;A;B;Gabarito\n" + "Qual?;a;b;A\n" * 60_000,
        "Pergunta;A;B;Gabarito\n" + ("Qual?;a;b;" + "1," * 10_000 + "\n") * 20,
        "Pergunta;A;B;Gabarito\n" + ("Qual?;" + "*" * 30_000 + ";" + "( " * 15_000 + ";A\n") * 10,
        "Pergunta;A;B;Gabarito\n" + ("Qual?;a;b;" + "- " * 15_000 + "\n") * 10,
    ],
)
def test_hostile_tables_are_read_in_little_time(text: str) -> None:
    start = time.process_time()
    read("a.csv", text.encode())
    is_csv("a.txt", text)
    assert time.process_time() - start < SECONDS


def test_limits_are_said_where_they_are_passed() -> None:
    def refused(text: str) -> tuple[str, int, int]:
        document = read("a.csv", text.encode())
        assert isinstance(document, Unreadable)
        problem = document.problems[-1]
        return problem.code, problem.line, problem.column

    header = "Pergunta;A;B;Gabarito\n"
    assert refused(header + ";" * 200 + "x\n") == ("table-too-large", 2, 201)
    assert refused(header + "x;" + "y" * 32_768 + "\n") == ("table-cell-too-long", 2, 3)
    assert refused(header + "x\n" * 50_000) == ("table-too-large", 50_001, 1)
    many = "Qual?;a;b;A\n" * (MAX_ITEMS + 1)
    assert refused(header + many)[0] == "too-many-items"
