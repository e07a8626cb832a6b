"""Banks in the Aiken format: a stem, lettered options, one a line, and `ANSWER: B`."""

import re
from dataclasses import dataclass, field

from quizapp.formats.bank_fields import field_of
from quizapp.formats.foreign import MAX_ITEMS, assemble
from quizapp.formats.fragments import from_text
from quizapp.formats.model import Bank, Item, Option, Problem, Unreadable
from quizapp.formats.text import collapse
from quizapp.formats.titles import title_like

_OPTION = re.compile(r"\s*\(?([A-Za-z])(?:\)\s*|\.(?:\s+|$))(.*)")
_ANSWER = re.compile(r"\s*(?:answer|resposta|gabarito)\s*:(.*)", re.IGNORECASE)
# In Portuguese the word alone, small, is a field of other formats.
_OURS = re.compile(r"^\s*(?:(?i:answer)|RESPOSTA|GABARITO)\s*:", re.MULTILINE)
_LETTERS = re.compile(r"\(?([A-Za-z])(?:\)|\.|\)\.)?(?:\s+\S.*)?")
_SEVERAL = re.compile(r"[A-Z]{2,6}|[A-Za-z](?:\s*(?:,|;|/|&|\be\b|\band\b)\s*[A-Za-z]\b){1,5}\.?")
_MARKDOWN = re.compile(r"^\s*(?:#{1,6} |[-*+] |\*\*|>|\|)", re.MULTILINE)
_NUMBER = re.compile(r"(\d{1,4})\s?[.)-]\s+")
_MOST_LINES = 20 * MAX_ITEMS


@dataclass
class _Question:
    """What was read of one question: the lines of its stem, and of each option by its letter."""

    line: int = 0
    stem: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    options: list[list[str]] = field(default_factory=list)
    answer: str | None = None
    answer_line: int = 0


def is_aiken(text: str) -> bool:
    """Whether a text is Aiken: most of its answers end a question as Aiken has them.

    Markdown and fields of other formats (`Resposta: b`, `Explicação:`) are not.
    """
    if not _OURS.search(text) or _MARKDOWN.search(text):
        return False
    lines = text.split("\n")
    answers = [number for number, line in enumerate(lines) if _OURS.match(line)]
    if any(field_of(lines[number + 1].strip()) for number in answers if number + 1 < len(lines)):
        return False
    questions, _ = _questions(lines)
    whole = [question for question in questions if not _fault(question)]
    return any(map(_keyed, whole)) and len(answers) <= 2 * len(whole)


def read_aiken(name: str, text: str) -> Bank | Unreadable:
    """The bank that an Aiken file holds; `text` is normalised.

    What never became a question (no stem, no answer) is a warning with its line.
    """
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        problem = Problem(1, 1, "error", "too-many-items", {"most": MAX_ITEMS})
        return Unreadable((problem,))
    questions, title = _questions(lines)
    problems = [problem for question in questions for problem in _problems(question)]
    whole = [question for question in questions if not _fault(question)]
    numbered = len(whole) > 1 and all(_NUMBER.match(question.stem[0]) for question in whole)
    items = [_item(question, numbered) for question in whole]
    return assemble(name, "aiken", items, title=title, problems=problems)


def _questions(lines: list[str]) -> tuple[list[_Question], str]:
    """The questions, whole or not, and the title if the file has one above them."""
    ahead = _signs_below(lines)
    found, question, title, gap = [], _Question(), "", False
    for index, line in enumerate(map(str.strip, lines)):
        if not line:
            gap = True
            continue
        answer, option = _ANSWER.match(line), _OPTION.match(line)
        if answer:
            question.line = question.line or index + 1
            question.answer, question.answer_line = answer[1].strip(), index + 1
            found.append(question)
            question = _Question()
        elif option and _is_next(question, option[1].upper()):
            if option[1].upper() == "A" and question.options:
                found.append(question)
                question = _Question()
            question.line = question.line or index + 1
            question.letters.append(option[1].upper())
            question.options.append([option[2]])
        elif question.options and not gap and ahead[index] != "A":
            question.options[-1].append(line)
        else:
            if question.options:
                found.append(question)
                question = _Question()
            elif gap and question.stem:
                is_title = not found and not title and len(question.stem) == 1
                if is_title and title_like(question.stem[0], ""):
                    title, question = question.stem[0], _Question()
                else:
                    question.stem.append("")
            question.line = question.line or index + 1
            question.stem.append(line)
        gap = False
    return [*found, question] if question.line else found, title


def _signs_below(lines: list[str]) -> list[str]:
    """For each line the first sign below it: an option's letter, or "=" for an answer."""
    found, sign = [""] * len(lines), ""
    for index in range(len(lines) - 1, -1, -1):
        found[index] = sign
        if _ANSWER.match(lines[index]):
            sign = "="
        elif option := _OPTION.match(lines[index]):
            sign = option[1].upper()
    return found


def _is_next(question: _Question, letter: str) -> bool:
    """Whether a letter opens an option: A the first one, or again; then a later one each time."""
    return letter == "A" or bool(question.letters and letter > question.letters[-1])


def _fault(question: _Question) -> str:
    """Why a question is none."""
    if not question.stem:
        return "aiken-stem-missing"
    if not question.options and question.answer is None:
        return "text-outside-items"
    if question.answer is None:
        return "aiken-answer-missing"
    return "aiken-options-too-few" if len(question.options) < 2 else ""


def _problems(question: _Question) -> list[Problem]:
    found = []
    if code := _fault(question):
        found.append(Problem(question.line, 1, "warning", code))
    if question.options and question.answer is not None and len(_keyed(question)) != 1:
        args: dict[str, str | int] = {"text": collapse(question.answer)[:40]}
        found.append(Problem(question.answer_line, 1, "warning", "aiken-key", args))
    expected = [chr(ord("A") + place) for place in range(len(question.letters))]
    if question.letters != expected:
        letter = next(a for a, b in zip(expected, question.letters, strict=True) if a != b)
        found.append(Problem(question.line, 1, "warning", "aiken-letter", {"letter": letter}))
    return found


def _keyed(question: _Question) -> tuple[int, ...]:
    """The places of the options that the answer names."""
    answer = question.answer or ""
    if _SEVERAL.fullmatch(answer):
        named = re.findall(r"[A-Z]" if answer.isupper() else r"\b[A-Za-z]\b", answer)
    else:
        letter = _LETTERS.fullmatch(answer)
        named = [letter[1]] if letter else []
    places = [question.letters.index(x.upper()) for x in named if x.upper() in question.letters]
    return tuple(sorted(set(places)))


def _item(question: _Question, numbered: bool) -> Item:
    keyed = _keyed(question)
    is_sure = len(keyed) == 1
    number = _NUMBER.match(question.stem[0]) if numbered else None
    stem = "\n".join(question.stem)
    return Item(
        id="",
        id_given=False,
        number=str(int(number[1])) if number else "",
        kind="single",
        stem=from_text(stem[number.end() :] if number else stem),
        line=question.line,
        key="given" if is_sure else "doubtful",
        options=tuple(
            Option(from_text("\n".join(lines)), float(place in keyed) if is_sure else None)
            for place, lines in enumerate(question.options)
        ),
        doubt=() if is_sure else keyed,
    )
