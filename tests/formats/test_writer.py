"""Documents are written as Markdown that reads back to the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.formats.foreign import assemble
from quizapp.formats.model import Item, Unreadable
from quizapp.formats.writer import write_markdown
from tests.examples import tried
from tests.formats.comparing import items_of, sections_of
from tests.formats.item_generators import items
from tests.formats.samples import bank, declared, found, procedure
from tests.formats.seeds import PROCEDURES, needs_seeds
from tests.formats.seeds import bank as seed_bank
from tests.formats.seeds import procedure as seed_procedure
from tests.formats.test_markdown_procedure import FULL
from tests.formats.test_native import ALL_KINDS


@needs_seeds
@pytest.mark.parametrize("name", PROCEDURES)
def test_a_seed_procedure_reads_back(name: str) -> None:
    document = seed_procedure(name)
    written = write_markdown(document)
    again = procedure(written, "outro.md")
    assert sections_of(again) == sections_of(document)
    assert (again.id, again.title) == (document.id, document.title)
    assert write_markdown(again) == written


@needs_seeds
def test_the_seed_bank_reads_back_and_warns_of_missing_keys_alone() -> None:
    document = seed_bank()
    written = write_markdown(document)
    again = bank(written, "outro.md")
    assert items_of(again) == items_of(document)
    assert again.id == document.id
    assert {code for _, code in found(again)} == {"key-missing"}
    assert write_markdown(again) == written


def test_every_kind_reads_back() -> None:
    document = bank(ALL_KINDS)
    written = write_markdown(document)
    assert items_of(bank(written)) == items_of(document)
    assert write_markdown(bank(written)) == written
    assert (bank(written).cut_score, bank(written).title) == (80, "Suporte")


@pytest.mark.parametrize(
    "text",
    [
        FULL,
        "# T\n# T\n",
        "texto que vem antes.\n\n# T\n\n## A\nx",
        "---\ntitulo: 'sim: não'\nvigencia: 2026-01-02\n---\n## \\*a\\* & <b> [c] #\n\n```\nx",
        "## 1. A\n\n## 2. A\n\n## ✅\n",
        "antes\n\n# T\n# T\n",
        "# T\n\n## A\nx\n\n# \n",
    ],
)
def test_a_procedure_reads_back(text: str) -> None:
    document = procedure(text)
    written = write_markdown(document)
    assert sections_of(procedure(written)) == sections_of(document)
    assert write_markdown(procedure(written)) == written
    assert procedure(written).in_force_from == document.in_force_from


def test_a_number_that_is_not_the_items_place_is_kept() -> None:
    document = bank("4\nA?\nx\ny\nz\n6\nB?\nx\ny\nz\n", "p.txt")
    assert [item.number for item in bank(write_markdown(document)).items] == ["4", "6"]


def test_an_unreadable_file_is_written_as_nothing() -> None:
    assert write_markdown(Unreadable(())) == ""


@settings(
    max_examples=tried(400),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(items(), min_size=1, max_size=3))
def test_whatever_another_format_holds_reads_back(found: list[Item]) -> None:
    document = assemble("x.gift", "gift", found)
    if document.items:
        again = bank(document.source)
        assert items_of(again) == items_of(document)
        assert write_markdown(again) == document.source


@pytest.mark.parametrize(
    "text",
    [
        "## A {#a-1}\n```\ncódigo",
        "## A {#a-1}\n- [x] a\n- [ ] b\n\nExplicação: x\n\n~~~~\n# y",
        "## {#a-1}\n   recuo\n- [x] a\n- [ ] b\n",
    ],
)
def test_open_code_and_indented_lines_read_back(text: str) -> None:
    document = declared(text)
    assert items_of(bank(write_markdown(document))) == items_of(document)
