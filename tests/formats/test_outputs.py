"""The JSON of `convert`, the wording of problems, the HTML of items, hashes."""

import re
from pathlib import Path

import pytest

from quizapp.content.messages import MESSAGES, format_problem, message
from quizapp.formats.json_out import as_json
from quizapp.formats.model import Problem
from quizapp.formats.reader import read
from quizapp.formats.render import render, render_inline
from quizapp.formats.text import content_hash
from tests.formats.samples import bank, procedure
from tests.formats.test_native import ALL_KINDS

ROOT = Path(__file__).parents[2]


def test_every_code_in_use_has_a_message_and_every_message_a_use() -> None:
    rooms = ("formats", "content", "items", "certification")
    files = (p for room in rooms for p in (ROOT / "quizapp" / room).rglob("*.py"))
    sources = "".join(p.read_text() for p in files if p.name != "messages.py")
    assert {code for code in MESSAGES if f'"{code}"' not in sources} == set()
    raised = set(
        re.findall(
            r"""(?:"(?:error|warning|info)",|_refused\(|_warn\(|_problem\(|found,|code = )\s*"""
            r""""([a-z]+(?:-[a-z]+)+)\"""",
            sources,
        )
    )
    assert len(raised) > 30
    assert raised <= set(MESSAGES)


def test_every_code_is_documented() -> None:
    pages = ("formats.md", "lint.md")
    documented = "".join((ROOT / "docs" / page).read_text(encoding="utf-8") for page in pages)
    assert {code for code in MESSAGES if f"`{code}`" not in documented} == set()


def test_a_problem_is_worded_on_one_line() -> None:
    problem = Problem(34, 1, "warning", "step-number-jump", {"from": "2", "to": "5"})
    assert format_problem("a.txt", problem) == (
        "a.txt:34:1: warning: The numbering jumps from 2 to 5. Check whether a step is missing."
        " [step-number-jump]"
    )
    assert message(Problem(1, 1, "error", "unheard-of")) == "unheard-of"


def test_the_json_of_a_procedure_has_the_agreed_shape() -> None:
    value = as_json("p/a.md", procedure("# T\n\n## A\n1. um\n5. dois\n"), message)
    assert list(value)[:5] == ["path", "kind", "title", "problems", "sections"]
    assert list(value)[5:] == [
        *("id", "language", "in_force_from", "owner", "approved_by", "images")
    ]
    assert value["problems"] == [
        {
            "line": 5,
            "column": 1,
            "severity": "warning",
            "code": "step-number-jump",
            "message": "The numbering jumps from 1 to 5. Check whether a step is missing.",
        }
    ]
    assert value["sections"] == [
        {
            "anchor": "a",
            "heading": "A",
            "level": 2,
            "line": 3,
            "text": "1. um\n5. dois",
            "steps": [{"label": "1", "text": "um"}, {"label": "5", "text": "dois"}],
            "markdown": "1. um\n5. dois",
        }
    ]


def test_the_json_of_a_bank_has_the_agreed_shape() -> None:
    value = as_json("a.md", bank(ALL_KINDS), message)
    assert list(value)[:6] == ["path", "kind", "title", "problems", "items", "left_out"]
    assert list(value)[6:] == ["id", "language", "cut_score", "lint", "images"]
    assert list(value["items"][0]) == [
        "id",
        "kind",
        "stem",
        "options",
        "answers",
        "pairs",
        "explanation",
        "sources",
        "competencies",
        "difficulty",
        "use",
        "tags",
        "line",
        "key",
        "doubt",
        "number",
        "name",
        "category",
        "accepted",
        "body",
    ]
    assert value["items"][0]["options"][0] == {
        "text": "Abrir OS.",
        "fraction": 0.0,
        "feedback": "Só depois das\nchecagens.",
        "pinned": False,
    }
    assert value["items"][4]["pairs"][2] == ["", "energia"]
    assert value["items"][5]["answers"] == [
        {"value": 30, "tolerance": 2, "fraction": 1.0, "feedback": "Certo."}
    ]
    ranged = bank("---\nformato: questoes/1\n---\n## A\nResposta: 10..20\n")
    assert as_json("a.md", ranged, message)["items"][0]["answers"] == [
        {"low": 10, "high": 20, "fraction": 1.0, "feedback": ""}
    ]


def test_the_json_of_an_unreadable_file_has_no_kind() -> None:
    value = as_json("a.bin", read("a.bin", b"\x00"), message)
    assert (value["kind"], value["title"]) == (None, None)
    assert list(value) == ["path", "kind", "title", "problems"]


@pytest.mark.parametrize(
    "markdown, html",
    [
        ("um **dois**", "um <strong>dois</strong>"),
        ("5. cinco", "5. cinco"),
        ("<b>x</b> <nome>", "&lt;b&gt;x&lt;/b&gt; &lt;nome&gt;"),
        ("`a < b` & c", "<code>a &lt; b</code> &amp; c"),
        ("um\n\ndois", "<p>um</p>\n<p>dois</p>"),
    ],
)
def test_an_option_is_shown_without_a_paragraph_and_its_tags_as_words(
    markdown: str, html: str
) -> None:
    assert render_inline(markdown) == html


def test_a_stem_is_shown_in_blocks() -> None:
    assert render("um\n- dois") == "<p>um</p>\n<ul>\n<li>dois</li>\n</ul>"
    assert "<script" not in render("<script>x</script>")


def test_the_hash_is_blind_to_spaces_and_composition() -> None:
    assert content_hash("á  b\nc") == content_hash(" a\u0301 b c ")
    assert content_hash("a b") != content_hash("ab")
