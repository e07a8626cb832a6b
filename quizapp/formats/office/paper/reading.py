"""The pages of a PDF as lines, within limits on everything that a file can hold too much of."""

import logging
import re
import unicodedata
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError
from pypdf.generic import ContentStream, DictionaryObject, NameObject, StreamObject

from quizapp.formats.model import Problem
from quizapp.formats.office.paper.lines import Collector, Line
from quizapp.formats.office.writing import MAX_LENGTH

MAX_PAGES = 500
MAX_STREAM = 4_000_000
MAX_CONTENT = 24_000_000
MAX_OPERATIONS = 400_000
# Entries in the tables that say which characters a font's glyphs are, for each page anew.
MAX_FONT_ENTRIES = 1_000_000
# Pages that are each too much by themselves.
MAX_REFUSED = 10
# How often a file may have been saved on top of itself.
MAX_UPDATES = 1000
_LIMITS: dict[str, Any] = {
    "zlib_maximum_output_length": MAX_STREAM,
    "zlib_maximum_recovery_input_length": 1_000_000,
    "lzw_maximum_output_length": MAX_STREAM,
    "run_length_maximum_output_length": MAX_STREAM,
    "brotli_maximum_output_length": MAX_STREAM,
    "jbig2_maximum_output_length": MAX_STREAM,
    "array_based_stream_maximum_output_length": MAX_STREAM,
    "stream_decoding_work_maximum_length": 4 * MAX_STREAM,
    "stream_parsing_work_maximum_count": MAX_OPERATIONS,
    "array_maximum_element_count": 50_000,
    "dictionary_maximum_element_count": 50_000,
    "page_tree_maximum_entries": 4 * MAX_PAGES,
    "page_tree_maximum_depth": 50,
    "xform_maximum_invocations_per_extraction": 200,
    "jbig2dec_binary": None,
    "disable_legacy_handling": True,
}

# Glyph after glyph with a number between for how close they stand: one string each for pypdf,
# which takes its time for strings. What is further apart than a tenth of the size may be words.
_ARRAY = re.compile(
    rb"\[((?:<[0-9A-Fa-f\s]*+>|\((?:[^()\\]|\\.)*+\)|[-+.\d\s]++)*+)\]\s*TJ", re.DOTALL
)
_KERNING = re.compile(rb">\s*-?\d{1,2}(?:\.\d+)?\s*<|\)\s*-?\d{1,2}(?:\.\d+)?\s*\(")
_RANGE = re.compile(
    rb"<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,8})>\s*(?:<[^<>]*>|\[[^\[\]]*\])", re.DOTALL
)
_SHOWS_TEXT = re.compile(rb"T[jJ]|['\"]|Do")
_MAX_FORMS = 3
_MAX_INNER = 20
_MAX_THINGS = 1000

# What pypdf has to say of a faulty file is said here as a problem.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass
class Page:
    """A page: its lines, how many pictures it has, and whether anything is drawn on it."""

    lines: list[Line] = field(default_factory=list)
    images: int = 0
    is_drawn: bool = False


class _TooMuch(Exception):
    """The document takes more work than it is worth."""


@dataclass
class _Work:
    """What was read so far, of all pages."""

    content: int = 0
    operations: int = 0
    font_entries: int = 0
    refused: int = 0
    inline_images: int = 0

    def operator(self, operator: bytes, operands: Any, cm: Any, tm: Any) -> None:
        """Count an operator of a page's content."""
        self.operations += 1 + sum(len(o) if isinstance(o, list) else 1 for o in operands)
        self.inline_images += operator == b"INLINE IMAGE"
        if self.operations > MAX_OPERATIONS:
            raise _TooMuch

    def check(self) -> None:
        """Stop where the sum of all pages is too much."""
        if (
            self.content > MAX_CONTENT
            or self.operations > MAX_OPERATIONS
            or self.font_entries > MAX_FONT_ENTRIES
            or self.refused > MAX_REFUSED
        ):
            raise _TooMuch


def read_pages(data: bytes) -> list[Page] | Problem:
    """The pages of a PDF, or the reason why it is not read."""
    if max(data.count(b"startxref"), data.count(b"trailer")) > MAX_UPDATES:
        return Problem(1, 1, "error", "pdf-invalid")
    try:
        with apply_configuration(**_LIMITS):
            return _pages(PdfReader(BytesIO(data)))
    except (FileNotDecryptedError, DependencyError):  # or in a way that takes another library
        return Problem(1, 1, "error", "pdf-encrypted")
    except _TooMuch:
        return Problem(1, 1, "error", "document-too-long")
    except Exception:  # pypdf: "broken PDF files might cause other exceptions"
        return Problem(1, 1, "error", "pdf-invalid")


