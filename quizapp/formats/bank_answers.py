"""The accepted answers of an item: texts, or numbers."""

from quizapp.formats.amounts import Numeric, looks_numeric, numeric, written
from quizapp.formats.bank_raw import RawAnswer
from quizapp.formats.front_matter import DEFAULT_LANGUAGE
from quizapp.formats.model import Answer, Problem
from quizapp.items.kinds import Kind


def read_answers(
    answers: list[RawAnswer], kind: Kind, language: str = DEFAULT_LANGUAGE
) -> tuple[tuple[Answer, ...], list[Problem]]:
    """The answers as the item's kind takes them, and those that it cannot take."""
    found: list[Answer] = []
    problems: list[Problem] = []
    for raw in answers:
        answer = _numeric(raw, language) if kind == "numeric" else None
        found.append(
            answer or Answer(raw.field.value, fraction=raw.field.fraction, feedback=raw.feedback)
        )
        problems += _check(raw, kind, language)
    return tuple(found), problems


def _numeric(raw: RawAnswer, language: str) -> Answer | None:
    number = numeric(raw.field.value, language)
    if not number:
        return None
    return Answer(
        value=number.value,
        tolerance=number.tolerance,
        low=number.low,
        high=number.high,
        fraction=raw.field.fraction,
        feedback=raw.feedback,
    )


def _check(raw: RawAnswer, kind: Kind, language: str) -> list[Problem]:
    text, line = raw.field.value, raw.field.line
    args: dict[str, str | int] = {"value": text}
    number = numeric(text, language)
    if not text:
        return [Problem(line, 1, "error", "answer-empty")]
    if kind == "numeric" and not number:
        return [Problem(line, 1, "error", "number-invalid", args)]
    if kind == "numeric" and number and number.ambiguous:
        args["read"] = _read_as(number)
        return [Problem(line, 1, "warning", "number-ambiguous", args)]
    if kind == "short_answer" and not number and looks_numeric(text):
        return [Problem(line, 1, "warning", "number-invalid", args)]
    return []


def _read_as(number: Numeric) -> str:
    if number.low is not None and number.high is not None:
        return f"{written(number.low)}..{written(number.high)}"
    return written(number.value or 0.0)
