"""Python-Markdown, set up for what stands inside a block.

Its patterns are replaced where they lose words, cost more than the length of the text, or keep
what they find as HTML that nobody can read on.
"""

import html
import re
from re import Match
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor, SubstituteTagInlineProcessor
from markdown.treeprocessors import InlineProcessor as InlineTree
from markdown.treeprocessors import UnescapeTreeprocessor
from markdown.util import ETX, STX, AtomicString, Registry
from pymdownx.delimiterprocessor import Delimiter, DelimiterProcessor

from quizapp.formats.callouts import Callouts
from quizapp.formats.links import Addresses, Autolinks, Images, Links
from quizapp.formats.marks import TAG

# Where an element keeps a tag of the source, which is sanitised only when all is put together.
RAW = "raw"
SPECIAL = re.compile(r"[\\`*_\[<&~]| {2}\n")

_LITERAL = r"\\(?P<sign>[!-/:-@\[-`{-~\n])|(?<!`)(?P<ticks>`+)(?!`)"
_BREAK = r" {2,}(?=\n)"
_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
_DELIMITERS = re.compile(r"[*_~]")
_IMAGE_TAG = re.compile(r"<img\b", re.IGNORECASE)
_IMAGE_ALT = re.compile(r"""\balt\s{0,9}=\s{0,9}["']([^"']{0,999})""", re.IGNORECASE)

_Found = tuple[Element | str | None, int | None, int | None]


def kept(text: str) -> str:
    """The text with every character as Python-Markdown keeps those that are escaped."""
    return "".join(f"{STX}{ord(character)}{ETX}" for character in text)


class _Literals(InlineProcessor):
    """Escaped signs and code, found together: what comes first decides about the other."""

    def handleMatch(self, m: Match[str], data: str) -> _Found:  # type: ignore[override]
        if sign := m["sign"]:
            return (Element("br") if sign == "\n" else kept(sign)), m.start(), m.end()
        ticks = len(m["ticks"])
        closing = re.compile(rf"(?<!`)`{{{ticks}}}(?!`)").search(data, m.end())
        if not closing:
            return None, None, None
        code = Element("code")
        text = data[m.end() : closing.start()].replace("\n", " ")
        padded = text.startswith(" ") and text.endswith(" ") and text.strip()
        code.text = AtomicString(text[1:-1] if padded else text)
        return code, m.start(), closing.end()


class _Entities(InlineProcessor):
    """`&copy;` and `&#169;` as the characters that they stand for."""

    def handleMatch(self, m: Match[str], data: str) -> _Found:  # type: ignore[override]
        text = html.unescape(m[0])
        return (None, None, None) if text == m[0] else (kept(text), m.start(), m.end())


class _Tags(InlineProcessor):
    """Tags of HTML as they are; of a picture only its description stays."""

    def handleMatch(self, m: Match[str], data: str) -> _Found:  # type: ignore[override]
        if _IMAGE_TAG.match(m[0]):
            alt = _IMAGE_ALT.search(m[0])
            return kept(alt[1] if alt else ""), m.start(), m.end()
        return Element(RAW, source=self.unescape(m[0])), m.start(), m.end()


class _Emphasis(DelimiterProcessor):  # type: ignore[misc]
    """Emphasis as CommonMark has it.

    The stars that remain inside are taken for words, and nothing is remembered for the text
    after it: pymdownx 12 finds it at the wrong place in a text that has changed, and drops words.
    """

    def handleMatch(self, m: Match[str], data: str) -> _Found:
        found, start, end = super().handleMatch(m, data)
        if found is not None:
            for element in found.iter():
                element.text = _as_words(element.text)
                if element is not found:
                    element.tail = _as_words(element.tail)
            self.reset()
        return found, start, end


def _as_words(text: str | None) -> str | None:
    return _DELIMITERS.sub(lambda match: kept(match[0]), text) if text else text


class Inline(Extension):
    """Python-Markdown with exactly these patterns; blocks are found before it begins."""

    def __init__(self, with_tags: bool) -> None:
        super().__init__()
        self.with_tags = with_tags

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the patterns, in the order in which they are looked for."""
        md.inlinePatterns = Registry()
        md.treeprocessors = Registry()
        self.emphasis = _Emphasis(Delimiter("*", "strong,em"), md)
        self.emphasis.add(Delimiter("_", "strong,em", smart=True))
        self.emphasis.add(Delimiter("~", "del", double=True))
        patterns: dict[str, InlineProcessor] = {
            "literal": _Literals(_LITERAL, md),
            "link": Links(md),
            "image": Images(md),
            "autolink": Autolinks(md),
            "html": _Tags(TAG.pattern, md),
            "linebreak": SubstituteTagInlineProcessor(_BREAK, "br"),
            "entity": _Entities(_ENTITY, md),
            "delimiter": self.emphasis,
        }
        if not self.with_tags:
            del patterns["html"]
        for priority, (name, pattern) in enumerate(patterns.items()):
            md.inlinePatterns.register(pattern, name, -priority)
        processors = {
            "inline": InlineTree(md),
            "unescape": UnescapeTreeprocessor(md),
            "addresses": Addresses(md),
            "callouts": Callouts(md),
        }
        for priority, (name, processor) in enumerate(processors.items()):
            md.treeprocessors.register(processor, name, -priority)
        md.registerExtension(self)

    def reset(self) -> None:
        """Forget the text before."""
        self.emphasis.reset()
