"""A bank as a content package of QTI 2.1, the same bytes for the same bank."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from io import BytesIO
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from quizapp.formats.archive import Archive, open_archive
from quizapp.formats.images import NAME
from quizapp.formats.model import Bank, Item, Problem
from quizapp.formats.qti.item_out import ItemWriter, identifier, root_of
from quizapp.formats.qti.keys import kind_of
from quizapp.formats.qti.metadata import write_metadata
from quizapp.formats.qti.package import MANIFEST
from quizapp.formats.qti.reader import read_package
from quizapp.items.kinds import CHOICE

_CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMAS = (
    f"{_CP} http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd"
    f" {_LOM} http://www.imsglobal.org/xsd/imsmd_loose_v1p3p2.xsd"
)
_TEST = "test.xml"
# The oldest time that a zip file knows: what is the same has the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_package(bank: Bank) -> tuple[bytes, list[Problem]]:
    """The package, and a warning for each thing that does not come back from it."""
    kept = [item for item in bank.items if item.kind != "scenario"]
    files: dict[str, bytes] = {}
    resources: list[Element] = []
    for position, item in enumerate(kept, start=1):
        name = f"item-{position:04}.xml"
        writer = ItemWriter(item)
        root = writer.write()
        files[name] = _written(root)
        resources.append(_resource(item, name, root, position, writer.texts))
    images = {image.name: image.data for image in bank.images}
    used = {entry.get("href", "") for resource in resources for entry in resource.iter("file")}
    files |= {name: data for name, data in images.items() if name in used}
    files = {MANIFEST: _manifest(bank, resources), _TEST: _test(bank, kept), **files}
    data = _zipped(files)
    return data, list(_lost(bank, data))


def _resource(
    item: Item, name: str, root: Element, position: int, texts: dict[str, str]
) -> Element:
    """The manifest's entry of an item, with what QTI itself has no place for."""
    attributes = {"identifier": f"r-{position}", "type": "imsqti_item_xmlv2p1", "href": name}
    resource = Element("resource", attributes)
    is_plain = item.kind not in CHOICE or item.kind == kind_of(
        item.options, item.kind == "multiple"
    )
    write_metadata(
        resource,
        tags=item.tags,
        competencies=item.competencies,
        difficulty=item.difficulty,
        fields={
            "kind": () if is_plain else (item.kind,),
            "use": () if item.use == "exam" else (item.use,),
            "number": () if item.number == str(position) else (item.number,),
            "source": item.sources,
            "accepted": item.accepted,
            "doubt": _doubt(item),
            "text": tuple(f"{key} {markdown}" for key, markdown in texts.items()),
        },
    )
    SubElement(resource, "file", {"href": name})
    pictures = (image.get("src", "") for image in root.iter("img"))
    for picture in dict.fromkeys(pictures):
        if NAME.fullmatch(picture):
            SubElement(resource, "file", {"href": picture})
    return resource


def _doubt(item: Item) -> tuple[str, ...]:
    """The options that a doubtful key hints at; a dash for none."""
    return tuple(map(str, item.doubt)) or ("-",) if item.key == "doubtful" else ()


def _manifest(bank: Bank, resources: list[Element]) -> bytes:
    root = Element(
        "manifest",
        {"xmlns": _CP, "xmlns:imsmd": _LOM, "xmlns:xsi": _XSI, "xsi:schemaLocation": _SCHEMAS}
        | {"identifier": "manifest"},
    )
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "QTIv2.1 Package"
    SubElement(metadata, "schemaversion").text = "1.0.0"
    write_metadata(
        metadata,
        title=bank.title,
        language=bank.language,
        fields={
            "bank": (bank.id,),
            "cutScore": () if bank.cut_score is None else (repr(bank.cut_score),),
            "lint": tuple(f"{code}={severity}" for code, severity in bank.lint),
        },
    )
    SubElement(root, "organizations")
    entries = SubElement(root, "resources")
    attributes = {"identifier": "r-test", "type": "imsqti_test_xmlv2p1", "href": _TEST}
    test = SubElement(entries, "resource", attributes)
    SubElement(test, "file", {"href": _TEST})
    for resource in resources:
        SubElement(test, "dependency", {"identifierref": resource.get("identifier", "")})
    entries.extend(resources)
    indent(root)
    return _written(root)


def _test(bank: Bank, items: list[Item]) -> bytes:
    """The test that holds the items in their order; a section for each run of a category."""
    root = root_of("assessmentTest")
    root.attrib |= {"identifier": "test", "title": bank.title}
    modes = {"navigationMode": "nonlinear", "submissionMode": "individual"}
    part = SubElement(root, "testPart", {"identifier": "part-1", **modes})
    # Without it, no feedback is shown.
    SubElement(part, "itemSessionControl", {"showFeedback": "true"})
    numbered = enumerate(items, start=1)
    runs = groupby(numbered, key=lambda entry: entry[1].category)
    for count, (category, run) in enumerate(runs, start=1):
        section = SubElement(
            part,
            "assessmentSection",
            {
                "identifier": f"section-{count}",
                "title": category or bank.title,
                # A section that nobody sees is no category.
                "visible": "true" if category else "false",
            },
        )
        for position, item in run:
            attributes = {"identifier": identifier(item), "href": f"item-{position:04}.xml"}
            SubElement(section, "assessmentItemRef", attributes)
    indent(root)
    return _written(root)


def _written(root: Element) -> bytes:
    text = _NOT_XML.sub("", tostring(root, "unicode"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = ZipInfo(name, _DATE)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def _lost(bank: Bank, data: bytes) -> Iterator[Problem]:
    """What differs in the bank that is read back: nobody knows better what was lost."""
    archive = open_archive(data)
    again = read_package("a.zip", archive) if isinstance(archive, Archive) else None
    found = again if isinstance(again, Bank) else replace(bank, items=())
    for what in ("id", "title", "language", "cut_score", "lint"):
        if getattr(found, what) != getattr(bank, what):
            yield _problem(1, bank.id, what)
    items = {item.id: item for item in found.items}
    for item in bank.items:
        if item.id not in items:
            yield _problem(item.line, item.id, "item")
            continue
        after = items[item.id]
        for entry in fields(Item):
            is_place = entry.name in ("line", "id_given")
            if not is_place and getattr(item, entry.name) != getattr(after, entry.name):
                yield _problem(item.line, item.id, entry.name)


def _problem(line: int, item_id: str, what: str) -> Problem:
    return Problem(line, 1, "warning", "export-lost", {"item": item_id, "what": what})
