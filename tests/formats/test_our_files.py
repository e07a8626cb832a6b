"""The procedures and banks that come with the project are clean and complete."""

import re
from collections import Counter
from pathlib import Path

import pytest

from quizapp.formats.front_matter import FrontMatter, split
from quizapp.formats.model import Bank, Procedure, Program
from quizapp.formats.reader import read
from quizapp.formats.writer import write_markdown
from tests.formats.comparing import items_of, sections_of

ROOT = Path(__file__).parents[2]
PROCEDURES = sorted((ROOT / "materials").iterdir())
FILES = sorted((ROOT / "question_banks").iterdir())
PROGRAMS = [path for path in FILES if path.name.startswith("trilha-")]
BANKS = [path for path in FILES if path not in PROGRAMS]
WORD = re.compile(r"\w+")


@pytest.mark.parametrize("path", PROCEDURES, ids=lambda path: path.name)
def test_a_procedure_of_ours_is_clean_and_keeps_its_words(path: Path) -> None:
    document = read(path.name, path.read_bytes())
    assert isinstance(document, Procedure)
    assert document.problems == ()
    shown = [document.title]
    for section in document.sections:
        shown += [section.heading, section.text]
    matter = split(document.source)
    assert isinstance(matter, FrontMatter)
    assert not Counter(WORD.findall(matter.body)) - Counter(WORD.findall("\n".join(shown)))
    again = read("outro.md", write_markdown(document).encode())
    assert isinstance(again, Procedure)
    assert sections_of(again) == sections_of(document)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.name)
def test_a_program_of_ours_is_clean_and_reads_back(path: Path) -> None:
    document = read(path.name, path.read_bytes())
    assert isinstance(document, Program)
    assert document.problems == ()
    there = {procedure.id: procedure for procedure in map(_procedure, PROCEDURES)}
    for step in document.steps:
        if step.kind == "read":
            assert step.anchor in {"", *(s.anchor for s in there[step.slug].sections)}
        else:
            assert step.slug in {bank.stem for bank in BANKS}
    again = read("outro.md", write_markdown(document).encode())
    assert isinstance(again, Program)
    assert (again.minutes, again.intro) == (document.minutes, document.intro)
    assert [(s.kind, s.slug, s.anchor) for s in again.steps] == [
        (s.kind, s.slug, s.anchor) for s in document.steps
    ]


def _procedure(path: Path) -> Procedure:
    document = read(path.name, path.read_bytes())
    assert isinstance(document, Procedure)
    return document


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.name)
def test_a_bank_of_ours_is_clean_and_reads_back(path: Path) -> None:
    document = read(path.name, path.read_bytes())
    assert isinstance(document, Bank)
    assert document.problems == ()
    again = read("outro.md", write_markdown(document).encode())
    assert isinstance(again, Bank)
    assert items_of(again) == items_of(document)
