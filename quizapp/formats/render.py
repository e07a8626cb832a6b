"""Markdown becomes HTML that is safe to show."""

import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from quizapp.formats.blocks import parse, parse_inline
from quizapp.formats.text import AMPERSAND, PLACEHOLDER

_TAGS = {
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "var",
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "li": {"id", "value"},
    "ol": {"type"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
}
_CLASSES = {"p": {"callout", "heading"}, "blockquote": {"callout"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_EMPTY = re.compile(r"<p>\s*</p>\n?")
_RENDERER = MarkdownIt("commonmark").renderer
_OPTIONS = MarkdownIt("commonmark").options


def render(markdown: str) -> str:
    """The block HTML of a bank's text; raw HTML in it is shown as it is written."""
    return to_html(parse(markdown).tokens)


def render_inline(markdown: str) -> str:
    """The HTML of a short text without a paragraph around it; several blocks stay blocks."""
    if "\n\n" in markdown or "```" in markdown:
        return render(markdown)
    return to_html(parse_inline(markdown))


def to_html(tokens: list[Token]) -> str:
    """The sanitised HTML of tokens."""
    dirty = _RENDERER.render(tokens, _OPTIONS, {}).replace(PLACEHOLDER, "&lt;")
    dirty = dirty.replace("&amp;", AMPERSAND)
    clean = nh3.clean(
        dirty,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )
    return _EMPTY.sub("", clean).replace(AMPERSAND, "&amp;").strip().removesuffix("<hr>").rstrip()
