"""A megabyte of one thing is read in about a second: no rule looks at it again and again."""

import time

import pytest

from quizapp.formats.gabarito import parse_gabarito
from quizapp.formats.limits import MAX_ITEMS, MAX_LINE, MAX_LINES, MAX_SECTIONS
from quizapp.formats.model import Procedure
from quizapp.formats.reader import read
from quizapp.formats.render import render_inline

MEGABYTE = 1_000_000
# Of processor time, and generous: machines differ; what is quadratic takes minutes.
SECONDS = 6.0
LINES = [
    "*",
    "[",
    "(",
    "![",
    "<",
    "&",
    "`",
    "|",
    "\\",
    "-",
    "=",
    "#",
    "a",
    "A",
    "0",
    "_a_",
    "**a",
    "[a](b",
    "www.",
    "a@",
    "{#",
    "~~~",
    "1️⃣",
    "<!--",
    "Resposta:",
    "Fonte:",
    "e,",
    "1.1.",
    "<a&",
    "1. ",
    "> > >",
    "- [ ] ",
    "- ",
    "a) ",
    " ",
    "\t",
    "1-A ",
    "0800 ",
    "R$ 1.000 ",
]


@pytest.mark.parametrize("piece", LINES)
def test_a_megabyte_on_one_line_is_read_quickly(piece: str) -> None:
    line = piece * (MEGABYTE // len(piece))
    bank = "---\nformato: questoes/1\n---\n## S\n- [x] "
    for name, text in (("a.md", line), ("a.txt", line), ("b.md", bank + line)):
        start = time.process_time()
        read(name, text.encode())
        assert time.process_time() - start < SECONDS, name
    start = time.process_time()
    parse_gabarito(line)
    render_inline(line)
    assert time.process_time() - start < SECONDS


BLOCKS = [
    "# A",
    "## A {#a}",
    "## Q\n- [x] a\n- [ ] b",
    "1. Qual?\na) x\nb) y\nc) z\nResposta: A",
    "1\nQual?\na\nb\nc",
    "a) x",
    "( ) a",
    "✅ a",
    "(V) a",
    "Resposta: A",
    "1-A 2-B 3-C",
    "| 1 | A |",
    "Enunciado:\n> a",
    "Explicação: a",
    "- a -> b",
    "<div>",
    "<div>x",
    "<b>x",
    "```",
    "x\n---",
    "IMPORTANTE",
    "nÃ£o",
    "\ufffd",
    "[10:32, 12/03/2026] Ana: a",
]


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS)
def test_five_megabytes_of_one_block_are_read_or_refused_in_time(block: str) -> None:
    for gap in ("\n", "\n\n"):
        text = (block + gap) * (5 * MEGABYTE // len((block + gap).encode()))
        for name in ("a.md", "a.txt"):
            start = time.process_time()
            read(name, text.encode())
            assert time.process_time() - start < SECONDS, name


@pytest.mark.parametrize(
    "text, code",
    [
        ("a\n" * (MAX_LINES + 1), "too-many-lines"),
        ("# T\n\n" + "a" * (MAX_LINE + 1), "line-too-long"),
        ("# A\n" * (MAX_SECTIONS + 1), "too-many-sections"),
        ("IMPORTANTE\na\n\n" * (MAX_SECTIONS + 1), "too-many-sections"),
        ("## Q {#q}\n- [x] a\n" * (MAX_ITEMS + 1), "too-many-items"),
        ("## Q\n- [x] a\n- [ ] b\n" * (MAX_ITEMS + 1), "too-many-items"),
        ("1. Qual?\na) x\nb) y\nResposta: A\n\n" * (MAX_ITEMS + 1), "too-many-items"),
    ],
)
def test_what_is_too_large_is_refused_and_says_so(text: str, code: str) -> None:
    document = read("a.txt", text.encode())
    assert code in [problem.code for problem in document.problems if problem.severity == "error"]


def test_tags_in_a_depth_that_no_page_means_are_shown_as_words() -> None:
    document = read("a.md", b"# T\n\n" + b"<div>" * 15_000 + b"x")
    assert isinstance(document, Procedure)
    assert [problem.code for problem in document.problems] == ["nesting-too-deep"]
    assert "<div" not in document.sections[0].html
    fine = read("a.md", b"# T\n\n" + b"<div>x</div>\n" * 5_000)
    assert fine.problems == ()


@pytest.mark.parametrize("depth", [30, 300])
def test_deep_nesting_is_no_recursion(depth: int) -> None:
    lines = [" " * (2 * level) + "- nível" for level in range(depth)]
    for text in ("\n".join(lines), "> " * depth + "x", "1. " * depth + "x", "- > " * depth + "x"):
        read("a.md", text.encode())
        read("a.txt", text.encode())
        read("b.md", b"---\nformato: questoes/1\n---\n## S\n" + text.encode())
