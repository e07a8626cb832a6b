"""The Markdown files of the corpus: as many questions as stand in them, and their keys."""

import csv
import re
from pathlib import Path

import pytest

from quizapp.formats.model import Bank
from quizapp.formats.reader import read

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not here")


def _files() -> list[tuple[str, int]]:
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return [(r["path"], int(r["n_questions"])) for r in rows if r["format"] == "markdown"]


def _bank(path: str) -> Bank:
    document = read(path, (CORPUS / path).read_bytes())
    assert isinstance(document, Bank)
    return document


@needs_corpus
@pytest.mark.parametrize("path, count", _files())
def test_every_question_of_a_file_comes_in(path: str, count: int) -> None:
    document = _bank(path)
    assert (len(document.items), len(document.left_out)) == (count, 0)
    assert {(item.key, len(item.options)) for item in document.items} == {("given", 4)}
    assert all(item.explanation for item in document.items)


@needs_corpus
@pytest.mark.parametrize("path", [path for path, _ in _files() if "tiaa" in path])
def test_the_ticked_boxes_are_the_keys(path: str) -> None:
    ticked = re.findall(r"- \[x\] (.+)", (CORPUS / path).read_text(encoding="utf-8"))
    keys = [o.text for item in _bank(path).items for o in item.options if o.fraction == 1]
    assert keys == [text.strip() for text in ticked]
    numbers = [item.number for item in _bank(path).items]
    assert numbers == [str(number) for number in range(1, 11)]


@needs_corpus
def test_folded_answers_are_the_keys_and_parts_their_categories() -> None:
    path = "markdown/css_details_pt.md"
    document = _bank(path)
    said = re.findall(r"#### Resposta: (.+)", (CORPUS / path).read_text(encoding="utf-8"))
    expected = [re.findall(r"(?:^| )([A-D])\)", line) for line in said]
    keys = [
        ["ABCD"[place] for place, option in enumerate(item.options) if option.fraction]
        for item in document.items
    ]
    assert keys == expected
    assert [item.kind for item in document.items].count("multiple") == 1
    assert [item.category for item in document.items] == ["Básicas"] * 18 + ["Avançadas"] * 11
    assert [problem.code for problem in document.problems] == ["text-outside-items"] * 2
