"""A megabyte of one thing is read in about a second: no rule looks at it again and again."""

import time

import pytest

from quizapp.formats.gabarito import parse_gabarito
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


@pytest.mark.parametrize("depth", [30, 300])
def test_deep_nesting_is_no_recursion(depth: int) -> None:
    lines = [" " * (2 * level) + "- nível" for level in range(depth)]
    for text in ("\n".join(lines), "> " * depth + "x", "1. " * depth + "x", "- > " * depth + "x"):
        read("a.md", text.encode())
        read("a.txt", text.encode())
        read("b.md", b"---\nformato: questoes/1\n---\n## S\n" + text.encode())
