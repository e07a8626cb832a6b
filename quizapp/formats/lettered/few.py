"""Whether a pasted text is a few questions and hardly anything else, be it only one."""

import re

from quizapp.formats.bank_options import shown_kind
from quizapp.formats.lettered.keys import Marks, ticked
from quizapp.formats.lettered.questions import Pasted, Question
from quizapp.formats.lettered.values import value_of

_MOST_STEM = 8
_MOST_OPTION = 3
_MOST_EXPLANATION = 6
_MOST_OUTSIDE = 1

_ASKS = re.compile(
    r"^\W*que\b|\b(?:qua(?:l|is|ndo|nt[ao]s?)|(?:o|a|em|de|com|para|por) qu[eê]|quem|onde|como"
    r"|which|what|who|when|where|why|how)\b",
    re.IGNORECASE,
)
# “Selecione” and “indique” tell what to do in a procedure, too.
_TELLS = re.compile(
    r"\b(?:assinale|alternativas?|exceto|(?:in)?corret[ao] afirmar)\b|_{3,}", re.IGNORECASE
)
_HOW_TO = re.compile(
    r"\W*(?:como|how|o que (?:se )?(?:faz|faço|fazer|devo)|what (?:to|should))\b", re.IGNORECASE
)
_BRANCH = re.compile(r"\W{0,4}(?:se|caso|quando|if|sim|não|yes|no)\b\W*\w", re.IGNORECASE)
_BARE = re.compile(r"(?:sim|não|yes|no)\W*", re.IGNORECASE)


def are_few_questions(pasted: Pasted, marks: Marks) -> bool:
    """Whether all of a text are questions with letters, with a key or a stem that asks.

    Prose around them, conditions, and parts of a sentence are those of a procedure.
    """
    return (
        bool(pasted.questions)
        and len(pasted.outside) <= _MOST_OUTSIDE
        and all(_is_short(question) for question in pasted.questions)
        and all(_is_keyed(q, marks) or _asks(q) for q in pasted.questions)
    )


def _is_short(question: Question) -> bool:
    return (
        0 < len(question.stem) <= _MOST_STEM
        and len(question.choices) > 1
        and all(choice.mark.letter for choice in question.choices)
        and all(len(choice.lines) <= _MOST_OPTION for choice in question.choices)
        and len(question.explanation) <= _MOST_EXPLANATION
    )


def _is_keyed(question: Question, marks: Marks) -> bool:
    texts = [choice.mark.text for choice in question.choices]
    said = any(value_of(key.value, texts) for key in question.keys)
    return said or bool(ticked(question, marks))


def _asks(question: Question) -> bool:
    stem = " ".join(line.text for line in question.stem)
    texts = [" ".join(line.text for line in choice.lines) for choice in question.choices]
    if any(_BRANCH.match(text) or text.endswith(";") for text in texts):
        return False
    if _HOW_TO.match(stem) and sum(text.endswith(".") for text in texts) * 2 >= len(texts):
        return False
    if _TELLS.search(stem):
        return True
    is_judged = shown_kind(texts, 0) == "true_false" or all(map(_BARE.fullmatch, texts))
    return "?" in stem and (is_judged or bool(_ASKS.search(stem)))
