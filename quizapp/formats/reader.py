"""A file's bytes become a procedure, a bank, a program, or the reasons why not."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from xml.etree.ElementTree import Element

from quizapp.formats.aiken import is_aiken, read_aiken
from quizapp.formats.archive import open_archive
from quizapp.formats.bank_native import read_native
from quizapp.formats.bank_numbered import is_numbered, read_numbered
from quizapp.formats.banks import assemble_bank
from quizapp.formats.decoding import decode
from quizapp.formats.detection import (
    binary_kind,
    has_stems,
    is_html,
    is_markdown,
    is_native,
    is_xml,
)
from quizapp.formats.front_matter import FrontMatter, split
from quizapp.formats.gift.reader import is_gift, read_gift
from quizapp.formats.images import with_images
from quizapp.formats.json_in import is_json, read_json
from quizapp.formats.lettered.headings import without_numbers, without_settings
from quizapp.formats.lettered.reader import read_lettered
from quizapp.formats.limits import check_text
from quizapp.formats.markdown_procedure import read_markdown
from quizapp.formats.mended_xml import parse_mended
from quizapp.formats.model import Bank, Document, Image, Problem, Program, Unreadable
from quizapp.formats.moodle.reader import read_moodle
from quizapp.formats.office.docx import docx_to_markdown
from quizapp.formats.office.html import html_to_markdown
from quizapp.formats.office.pdf import pdf_to_text
from quizapp.formats.programs import read_program
from quizapp.formats.qti.reader import is_qti, read_package, read_qti
from quizapp.formats.safe_xml import local_name
from quizapp.formats.tables.reader import is_csv, read_csv, read_xlsx
from quizapp.formats.text import file_stem, fold
from quizapp.formats.text_procedure import read_text
from quizapp.formats.titles import RESERVED

__all__ = ["MAX_BYTES", "decode", "read"]

MAX_BYTES = 25 * 1024 * 1024

_NOTHING: Mapping[str, bytes] = MappingProxyType({})
_FORMATS = {
    "": "",
    "questoes/1": "bank",
    "questions/1": "bank",
    "procedimento/1": "procedure",
    "procedure/1": "procedure",
    "trilha/1": "program",
    "program/1": "program",
}


def read(name: str, data: bytes, beside: Mapping[str, bytes] = _NOTHING) -> Document:
    """What a file holds; bad content never raises, it gives problems.

    `beside` has the pictures that a Markdown file refers to, by the name it uses.
    """
    if len(data) > MAX_BYTES:
        return _refused("too-large", megabytes=MAX_BYTES // 1024**2)
    document = _read(name, data, beside)
    if not isinstance(document, Bank | Program) or document.id not in RESERVED:
        return document
    matter = split(data.decode("utf-8-sig", "replace"))
    line = matter.line("id") if isinstance(matter, FrontMatter) else 1
    problem = Problem(line, 1, "error", "id-reserved", {"id": document.id})
    return replace(document, problems=(*document.problems, problem))


def _read(name: str, data: bytes, beside: Mapping[str, bytes]) -> Document:
    match binary_kind(data):
        case "zip":
            return _read_zip(name, data)
        case "pdf":
            return _converted(name, "pdf", pdf_to_text(name, data))
        case "xml":
            return _read_xml(name, data)
        case _:
            return _read_text(name, data, beside)


def _read_zip(name: str, data: bytes) -> Document:
    archive = open_archive(data)
    if isinstance(archive, Problem):
        return Unreadable((archive,))
    if "word/document.xml" in archive.names:
        return _converted(name, "docx", docx_to_markdown(name, data, archive))
    if "xl/workbook.xml" in archive.names:
        return read_xlsx(name, data, archive)
    if any(entry.endswith("imsmanifest.xml") for entry in archive.names):
        return read_package(name, archive)
    return _refused("format-unsupported", format=".zip")


def _read_xml(name: str, data: bytes) -> Document:
    found = parse_mended(data)
    if isinstance(found, Problem):
        return Unreadable((found,))
    root, problems = found
    document = _read_tree(name, root)
    return replace(document, problems=(*problems, *document.problems))


def _read_tree(name: str, root: Element) -> Bank | Unreadable:
    if local_name(root) in ("quiz", "question"):
        return read_moodle(name, root)
    if is_qti(root):
        return read_qti(name, root)
    return _refused("xml-unknown", root=local_name(root))


def _read_text(name: str, data: bytes, beside: Mapping[str, bytes]) -> Document:
    decoded = decode(name, data)
    if isinstance(decoded, Unreadable):
        return decoded
    text, problems = decoded
    document = _read_decoded(name, text, beside)
    return replace(document, problems=(*problems, *document.problems))


def _read_decoded(name: str, text: str, beside: Mapping[str, bytes]) -> Document:
    if is_xml(text):
        return _read_xml(name, text.encode())
    if is_html(name, text):
        return _converted(name, "html", html_to_markdown(name, text))
    if is_json(text):
        return read_json(name, text)
    matter = split(text)
    if isinstance(matter, Problem):
        return Unreadable((matter,))
    if not matter.get("format"):
        if is_csv(name, text):
            return read_csv(name, text)
        if is_gift(name, text):
            return read_gift(name, text)
        if is_aiken(text):
            return read_aiken(name, text)
    return _read_with_pictures(name, text, beside)


def _read_with_pictures(name: str, text: str, beside: Mapping[str, bytes]) -> Document:
    """The document of a text of ours, with the pictures that lie beside it."""
    text, images, said = with_images(text, beside.get)
    matter = split(text)
    if isinstance(matter, Problem):
        return Unreadable((matter,))
    document = _read_marked(name, matter, text)
    document = replace(document, problems=(*said, *document.problems))
    if isinstance(document, Unreadable):
        return document
    return replace(document, images=tuple(images))


def _read_marked(name: str, matter: FrontMatter, source: str) -> Document:
    """The document, of the kind that the front matter says or the content shows."""
    said = _FORMATS.get(fold(matter.get("format")))
    if said is None:
        line, given = matter.line("format"), matter.get("format")
        return Unreadable((Problem(line, 1, "error", "format-unknown", {"format": given}),))
    body, first = matter.body, matter.body_line
    if too_large := check_text(body, first):
        return Unreadable((too_large,))
    if said == "program":
        return read_program(name, matter, source)
    markdown = is_markdown(name, body)
    body = body if said else without_settings(body)
    native = said == "bank" and has_stems(body)
    native = native or (said != "procedure" and markdown and is_native(body))
    if said != "procedure" and not native:
        lettered = read_lettered(name, matter, declared=said == "bank")
        if lettered:
            return lettered
        if is_numbered(body, declared=said == "bank"):
            return assemble_bank(name, matter, source, "numbered", read_numbered(body, first))
    if native or said == "bank":
        found = read_native(body, first)
        found = found if said else without_numbers(found)
        return assemble_bank(name, matter, source, "native", found)
    if markdown:
        return read_markdown(name, matter, source)
    return read_text(name, matter, source)


def _converted(
    name: str, format_name: str, found: tuple[str, Iterable[Image], Iterable[Problem]]
) -> Document:
    """A document made of the Markdown that a file was turned into, with its pictures."""
    text, images, problems = found
    if not text.strip():
        said = tuple(problems)
        refused = any(problem.severity == "error" for problem in said)
        return Unreadable(said if refused else (*said, Problem(1, 1, "error", "empty-file")))
    matter = split(text)
    if isinstance(matter, Problem):
        matter = FrontMatter(text)
    document = _read_marked(f"{file_stem(name)}.md", matter, text)
    document = replace(document, problems=(*problems, *document.problems))
    if isinstance(document, Unreadable):
        return document
    return replace(document, format=format_name, images=tuple(images))


def _refused(code: str, **args: str | int) -> Unreadable:
    return Unreadable((Problem(1, 1, "error", code, args),))
