"""What a file is, told by its content."""

import re
from typing import Literal

from quizapp.formats.bank_blocks import has_box, is_keyed, is_options
from quizapp.formats.bank_native import Outline, Part, field_in, outline_of
from quizapp.formats.structure import LISTS, Block

_MARKDOWN_NAME = re.compile(r"\.(?:md|markdown|mdown|rmd|qmd)$", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6} +\S", re.MULTILINE)
_BOX = re.compile(r"^ {0,3}(?:[-*+]|\d{1,9}[.)]) +\[[xX]\]", re.MULTILINE)
_ANY_BOX = re.compile(r"^ {0,3}(?:[-*+]|\d{1,9}[.)]) +\[ ?[xX]? ?\]", re.MULTILINE)
_ID = re.compile(r"\{#[^{}\n]{1,99}\} *$", re.MULTILINE)
_STEM_WITH_ID = re.compile(r"^#{1,6} (?:.*\S)? ?\{#[^{}\n]{1,99}\}[ ]*$", re.MULTILINE)

_XML = re.compile(
    r"\s{0,99}(?:<\?xml|<(?:(?:quiz|question|questestinterop)\b|(?:qti-)?assessment))"
)
_HTML = re.compile(r"\s{0,99}(?:<!--|<!doctype html\b|<html[\s>])", re.IGNORECASE)
_HTML_NAME = re.compile(r"\.x?html?$", re.IGNORECASE)


def binary_kind(data: bytes) -> Literal["zip", "pdf", "xml", ""]:
    """What a file is by its first bytes; nothing for text."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    return "xml" if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:5] == b"<?xml" else ""


def is_xml(text: str) -> bool:
    """Whether a text is XML of a kind that holds questions, or says that it is XML."""
    return bool(_XML.match(text))


def is_html(name: str, text: str) -> bool:
    """Whether a text is a web page."""
    return bool(_HTML_NAME.search(name) or _HTML.match(text))


def is_markdown(name: str, body: str) -> bool:
    """Whether a text is Markdown: by its file's name, or because it has headings of that kind."""
    return bool(_MARKDOWN_NAME.search(name) or _HEADING.search(body))


def has_stems(body: str) -> bool:
    """Whether a text that says it is a bank has the stems of ours: with ids, or with boxes."""
    if _STEM_WITH_ID.search(body):
        return True
    if not _ANY_BOX.search(body):
        return False
    document = outline_of(body, 1)
    nodes = (node for part in document.parts if part.level for node in part.nodes)
    return any(is_options(document.lines, node) for node in nodes)


def is_native(body: str) -> bool:
    """Whether most headings that carry text are stems with a key, or one has an id and options.

    A procedure may hold task lists: there prose follows them, or every box is ticked.
    """
    if not _BOX.search(body) and not _ID.search(body):
        return False
    document = outline_of(body, 1)
    parts = [part for part in document.parts if part.level and part.nodes]
    if any(part.given_id and _has_answer(document, part) for part in parts):
        return True
    stems = sum(_is_stem(document, part) for part in parts)
    return stems * 2 > len(parts)


def _has_answer(document: Outline, part: Part) -> bool:
    return any(is_options(document.lines, node) or field_in(document, node) for node in part.nodes)


def _is_stem(document: Outline, part: Part) -> bool:
    """Whether a heading has boxes, some ticked and some not, with nothing but fields below.

    Quotes may stand between the options: what another tool says of them.
    """
    lists = [place for place, node in enumerate(part.nodes) if is_options(document.lines, node)]
    if not lists:
        return False
    options = part.nodes[lists[0] : lists[-1] + 1]
    if any(node.type not in (*LISTS, "blockquote") for node in options):
        return False
    entries = [entry for node in options if node.type in LISTS for entry in node.children]
    boxes = [has_box(document.lines, entry) for entry in entries]
    keys = sum(is_keyed(document.lines, entry) for entry in entries)
    below = part.nodes[lists[-1] + 1 :]
    return all(boxes) and 0 < keys < len(boxes) and not _has_prose(document, below)


def _has_prose(document: Outline, nodes: list[Block]) -> bool:
    for node in nodes:
        found = field_in(document, node)
        if found and found.name == "explanation":
            return False
        if node.type == "paragraph" and not found:
            return True
    return False
