"""A bank as the lint reads it, and what the lint finds as problems of its file."""

from collections.abc import Callable, Iterable

from quizapp.formats.model import Answer, Bank, Item, Problem
from quizapp.formats.text import fold
from quizapp.items.kinds import CHOICE
from quizapp.items.lint import (
    LEVELS,
    Finding,
    Level,
    Option,
    Question,
    Signature,
    code_named,
    lint_items,
)

_Known = Callable[[str], bool]


def lint_bank(
    bank: Bank, *, known: _Known | None = None, library: Iterable[Signature] = ()
) -> list[Problem]:
    """The flaws in a bank's items that its reader has not named, weighed as the bank says.

    `known` tells whether a cited section is there; `library` are the items of other banks.
    """
    said = {_same(problem.code, problem.line, problem.args) for problem in bank.problems}
    found = [
        Problem(finding.line, 1, finding.severity, finding.code, dict(finding.args))
        for finding in findings(bank, known=known, library=library)
        if _same(finding.code, finding.line, dict(finding.args)) not in said
    ]
    return sorted(_unknown_codes(bank) + found, key=lambda problem: problem.line)


def findings(
    bank: Bank, *, known: _Known | None = None, library: Iterable[Signature] = ()
) -> list[Finding]:
    """All flaws in a bank's items, for counts and for pages that show them beside the item."""
    return lint_items(
        questions(bank), severities=severities(bank.lint), known=known, library=library
    )


def severities(settings: Iterable[tuple[str, str]]) -> dict[str, Level]:
    """A bank's own severities, by code; what names no code or no severity is left aside."""
    return {
        code: LEVELS[level]
        for name, level in settings
        if (code := code_named(fold(name))) and level in LEVELS
    }


def questions(bank: Bank) -> list[Question]:
    """The bank's items as the lint reads them."""
    return [question(item, bank.id) for item in bank.items]


def question(item: Item, bank_id: str = "") -> Question:
    """An item as the lint reads it.

    Right is what earns something; where one option is chosen, what earns most.
    """
    has_choices = item.kind in CHOICE
    most = max((option.fraction or 0 for option in item.options), default=0)
    enough = most if item.kind == "single" else 0
    options = [
        Option(option.text, _is_right(option.fraction, enough), option.pinned)
        for option in item.options
    ]
    answers = [_text(answer) for answer in item.answers] + [" ".join(pair) for pair in item.pairs]
    feedback = [option.feedback for option in item.options if option.feedback]
    feedback += [answer.feedback for answer in item.answers if answer.feedback]
    return Question(
        id=item.id,
        stem=item.stem,
        kind=item.kind,
        line=item.line,
        options=tuple(options) if has_choices else (),
        answers=(*answers, *(option.text for option in options if not has_choices)),
        explanation=item.explanation or " ".join(feedback),
        sources=item.sources,
        accepted=frozenset(code for name in item.accepted if (code := code_named(fold(name)))),
        bank=bank_id,
    )


def _is_right(fraction: float | None, enough: float) -> bool | None:
    return None if fraction is None else fraction > 0 and fraction >= enough


def _text(answer: Answer) -> str:
    if answer.text is not None:
        return answer.text
    numbers = (answer.value, answer.low, answer.high)
    return " ".join(f"{value:g}" for value in numbers if value is not None)


def _unknown_codes(bank: Bank) -> list[Problem]:
    """Settings and acceptances that name no code, so that a slip does not pass for a choice."""
    named = [(1, name) for name, _ in bank.lint]
    named += [(item.line, name) for item in bank.items for name in item.accepted]
    return [
        Problem(line, 1, "warning", "lint-code-unknown", {"code": name})
        for line, name in named
        if not code_named(fold(name))
    ]


def _same(code: str, line: int, args: dict[str, str | int]) -> tuple[str, str | int]:
    """What makes a reader's problem and a finding the same."""
    if code == "option-duplicate":
        return code, args["option"]
    return ("cut-off" if code == "item-cut-off" else code), line
