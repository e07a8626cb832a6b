"""A pasted text becomes a bank, where it is one beyond doubt."""

import re
from collections import Counter
from dataclasses import replace

from quizapp.formats.bank_options import shown_kind
from quizapp.formats.detection import is_markdown
from quizapp.formats.foreign import assemble
from quizapp.formats.front_matter import (
    DEFAULT_LANGUAGE,
    FrontMatter,
    check_id,
    cut_score,
    lint,
)
from quizapp.formats.lettered.few import are_few_questions
from quizapp.formats.lettered.items import Maker
from quizapp.formats.lettered.keys import give_listed_keys, is_bold, marks_of, ticked
from quizapp.formats.lettered.labels import is_question_like
from quizapp.formats.lettered.lines import Line
from quizapp.formats.lettered.questions import Pasted, Question, sorted_out
from quizapp.formats.lettered.signs import truth_of_line
from quizapp.formats.lettered.values import truth_words
from quizapp.formats.limits import MAX_ITEMS, too_many_items
from quizapp.formats.model import Bank, Problem, Unreadable
from quizapp.formats.text import clean_heading
from quizapp.formats.titles import identity
from quizapp.formats.writer import write_markdown

# What a text must have somewhere to hold questions: first options, boxes, marks, or keys.
_OPTION = re.compile(
    r"^[\W_]{0,12}(?:\d{1,4}\s?[.):-]*\s*)?"
    r"(?:a[)\].:]|a\s?[-–—(]\s|\(a\)|[\[(]\s{0,3}[xvfce✓]?\s{0,3}[\])]|[✅❌✔☑☐✗])"
    r"|[\[(]\s{0,3}x?\s{0,3}[\])]\s*[vfce]|✅|✔|\((?:resposta )?corret[ao]\)|<--|←"
    r"|^\s{0,9}[-*+•]\s+\*\*",
    re.MULTILINE | re.IGNORECASE,
)
_KEY = re.compile(
    r"^[\W_]{0,12}(?:respostas?|gabarito|gab\.|answer|r:|letra|alternativa)|\([VFCE]\)\s*$",
    re.MULTILINE | re.IGNORECASE,
)
_LEAST = 2
_CONDITION = re.compile(r"\W{0,4}(?:se|caso|quando|if|sim|não|yes|no)\b", re.IGNORECASE)


def read_lettered(name: str, matter: FrontMatter, declared: bool) -> Bank | Unreadable | None:
    """The bank that a text is, or None; one that declares itself needs a single question."""
    body = matter.body
    if not _OPTION.search(body) and len(_KEY.findall(body)) < _LEAST:
        return None
    for with_bullets in (False, True):
        pasted = sorted_out(body, matter.body_line, with_bullets)
        problems = give_listed_keys(pasted)
        if _is_bank(pasted, declared, with_bullets):
            if len(pasted.questions) > MAX_ITEMS:
                return Unreadable((too_many_items(matter.body_line),))
            return _bank(name, matter, pasted, problems)
    return None


def _is_bank(pasted: Pasted, declared: bool, with_bullets: bool) -> bool:
    """Whether questions with keys, or without a doubt, are most of the text.

    Steps of a procedure have letters too, and may ask something to branch; what to do and what
    not has signs: without any key the stems must ask, or all have the same four options or more,
    and few options be conditions or parts of a sentence.
    """
    marks = marks_of(pasted.questions)
    asked = [q for q in pasted.questions if q.choices or _is_statement(q)]
    if declared:
        return bool(asked)
    if not with_bullets and are_few_questions(pasted, marks):
        return True
    answered = sum(bool(q.keys) for q in pasted.questions if not q.choices)
    size = sum(question.size for question in pasted.questions)
    is_most = (len(asked) + answered) * 2 >= len(pasted.questions) and size * 5 >= pasted.size * 3
    if len(asked) < _LEAST or not is_most:
        return False
    asking = sum(is_question_like(" ".join(line.text for line in q.stem)) for q in asked)
    are_asking = asking * 3 >= len(asked) * 2
    keyed = [q for q in asked if q.keys or ticked(q, marks) or _is_statement(q)]
    if len(keyed) * 2 > len(asked):
        with_signs = sum(any(choice.mark.is_sign for choice in q.choices) for q in asked)
        return are_asking or not (with_bullets or with_signs)
    if with_bullets or any(_is_statement(question) for question in asked):
        return False
    counts = Counter(len(question.choices) for question in asked)
    options = [choice.lines[-1].text for question in asked for choice in question.choices]
    steps = sum(bool(_CONDITION.match(text) or text.endswith(";")) for text in options)
    is_even = len(asked) > _LEAST and len(counts) == 1 and min(counts) > 3
    full = sum(count for options, count in counts.items() if options > 2)
    return (are_asking or is_even) and full * 3 >= len(asked) * 2 and steps * 4 < len(options)


def _is_statement(question: Question) -> bool:
    """Whether a question without options is a statement with its truth."""
    if question.choices or not question.stem:
        return False
    if any(truth_words(key.value) for key in question.keys):
        return True
    judged = [line for line in question.stem if not line.is_code and truth_of_line(line.text)]
    return len(judged) == 1 == len(question.stem) or len(judged) > 1


def _bank(name: str, matter: FrontMatter, pasted: Pasted, problems: list[Problem]) -> Bank:
    language = matter.get("language") or DEFAULT_LANGUAGE
    score, score_problems = cut_score(matter)
    maker = Maker(
        marks_of(pasted.questions),
        language,
        is_markdown(name, matter.body),
        bold_stems=all(len(q.stem) == 1 and is_bold(q.stem[0].text) for q in pasted.questions),
    )
    items = [maker.item(question, place) for place, question in enumerate(pasted.questions, 1)]
    said = [*matter.problems, *check_id(matter), *score_problems, *lint(matter)[1]]
    said += [*problems, *maker.problems, *_outside(pasted.outside), *_cut_off(pasted.questions)]
    bank = assemble(
        name,
        "lettered",
        items,
        title=clean_heading(matter.get("title")) or pasted.title,
        bank_id=identity(name, matter),
        language=language,
        cut_score=score,
        problems=said,
    )
    severities, _ = lint(matter)
    bank = replace(bank, lint=severities)
    return replace(bank, source=write_markdown(bank)) if severities else bank


def _outside(lines: list[Line]) -> list[Problem]:
    """A warning where text begins that belongs to no question."""
    starts = [
        line
        for before, line in zip([None, *lines], lines, strict=False)
        if before is None or line.number > before.number + 2
    ]
    return [Problem(line.number, 1, "warning", "text-outside-items") for line in starts]


def _cut_off(questions: list[Question]) -> list[Problem]:
    """Warnings for questions with fewer options than most have."""
    asked = [[choice.mark.text for choice in q.choices] for q in questions if q.choices]
    usual = [texts for texts in asked if shown_kind(texts, 0) != "true_false"]
    if sum(len(texts) > 2 for texts in usual) * 2 <= len(usual):
        return []
    problems: list[Problem] = []
    for place, question in enumerate(questions, start=1):
        texts = [choice.mark.text for choice in question.choices]
        if len(texts) == 2 and shown_kind(texts, 0) != "true_false":
            args: dict[str, str | int] = {"number": question.number or place, "options": 2}
            problems.append(Problem(question.line, 1, "warning", "item-cut-off", args))
    return problems
