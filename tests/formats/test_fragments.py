"""HTML fragments become Markdown that shows the same words."""

import time
from dataclasses import replace
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from quizapp.formats.foreign import assemble
from quizapp.formats.fragments import from_auto, from_html, from_html_inline, from_text, to_text
from quizapp.formats.model import Bank, Item, Option
from quizapp.formats.reader import read
from quizapp.formats.render import render, render_inline
from quizapp.formats.text import normalise
from tests.examples import tried
from tests.formats.comparing import items_of

BLOCKS = {"p", "div", "ul", "ol", "li", "table", "tr", "td", "th", "h3", "h5", "pre", "br", "dd"}
BLOCKS |= {"blockquote", "caption", "center", "dl", "dt", "hr", "section", "thead", "tbody"}
HIDDEN = {"script", "style", "title", "video"}
LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", "01234567890123456789")


def words(fragment: str) -> list[str]:
    """The words that a browser shows."""
    tree = html5lib.parseFragment(normalise(fragment), namespaceHTMLElements=False)
    return normalise("".join(spoken(tree))).translate(LOWERED).split()


def spoken(element: Element) -> list[str]:
    if element.tag in HIDDEN or not isinstance(element.tag, str):
        return [element.tail or ""]
    space = " " if element.tag in BLOCKS else ""
    inside = [element.text or "", *(part for child in element for part in spoken(child))]
    return [space, *inside, space, element.tail or ""]


# Pieces that mean something in HTML, in Markdown, or in a bank.
WORDS = (
    "Abrir¦OS¦é¦5¦1.¦12)¦a)¦B.¦-¦+¦*¦**¦_¦__¦~~¦~¦`¦#¦##¦&gt;¦&lt;b&gt;¦&lt;¦&amp;amp;¦&amp;¦&copy;"
    "¦&#233;¦&nbsp;¦& ¦|¦---¦===¦\\(x_1 \\cdot \\frac{a}{b}\\)¦\\[y\\]¦$$a_{ij} & b \\\\ c$$¦\\¦\\*"
    "¦!¦[¦]¦[x]¦[ ]¦(y)¦[a](b)¦![a](b)¦{#id}¦{fixa}¦{Fixed}¦{¦}¦{50%}¦Fonte:¦Resposta:¦Explicação:"
    "¦Resposta (50%):¦Obs:¦->¦→¦'¦\"¦“a”¦https://x.com/a_b*c¦www.x.com.br¦a@b.com¦(37) 3366-1016"
    "¦0800 591 4126¦\n¦ ¦snake_case_name¦&lt;nome do cliente&gt;¦&lt;!--¦<!-- x -->¦:¦;¦...¦😀¦1️⃣"
)
ODD = (
    "<style>p {color: red}</style>¦<script>if (a < b) x()</script>¦H<sub>2</sub>O¦x<sup>10</sup>"
    "¦<pre>a  b\n  - c_d * \\e\n\n```\n# f</pre>¦<o:p></o:p>¦<hr>¦<nome do cliente>¦<br/>¦</p>¦<p>"
    "¦<b>¦</div>¦<table>"
)
TEXT = st.lists(st.sampled_from(WORDS.split("¦")), min_size=1, max_size=4).flatmap(
    lambda found: st.sampled_from(["", " "]).map(lambda space: space.join(found))
)
INLINE = ["b", "strong", "i", "em", "u", "s", "code", "span", "font", "kbd", "small", "mark"]
BLOCK = ["p", "div", "h3", "h5", "blockquote", "section", "center", "dd", "dt"]


def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def in_tag(tag: str) -> st.SearchStrategy[str]:
        return inner.map(lambda text: f'<{tag} class="x" style="color: red">{text}</{tag}>')

    def listed(tag: str) -> st.SearchStrategy[str]:
        entries = st.lists(inner, min_size=1, max_size=3)
        return entries.map(lambda e: f"<{tag}>" + "".join(f"<li>{x}</li>" for x in e) + f"</{tag}>")

    def table(rows: list[list[str]]) -> str:
        cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
        return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"

    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).flatmap(
            lambda found: st.sampled_from(["", " ", "<br>", "<br><br>", "\n"]).map(
                lambda space: space.join(found)
            )
        ),
        st.sampled_from(INLINE).flatmap(in_tag),
        st.sampled_from(BLOCK).flatmap(in_tag),
        st.sampled_from(["ul", "ol", 'ol type="a"', 'ol start="4"']).flatmap(listed),
        st.lists(st.lists(inner, max_size=3), max_size=3).map(table),
        inner.map(lambda text: f'<a href="https://exemplo.com.br/a_(b)?x=1&amp;y=2">{text}</a>'),
        inner.map(lambda text: f'<a href="javascript:alert(1)">{text}</a>'),
        st.sampled_from(ODD.split("¦")),
    )


