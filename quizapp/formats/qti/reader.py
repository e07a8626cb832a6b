"""QTI 1.2 to 3.0, as XML and as packages, becomes a bank."""

import posixpath
from dataclasses import replace
from xml.etree.ElementTree import Element

from quizapp.formats.archive import Archive
from quizapp.formats.foreign import assemble
from quizapp.formats.front_matter import DEFAULT_LANGUAGE, is_id
from quizapp.formats.model import Bank, Item, Problem, Unreadable
from quizapp.formats.qti.findings import Findings, TooLarge
from quizapp.formats.qti.metadata import (
    Fields,
    competencies_of,
    difficulty_of,
    fields_of,
    tags_of,
)
from quizapp.formats.qti.package import Package, Part
from quizapp.formats.qti.pictures import Pictures
from quizapp.formats.qti.tree import number_of, simplify, text_of, within
from quizapp.formats.qti.version1 import read_questestinterop
from quizapp.formats.qti.version2 import read_assessment_item
from quizapp.formats.safe_xml import local_name
from quizapp.formats.writer import write_markdown
from quizapp.items.kinds import Kind

FORMAT = "qti"

_QUESTIONS = frozenset({"questestinterop", "assessmentItem", "qti-assessment-item"})
# Only lists of questions, which stand in other files.
_ONE_OF = ("single", "true_false")
_LISTS = frozenset({"assessmentTest", "qti-assessment-test", "manifest"})


def is_qti(root: Element) -> bool:
    """Whether a tree is a file of QTI."""
    return local_name(root) in _QUESTIONS | _LISTS


def read_qti(name: str, root: Element) -> Bank | Unreadable:
    """The bank that a single file of QTI holds."""
    if local_name(root) in _LISTS:
        return Unreadable((Problem(1, 1, "error", "qti-list-alone"),))
    findings = Findings(Pictures())
    try:
        title = _read_questions(simplify(root), findings)
    except TooLarge:
        return Unreadable((Problem(1, 1, "error", "xml-too-large"),))
    return _bank(name, findings, title, root.get("lang", ""))


def read_package(name: str, archive: Archive) -> Bank | Unreadable:
    """The bank that a content package holds; its manifest may lie in a folder."""
    findings = Findings(Pictures(archive))
    package = Package(archive, findings)
    try:
        return _read_package(name, package, findings)
    except TooLarge:
        return Unreadable((Problem(1, 1, "error", "xml-too-large"),))


def _read_package(name: str, package: Package, findings: Findings) -> Bank | Unreadable:
    found = package.manifest()
    if isinstance(found, Problem):
        return Unreadable((found,))
    folder, manifest = found
    metadata = manifest.find("metadata")
    fields = fields_of(metadata) if metadata is not None else {}
    titles = []
    for part in package.parts(folder, manifest):
        titles.append(_read_part(part, package, findings))
    general = next(within(metadata, "general"), None) if metadata is not None else None
    title = text_of(general.find("title")) if general is not None else ""
    language = text_of(general.find("language")) if general is not None else ""
    title = next(filter(None, (*package.titles, *titles, title)), "")
    return _bank(name, findings, title, package.language or language, fields)


def _read_part(part: Part, package: Package, findings: Findings) -> str:
    """Read the questions of a file in a package; its title, if it has one."""
    root = package.tree(part.name)
    if isinstance(root, Problem):
        findings.leave_out(root.line, part.name, root.code)
        return ""
    if root.tag not in _QUESTIONS:
        return ""
    findings.pictures.folder = posixpath.dirname(part.name)
    resource = part.resource
    fields = fields_of(resource) if resource is not None else {}
    findings.texts = dict(_divided(text) for text in fields.get("text", ()))
    count = len(findings.items)
    if root.tag == "assessmentItem":
        _add_stimuli(root, package, findings)
    title = _read_questions(root, findings, part.category)
    if resource is not None and len(findings.items) == count + 1:
        findings.items[count] = _with_metadata(findings.items[count], resource, fields)
    return title


def _read_questions(root: Element, findings: Findings, category: str = "") -> str:
    if root.tag == "assessmentItem":
        read_assessment_item(root, findings, category)
        return ""
    return read_questestinterop(root, findings)


def _divided(text: str) -> tuple[str, str]:
    key, _, markdown = text.partition(" ")
    return key, markdown


def _add_stimuli(item: Element, package: Package, findings: Findings) -> None:
    """Put shared texts (QTI 3) at the head of the item that refers to them."""
    body = item.find("itemBody")
    for place, reference in enumerate(within(item, "assessmentStimulusRef")):
        address = reference.get("href", "–")
        shared = package.stimulus(findings.pictures.folder, address)
        if shared is None or body is None:
            findings.warn(1, "qti-part-missing", part=address)
        else:
            block = Element("div")
            block.append(shared)
            body.insert(place, block)


def _with_metadata(item: Item, resource: Element, fields: Fields) -> Item:
    """The item with what the manifest says of it."""
    kind: Kind = item.kind
    if kind in _ONE_OF and _one(fields, "kind") in _ONE_OF:
        kind = "single" if _one(fields, "kind") == "single" else "true_false"
    doubt = tuple(int(place) for place in fields.get("doubt", ()) if place.isdecimal())
    is_doubtful = "doubt" in fields and item.key != "given"
    return replace(
        item,
        kind=kind,
        key="doubtful" if is_doubtful else item.key,
        doubt=doubt if is_doubtful else item.doubt,
        tags=tags_of(resource),
        competencies=competencies_of(resource),
        difficulty=difficulty_of(resource),
        sources=fields.get("source", ()),
        accepted=fields.get("accepted", ()),
        use="practice" if _one(fields, "use") == "practice" else "exam",
        number=_one(fields, "number") or item.number,
    )


def _one(fields: Fields, name: str) -> str:
    values = fields.get(name, ())
    return values[0].strip() if values else ""


def _bank(
    name: str, findings: Findings, title: str, language: str, fields: Fields | None = None
) -> Bank:
    fields = fields or {}
    bank_id = _one(fields, "bank")
    bank = assemble(
        name,
        FORMAT,
        findings.items,
        title=title,
        bank_id=bank_id if is_id(bank_id) else "",
        language=language or DEFAULT_LANGUAGE,
        cut_score=number_of(_one(fields, "cutScore")),
        left_out=findings.out,
        problems=findings.problems,
        images=findings.pictures.used.values(),
    )
    if not (lint := fields.get("lint", ())):
        return bank
    parted = (value.partition("=") for value in lint)
    bank = replace(bank, lint=tuple((code, severity) for code, _, severity in parted))
    return replace(bank, source=write_markdown(bank))
