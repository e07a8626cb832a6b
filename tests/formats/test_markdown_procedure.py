"""Procedures in Markdown."""

import re
from collections import Counter

import pytest

from tests.formats.samples import found, procedure, section

FULL = """# Guia *completo* 🚀

Introdução com <nome do cliente>, <b>negrito</b>, <br>quebra e `código <x>`.

## 1. Rede

| Sinal | Valor |
|-------|------:|
| RX | -21 dBm |

```bash
# não é título
1. não é passo
```

- [x] feito
- [ ] a fazer

## 2. Rede

![mapa da rede](https://exemplo.com.br/mapa.png)
Veja [o portal](https://exemplo.com.br/ajuda "portal") ou ligue 0800 591 4126.

> [!NOTE]
> Leia antes.
"""


def test_every_word_of_a_full_text_is_kept() -> None:
    document = procedure(FULL)
    shown = [document.title]
    for part in document.sections:
        shown += [part.heading, part.text]
    words = re.compile(r"\w+")
    source = FULL.replace("<b>", "").replace("</b>", "").replace("<br>", "").replace("```bash", "")
    missing = Counter(words.findall(source)) - Counter(words.findall("\n".join(shown)))
    assert missing == Counter({"x": 1}), "the tick of the box, shown as a sign"


def test_anchors_leave_numbers_out_until_they_must_tell_sections_apart() -> None:
    text = "# T\n\n## 1. Rede\na\n## 2) Rede\nb\n## Rede\nc\n## ✅\nd\n## 2.3 **Área** técnica\ne"
    assert [part.anchor for part in procedure(text).sections] == [
        "rede",
        "2-rede",
        "rede-2",
        "secao",
        "area-tecnica",
    ]
    assert procedure("## 24 horas\na").sections[0].anchor == "24-horas"


def test_a_long_anchor_is_cut_at_a_word() -> None:
    anchor = procedure("## " + "palavra " * 30 + "\nx").sections[0].anchor
    assert len(anchor) <= 80
    assert anchor.endswith("palavra")


def test_the_title_heading_is_a_section_only_if_it_has_text() -> None:
    assert [part.anchor for part in procedure("# T\n\n## A\nx").sections] == ["a"]
    assert [part.anchor for part in procedure("# T\ntexto\n\n## A\nx").sections] == ["t", "a"]
    given = procedure("---\ntitulo: Outro\n---\n# T\n\n## A\nx")
    assert given.title == "Outro"
    assert [part.anchor for part in given.sections] == ["t", "a"]


def test_setext_headings_count_and_headings_in_code_do_not() -> None:
    document = procedure("Título\n======\n\nParte\n-----\n\n```\n# código\n```\n")
    assert document.title == "Título"
    assert [(part.heading, part.level) for part in document.sections] == [("Parte", 2)]
    assert "# código" in document.sections[0].text


def test_text_before_the_first_heading_is_nobodys_parent() -> None:
    document = procedure("abertura longa, que termina em ponto.\n\n### A\nx\n\n## B\ny")
    assert [(part.anchor, part.level) for part in document.sections] == [
        ("inicio", 3),
        ("a", 3),
        ("b", 2),
    ]


@pytest.mark.parametrize("indent", [2, 3, 4])
def test_lists_nest_by_two_three_or_four_spaces(indent: int) -> None:
    space = " " * indent
    part = section(f"Texto:\n1. um\n{space}- dois\n{space}{space}- três\n2. quatro\n")
    assert [step.label for step in part.steps] == ["1", "2"]
    assert part.steps[0].text == "um\n- dois\n  - três"
    assert part.html.count("<ul>") == 2


def test_steps_keep_the_numbers_and_letters_of_the_source() -> None:
    part = section("1. um\n2. dois\n   a) letra\n   b) outra\n5. cinco\n   1. fundo\n   2. mais\n")
    assert [step.label for step in part.steps] == ["1", "2", "2a", "2b", "5", "5.1", "5.2"]
    assert '<li id="inicio.5" value="5">' in part.html
    assert '<li id="inicio.2b" value="2">' in part.html
    assert "5. cinco\n  5.1. fundo" in part.text


def test_letters_below_numbers_need_no_indent_and_words_are_no_letters() -> None:
    part = section("1) um\na) letra\nb) outra\n2) dois\n\nA. Silva disse.\n\ne) fim\n")
    assert [step.label for step in part.steps] == ["1", "1a", "1b", "2", "e"]
    assert "A. Silva disse." in part.html


def test_a_list_that_begins_again_gets_labels_of_its_own() -> None:
    part = section("1. um\n2. dois\n\nDepois:\n\n1. três\n   a) quatro\n")
    assert [step.label for step in part.steps] == ["1", "2", "1-2", "1-2a"]


