"""The customer's five files and the third-party corpus, where the checkout has them beside it."""

from pathlib import Path

import pytest

from quizapp.formats.model import Bank, Procedure
from quizapp.formats.reader import read

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not here")

PROCEDURES = (
    "procedure-escalation.txt",
    "procedure-good-practices.md",
    "procedure-phone-support.txt",
    "procedure-technical-flow.md",
)
BANK = "question-bank-unkeyed.txt"


def text_of(name: str) -> str:
    return (SEEDS / name).read_text(encoding="utf-8")


def procedure(name: str) -> Procedure:
    document = read(name, (SEEDS / name).read_bytes())
    assert isinstance(document, Procedure)
    return document


def bank() -> Bank:
    document = read(BANK, (SEEDS / BANK).read_bytes())
    assert isinstance(document, Bank)
    return document
