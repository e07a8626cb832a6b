"""Which options of a pasted question are right: marks, key lines, key lists, and their doubts."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.formats.lettered.keylists import KeyEntry, KeyList
from quizapp.formats.lettered.lines import Line
from quizapp.formats.lettered.questions import Pasted, Question, Said
from quizapp.formats.lettered.signs import bold_text, right_text
from quizapp.formats.model import Problem


@dataclass
class Marks:
    """How the options of a file are marked; `by_bold` and `by_prefix` where most items agree."""

    by_bold: bool = False
    by_prefix: bool = False


def marks_of(questions: Sequence[Question]) -> Marks:
    """The weak marks that count: exactly one option of most questions bears them.

    What is bold in a single question may be there for its own sake.
    """
    asked = [question for question in questions if question.choices]
    bold = sum(_count_bold(question) == 1 for question in asked)
    prefixed = sum(len(_odd_prefixes(question)) == 1 for question in asked)
    most = len(asked) // 2 + 1
    return Marks(bold >= max(2, most), prefixed >= most)


def _count_bold(question: Question) -> int:
    return sum(is_bold(choice.mark.text) for choice in question.choices)


def is_bold(text: str) -> bool:
    """Whether an emphasis is all of an option's first line, what says that it is right aside."""
    return bold_text(right_text(text)[0]) is not None


def _odd_prefixes(question: Question) -> list[int]:
    """The options with a sign before their letter that not all have."""
    prefixes = [choice.mark.prefix for choice in question.choices]
    signs = {prefix for prefix in prefixes if prefix and prefix in "*=+>→»"}
    if len(signs) != 1 or all(prefix in signs for prefix in prefixes):
        return []
    return [index for index, prefix in enumerate(prefixes) if prefix in signs]


def ticked(question: Question, marks: Marks) -> set[int]:
    """The options that the file marks as right; none if it marks all alike."""
    choices = question.choices
    found: set[int] = set()
    for index, choice in enumerate(choices):
        text, says_right = right_text(choice.lines[0].text)
        is_bold_key = marks.by_bold and bold_text(text) is not None
        if choice.mark.ticked or says_right or is_bold_key:
            found.add(index)
    if marks.by_prefix:
        found |= set(_odd_prefixes(question))
    return found if len(found) < len(choices) else set()


def give_listed_keys(pasted: Pasted) -> list[Problem]:
    """Give each question the key that a list has for it, and report keys that find none."""
    problems: list[Problem] = []
    first = 0
    for listed, before in pasted.key_lists:
        questions = pasted.questions[first:before] or pasted.questions[before:]
        problems += _give(listed, questions)
        first = before
    return problems


def _give(listed: KeyList, questions: Sequence[Question]) -> list[Problem]:
    problems: list[Problem] = []
    groups = _groups([question.number for question in questions])
    keys = _groups([entry.number for entry in listed.entries])
    is_numbered = any(question.number for question in questions)
    for position, numbers in enumerate(keys):
        for number, place in numbers.items():
            entry = listed.entries[place]
            if not is_numbered:
                found = [int(number) - 1] if 0 < int(number) <= len(questions) else []
            else:
                fitting = groups[position : position + 1] if len(keys) == len(groups) else groups
                found = [group[number] for group in fitting if number in group]
            if len(found) == 1:
                _add(questions[found[0]], entry)
            else:
                code = "key-list-ambiguous" if found else "key-list-unmatched"
                problems.append(Problem(entry.line, 1, "warning", code, {"item": number}))
    return problems


def _groups(numbers: Sequence[str]) -> list[dict[str, int]]:
    """The places of the numbers, in groups in which none stands twice: they begin anew."""
    groups: list[dict[str, int]] = [{}]
    for place, number in enumerate(numbers):
        if number in groups[-1]:
            groups.append({})
        if number:
            groups[-1][number] = place
    return groups


def _add(question: Question, entry: KeyEntry) -> None:
    question.keys.append(Said(entry.value, entry.line))
    question.explanation += [Line(entry.line, text, gap=True) for text in entry.rest]
