"""A bank as it is copied from a form: a number alone on a line, the stem, the options."""

import re
from dataclasses import dataclass

from quizapp.formats.bank_raw import RawItem, RawOption
from quizapp.formats.limits import MAX_ITEMS, too_many_items
from quizapp.formats.model import Problem
from quizapp.formats.text import escape_text
from quizapp.formats.text_lines import Line, lines_of
from quizapp.formats.titles import heading_text

_NUMBER = re.compile(
    r"(?P<word>(?:quest[ãa]o|pergunta|question|item|q\.?) ?)?(?:n[º°o.]{1,2} ?)?"
    r"(?P<number>\d{1,4}) ?[.):ºª°-]{0,2}",
    re.IGNORECASE,
)
_MARK = re.compile(r"\(?([A-Ha-h])[.)]\s+|[-*•]\s+")
_MAX_OPTIONS = 12
_FEW = 3


@dataclass(frozen=True)
class _Question:
    """A number's line and the lines below it."""

    number: str
    line: Line
    lines: list[Line]


def read_numbered(body: str, first_line: int) -> tuple[str, list[RawItem], list[Problem]]:
    """The title, if a line stands before the first number, and the items."""
    before, questions = _questions(lines_of(body, first_line))
    if len(questions) > MAX_ITEMS:
        return "", [], [too_many_items(first_line)]
    items = [_item(question) for question in questions]
    title = heading_text(escape_text(before[0].text)) if before else ""
    return title, items, _cut_off(items)


def is_numbered(body: str, declared: bool) -> bool:
    """Whether a text is nothing but numbered questions, a title line aside."""
    before, questions = _questions(lines_of(body, 1))
    if len(before) > 1 or len(questions) < (1 if declared else 2):
        return False
    usual = [question for question in questions if 3 <= len(question.lines) <= _MAX_OPTIONS + 1]
    return len(usual) * 5 >= len(questions) * 4


def _questions(lines: list[Line]) -> tuple[list[Line], list[_Question]]:
    before: list[Line] = []
    questions: list[_Question] = []
    for line in lines:
        number = _number(line, questions)
        if number:
            questions.append(_Question(number, line, []))
        elif questions:
            questions[-1].lines.append(line)
        else:
            before.append(line)
    return before, questions


def _number(line: Line, questions: list[_Question]) -> str:
    """The number that opens a question; one out of turn is an option ("24", "48")."""
    match = _NUMBER.fullmatch(line.text) if len(line.text) < 40 else None
    if not match:
        return ""
    if questions and not match["word"]:
        last = int(questions[-1].number)
        nearest = 1 if len(questions[-1].lines) < _FEW else 3
        if len(questions[-1].lines) < 2 or not last < int(match["number"]) <= last + nearest:
            return ""
    return str(int(match["number"]))


def _item(question: _Question) -> RawItem:
    count = _stem_lines(question.lines)
    stem, options = question.lines[:count] or [question.line], question.lines[count:]
    item = RawItem(stem[0].number, question.number, "\n".join(escape_text(s.text) for s in stem))
    lettered = all(_MARK.match(option.text) for option in options)
    for option in options:
        text = _MARK.sub("", option.text, count=1) if lettered else option.text
        item.options.append(RawOption(escape_text(text), option.number))
    return item


def _stem_lines(lines: list[Line]) -> int:
    """The stem is one line, or what stands above the only blank line."""
    gaps = [position for position, line in enumerate(lines) if position and line.gap]
    if len(gaps) == 1 and len(lines) - gaps[0] >= 2:
        return gaps[0]
    return 1


def _cut_off(items: list[RawItem]) -> list[Problem]:
    """Warnings for items with fewer options than all others have."""
    short = [item for item in items if len(item.options) < _FEW]
    if not short or len(short) * 2 >= len(items):
        return []
    return [
        Problem(
            item.line,
            1,
            "warning",
            "item-cut-off",
            {"number": item.number, "options": len(item.options)},
        )
        for item in short
    ]
