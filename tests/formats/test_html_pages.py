"""Web pages: their main part, its structure, and broken or hostile HTML."""

import base64
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.formats.images import image_of
from quizapp.formats.model import Bank, Procedure, Unreadable
from quizapp.formats.office.html import html_to_markdown
from quizapp.formats.reader import read
from tests.formats.pictures import picture, png
from tests.formats.samples import found, unreadable

PAGE = """<!DOCTYPE html>
<html lang="pt-BR"><head><meta charset="utf-8"><title>Sem sinal | Portal de ajuda</title>
<style>p { color: red }</style>
<script>if (a < b) document.write("<p>escrito</p>")</script></head>
<body class="has-sidebar">
<div id="cookie-banner">Usamos cookies <button>Aceitar</button></div>
<header><a href="/">Portal</a><nav><ul><li><a href="/planos">Planos</a></ul></nav></header>
<main>
<div class="breadcrumb">Início / Rede</div>
<h1 id="topo">Sem sinal<a class="headerlink" href="#topo">¶</a></h1>
<p>Leia <b>tudo</b>.<br>Veja <a href="#leds">os LEDs</a>, <a href="https://ex.com.br/a?b=1&amp;c=2">o
portal</a> e <a href="/planos">os planos</a>.
<div class="alert alert-warning"><p>Atenção: não <em>reinicie</em>.</div>
<h2 id="leds">LEDs</h2>
<ol start=3><li>Olhe o LOS<ul><li>vermelho<li>apagado</ul>
<li><p>Olhe o PON</p><p>com calma</p></ol>
<table><caption>Sinais</caption><thead><tr><th>LED<th>Sentido</thead>
<tr><td>PON<td>a | b<tr><td colspan=2>nada</table>
<dl><dt>OLT<dd>central<dt>ONU<dd>do cliente</dl>
<details><summary>Mais</summary>Texto.</details>
<pre>ping  -t
  10.0.0.1</pre>
<p>Use <code>ping</code>&nbsp;&mdash; <q>assim</q>, <nome do cliente>.
<p hidden>oculto<p style="display: none">oculto
<form><label>Seu nome <input></label></form>
</main>
<aside>Leia também</aside><footer>© 2024</footer></body></html>
"""
MARKDOWN = """# Sem sinal

Leia **tudo**.{BREAK}
Veja [os LEDs](#leds), [o portal](https://ex.com.br/a?b=1&c=2) e os planos.

> Atenção: não *reinicie*.

## LEDs

3. Olhe o LOS
   - vermelho
   - apagado
4. Olhe o PON

   com calma

**Sinais**

| LED | Sentido |
| --- | --- |
| PON | a \\| b |
| nada |  |

**OLT**

- central

**ONU**

- do cliente

**Mais**

Texto.

```
ping  -t
  10.0.0.1
```

Use `ping` — “assim”, .
"""


def markdown(html: str) -> str:
    return html_to_markdown("a.html", html)[0]


def codes(html: str) -> list[tuple[int, str]]:
    return [(p.line, p.code) for p in html_to_markdown("a.html", html)[2]]


def test_the_content_of_a_page_is_found_and_its_structure_kept() -> None:
    text, images, problems = html_to_markdown("a.html", PAGE)
    assert text == MARKDOWN.replace("{BREAK}", "  ")
    assert images == []
    assert [(p.code, p.args) for p in problems] == [
        (
            "html-frame-left-out",
            {"parts": "cookie-banner, header, aside, footer, breadcrumb, form"},
        )
    ]


def test_a_page_becomes_a_procedure() -> None:
    document = read("sem-sinal.html", PAGE.encode())
    assert isinstance(document, Procedure)
    assert (document.id, document.title, document.format) == ("sem-sinal", "Sem sinal", "html")
    assert [section.anchor for section in document.sections] == ["sem-sinal", "leds"]
    assert [step.label for step in document.sections[1].steps] == ["3", "4"]


def test_old_pages_in_windows_1252_are_read_with_a_warning() -> None:
    page = "<html><head><title>Ligação</title></head><body><p>Não há sinal.</body></html>"
    document = read("a.html", page.encode("cp1252"))
    assert isinstance(document, Procedure)
    assert (document.title, document.sections[0].text) == ("Ligação", "Não há sinal.")
    assert (1, "encoding-guessed") in found(document)


