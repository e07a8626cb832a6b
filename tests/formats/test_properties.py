"""Whatever a file holds, it is read without an exception, and what was written reads back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.formats.bank_native import read_native
from quizapp.formats.bank_numbered import read_numbered
from quizapp.formats.banks import assemble_bank
from quizapp.formats.front_matter import FrontMatter
from quizapp.formats.gabarito import match_keys, parse_gabarito
from quizapp.formats.lettered.reader import read_lettered
from quizapp.formats.markdown_procedure import read_markdown
from quizapp.formats.model import Bank, Procedure, Unreadable
from quizapp.formats.reader import read
from quizapp.formats.render import render, render_inline
from quizapp.formats.text import normalise
from quizapp.formats.text_procedure import read_text
from quizapp.formats.writer import write_markdown
from tests.examples import tried
from tests.formats.comparing import items_of, sections_of
from tests.formats.generators import NAMES, pasted, texts
from tests.formats.samples import bank

briefly = settings(
    max_examples=tried(500),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
KEYED = bank("## A\n- [x] a\n- [ ] b\n## B\n- [ ] a\n- [x] b\n")


@settings(briefly, max_examples=tried(2000))
@given(texts())
def test_no_parser_raises_on_any_text(text: str) -> None:
    matter = FrontMatter(normalise(text))
    check_procedure(read_markdown("a.md", matter, text))
    check_procedure(read_text("a.txt", matter, text))
    check_bank(assemble_bank("a.md", matter, text, "native", read_native(matter.body, 1)))
    check_bank(assemble_bank("a.txt", matter, text, "numbered", read_numbered(matter.body, 1)))
    entries, _ = parse_gabarito(matter.body)
    match_keys(entries, KEYED.items)


def check_procedure(document: Procedure) -> None:
    """Anchors and labels can be cited: none is empty or there twice."""
    anchors = [section.anchor for section in document.sections]
    assert all(anchors)
    assert len(set(anchors)) == len(anchors)
    for section in document.sections:
        labels = [step.label for step in section.steps]
        assert len(set(labels)) == len(labels)


def check_bank(document: Bank) -> None:
    """Ids are there once, or the file is refused; the keys of an item share the whole."""
    ids = [item.id for item in document.items]
    refused = any(problem.severity == "error" for problem in document.problems)
    assert refused or len(set(ids)) == len(ids)
    for item in document.items:
        fractions = [option.fraction for option in item.options if option.fraction is not None]
        assert not fractions or sum(fractions) == pytest.approx(1)


@briefly
@given(NAMES, st.binary(max_size=200) | texts().map(str.encode))
def test_any_bytes_become_a_document_or_an_error(name: str, data: bytes) -> None:
    document = read(name, data)
    if isinstance(document, Unreadable):
        assert any(problem.severity == "error" for problem in document.problems)
    else:
        assert document.title
        assert document.id


@briefly
@given(NAMES, texts())
def test_what_was_written_reads_back(name: str, text: str) -> None:
    document = read(name, text.encode())
    if isinstance(document, Unreadable) or any(p.severity == "error" for p in document.problems):
        return
    written = write_markdown(document)
    again = read("outro.md", written.encode())
    if isinstance(document, Bank):
        assert isinstance(again, Bank)
        assert items_of(again) == items_of(document)
    else:
        assert isinstance(again, Procedure)
        assert sections_of(again) == sections_of(document)
    assert (again.id, again.title) == (document.id, document.title)
    assert write_markdown(again) == written


@briefly
@given(pasted(), st.booleans(), NAMES)
def test_pasted_questions_read_back(text: str, declared: bool, name: str) -> None:
    document = read_lettered(name, FrontMatter(normalise(text)), declared)
    if isinstance(document, Bank) and document.items:
        check_bank(document)
        again = bank(document.source)
        assert items_of(again) == items_of(document)
        assert not any(problem.severity == "error" for problem in again.problems)
        lines = [item.line for item in document.items]
        assert lines == sorted(lines)


@briefly
@given(texts())
def test_html_is_safe(text: str) -> None:
    document = read("a.md", b"---\nformato: procedimento/1\n---\n" + text.encode())
    html = render(text) + render_inline(text)
    if isinstance(document, Procedure):
        html += "".join(section.html for section in document.sections)
    for evil in ("<script", "<style", "<img", "<iframe", 'href="javascript', " onclick"):
        assert evil not in html.lower()
