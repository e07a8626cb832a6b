"""Answers to be written, words or numbers, as a GIFT file has them."""

import re
from math import isfinite

from quizapp.formats.gift.answers import Entry
from quizapp.formats.gift.findings import Fault, Findings, Parts
from quizapp.formats.gift.texts import split_format, unescape
from quizapp.formats.model import Answer
from quizapp.formats.moodle.terms import ANY_NUMBER
from quizapp.formats.text import collapse

_STAR = re.compile(r"\\\*|(\*)")
_AMOUNT = r"\s*([+-]?(?:\d{1,40}(?:[.,]\d{1,40})?|[.,]\d{1,40})(?:[eE][+-]?\d{1,3})?)\s*"
_RANGE = re.compile(rf"{_AMOUNT}\.\.{_AMOUNT}")
_VALUE = re.compile(rf"{_AMOUNT}(?::{_AMOUNT})?")
_MAYBE_THOUSAND = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


def short_answer(found: Findings, answers: list[Entry]) -> Parts:
    """The accepted texts with their shares."""
    accepted = [_accepted(found, entry, _share(entry)) for entry in answers]
    return Parts("short_answer", answers=_of_use([answer for answer in accepted if answer]))


def _share(entry: Entry) -> float:
    if entry.faulty:
        raise Fault(entry.at, "gift-weight", text=collapse(entry.text)[:40])
    return max(entry.weight, 0.0) if entry.weight is not None else 1.0


def _accepted(found: Findings, entry: Entry, share: float) -> Answer | None:
    """An accepted text; a `*`, for which Moodle takes any characters, is none of ours."""
    text = collapse(unescape(split_format(entry.text, "plain")[1]))
    if not text:
        found.say(entry.at, "gift-answer-empty")
        return None
    feedback = found.markdown(entry.feedback, entry.at)
    has_star = "*" in text and any(match[1] for match in _STAR.finditer(text))
    if has_star and share:
        # At the ends it says that more words may stand there; inside, or alone, nothing is left.
        text = text.strip("* ")
        kept = "" if any(match[1] for match in _STAR.finditer(text)) else text
        found.say(entry.at, "answer-wildcard", text=collapse(entry.text)[:40], kept=kept or "–")
        if not kept:
            return None
    return Answer(text.replace("\\*", "*"), fraction=share, feedback=feedback)


def _of_use(answers: list[Answer]) -> tuple[Answer, ...]:
    """The answers, unless none of them earns anything."""
    return tuple(answers) if any(answer.fraction > 0 for answer in answers) else ()


def numeric(found: Findings, answers: list[Entry]) -> Parts:
    """The accepted numbers: values with a tolerance, ranges, and what is said to all others."""
    return Parts("numeric", answers=_of_use([_number(found, entry) for entry in answers]))


def _number(found: Findings, entry: Entry) -> Answer:
    text = unescape(entry.text).strip()
    feedback = found.markdown(entry.feedback, entry.at)
    share = 0.0 if entry.sign == "~" else _share(entry)
    if not share and text in ("", "*"):
        return Answer(low=-ANY_NUMBER, high=ANY_NUMBER, fraction=0.0, feedback=feedback)
    if match := _RANGE.fullmatch(text):
        low, high = _amount(match[1]), _amount(match[2])
        answer = Answer(low=low, high=high, fraction=share, feedback=feedback)
        is_good = isfinite(low) and isfinite(high) and low <= high
    elif match := _VALUE.fullmatch(text):
        value, tolerance = _amount(match[1]), _amount(match[2] or "0")
        answer = Answer(value=value, tolerance=tolerance, fraction=share, feedback=feedback)
        is_good = isfinite(value) and tolerance >= 0 and isfinite(tolerance)
    else:
        is_good = False
    if not match or not is_good:
        raise Fault(entry.at, "gift-number", text=collapse(text)[:40])
    if any(part and _MAYBE_THOUSAND.fullmatch(part) for part in match.groups()):
        read = re.sub(r"[.,]", ",", text)
        found.say(entry.at, "number-ambiguous", value=text, read=read)
    return answer


def _amount(text: str) -> float:
    return float(text.replace(",", "."))
