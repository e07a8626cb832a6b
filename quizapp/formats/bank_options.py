"""The options of an item: what its key gives each, which are pinned, what is odd."""

import re
from collections.abc import Sequence

from quizapp.formats.bank_raw import RawItem, RawOption
from quizapp.formats.model import Option, Problem, Severity
from quizapp.formats.text import collapse, fold
from quizapp.items.kinds import Kind
from quizapp.items.lint import is_all_or_none as is_all_or_none

TRUE = {"verdadeiro", "verdadeira", "certo", "correto", "true", "v"}
FALSE = {"falso", "falsa", "errado", "incorreto", "false", "f"}
_PAIRS = ({"verdadeiro", "falso"}, {"certo", "errado"}, {"true", "false"}, {"correto", "incorreto"})
_WRONG_WORD = r"(?:errad[ao]|incorret[ao]|wrong|incorrect)"
_WRONG = re.compile(
    rf"[(\[] ?(?:(?:resposta|alternativa|op[çc][ãa]o) )?{_WRONG_WORD}[.!]? ?[)\]]\W*$",
    re.IGNORECASE,
)
_WRONG_FEEDBACK = re.compile(rf"\W{{0,5}}{_WRONG_WORD}(?=\W{{0,3}}$|\s?[.!,;:–—-])", re.IGNORECASE)
_QUOTES = str.maketrans("“”„‟«»‘’‚‛´", '"' * 6 + "'" * 5)


def bare(text: str) -> str:
    """An option's text as it is compared: no accents, case, emphasis or full stop, plain quotes."""
    return fold(text.translate(_QUOTES)).strip(" .*_`")


def is_true_false(options: list[RawOption]) -> bool:
    """Whether the options are true and false, at most one of them ticked."""
    keys = sum(option.keyed for option in options)
    return shown_kind([option.text for option in options], keys) == "true_false"


def shown_kind(texts: Sequence[str], keys: int) -> Kind:
    """The kind of choice that an item's options and the number of its keys show."""
    if len(texts) == 2 and keys < 2 and {bare(text) for text in texts} in _PAIRS:
        return "true_false"
    return "multiple" if keys > 1 else "single"


def truth(text: str) -> bool | None:
    """What "Verdadeiro", "F" or "errado" says; nothing for other words."""
    word = bare(text)
    return word in TRUE if word in TRUE | FALSE else None


def true_false(is_true: bool, language: str, line: int) -> list[RawOption]:
    """The two options that `Resposta: Verdadeiro` stands for."""
    words = ("True", "False") if language.startswith("en") else ("Verdadeiro", "Falso")
    return [
        RawOption(words[0], line, keyed=is_true),
        RawOption(words[1], line, keyed=not is_true),
    ]


def choices(options: list[RawOption], keyed: bool) -> tuple[Option, ...]:
    """The options with their fractions, null where the item is not keyed.

    The keys share the whole, save where a share is written.
    """
    ticks = sum(option.keyed for option in options)
    return tuple(
        Option(
            text=option.text,
            fraction=_fraction(option, ticks) if keyed else None,
            feedback=option.feedback,
            pinned=option.pinned or is_all_or_none(option.text),
        )
        for option in options
    )


def _fraction(option: RawOption, ticks: int) -> float:
    if option.weight is not None:
        return option.weight
    return 1 / ticks if option.keyed else 0.0


def marked_wrong(option: RawOption) -> bool:
    """Whether an option says of itself, or its feedback of it, that it is wrong."""
    return bool(_WRONG.search(option.text[-60:]) or _WRONG_FEEDBACK.match(option.feedback))


def check_choices(raw: RawItem) -> list[Problem]:
    """What is odd about an item's options, each with its line."""
    problems: list[Problem] = []
    if len(raw.options) < 2:
        problems.append(too_few(raw))
    seen: set[str] = set()
    for position, option in enumerate(raw.options):
        text = collapse(option.text)
        if not text:
            problems.append(_problem("error", "option-empty", option.line))
        elif text in seen:
            problems.append(_problem("warning", "option-duplicate", option.line, option=text))
        seen.add(text)
        if is_all_or_none(text) and not option.pinned:
            below = raw.options[position + 1 :]
            if any(not is_all_or_none(other.text) for other in below):
                problems.append(
                    _problem("warning", "option-all-not-last", option.line, option=text)
                )
    return problems


def too_few(raw: RawItem) -> Problem:
    """The error of an item that leaves nothing to choose, order or match."""
    return _problem("error", "options-too-few", raw.line, number=raw.number)


def _problem(severity: Severity, code: str, line: int, **args: str | int) -> Problem:
    return Problem(line, 1, severity, code, args)
