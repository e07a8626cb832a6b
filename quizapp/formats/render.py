"""Markdown becomes HTML that is safe to show."""

import html
import re
from xml.etree import ElementTree

import nh3

from quizapp.formats.blocks import parse, parse_inline
from quizapp.formats.images import FOLDER, NAME
from quizapp.formats.inline import RAW
from quizapp.formats.links import PICTURES
from quizapp.formats.plain_html import plain_html
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
    "img",
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
    "img": {"src", "alt", "loading"},
    "li": {"id", "value"},
    "ol": {"type"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
}
_CLASSES = {"p": {"callout", "heading"}, "blockquote": {"callout"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_EMPTY = re.compile(r"<p>\s*</p>\n?")
_RAW = re.compile(rf'<{RAW} source="([^"]*)"></{RAW}>')
_PICTURE_TAG = re.compile(r"<img\b", re.IGNORECASE)
_OUR_PICTURE = re.compile(re.escape(PICTURES) + NAME.pattern.removeprefix(f"{FOLDER}/"))


def render(markdown: str) -> str:
    """The block HTML of a bank's text; raw HTML in it is shown as it is written."""
    plain = plain_html(markdown)
    return f"<p>{plain}</p>" if plain is not None else to_html(parse(markdown).page)


def render_inline(markdown: str) -> str:
    """The HTML of a short text without a paragraph around it; several blocks stay blocks."""
    if "\n\n" in markdown or "```" in markdown:
        return render(markdown)
    plain = plain_html(markdown)
    return plain if plain is not None else to_html(parse_inline(markdown))


def to_html(page: ElementTree.Element) -> str:
    """The sanitised HTML of what an element holds."""
    written = (ElementTree.tostring(child, "unicode", "html") for child in page)
    dirty = "\n".join(map(_with_tags, written)).replace(PLACEHOLDER, "&lt;")
    clean = nh3.clean(
        dirty.replace("&amp;", AMPERSAND),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_only_our_pictures if "<img" in dirty else None,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )
    return _EMPTY.sub("", clean).replace(AMPERSAND, "&amp;").strip().removesuffix("<hr>").rstrip()


def _with_tags(written: str) -> str:
    """The HTML with the tags of the source in their places, but for pictures."""
    return _RAW.sub(lambda match: _PICTURE_TAG.sub("<x-img", html.unescape(match[1])), written)


def _only_our_pictures(tag: str, attribute: str, value: str) -> str | None:
    return value if (tag, attribute) != ("img", "src") or _OUR_PICTURE.fullmatch(value) else None
