"""An item made ready once for all the rules that look at it."""

import re

from quizapp.items.kinds import CHOICE
from quizapp.items.lint.model import Question
from quizapp.items.lint.references import says_all_or_none
from quizapp.items.lint.words import fold, plain, words

# Code, formulas and pictures: their length, words and signs are no prose.
_CODE_SIGN = re.compile(r"[`{}$^=|(\\<:!]")
_CODE = re.compile(r"[`{}$^=|]|\w\(|\\\w|</?[a-z]|::|!\[")


class Text:
    """A stem or an option: as it reads, folded, and in words."""

    __slots__ = ("folded", "is_code", "plain", "spaced", "words")

    def __init__(self, markdown: str) -> None:
        self.plain = plain(markdown).strip()
        self.folded = fold(self.plain)
        self.words = words(self.folded)
        self.spaced = f" {' '.join(self.words)} "
        self.is_code = bool(_CODE_SIGN.search(markdown) and _CODE.search(markdown))


class View:
    """An item with its texts, and which of its options are right, wrong and about the others."""

    __slots__ = (
        "about_others",
        "distractors",
        "has_choices",
        "keys",
        "options",
        "question",
        "stem",
    )

    def __init__(self, question: Question) -> None:
        self.question = question
        self.stem = Text(question.stem)
        self.options = [Text(option.text) for option in question.options]
        self.keys = [i for i, option in enumerate(question.options) if option.right]
        # None while there is no key.
        self.distractors = (
            [i for i, option in enumerate(question.options) if not option.right]
            if self.keys
            else []
        )
        self.about_others = {
            i
            for i, option in enumerate(self.options)
            if says_all_or_none(option.folded, option.words)
        }
        # True or false is chosen too, but no rule about options has anything to say of it.
        self.has_choices = question.kind in CHOICE and question.kind != "true_false"
