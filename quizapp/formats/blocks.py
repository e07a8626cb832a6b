"""Markdown becomes tokens: CommonMark with tables, as people write it.

markdown-it-py and not Python-Markdown: it keeps numbers and lines, nests by CommonMark's rules,
and 20 KB of "[" cost it 0.2 s against 52 s.
"""

import re
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from quizapp.formats.links import link_tokens, linkify, text_token
from quizapp.formats.lists import prepare
from quizapp.formats.text import PLACEHOLDER, escape_all, without_emoji

# Tags that pass through and are sanitised; any other `<word>` is a gap somebody is meant to fill.
_TAGS = (
    "a abbr b blockquote br caption center cite code col colgroup dd del details div dl dt em font "
    "h1 h2 h3 h4 h5 h6 hr i iframe img ins kbd li mark ol p pre q s samp script small span strong "
    "style sub summary sup table tbody td tfoot th thead tr u ul var"
)
_GAP = re.compile(
    rf"\\.|<(?=/?[A-Z])(?!/?(?:{'|'.join(_TAGS.split())})[\s/>])(?=/?[A-Z][A-Z0-9-]*[\s/>])",
    re.IGNORECASE,
)
_IMAGE_TAG = re.compile(r"<img\b", re.IGNORECASE)
_IMAGE_ALT = re.compile(r"""\balt\s{0,9}=\s{0,9}["']([^"']{0,999})""", re.IGNORECASE)
_CALLOUT = re.compile(
    r"(?:importante|aten[çc][ãa]o|obs|observa[çc](?:[ãa]o|[õo]es)|nota|aviso|cuidado|dica|alerta"
    r"|lembre(?:te|-se)?|important|attention|note|warning|caution|tip|reminder)\.?\s?:",
    re.IGNORECASE,
)
_ALERT = re.compile(r"\[!([A-Za-z]{2,20})\]\s*")
_BOX = re.compile(r"\[([ xX]?)\]\s+")
_MAX_NESTING = 40
_MAX_INLINE = 20_000
_MAX_BRACKETS = 400


@dataclass(frozen=True)
class Blocks:
    """A parsed text: its tokens and their tree, and whether it was too deep to be parsed."""

    tokens: list[Token]
    root: SyntaxTreeNode
    letters: dict[int, str]
    too_deep: bool = False


def parse(source: str, html: bool = False, env: dict[str, Any] | None = None) -> Blocks:
    """The blocks of a text; `env` carries the link definitions of the document around it."""
    parser = _WITH_HTML if html else _PLAIN
    prepared, letters = prepare(_keep_gaps(source) if html else source)
    tokens = parser.parse(prepared, env if env is not None else {})
    if any(token.level >= _MAX_NESTING - 1 for token in tokens):
        literal = "\n".join(escape_all(line) for line in source.split("\n"))
        tokens = parser.parse(literal, {})
        return Blocks(tokens, SyntaxTreeNode(tokens), {}, too_deep=True)
    return Blocks(tokens, SyntaxTreeNode(tokens), letters)


def _keep_gaps(source: str) -> str:
    """The source with a sign of ours for the `<` of what is no tag; an escaped one is none."""
    return _GAP.sub(lambda match: match[0] if match[0][0] == "\\" else PLACEHOLDER, source)


def parse_inline(source: str, html: bool = False) -> list[Token]:
    """The tokens of one line of text, in which nothing is a block."""
    parser = _WITH_HTML if html else _PLAIN
    tokens: list[Token] = parser.parseInline(_keep_gaps(source) if html else source, {})
    return tokens


def outline(source: str, html: bool = False) -> tuple[list[Token], dict[str, Any]]:
    """The block tokens of a document, its inline text left alone, and its link definitions."""
    env: dict[str, Any] = {}
    prepared, _ = prepare(_keep_gaps(source) if html else source)
    return (_HTML_OUTLINE if html else _OUTLINE).parse(prepared, env), env


def _parser(html: bool) -> MarkdownIt:
    options = {"html": html, "maxNesting": _MAX_NESTING, "typographer": False, "linkify": False}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    parser.core.ruler.at("inline", _inline)
    for rule in (linkify, _images, _boxes, _callouts, _inner_headings, _cells):
        parser.core.ruler.push(rule.__name__, rule)
    return parser


def _outline_parser(html: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": html, "maxNesting": _MAX_NESTING}).enable("table")
    parser.core.ruler.disable("inline")
    return parser if html else parser.disable("reference")


def _inline(state: StateCore) -> None:
    """Parse the text inside blocks; what is longer than any paragraph stays plain text."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        if len(token.content) > _MAX_INLINE or token.content.count("[") > _MAX_BRACKETS:
            token.children = [text_token(token.content)]
        else:
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _images(state: StateCore) -> None:
    """Show a picture as a link with its description: pages load nothing from elsewhere."""
    for block in state.tokens:
        children: list[Token] = []
        for token in block.children or []:
            if token.type == "image":
                target = str(token.attrs.get("src", ""))
                children += link_tokens(target, token.content or target)
            elif token.type == "html_inline" and _IMAGE_TAG.match(token.content):
                alt = _IMAGE_ALT.search(token.content)
                children.append(text_token(alt[1] if alt else ""))
            else:
                children.append(token)
        if block.children:
            block.children = children


def _boxes(state: StateCore) -> None:
    """Show the box of a task as a sign."""
    for before, block in zip(state.tokens[1:], state.tokens[2:], strict=False):
        if before.type == "paragraph_open" and block.type == "inline" and block.level > 2:
            first = block.children[0] if block.children else None
            box = _BOX.match(first.content) if first and first.type == "text" else None
            if first and box:
                first.content = ("☑ " if box[1].strip() else "☐ ") + first.content[box.end() :]


def _callouts(state: StateCore) -> None:
    """Mark the paragraphs that warn: "Importante: …", and quotes that begin with [!NOTE]."""
    tokens = state.tokens
    for index, block in enumerate(tokens):
        if block.type != "inline" or not block.children or not index:
            continue
        opening = tokens[index - 1]
        words = without_emoji("".join(_words(block.children[:8])))
        if opening.type == "paragraph_open" and _CALLOUT.match(words):
            opening.attrs["class"] = "callout"
        quote = tokens[index - 2]
        alert = _ALERT.match(block.children[0].content)
        if alert and quote.type == "blockquote_open":
            quote.attrs["class"] = "callout"
            rest = block.children[0].content[alert.end() :]
            block.children[0].content = f"{alert[1]}: {rest}" if rest else alert[1]


def _words(tokens: list[Token]) -> list[str]:
    return [token.content for token in tokens if token.type in ("text", "code_inline")]


def _inner_headings(state: StateCore) -> None:
    """A heading inside a quote or an entry opens no section: it is a strong paragraph."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "p"
            if token.nesting == 1:
                token.attrs["class"] = "heading"


def _cells(state: StateCore) -> None:
    """Align the cells of a table by attribute: the pages allow no inline style."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and "style" in token.attrs:
            token.attrs["align"] = str(token.attrs.pop("style")).rpartition(":")[2]


_PLAIN = _parser(html=False)
_WITH_HTML = _parser(html=True)
_HTML_OUTLINE = _outline_parser(html=True)
_OUTLINE = _outline_parser(html=False)