@pytest.mark.parametrize(
    "html, text",
    [
        ("<body><nav>menu</nav><p>corpo<footer>pé</footer></body>", "corpo\n"),
        ("<p>nada em volta", "nada em volta\n"),
        ("<div role=main>meio</div><p>fora", "meio\n"),
        ("<main></main><p>corpo", "corpo\n"),
        ("<article>um texto longo</article><article>outro</article><p>x", "um texto longo\n"),
        ("<article>um</article><article>dois</article>", "um\n\ndois\n"),
        ("<body><form action=/><h1>T</h1><p>x</form>", "# T\n\nx\n"),
        ("<main><header><h1>T</h1></header><aside>nota</aside></main>", "# T\n\nnota\n"),
        ("<body><header><h1>T</h1></header><main><p>x</main>", "# T\n\nx\n"),
        ("<title>Guia | Site</title><main><h2>A</h2>x</main>", "# Guia\n\n## A\n\nx\n"),
        ("<div class=sidebar><main>x</main></div>", "x\n"),
        ("<p>a</p><div aria-hidden=true>b</div><p>c", "a\n\nc\n"),
    ],
)
def test_the_main_part_is_told_from_its_frame(html: str, text: str) -> None:
    assert markdown(html) == text


@pytest.mark.parametrize(
    "html, text",
    [
        ("<p>a<p>b<li>c<li>d", "a\n\nb\n\nc\n\nd\n"),
        ("<ul><li>a<li>b</ul>c", "- a\n- b\n\nc\n"),
        ("<ol type=a><li>x<li>y</ol>", "a) x\nb) y\n"),
        ("<ol><li>um</ol><ol type=A><li>x</ol>", "1. um\nA) x\n"),
        ("<ol><li value=7>x<li>y</ol>", "7. x\n8. y\n"),
        ("<ul><li><input type=checkbox checked> feito<li><input type=checkbox> não</ul>",
         "- [x] feito\n- [ ] não\n"),
        ("<b>a <i>b</b> c</i> d", "**a** ***b*** c d\n"),
        ("a < b & c > d <3", "a < b & c > d <3\n"),
        ("<p title=\"a > b\" class='x'>t</p>", "t\n"),
        ("a<!-- <p>b</p> -->c<![CDATA[x]]>d<?php x ?>e", "acde\n"),
        ("a<!-- fim", "a\n"),
        ("a<script>b", "a\n"),
        ("<p>a<b", "a\n"),
        ("</div></p>a</main>", "a\n"),
        ("<table><tr><td>a<td>b<tr><td rowspan=2>c<td>d<tr><td>e</table>",
         "| a | b |\n| --- | --- |\n| c | d |\n|  | e |\n"),
        ("<table><tr><td><h2>A</h2>x<td>y</table>", "## A\n\nx\n\ny\n"),
        ("<table><tr><td>a<tr><td>b</table>", "a\n\nb\n"),
        ("<p>1. Qual?<p>a) x<p>b) y", "1. Qual?\n   a) x\n   b) y\n"),
        ("<blockquote><p>a<p>b</blockquote>", "> a\n>\n> b\n"),
        ("<p>&lt;b&gt; *x* _y_ &amp;amp;", "\\<b> \\*x\\* \\_y\\_ \\&amp;\n"),
        ("<a href='javascript:x'>a</a> <a href='mailto:a@b.com.br'>b</a>",
         "a [b](mailto:a@b.com.br)\n"),
    ],
)  # fmt: skip
def test_html_of_any_quality_is_read(html: str, text: str) -> None:
    assert markdown(html) == text


def test_pictures_in_the_page_come_with_it_and_others_are_said() -> None:
    inner = base64.b64encode(png()).decode()
    gif = base64.b64encode(picture("GIF")).decode()
    html = (
        f'<h1>T</h1><p>a <img src="data:image/png;base64,{inner}" alt="tela"></p>'
        f'<p><img src="data:image/png;base64,{inner}"></p>'
        '<p>b <img src="/img/mapa.png?x=1" alt="mapa"> <img src="/img/mapa.png?x=1"></p>'
        f'<p>c <img src="data:image/gif;base64,{gif}"><img src="data:image/png;base64,%%"></p>'
        '<p>d <img src="data:image/gif;base64,AA" data-src="https://ex.com/real.jpg"></p>'
    )
    text, images, problems = html_to_markdown("a.html", html)
    assert images == [image_of(png())]
    assert re.sub(r"imagens/\w{16}", "I", text) == (
        "# T\n\na ![tela](I.png)\n\n![](I.png)\n\nb mapa\n\nc\n\nd\n"
    )
    assert [(p.line, p.code, p.args["name"]) for p in problems] == [
        (5, "image-alt-missing", images[0].name.removeprefix("imagens/")),
        (7, "image-not-here", "mapa.png"),
        (9, "image-refused", "data:image/gif;base64"),
        (9, "image-refused", "data:image/png;base64"),
        (11, "image-not-here", "real.jpg"),
    ]


