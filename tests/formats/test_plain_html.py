"""Text that is taken for plain looks exactly as if Markdown had read it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quizapp.formats.blocks import parse, parse_inline
from quizapp.formats.plain_html import plain_html
from quizapp.formats.render import render, render_inline, to_html
from tests.examples import tried

PIECES = st.sampled_from(
    [
        *"abzÀçãNX059 .,;:?!%()“”\"'ºª°–—…/-",
        *(" a ", "b: c", "0800", "(11) ", "9999", "www.", "Obs: ", "NOTA:", "://a", "t.me/x"),
        *("1. ", "a) ", "--", "---", "1234-5678", "*a*"),
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=12).map("".join))
@settings(max_examples=tried(1500), deadline=None)
@example("ab) x")
@example("O LED LOS está vermelho. O que isso indica?")
@example("Ligue (11) 99999-1234")
@example("a-b -- c 1/2 3º")
def test_plain_text_needs_no_markdown(text):
    text = text.strip()
    plain = plain_html(text)
    if plain is None:
        return
    assert render(text) == f"<p>{plain}</p>" == to_html(parse(text).page)
    assert render_inline(text) == plain == to_html(parse_inline(text))


@pytest.mark.parametrize(
    "text",
    ["O que fazer?", "Ligar para o cliente, e depois (se preciso) abrir a OS.", "É 50% – não 30%"],
)
def test_what_banks_mostly_hold_is_plain(text):
    assert plain_html(text) == text


@pytest.mark.parametrize(
    "text", ["*a*", "a_b", "1. a", "a) b", "Obs: a", "www.a.com", "a@b.com", "<b>", "x\ny", "&amp;"]
)
def test_what_may_mean_something_is_left_to_markdown(text):
    assert plain_html(text) is None
