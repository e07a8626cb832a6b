"""A content package: what its manifest lists, in the order of its tests."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from quizapp.formats.archive import Archive
from quizapp.formats.mended_xml import parse_mended
from quizapp.formats.model import Problem
from quizapp.formats.qti.findings import Findings, TooLarge
from quizapp.formats.qti.tree import children, simplify, title_of, within

MANIFEST = "imsmanifest.xml"
# Of all XML in a package: a thousand items take three megabytes.
MAX_XML_BYTES = 25 * 1024**2
MAX_ELEMENTS = 500_000
# Of sections that are files of their own; one may hold the next.
_MAX_SECTIONS = 50

# Blackboard and Canvas have endings of their own.
_ENDINGS = (".xml", ".dat", ".qti")
# In a course of Canvas, its own form of a quiz lies here, beside a poorer one for others.
_FULLER = "non_cc_assessments/"


@dataclass
class Part:
    """A file that may hold questions, with its manifest's entry and its sections in a test."""

    name: str
    resource: Element | None = None
    category: str = ""


class Package:
    """Reads the XML files of a package."""

    def __init__(self, archive: Archive, findings: Findings) -> None:
        self.archive = archive
        self.findings = findings
        self.names = frozenset(archive.names)
        self.titles: list[str] = []
        self.language = ""
        self._bytes = 0
        self._elements = 0
        self._sections: set[str] = set()
        self._stimuli: dict[str, Element | None] = {}

    def manifest(self) -> tuple[str, Element] | Problem:
        """The folder and the tree of the manifest that lies least deep."""
        names = [name for name in self.names if posixpath.basename(name) == MANIFEST]
        name = min(names, key=lambda found: (found.count("/"), found))
        root = self.tree(name)
        return root if isinstance(root, Problem) else (posixpath.dirname(name), root)

    def tree(self, name: str) -> Element | Problem:
        """The tree of a file, its names simplified; raises TooLarge."""
        data = self.archive.read(name)
        if isinstance(data, Problem):
            return data
        self._bytes += len(data)
        if self._bytes > MAX_XML_BYTES:
            raise TooLarge
        found = parse_mended(data)
        if isinstance(found, Problem):
            return found
        root, problems = found
        self._elements += sum(1 for _ in root.iter())
        if self._elements > MAX_ELEMENTS:
            raise TooLarge
        self.findings.problems += problems
        return simplify(root)

    def stimulus(self, folder: str, address: str) -> Element | None:
        """The body of a text that several items share (QTI 3)."""
        name = self.resolve(folder, address)
        if name and name not in self._stimuli:
            root = self.tree(name)
            self._stimuli[name] = root.find("stimulusBody") if isinstance(root, Element) else None
        return self._stimuli.get(name)

    def parts(self, folder: str, manifest: Element) -> list[Part]:
        """The files that may hold questions: in the order of the tests, then of the manifest."""
        listed = {part.name: part for part in self._listed(folder, manifest)}
        ordered: dict[str, Part] = {}
        for part in listed.values():
            if part.resource is not None and "test" in part.resource.get("type", ""):
                for name, category in self._test(part.name):
                    resource = listed[name].resource if name in listed else None
                    ordered.setdefault(name, Part(name, resource, category))
        ordered |= {name: part for name, part in listed.items() if name not in ordered}
        if not ordered:
            names = sorted(name for name in self.names if name.endswith(_ENDINGS))
            ordered = {name: Part(name) for name in names}
        fuller = {
            name.removeprefix(_FULLER).partition(".")[0]
            for name in ordered
            if name.startswith(_FULLER)
        }
        return [part for part in ordered.values() if posixpath.dirname(part.name) not in fuller]

    def _listed(self, folder: str, manifest: Element) -> Iterator[Part]:
        """The files of the manifest's resources; the entry goes with the first of them."""
        for resource in within(manifest, "resource"):
            files = [resource.get("href") or resource.get("file") or ""]
            files += [entry.get("href", "") for entry in children(resource, "file")]
            names = [self.resolve(folder, address) for address in files if address]
            for place, name in enumerate(dict.fromkeys(names)):
                if name.lower().endswith(_ENDINGS):
                    yield Part(name, resource if place == 0 else None)

    def resolve(self, folder: str, address: str) -> str:
        """The package's file that an address means, seen from a folder; "" if there is none."""
        path = unquote(address).partition("?")[0].partition("#")[0].replace("\\", "/")
        name = posixpath.normpath(posixpath.join(folder, path))
        return name if name in self.names else ""

    def _test(self, name: str) -> Iterator[tuple[str, str]]:
        """The items of a test with the titles of the sections that they stand in."""
        root = self.tree(name)
        if not isinstance(root, Problem) and root.tag == "assessmentTest":
            self.titles.append(root.get("title", ""))
            self.language = self.language or root.get("lang", "")
            yield from self._section(root, posixpath.dirname(name), ())

    def _section(
        self, element: Element, folder: str, titles: tuple[str, ...]
    ) -> Iterator[tuple[str, str]]:
        for child in element:
            match child.tag:
                case "assessmentItemRef":
                    if name := self.resolve(folder, child.get("href", "")):
                        yield name, "/".join(titles)
                    else:
                        self.findings.warn(1, "qti-part-missing", part=child.get("href", "–"))
                case "assessmentSection" | "testPart":
                    title = title_of(child)
                    is_shown = bool(title) and child.get("visible", "true") == "true"
                    yield from self._section(
                        child, folder, (*titles, title) if is_shown else titles
                    )
                case "assessmentSectionRef":
                    yield from self._section_file(child, folder, titles)

    def _section_file(
        self, reference: Element, folder: str, titles: tuple[str, ...]
    ) -> Iterator[tuple[str, str]]:
        """The items of a section that has a file of its own."""
        name = self.resolve(folder, reference.get("href", ""))
        # A section that holds itself would never end.
        is_known = name in self._sections or len(self._sections) >= _MAX_SECTIONS
        root = self.tree(name) if name and not is_known else None
        self._sections.add(name)
        if root is None or isinstance(root, Problem):
            self.findings.warn(1, "qti-part-missing", part=reference.get("href", "–"))
        else:
            wrapper = Element("testPart")
            wrapper.append(root)
            yield from self._section(wrapper, posixpath.dirname(name), titles)