def test_what_cannot_be_embedded_is_said_with_its_line() -> None:
    html = "<p>a</p><p>b <iframe src='https://v.com' title='Vídeo'></iframe></p>"
    assert codes(html) == [(3, "html-embedded-lost")]


def test_a_page_of_questions_becomes_a_bank() -> None:
    html = "<h1>Prova</h1>" + "".join(
        f"<h2>Pergunta {n}?</h2><ul><li><input type=checkbox>não"
        "<li><input type=checkbox checked>sim</ul>"
        for n in (1, 2)
    )
    document = read("prova.html", html.encode())
    assert isinstance(document, Bank)
    assert [[o.fraction for o in item.options] for item in document.items] == [[0, 1], [0, 1]]


@pytest.mark.parametrize(
    "html", ["<html></html>", "<html><nav>x</nav>", "<html><script>x</script>"]
)
def test_a_page_without_content_is_empty(html: str) -> None:
    assert unreadable(html.encode(), "a.html") == "empty-file"


LENGTH = 120_000
PIECES = [
    "<div>", "<div>x</div>", "<b>", "<b>x", "<p>x", "<ul><li>x", "<table><tr><td>x", "<td>x", "<",
    "<a ", '<a "', "<a x='", "<a x=", "<!--", "&amp;", "&", "<script>", "<h1>x</h1>", "<br>x",
    "<a href='https://x.br'>x</a> ", "<pre>x", "<blockquote>", "<dl><dt>x<dd>y", "<img src=x.png>",
    "</div>", "<b><p>x</b><i>", "<p id=x>", "<form>x", "<article>x", "<main>", "<div class=alert>x",
    "palavra ", "*", "[", "<img src='data:image/png;base64,AAAA'>",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES)
def test_much_of_one_thing_is_read_or_refused_in_time(piece: str) -> None:
    html = f"<html><body>{piece * (LENGTH // len(piece))}"
    start = time.process_time()
    read("a.html", html.encode())
    assert time.process_time() - start < 5


def test_nested_elements_without_end_lose_no_words() -> None:
    deep = "<div>" * 50_000
    assert markdown(f"{deep}fundo{'</div>' * 50_000}<p>depois") == "fundo\n\ndepois\n"
    lists = "<ul><li>x" * 200
    document = read("a.html", f"<html>{lists}".encode())
    assert isinstance(document, Procedure)
    assert document.sections[0].text.count("x") == 200


def test_a_page_with_too_much_in_it_is_refused() -> None:
    assert unreadable(b"<html>" + b"<p>x" * 40_000, "a.html") == "document-too-long"
    assert unreadable(b"<html>" + b"x " * 600_000, "a.html") == "document-too-long"


TAGS = [
    "<p>", "</p>", "<div>", "</div>", "<li>", "<ul>", "</ul>", "<ol type=a>", "<table>", "<tr>",
    "<td rowspan=3 colspan=2>", "</table>", "<th>", "<h1>", "</h2>", "<h3 id=x>", "<a href='#x'>",
    "</a>", "<b>", "</b>", "<i>", "<code>", "<pre>", "</pre>", "<blockquote>", "<dl>", "<dt>",
    "<dd>", "<input type=checkbox checked>", "<img alt=a src=b>", "<img src='data:,x'>", "<br>",
    "<hr>", "<main>", "</main>", "<article>", "<nav>", "<form>", "<script>", "</script>", "<!--",
    "-->", "<a b='", "<", "&lt;", "&#0;", "&#x110000;", "1. x", "a) y", "texto", "# x", "|", "---",
    "\n", "<title>t</title>", "<svg>", "<iframe>", "<details>", "<summary>", "</li>", "</td>",
]  # fmt: skip


@given(st.lists(st.sampled_from(TAGS) | st.text(max_size=5), max_size=60))
def test_any_mixture_is_read(parts: list[str]) -> None:
    html = "<html>" + "".join(parts)
    document = read("a.html", html.encode("utf-8", "replace"))
    assert isinstance(document, Procedure | Bank | Unreadable)
