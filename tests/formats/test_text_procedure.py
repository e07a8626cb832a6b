"""Procedures in plain text."""

import pytest

from tests.formats.samples import procedure, section


def text(body: str) -> str:
    return section(body, "a.txt").markdown


def test_capitals_and_underlines_open_sections() -> None:
    document = procedure(
        "Guia de voz\n\nANTES DE LIGAR\nveja.\n\nO QUE É O SLA (PRAZO)?\nx\n\nDepois\n------\ny\n"
        "\n2 - ENCERRAMENTO\nz\n",
        "a.txt",
    )
    assert [(part.heading, part.level) for part in document.sections][:3] == [
        ("ANTES DE LIGAR", 2),
        ("O QUE É O SLA (PRAZO)?", 2),
        ("Depois", 2),
    ]


def test_a_text_all_in_capitals_has_no_sections() -> None:
    document = procedure("GUIA\n\nLIGUE\n\nDESLIGUE\n\nVOLTE A LIGAR\n", "a.txt")
    assert [part.anchor for part in document.sections] == ["inicio"]


@pytest.mark.parametrize("mark", ["{} - ", "{}. ", "{}) ", "{}º ", "{}- "])
def test_numbers_are_written_in_many_ways(mark: str) -> None:
    lines = [mark.format(n) + f"passo {n}" for n in (1, 2, 3)]
    part = section("\n".join(lines), "a.txt")
    assert [(step.label, step.text) for step in part.steps] == [
        ("1", "passo 1"),
        ("2", "passo 2"),
        ("3", "passo 3"),
    ]


def test_numbers_in_prose_are_no_steps() -> None:
    body = "0800 591 4126\n\n24 horas\n\n10 - 12 horas\n\n2ª via\n\n12/11/2026 foi feriado"
    assert section(body, "a.txt").steps == ()


def test_steps_number_below_steps() -> None:
    part = section("1. um\n1.1 fundo\n1.2 mais\n2. dois\n", "a.txt")
    assert [step.label for step in part.steps] == ["1", "1.1", "1.2", "2"]


def test_paragraphs_between_steps_belong_to_them_and_after_the_last_to_none() -> None:
    part = section("1 - um\nsolto\n2 - dois\n- bala\n\nfim\n", "a.txt")
    assert [step.text for step in part.steps] == ["um\nsolto", "dois\n- bala"]
    assert part.html.endswith("<p>fim</p>")


def test_lines_wrapped_by_hand_are_joined_and_others_are_not() -> None:
    wrapped = "Esta linha foi quebrada à mão porque alguém escreveu\nem um editor estreito.\nOutra."
    assert text(wrapped).split("\n\n") == [wrapped.rpartition("\n")[0], "Outra."]


def test_nothing_becomes_markdown_by_accident() -> None:
    body = "#1 lugar\n\n> maior\n\n+ mais\n\nC:\\_temp & <nome> &copy;\n\n=====\n\n[a]: b"
    part = section(body, "a.txt")
    assert "C:\\_temp & <nome> &copy;" in part.text
    assert "[a]: b" in part.text
    assert "<h1>" not in part.html


def test_emphasis_and_links_work() -> None:
    html = section("**forte** e [aqui](https://x.com.br/a)", "a.txt").html
    assert "<strong>forte</strong>" in html
    assert '<a href="https://x.com.br/a"' in html


@pytest.mark.parametrize(
    "first",
    ["Ao atender:", "Uma frase.", "- bala", "1 - passo", "(37) 3366-1016", "a@b.com", "A | B"],
)
def test_what_looks_like_no_title_is_none(first: str) -> None:
    assert procedure(f"{first}\n\ntexto\n", "guia-n1.txt").title == "Guia n1"