def test_lazy_numbers_count_up() -> None:
    assert [step.label for step in section("1. a\n1. b\n1. c\n").steps] == ["1", "2", "3"]


def test_jumps_and_unfinished_ends_are_warned_of_with_their_lines() -> None:
    document = procedure("# T\n\n## A\n1. um\n2. dois\n5. cinco\n\n## B\n1. um\n2. se for:\n")
    assert found(document) == [(6, "step-number-jump"), (10, "step-cut-off")]
    assert document.problems[0].args == {"from": "2", "to": "5"}


@pytest.mark.parametrize(
    "text",
    [
        "1. um\n2. veja:\n   - isto\n",
        "1. um\n2. veja:\n\n- isto\n",
        "1. um\n2. diga:\n\n> olá\n",
        "1. um\n\nTexto.\n\n2. dois\n3. três\n",
        "3. três\n4. quatro\n",
        "1. a\n2. b\n\nOutra:\n\n1. c\n2. d\n",
    ],
)
def test_lists_in_order_are_not_warned_of(text: str) -> None:
    assert procedure(f"# T\n\n## A\n{text}").problems == ()


def test_placeholders_stay_and_scripts_go() -> None:
    part = section(
        "Diga <nome> e </fim>, <b>já</b>.\n\n<script>alert(1)</script>\n\n<!-- nota -->\n"
    )
    assert "Diga &lt;nome&gt; e &lt;/fim&gt;, <b>já</b>." in part.html
    assert part.text == "Diga <nome> e </fim>, já."
    assert "alert" not in part.html


@pytest.mark.parametrize(
    "text, kept",
    [
        ("[a](javascript:alert(1))", "a"),
        ("[a](data:text/html;base64,xx)", "a"),
        ('<a href="javascript:x" onclick="y">palavra</a>', "palavra"),
        ('<p style="x" class="evil">palavra</p>', "palavra"),
        ("![desenho](https://x.com/a.png)", "desenho"),
        ('<iframe src="https://x.com"></iframe>fim', "fim"),
    ],
)
def test_what_could_harm_dies_and_its_words_stay(text: str, kept: str) -> None:
    html = section(text).html
    assert kept in html
    for evil in ('href="javascript', 'href="data', "onclick=", "style=", "evil", "<img", "<iframe"):
        assert evil not in html


def test_callouts_quotes_breaks_tables_and_tasks_are_shown_as_what_they_are() -> None:
    document = procedure(FULL)
    first, network, again = document.sections
    assert document.title == "Guia completo"
    assert "&lt;nome do cliente&gt;" in first.html
    assert '<td align="right">-21 dBm</td>' in network.html
    assert "☑ feito" in network.html
    assert "☐ a fazer" in network.text
    assert '<blockquote class="callout">' in again.html
    assert '<a href="https://exemplo.com.br/mapa.png"' in again.html
    assert "o portal (https://exemplo.com.br/ajuda, portal)" in again.text
    assert '<p class="callout">OBS.: x</p>' in section("OBS.: x").html


def test_a_link_may_be_defined_in_another_section() -> None:
    text = "# T\n\n## A\n[um][r], [r] e ![mapa][r]\n\n## B\n[R]: https://x.com/a 't'\n\n## C\n[r][]"
    first, _, third = procedure(text).sections
    target = "(https://x.com/a, t)"
    assert first.text == f"um {target}, r {target} e mapa (https://x.com/a)"
    assert third.text == f"r {target}"


def test_the_hash_is_blind_to_heading_level_place_and_numbers() -> None:
    one = procedure("# T\n\n## 1. A\n1. um\n2. dois\n- três\n")
    other = procedure("# T\n\n## Z\nx\n\n#### Outro\n5. um\n7. dois\n* três\n")
    assert one.sections[0].hash == other.sections[1].hash
    assert one.sections[0].steps[1].hash == other.sections[1].steps[1].hash
    assert one.sections[0].hash != procedure("# T\n\n## 1. A\n1. um\n2. três\n").sections[0].hash


def test_a_text_nested_too_deeply_is_shown_plainly() -> None:
    document = procedure("# T\n\n## A\n" + "> " * 60 + "fundo\n")
    assert found(document) == [(3, "nesting-too-deep")]
    assert "fundo" in document.sections[0].text


def test_a_file_without_headings_takes_its_first_line_or_its_name() -> None:
    assert procedure("Um título curto\n\nE o texto.").title == "Um título curto"
    assert procedure("Um título curto\n\nE o texto.").sections[0].text == "E o texto."
    named = procedure("Uma frase que acaba em ponto.\n", "pasta/guia-de-voz.md")
    assert (named.id, named.title) == ("guia-de-voz", "Guia de voz")
    assert found(named) == [(1, "title-from-file-name")]
    assert found(procedure("# Só título\n")) == [(1, "procedure-empty")]
