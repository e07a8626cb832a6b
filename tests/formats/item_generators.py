"""Items of all kinds, with texts that other systems' files may hold."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from quizapp.formats.model import Answer, Item, Option
from quizapp.items.kinds import KINDS

_LINES = st.sampled_from(
    [
        "Qual LED indica falta de sinal?",
        "O cliente diz: *sem internet*.",
        "Fonte: manual",
        "Nome: João",
        "**Explicação:** porque sim",
        "Enunciado:",
        "Resposta: 30",
        "# Título",
        "## {#x-1}",
        "> citação",
        ">",
        "- [ ] caixa",
        "- [x] outra",
        "- item",
        "* item",
        "1. um",
        "2) dois",
        "a) letra",
        "```",
        "```python",
        "~~~~",
        "    código",
        "  recuo",
        "| a | b |",
        "|---|---|",
        "a | b",
        "---",
        "===",
        "- - -",
        "![LEDs](imagens/0123456789abcdef.png)",
        "[nome]: https://x.com",
        "a -> b",
        "→",
        "\\-> b",
        "[x] caixa",
        "\\[ ] guardada",
        "{fixa}",
        "texto {50%}",
        "texto \\{fixa}",
        "{#id}",
        "*",
        "\\",
        "linha  ",
        "<div>",
        "<!-- x",
        "3,5",
        "0800",
        "B? D?",
        "Gabarito: B",
        "Verdadeiro",
        "Falso",
        "Todas as anteriores",
        "> > > > > > > > > > > x",
        "- - - - - - - - - - - - - - - - - - - - - - x",
        "",
        "",
    ]
)
_ODD = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
TEXTS = st.lists(_LINES | _ODD, min_size=1, max_size=6).map("\n".join)
_SHORT = st.lists(_LINES | _ODD, min_size=1, max_size=2).map(" ".join)
_SOMETIMES = st.just("") | st.just("") | TEXTS
_FRACTIONS = st.sampled_from([1.0, 0.5, 0.333333, 1 / 3, 0.25, 0.1, 0.0, 0.0, -0.5, -1 / 3, -1.0])
_KINDS = [kind for kind in KINDS if kind != "scenario"]


@st.composite
def items(draw: Any) -> Item:
    """An item as a reader of another format may build it."""
    kind = draw(st.sampled_from(_KINDS))
    item = Item(
        id=draw(st.sampled_from(["", "a-1", "q 7", "É.2"])),
        id_given=False,
        number=draw(st.sampled_from(["", "4", "12"])),
        kind=kind,
        stem=draw(TEXTS),
        line=1,
        key="missing",
        explanation=draw(_SOMETIMES),
        sources=draw(st.sampled_from([(), ("fluxo#a.2",)])),
        tags=tuple(draw(st.lists(_SHORT, max_size=2))),
        name=draw(st.just("") | _SHORT),
        category=draw(st.sampled_from(["", "Rede/Wi-Fi", "Nome: x", "# y"])),
        accepted=draw(st.sampled_from([(), ("key-longest", "negative-stem")])),
        difficulty=draw(st.sampled_from([None, "easy"])),
        use=draw(st.sampled_from(["exam", "practice"])),
    )
    if kind in ("single", "multiple", "true_false"):
        return _with_options(draw, item)
    if kind == "ordering":
        texts = draw(st.lists(TEXTS, min_size=2, max_size=4))
        key = draw(st.sampled_from(["given", "given", "doubtful"]))
        share = 1 / len(texts) if key == "given" else None
        return replace(item, key=key, options=tuple(Option(text, share) for text in texts))
    if kind == "matching":
        pairs = draw(st.lists(st.tuples(TEXTS, _SOMETIMES), min_size=2, max_size=3))
        return replace(
            item, key="given", pairs=(*pairs, *draw(st.sampled_from([(), (("", "x"),)])))
        )
    if kind in ("short_answer", "numeric"):
        answers = st.builds(Answer, _SHORT) if kind == "short_answer" else _NUMBERS
        found = draw(st.lists(answers, min_size=1, max_size=3))
        shared = [
            replace(
                one, fraction=draw(st.sampled_from([1.0, 0.5, 1 / 3])), feedback=draw(_SOMETIMES)
            )
            for one in found
        ]
        return replace(item, key="given", answers=tuple(shared))
    return item


_VALUES = st.floats(-1e9, 1e9, allow_nan=False) | st.sampled_from(
    [1.234, 1234.0, 1e-7, 6.02e23, 0.1]
)
_NUMBERS = st.builds(
    Answer, value=_VALUES, tolerance=st.sampled_from([0.0, 0.5, 1e-3])
) | st.builds(lambda a, b: Answer(low=min(a, b), high=max(a, b)), _VALUES, _VALUES)


def _with_options(draw: Any, item: Item) -> Item:
    texts = draw(st.lists(TEXTS, min_size=2, max_size=5))
    if item.kind == "true_false" or draw(st.integers(0, 9)) == 0:
        texts = draw(
            st.sampled_from([["Verdadeiro", "Falso"], ["Certo", "Errado"], ["Sim", "Não"]])
        )
    key = draw(st.sampled_from(["given", "given", "missing", "doubtful"]))
    fractions = draw(st.lists(_FRACTIONS, min_size=len(texts), max_size=len(texts)))
    if key == "given" and max(fractions) <= 0:
        fractions[0] = 1.0
    options = tuple(
        Option(
            text,
            fraction if key == "given" else None,
            draw(_SOMETIMES),
            draw(st.sampled_from([False, False, True])),
        )
        for text, fraction in zip(texts, fractions, strict=True)
    )
    hints = st.lists(st.integers(0, len(texts) - 1), unique=True, max_size=3)
    doubt = tuple(sorted(draw(hints))) if key == "doubtful" else ()
    return replace(item, key=key, options=options, doubt=doubt)