def _pages(reader: PdfReader) -> list[Page] | Problem:
    if reader.is_encrypted and not reader.decrypt(""):
        return Problem(1, 1, "error", "pdf-encrypted")
    if _count(reader) > MAX_PAGES:
        raise _TooMuch
    work = _Work()
    pages: list[Page] = []
    length = 0
    for number, page in enumerate(reader.pages, start=1):
        pages.append(_page(page, number, work))
        length += sum(len(line.text) for line in pages[-1].lines)
        if length > MAX_LENGTH:
            raise _TooMuch
    return pages


def _count(reader: PdfReader) -> int:
    try:
        return len(reader.pages)
    except LimitReachedError as error:
        raise _TooMuch from error


def _page(page: PageObject, number: int, work: _Work) -> Page:
    """A page; one whose content cannot be read has no lines."""
    found = Page()
    before = work.inline_images
    try:
        content = _content(page)
        if content is None:
            return found
        data = content.get_data()
        found.is_drawn = bool(data.strip())
        work.content += len(data)
        if _SHOWS_TEXT.search(data):
            work.font_entries += _font_entries(page)
            work.check()
            content.set_data(_ARRAY.sub(_joined, data))
            page[NameObject("/Contents")] = content
            found.lines = _lines(page, number, work)
        found.images = _images(page) + work.inline_images - before
    except (_TooMuch, FileNotDecryptedError, DependencyError):
        raise
    except Exception as error:  # as above; what was read of the page is not trusted either
        work.refused += isinstance(error, LimitReachedError)
        found.lines, found.is_drawn = [], True
    work.check()
    return found


def _content(page: PageObject) -> ContentStream | None:
    contents = page.get("/Contents")
    contents = contents.get_object() if contents is not None else None
    # The bytes of strings, which only the font of each says how to read.
    return None if contents is None else ContentStream(contents, page.pdf, "bytes")


def _joined(array: re.Match[bytes]) -> bytes:
    """The strings between which there is no more than kerning as one."""
    return b"[%s]TJ" % _KERNING.sub(b"", array[1])


def _lines(page: PageObject, number: int, work: _Work) -> list[Line]:
    collector = Collector(number)
    page.extract_text(
        orientations=(0, 180),
        visitor_operand_before=work.operator,
        visitor_text=collector.visit,
    )
    collector.end()
    return collector.lines if _is_readable(collector.lines) else []


def _is_readable(lines: list[Line]) -> bool:
    """Whether a page's font says which characters its glyphs are."""
    text = "".join(line.text for line in lines)
    odd = sum(unicodedata.category(c) in ("Cc", "Co", "Cn") or c == "\ufffd" for c in text)
    return odd * 4 <= len(text)


def _dictionary(value: Any) -> DictionaryObject:
    found = value.get_object() if value is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _font_entries(page: PageObject) -> int:
    """How much a page's fonts say of their glyphs; pypdf reads it anew for each page."""
    total = 0
    for font in list(_dictionary(_resources(page).get("/Font")).values())[:_MAX_THINGS]:
        known = _dictionary(font)
        table = known.get("/ToUnicode")
        table = table.get_object() if table is not None else None
        if isinstance(table, StreamObject):
            data = table.get_data()
            blocks = (part.partition(b"endbfrange")[0] for part in data.split(b"beginbfrange")[1:])
            rows = (row for block in blocks for row in _RANGE.findall(block))
            total += len(data) // 16 + sum(_span(*row) for row in rows)
        for widths in (known.get("/Widths"), known.get("/W")):
            found = widths.get_object() if widths is not None else None
            total += len(found) if isinstance(found, list) else 0
    return total


def _span(low: bytes, high: bytes) -> int:
    """How many glyphs a range has."""
    return max(0, int(high, 16) - int(low, 16))


def _resources(page: DictionaryObject) -> DictionaryObject:
    return _dictionary(page.get("/Resources"))


def _images(holder: DictionaryObject, depth: int = 0) -> int:
    """How many pictures a page shows, itself or by what it repeats."""
    if depth > _MAX_FORMS:
        return 0
    things = list(_dictionary(_resources(holder).get("/XObject")).values())[:_MAX_THINGS]
    found = [_dictionary(thing) for thing in things]
    kinds = [str(thing.get("/Subtype")) for thing in found]
    forms = [thing for thing, kind in zip(found, kinds, strict=True) if kind == "/Form"]
    return kinds.count("/Image") + sum(_images(form, depth + 1) for form in forms[:_MAX_INNER])
