"""Scoring: from a key and a raw response to a fraction; pure and blind to the order shown.

Keys and responses are plain JSON values, in terms of the item's source order:

============  =====================================  ==============================
kind          key                                    response
============  =====================================  ==============================
single,       {"fractions": [1, 0, 0]}               {"selected": [0]}
true_false
multiple      {"fractions": [0.5, 0, 0.5]}           {"selected": [0, 2]}
ordering      {"size": 4}: the source's own order    {"positions": [1, 2, 4, null]}
matching      {"matches": [0, 1, 2]}: right side     {"matches": [0, null, 1]}
              of each left one
short_answer  {"answers": [{"text", "fraction"}]}    {"text": "..."}
numeric       {"answers": [{"low", "high",           {"text": "3,5"}
              "fraction"}]}
any           {"alternatives": [key, key]}: the      as its kind has it
              best of them counts
============  =====================================  ==============================

A response of None is unanswered; its fraction is None, which is not zero. Each rule, with its
formula and where that comes from, is in docs/scoring.md.
"""

from quizapp.items.scoring.forms import (
    MINIMUM_ITEMS,
    FormItem,
    NothingToScore,
    Result,
    Treatment,
    score_form,
)
from quizapp.items.scoring.fractions import cap, score_item
from quizapp.items.scoring.numbers import number
from quizapp.items.scoring.policy import EXPLANATIONS, Policy, explain
from quizapp.items.scoring.responses import is_blank, is_complete
from quizapp.items.scoring.texts import plain

__all__ = [
    "EXPLANATIONS",
    "MINIMUM_ITEMS",
    "FormItem",
    "NothingToScore",
    "Policy",
    "Result",
    "Treatment",
    "cap",
    "explain",
    "is_blank",
    "is_complete",
    "number",
    "plain",
    "score_form",
    "score_item",
]