FRAGMENTS = st.recursive(TEXT, wrapped, max_leaves=8)
thoroughly = settings(
    max_examples=tried(400),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@thoroughly
@example('<a href="https://x.com/">]:</a>')
@given(FRAGMENTS)
def test_the_markdown_of_a_fragment_shows_the_same_words(fragment: str) -> None:
    assert words(render(from_html(fragment))) == words(fragment)
    assert words(render(from_html(fragment, quotes=True))) == words(fragment)
    assert words(render_inline(from_html_inline(fragment))) == words(fragment)
    assert to_text(fragment).split() == words(fragment)


@thoroughly
@given(FRAGMENTS, FRAGMENTS, FRAGMENTS, FRAGMENTS)
def test_what_came_from_html_reads_back_from_our_own_format(
    stem: str, option: str, feedback: str, explanation: str
) -> None:
    options = (
        Option(from_html(option) or "x", 1.0, from_html(feedback)),
        Option("Outra", 0.0, from_html(option)),
    )
    item = Item(
        "q-1", True, "1", "single", from_html(stem, quotes=True) or "x", 1, "given", options
    )
    item = replace(item, explanation=from_html(explanation, quotes=True))
    document = assemble("a.xml", "moodle", [item, item])
    again = read("a.md", document.source.encode())
    assert isinstance(again, Bank), again
    assert [problem.code for problem in again.problems if problem.severity == "error"] == []
    assert items_of(again) == items_of(document)


@pytest.mark.parametrize(
    "fragment, markdown",
    [
        ("Abrir OS", "Abrir OS"),
        ("<p>Abrir OS</p>", "Abrir OS"),
        ('<p dir="ltr" style="text-align: left;">Abrir&nbsp;OS<br></p>\n', "Abrir OS"),
        ("<p>Um</p>\n<p>Dois<br />Três</p>", "Um\n\nDois  \nTrês"),
        ("Um<br><br>Dois", "Um\n\nDois"),
        ("<b>forte</b> e <em>leve</em>, <s>fora</s>", "**forte** e *leve*, ~~fora~~"),
        ("a<b> forte </b>b<i></i>", "a **forte** b"),
        ("<b>Nota:</b>colada", "Nota:colada"),
        ("<strong><em>os dois</em></strong>", "***os dois***"),
        ("H<sub>2</sub>O, 10<sup>-3</sup>, x<sup>a,b</sup>", "H₂O, 10⁻³, x^(a,b)"),
        ("<h3>Título</h3>texto", "**Título**\n\ntexto"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "* a\n* b\n  * c"),
        ('<ol start="3"><li>a</li><li></li><li>b</li></ol>', "3. a\n5. b"),
        ('<ol type="A"><li>a</li><li>b</li></ol>', "A) a\nB) b"),
        ("use <code>a_b*</code> e <kbd>`</kbd>", "use `a_b*` e `` ` ``"),
        ("<pre><code>a\n  b_c\n</code></pre>", "```\na\n  b_c\n```"),
        ("<blockquote><p>a</p></blockquote>", "a"),
        ("se &lt;b&gt; e 2 &lt; 3 &amp;amp; 4", "se \\<b> e 2 < 3 \\&amp; 4"),
        ("<script>x()</script><style>p{}</style><!-- y -->z", "z"),
        ("\\(x_1\\) e $$a_{i} * b$$", "\\\\(x_1\\\\) e $$a\\_{i} \\* b$$"),
        ('<a href="https://x.com/a b">aqui</a>', "[aqui](https://x.com/a%20b)"),
        ('<a href="https://x.com/">https://x.com/</a>', "https://x.com/"),
        ('<a href="javascript:x()">aqui</a> <a href="/y">ali</a>', "aqui ali"),
        ('olha!<a href="tel:190">aqui</a>', "olha\\![aqui](tel:190)"),
        ('<img src="a b.png" alt="um [x]">', "![um \\[x\\]](a%20b.png)"),
        ('<img src="data:image/png;base64,AAAA" alt="fora">', "fora"),
        ("Fonte: x", "Fonte\\: x"),
        ("1) a<br>- b<br># c<br>&gt; d", "1\\) a  \n\\- b  \n\\# c  \n\\> d"),
    ],
)
def test_a_fragment_becomes_this_markdown(fragment: str, markdown: str) -> None:
    assert from_html(fragment) == markdown


def test_the_first_row_of_a_table_is_its_head() -> None:
    rows = "<tr><td>a|b</td><td>c<p>d</p></td></tr><tr><td colspan=2><ul><li>e</li></ul></td></tr>"
    assert from_html(f"<table>{rows}</table>") == "| a\\|b | c d |\n| --- | --- |\n| e |  |"


def test_a_quote_keeps_its_marks_where_they_mean_nothing_else() -> None:
    fragment = "<p>a</p><blockquote><p>b<br>c</p><p>d</p></blockquote>"
    assert from_html(fragment, quotes=True) == "a\n\n> b  \n> c\n>\n> d"


def test_pictures_get_the_address_that_their_reader_knows() -> None:
    places = {"a.png": "imagens/1.png", "data:image/png;base64,AA": "imagens/2.png"}
    fragment = """<img src="a.png" alt="x"><img alt='y' src='data:image/png;base64,AA'>
        <img src="b.png" alt="z">"""
    assert from_html(fragment, places.get) == "![x](imagens/1.png)![y](imagens/2.png) z"


def test_on_one_line_blocks_stand_side_by_side() -> None:
    fragment = "<p>a <b>b</b></p><ul><li>c</li><li>d</li></ul><pre>e\nf</pre><p>1. g<br>h</p>"
    assert from_html_inline(fragment) == "a **b** c d `e f` 1. g h"


def test_plain_text_is_shown_as_it_is() -> None:
    assert from_text("2 * 3 <b>\n- x\n\nFonte: y") == "2 \\* 3 \\<b>  \n\\- x\n\nFonte\\: y"


def test_lines_are_lines_in_the_auto_format() -> None:
    assert from_auto("um\ndois <b>três</b>\n<p>quatro</p>\ncinco") == (
        "um  \ndois **três**\n\nquatro\n\ncinco"
    )
    assert from_auto("um\ndois") == "um  \ndois"


def test_a_paragraph_that_no_renderer_would_read_shows_its_words_all_the_same() -> None:
    for text in ("*a " * 700, "x" * 15_000 + "_ " + "y" * 10_000):
        assert words(render(from_html(text))) == text.split()
        assert words(render(from_text(text))) == text.split()


@pytest.mark.parametrize(
    "piece, closing",
    [
        ("<div>", ""),
        ("<div>", "</div>"),
        ("<ul><li>", ""),
        ("<b>", ""),
        ("<p><b class='%d'>", ""),
        ("<table><tr><td>", ""),
        ("<blockquote>", "</blockquote>"),
        ("<a href='x'>", ""),
        ("<!--", ""),
        ("<script>", ""),
        ("<a", ""),
        ("&amp;", ""),
        ("&lt;", ""),
        ("&", ""),
        ("<", ""),
        ("<br>", ""),
        ("*", ""),
        ("_a_ ", ""),
        ("`", ""),
        ("<li>a</li>", ""),
        ("<tr><td>a", ""),
        ("<b>a</b> ", ""),
        ("<img src='data:x'>", ""),
        ("a\n", ""),
    ],
)
def test_no_fragment_is_too_deep_or_too_long(piece: str, closing: str) -> None:
    start = time.process_time()
    for count in (10_000, 300_000 // len(piece)):
        opened = "".join(piece % n for n in range(count)) if "%" in piece else piece * count
        fragment = f"{opened}palavra{closing * count}"
        for convert in (from_html, from_html_inline, from_auto, to_text):
            convert(fragment)
    assert time.process_time() - start < 12


def test_ten_thousand_nested_blocks_keep_their_words() -> None:
    assert from_html("<div>" * 10_000 + "x &lt; <b>y</b>" + "</div>" * 10_000) == "x < y"
