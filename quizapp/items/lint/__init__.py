"""Flaws in items, found before anyone is scored; see docs/lint.md."""

from quizapp.items.lint.codes import ALIASES, LEVELS, SEVERITIES, Level, Severity, code_named
from quizapp.items.lint.duplicates import Signature, Twin, duplicates, signature, unpacked
from quizapp.items.lint.model import Finding, Option, Question
from quizapp.items.lint.options import has_fixed_order
from quizapp.items.lint.references import is_all_or_none
from quizapp.items.lint.rules import counts, lint_items

__all__ = [
    "ALIASES",
    "LEVELS",
    "SEVERITIES",
    "Finding",
    "Level",
    "Option",
    "Question",
    "Severity",
    "Signature",
    "Twin",
    "code_named",
    "counts",
    "duplicates",
    "has_fixed_order",
    "is_all_or_none",
    "lint_items",
    "signature",
    "unpacked",
]
