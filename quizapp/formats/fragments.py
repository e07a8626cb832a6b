"""HTML fragments, as other systems keep stems and options, become Markdown of ours.

nh3 reads them as a browser would and gives well-formed HTML without scripts, styles, comments and
attributes; that becomes Markdown here, because ours shows tags as text, has fields for which no
text may be taken, and is to show exactly the words of the fragment.
"""

import html
import re

import nh3

from quizapp.formats.fragment_page import CODE, EMPHASIS, FRAMES, HEADINGS, Page, Pictures
from quizapp.formats.runs import Run, fenced, paragraphs
from quizapp.formats.text import AMPERSAND, PLACEHOLDER, normalise

_CLEANER = nh3.Cleaner(
    tags={
        *(*EMPHASIS, *CODE, *HEADINGS, *FRAMES, "a", "br", "img", "q", "sub", "sup"),
        *("address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "main"),
        *("nav", "p", "section", "summary", "tbody", "tfoot", "thead"),
    },
    clean_content_tags={
        *("audio", "canvas", "iframe", "noframes", "object", "script", "style", "svg", "template"),
        *("title", "video"),
    },
    attributes={
        "a": {"href"},
        "img": {"alt", "src"},
        "ol": {"start", "type"},
        "td": {"colspan"},
        "th": {"colspan"},
    },
    url_schemes={"http", "https", "mailto", "tel", "data"},
    link_rel=None,
)

_MARKUP = re.compile(r"[<&]")
_PARAGRAPH = re.compile(r"\s*<p(?:\s[^<>]*)?>([^<&]*)(?:<br\s*/?>\s*)?</p>\s*", re.IGNORECASE)
_SURE_MARKUP = re.compile(
    r"</?(?:a|b|big|blockquote|br|center|code|dd|del|div|dl|dt|em|font|h[1-6]|hr|i|img|ins|li|ol|p"
    r"|pre|s|script|small|span|strike|strong|style|sub|sup|table|tbody|td|th|thead|tr|u|ul)\b[^<>]*>"
    r"|&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|\w{1,31});|(?:amp|gt|lt|nbsp|quot)\b)")
_DATA = re.compile(r"""(?<=\ssrc=)(["'])(data:[^"'<>]*)\1""", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})(?![A-Za-z0-9])[^<>]*>")
_HIDDEN = {"script", "style"}
_INLINE_TAGS = {
    *(*EMPHASIS, *CODE, "a", "big", "font", "img", "ins", "mark", "q", "small", "span", "sub"),
    *("sup", "u", "var", *_HIDDEN),
}
_TAG_BESIDE_LINE = re.compile(r"(?<=>)\s*\n\s*|\s*\n\s*(?=<)")

# Beyond these a fragment is no text that somebody wrote, and only its words are kept.
_MAX_LENGTH = 200_000
_MAX_LINES = 2_000
_MAX_DEPTH = 100


def from_html(fragment: str, pictures: Pictures | None = None, *, quotes: bool = False) -> str:
    """The Markdown of an HTML fragment: the words that a browser shows, in blocks.

    `<img>` becomes `![alt](src)`, with the address that `pictures` gives for it. Quotes stay as
    paragraphs unless `quotes` are asked for: below an option they would be its feedback.
    """
    plain = fragment if not _MARKUP.search(fragment) else _only_paragraph(fragment)
    if plain is not None:
        return "\n\n".join(paragraphs([[Run(normalise(plain))]]))
    page = Page(pictures, quotes=quotes)
    return "\n\n".join(_read(fragment, page))


def _only_paragraph(fragment: str) -> str | None:
    """The words of a fragment that is one paragraph without markup, as most are."""
    match = _PARAGRAPH.fullmatch(fragment)
    return match[1] if match else None


def from_html_inline(fragment: str, pictures: Pictures | None = None) -> str:
    """The Markdown of an HTML fragment on one line."""
    return " ".join(_read(fragment, Page(pictures, flat=True)))


def from_auto(fragment: str, pictures: Pictures | None = None, *, quotes: bool = False) -> str:
    """The Markdown of HTML whose lines are lines, save beside tags (Moodle's "auto format").

    Without a tag or entity of HTML it is plain text: `<nome do cliente>` is no tag.
    """
    if not _MARKUP.search(fragment) or not _SURE_MARKUP.search(fragment):
        return from_text(fragment)
    lines = _TAG_BESIDE_LINE.sub(" ", normalise(fragment).strip())
    return from_html(lines.replace("\n", "<br>"), pictures, quotes=quotes)


def from_text(plain: str) -> str:
    """The Markdown that shows exactly this plain text: a line stays one, an empty one divides."""
    text = normalise(plain).strip()
    lines = text.split("\n")
    if len(text) > _MAX_LENGTH or len(lines) > _MAX_LINES:
        return fenced(text)
    return "\n\n".join(paragraphs([Run(line)] for line in lines))


def to_text(fragment: str) -> str:
    """The words of an HTML fragment on one line, without any Markdown."""
    if not _MARKUP.search(fragment):
        return " ".join(normalise(fragment).split())
    return " ".join(_words(_decoded(normalise(fragment))).split())


def _read(fragment: str, page: Page) -> list[str]:
    """The blocks of a fragment, read into the page."""
    text = _decoded(normalise(fragment))
    # What is as long as a picture is set aside until the picture's turn comes.
    text = _DATA.sub(lambda match: page.set_aside(match[2]), text)
    if len(text) > _MAX_LENGTH or _is_deep(text):
        return [from_text(_words(text))]
    return page.read(_CLEANER.clean(text))


def _decoded(text: str) -> str:
    """The text with signs of ours for `<` and `&`, on which nh3 spends its time."""
    if "&" not in text:
        return text
    return _ENTITY.sub(_character, text).replace("&", AMPERSAND)


def _character(entity: re.Match[str]) -> str:
    text = html.unescape(entity[0])
    if text == entity[0]:
        return AMPERSAND + text[1:]
    words = normalise(text) or " "  # a space alone is none to be taken off
    return words.replace("&", AMPERSAND).replace("<", PLACEHOLDER)


def _is_deep(text: str) -> bool:
    """Whether tags stand in each other too deeply, the time for which grows by its square."""
    if text.count("<") <= _MAX_DEPTH:
        return False
    depth, total = dict[str, int](), 0
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if match[1] and depth.get(name):
            depth[name] -= 1
            total -= 1
        elif not match[1] and name not in ("br", "img", "hr", "input", "col"):
            depth[name] = depth.get(name, 0) + 1
            total += 1
            if total > _MAX_DEPTH:
                return True
    return False


def _words(text: str) -> str:
    """The words of HTML, whatever shape it is in."""
    first, *rest = text.split("<!--")
    text = first + "".join(part.partition("-->")[2] for part in rest)
    parts: list[str] = []
    end, hidden = 0, ""
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if not hidden:
            parts.append(text[end : match.start()])
            parts.append("" if name in _INLINE_TAGS else "\n")
            hidden = name if name in _HIDDEN and not match[1] else ""
        elif name == hidden and match[1]:
            hidden = ""
        end = match.end()
    parts.append("" if hidden else text[end:])
    return "".join(parts).replace(PLACEHOLDER, "<").replace(AMPERSAND, "&")
