"""Items for the tests of the lint."""

from quizapp.items.kinds import Kind
from quizapp.items.lint import Finding, Option, Question, lint_items

STEM = "O cliente liga sem internet. O que se confirma primeiro?"
OPTIONS = ("Os dados do contrato", "O endereço de entrega", "A cor da fachada")


def question(
    stem: str = STEM,
    options: tuple[str, ...] = OPTIONS,
    *,
    key: int | tuple[int, ...] | None = 0,
    id: str = "q-1",
    kind: Kind = "single",
    line: int = 1,
    bank: str = "triagem",
    accepted: frozenset[str] = frozenset(),
) -> Question:
    """An item without any flaw, save those that its arguments give it."""
    keys = (key,) if isinstance(key, int) else key
    return Question(
        id=id,
        stem=stem,
        kind=kind,
        line=line,
        options=tuple(
            Option(text, None if keys is None else place in keys)
            for place, text in enumerate(options)
        ),
        explanation="Sem contrato certo não há diagnóstico.",
        sources=("sem-internet#dados",),
        accepted=accepted,
        bank=bank,
    )


def found(one: Question, *others: Question) -> list[Finding]:
    """What the lint finds in a bank of these items."""
    return lint_items([one, *others])


def codes(
    stem: str = STEM,
    options: tuple[str, ...] = OPTIONS,
    key: int | tuple[int, ...] | None = 0,
    kind: Kind = "single",
) -> set[str]:
    """The codes of what the lint finds in one item."""
    return {finding.code for finding in found(question(stem, options, key=key, kind=kind))}
