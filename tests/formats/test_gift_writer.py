"""Banks written as GIFT read back to the same; what GIFT has no place for is said."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.content.messages import message
from quizapp.formats.foreign import assemble
from quizapp.formats.gift.reader import read_gift
from quizapp.formats.gift.writer import write_gift
from quizapp.formats.model import Answer, Bank, Image, Item, Option
from quizapp.formats.text import collapse, normalise
from quizapp.items.kinds import Kind
from tests.examples import tried
from tests.formats.comparing import items_of
from tests.formats.samples import bank as native

_SIGNS = st.sampled_from(
    [
        *("=", "~", "#", "####", "{", "}", ":", "::", "\\", "\\n", "//", "->", "%50%", "*", "..."),
        *("[html]", "[x]", "$CATEGORY:", "{#4}", "T", "\n", "\n\n", "  \n", "<b>", "&amp;"),
        "![a](b.png)",
    ]
)
_WORDS = st.sampled_from(["Sinal", "óptico", "LED", "fibra 5 GHz", "R$ 5,00", "não", "Olá", "1)"])
_TEXT = (
    st.lists(_SIGNS | _WORDS, min_size=1, max_size=6)
    .map(lambda words: normalise(" ".join(words)).strip())
    .filter(bool)
)
_LINE = _TEXT.map(collapse)
_SHARE = st.sampled_from([1.0, 0.5, 1 / 3, 2 / 3, 0.25, 0.0, 1 / 7, 0.9])
_WRONG = st.sampled_from([0.0, -0.5, -1 / 3, 0.25, 0.5])
_MAYBE = st.just("") | _TEXT
_NUMBER = st.integers(-(10**6), 10**6).map(lambda n: n / 100)


def _options(fractions: list[float | None]) -> st.SearchStrategy[tuple[Option, ...]]:
    return st.tuples(
        *(st.builds(Option, _TEXT, st.just(fraction), _MAYBE) for fraction in fractions)
    )


_SINGLE = st.lists(_WRONG, min_size=1, max_size=4).flatmap(
    lambda wrong: st.permutations([1.0, *wrong]).flatmap(_options)
)
_MULTIPLE = st.lists(_WRONG, max_size=3).flatmap(
    lambda wrong: _options([0.5, 0.5, *(fraction for fraction in wrong)])
)
_DRAFT = st.integers(2, 4).flatmap(lambda size: _options([None] * size))
_NAMES = st.sampled_from([("Verdadeiro", "Falso"), ("Certo", "Errado"), ("True", "False")])
_TRUTH = st.tuples(_NAMES, st.booleans(), _MAYBE, _MAYBE).map(
    lambda drawn: (
        Option(drawn[0][0], float(drawn[1]), drawn[2]),
        Option(drawn[0][1], float(not drawn[1]), drawn[3]),
    )
)
_ORDER = st.lists(_TEXT, min_size=2, max_size=5).map(
    lambda texts: tuple(Option(text, 1 / len(texts)) for text in texts)
)
_ACCEPTED = st.builds(
    Answer, _LINE.filter(lambda text: "->" not in text), fraction=_SHARE, feedback=_MAYBE
)
_VALUE = st.builds(
    Answer, value=_NUMBER, tolerance=_NUMBER.map(abs), fraction=_SHARE, feedback=_MAYBE
)
_BETWEEN = st.tuples(_NUMBER, _NUMBER, _SHARE, _MAYBE).map(
    lambda drawn: Answer(
        low=min(drawn[:2]), high=max(drawn[:2]), fraction=drawn[2], feedback=drawn[3]
    )
)
_OTHERS = st.builds(
    Answer,
    low=st.just(-999_999_999_999_999.0),
    high=st.just(999_999_999_999_999.0),
    fraction=st.just(0.0),
    feedback=_MAYBE,
)
# A backslash stands before a bracket in a tag; a comma divides tags of ours.
_TAG = _LINE.filter(lambda text: not set(text) & set("\\,;"))
_SOURCE = st.sampled_from(["fluxo#inicio", "fluxo#inicio.2a", "guia-de-voz"])
_LEFT = _LINE.filter(lambda text: "->" not in text)


def _item(kind: Kind, **parts: st.SearchStrategy[object]) -> st.SearchStrategy[Item]:
    """An item of this kind as a file of another system gives it."""
    return st.builds(
        Item,
        id=st.from_regex(r"[a-z]{1,3}-[0-9]{1,3}", fullmatch=True),
        id_given=st.just(True),
        number=st.just(""),
        kind=st.just(kind),
        stem=_TEXT,
        line=st.just(1),
        explanation=st.just("") if kind == "description" else _MAYBE,
        tags=st.lists(_TAG, max_size=2, unique=True).map(tuple),
        name=st.just("") | _LINE,
        sources=st.lists(_SOURCE, max_size=2, unique=True).map(tuple),
        competencies=st.lists(_TAG, max_size=2, unique=True).map(tuple),
        difficulty=st.sampled_from([None, "easy", "medium", "hard"]),
        use=st.sampled_from(["exam", "practice"]),
        category=st.sampled_from(["", "Rede", "Rede/Wi-Fi", "Sinal: óptico/{1}"]),
        **{"key": st.just("given"), **parts},
    )


_UNKEYED = st.just("missing")
_ITEMS = st.one_of(
    _item("single", options=_SINGLE),
    _item("single", options=_DRAFT, key=_UNKEYED),
    _item("single", options=_DRAFT, key=st.just("doubtful"), doubt=st.sampled_from([(), (0, 1)])),
    _item("single", options=_SINGLE.map(lambda o: (*o, Option("Fixa", 0.0, pinned=True)))),
    _item("multiple", options=_MULTIPLE),
    _item("true_false", options=_TRUTH),
    _item("ordering", options=_ORDER),
    _item(
        "matching",
        pairs=st.tuples(
            st.lists(st.tuples(_LEFT, _LINE), min_size=2, max_size=4),
            st.lists(st.tuples(st.just(""), _LINE), max_size=2),
        ).map(lambda drawn: (*drawn[0], *drawn[1])),
    ),
    _item(
        "short_answer",
        answers=st.lists(_ACCEPTED, max_size=3).map(lambda more: (Answer("sim"), *more)),
    ),
    _item(
        "numeric",
        answers=st.lists(_VALUE | _BETWEEN | _OTHERS, max_size=3).map(
            lambda more: (Answer(value=1.5, tolerance=0.0), *more)
        ),
    ),
    _item("essay", key=_UNKEYED),
    _item("description", key=_UNKEYED),
)


@settings(
    max_examples=tried(150),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(_ITEMS, min_size=1, max_size=5, unique_by=lambda item: item.id))
def test_what_was_written_reads_back(items: list[Item]) -> None:
    bank = assemble("provas.gift", "gift", items)
    written, problems = write_gift(bank)
    assert problems == []
    again = read_gift("provas.gift", written)
    assert isinstance(again, Bank)
    assert again.left_out == ()
    assert items_of(again) == items_of(bank)
    assert write_gift(again)[0] == written


@pytest.mark.parametrize(
    "text, lost",
    [
        ("## A\n- [x] a\n- [ ] b\n", []),
        ("## A\nTipo: cenário\n\n### x\n[y](#x)\n", ["item"]),
        ("## A\nResposta: a -> b\n", ["item"]),
        ("## A\nTipo: dissertativa\nResposta: a\n", ["answers"]),
        ("## A\nTipo: texto\nExplicação: porque\n", ["explanation"]),
        ("## A\nTipo: múltipla\n- [ ] a\n- [ ] b\n", ["kind"]),
        ("## A\n- [ ] Falso\n- [x] Verdadeiro\n", ["kind"]),
    ],
)
def test_what_gift_has_no_place_for_is_said(text: str, lost: list[str]) -> None:
    bank = replace(native(f"---\nformato: questoes/1\nid: b\n---\n{text}"), title="B")
    _, problems = write_gift(bank)
    assert [problem.args["what"] for problem in problems] == lost
    assert {(p.line, p.code, p.severity) for p in problems} <= {(5, "export-lost", "warning")}
    for problem in problems:
        assert str(bank.items[0].id) in message(problem)


def test_what_the_bank_says_of_itself_is_said_to_be_lost() -> None:
    bank = native(
        "---\nformato: questoes/1\nid: b\ntitulo: T\nnota_minima: 80\n---\n## A\n- [x] a\n- [ ] b"
    )
    pictured = replace(bank, images=(Image("imagens/0123456789abcdef.png", b""),))
    said = [(problem.line, problem.args["what"]) for problem in write_gift(pictured)[1]]
    assert said == [(1, "title"), (1, "cut_score"), (1, "imagens/0123456789abcdef.png")]


def test_what_is_written_is_gift_as_moodle_has_it() -> None:
    text = """## Qual LED? {#a-1}
Fonte: fluxo#leds
Etiquetas: fibra

- [x] LOS
- [ ] PON: não {-50%}
  > É *autenticação*.

Explicação: sinal.

## Ponha em ordem {#a-2}
1. um
2. dois

## Certo? {#a-3}
- [ ] Verdadeiro
- [x] Falso
"""
    written, _ = write_gift(native(f"---\nformato: questoes/1\nid: b\n---\n{text}"))
    assert (
        written
        == """// [id:a-1] [tag:fibra] [tag:quizapp:fonte=fluxo#leds]
[markdown]Qual LED?{
\t=LOS
\t~%-50%PON\\: não#É *autenticação*.
\t####sinal.
}

// [id:a-2]
Ponha em ordem{>2 ALL VERTICAL ALL_OR_NOTHING SHOW
\tum
\tdois
}

// [id:a-3]
Certo?{FALSE}
"""
    )
