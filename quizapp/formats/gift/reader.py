"""Banks in Moodle's GIFT format."""

import re

from quizapp.formats.foreign import MAX_ITEMS, assemble
from quizapp.formats.gift.detection import is_gift
from quizapp.formats.gift.questions import read_question
from quizapp.formats.gift.scanner import scan
from quizapp.formats.model import Bank, Image, Item, LeftOut, Problem, Unreadable

__all__ = ["is_gift", "read_gift"]

# As many lines, and signs of answers, as MAX_ITEMS questions come to.
_MOST_LINES = 20 * MAX_ITEMS
_MOST_SIGNS = 20 * MAX_ITEMS
_SIGN = re.compile(r"(?<!\\)[=~]")


def read_gift(name: str, text: str) -> Bank | Unreadable:
    """The bank that a GIFT file holds; questions that cannot be read are left out, with a warning.

    `text` is normalised. Texts in HTML, Markdown, plain or Moodle's own format become Markdown.
    """
    items: list[Item] = []
    left_out: list[LeftOut] = []
    problems: list[Problem] = []
    images: dict[str, Image] = {}
    questions = None if _is_too_long(text) else scan(text)
    if questions is None or len(questions) > MAX_ITEMS:
        return Unreadable((Problem(1, 1, "error", "too-many-items", {"most": MAX_ITEMS}),))
    for raw in questions:
        item, found = read_question(raw)
        if isinstance(item, LeftOut):
            left_out.append(item)
        else:
            items.append(item)
            images |= found.images
        problems += found.problems
    return assemble(
        name, "gift", items, left_out=left_out, problems=problems, images=images.values()
    )


def _is_too_long(text: str) -> bool:
    if text.count("\n") > _MOST_LINES:
        return True
    is_suspect = text.count("=") + text.count("~") > _MOST_SIGNS
    return is_suspect and len(_SIGN.findall(text)) > _MOST_SIGNS
