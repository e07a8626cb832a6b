"""Every real file of the corpus: what comes in and what is left out is all that stands in it."""

import csv
from functools import cache
from pathlib import Path

import pytest

from quizapp.formats.linting import lint_bank
from quizapp.formats.model import Bank, Unreadable
from quizapp.formats.reader import read
from tests.conftest import SHARED

CORPUS = SHARED / "corpus"
# Counted by hand where the manifest has another number: two <item>s stand in the one (it says
# 1); in the other's second quiz there are three numbered questions (it says two).
COUNTED_ANEW = {"qti12/numeric_exact_match.xml": 2, "docx/quiz_multiple_sections.docx": 6}


@cache
def manifest() -> list[dict[str, str]]:
    """The rows of the manifest; none where the corpus is not here."""
    path = CORPUS / "MANIFEST.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def document(row: dict[str, str]) -> Bank | Unreadable:
    path = CORPUS / row["path"]
    return read(path.name, path.read_bytes())


@pytest.fixture(autouse=True)
def corpus() -> Path:
    if not manifest():
        pytest.skip("the real files of ../shared are not here")
    return CORPUS


COUNTED = [row for row in manifest() if row["n_questions"]]


@pytest.mark.parametrize("row", COUNTED or [None], ids=[r["path"] for r in COUNTED] or ["none"])
def test_what_comes_in_and_what_is_left_out_add_up(row):
    found = document(row)
    expected = COUNTED_ANEW.get(row["path"], int(row["n_questions"]))
    if expected == 0 and isinstance(found, Unreadable):
        assert found.problems
        return
    assert isinstance(found, Bank), found
    assert len(found.items) + len(found.left_out) == expected
    said = {p.line for p in found.problems}
    assert all(left.line in said for left in found.left_out), "what is left out is said"


def test_malformed_files_are_reported_and_do_not_stop_the_rest():
    broken = [row for row in manifest() if not row["n_questions"]]
    assert len(broken) == 4
    for row in broken:
        found = document(row)
        has_none = row["breakdown"].startswith("0 ")
        assert bool(found.problems) is not has_none, row["path"]


def test_what_is_stored_reads_back_to_the_same_items():
    for row in COUNTED:
        found = document(row)
        if not isinstance(found, Bank):
            continue
        again = read(f"{Path(row['path']).stem}.md", found.source.encode())
        assert isinstance(again, Bank), row["path"]
        assert [(i.id, i.kind, i.key) for i in again.items] == [
            (i.id, i.kind, i.key) for i in found.items
        ], row["path"]
        assert [[o.fraction for o in i.options] for i in again.items] == [
            [pytest.approx(o.fraction) if o.fraction else o.fraction for o in i.options]
            for i in found.items
        ], row["path"]


def test_near_duplicates_are_linted_and_not_dropped():
    row = next(r for r in COUNTED if r["path"].endswith("rexams_Cap1_11.xml"))
    found = document(row)
    assert isinstance(found, Bank)
    assert len(found.items) == 10
    codes = {p.code for p in lint_bank(found)}
    assert codes & {"stem-duplicate", "stem-near-duplicate"}
