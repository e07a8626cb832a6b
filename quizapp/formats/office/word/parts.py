"""The parts of a Word document beside its text: relationships, pictures, notes, frames."""

import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from quizapp.formats.archive import Archive
from quizapp.formats.images import image_of, refusal
from quizapp.formats.model import Image, Problem
from quizapp.formats.office.pieces import Note
from quizapp.formats.office.word.names import attribute, local
from quizapp.formats.office.word.numbering import Numbering, read_numbering
from quizapp.formats.office.word.styles import Styles, read_styles
from quizapp.formats.safe_xml import parse_xml
from quizapp.formats.text import collapse, normalise

MAIN = "word/document.xml"
_FRAMES = re.compile(r"word/(?:header|footer)\d*\.xml")
_PAGE_NUMBER = re.compile(r"(?:p[aá]g(?:ina|\.)?|page)?\s*\d*\s*(?:/|de|of)?\s*\d*", re.IGNORECASE)
_LONGEST = 80


@dataclass
class Parts:
    """What the text of a document refers to; the last three are gathered while reading."""

    archive: Archive
    styles: Styles = field(default_factory=Styles)
    numbering: Numbering = field(default_factory=Numbering)
    targets: dict[str, tuple[str, bool]] = field(default_factory=dict)
    footnotes: dict[str, Element] = field(default_factory=dict)
    images: dict[str, Image] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def picture(self, relation: str) -> tuple[Image | None, Note | None]:
        """The picture that a relationship leads to, or why it is left out."""
        target, is_outside = self.targets.get(relation, ("", False))
        name = posixpath.basename(target) or "?"
        if is_outside:
            return None, Note("warning", "image-not-here", {"name": name[:_LONGEST]})
        data = self.archive.read(target) if target in self.archive.names else b""
        if isinstance(data, Problem):
            data = b""
        if code := refusal(data):
            return None, Note("warning", code, {"name": name})
        image = image_of(data)
        if image:
            self.images[image.name] = image
        return image, None

    def address(self, relation: str) -> str:
        """The address that a link leads to; nothing for places in the document or on a disk."""
        target, is_outside = self.targets.get(relation, ("", False))
        return target if is_outside else ""

    def root(self, name: str) -> Element | None:
        """The root of a part; None where there is no such part, or a faulty one."""
        if name not in self.archive.names:
            return None
        data = self.archive.read(name)
        root = parse_xml(data) if isinstance(data, bytes) else data
        if isinstance(root, Problem):
            self.lost.append(name)
            return None
        return root


def read_parts(archive: Archive) -> Parts:
    """The parts of a document, with the reasons why one cannot be read."""
    parts = Parts(archive)
    parts.styles = read_styles(parts.root("word/styles.xml"))
    parts.numbering = read_numbering(parts.root("word/numbering.xml"))
    parts.targets = _targets(parts.root("word/_rels/document.xml.rels"))
    for kind in ("footnote", "endnote"):
        for note in parts.root(f"word/{kind}s.xml") or ():
            # Those that Word needs itself, the line above the notes, have a type.
            if local(note.tag) == kind and not attribute(note, "type"):
                parts.footnotes[f"{kind} {attribute(note, 'id')}"] = note
    comments = parts.root("word/comments.xml")
    parts.counts["comments"] = 0 if comments is None else len(comments)
    return parts


def _targets(root: Element | None) -> dict[str, tuple[str, bool]]:
    """What each relationship leads to, and whether that is outside of the document."""
    found = {}
    for element in root if root is not None else ():
        target, outside = element.get("Target", ""), element.get("TargetMode") == "External"
        if not outside:
            target = posixpath.normpath(posixpath.join("/word", target)).lstrip("/")
        found[element.get("Id", "")] = (target, outside)
    return found


def frames_text(parts: Parts) -> list[str]:
    """What stands in headers and footers, save page numbers, each text once."""
    found: dict[str, None] = {}
    for name in sorted(filter(_FRAMES.fullmatch, parts.archive.names)):
        root = parts.root(name)
        if root is None:
            continue
        words = (element.text or "" for element in root.iter() if local(element.tag) == "t")
        text = collapse(normalise(" ".join(words)))
        if not _PAGE_NUMBER.fullmatch(text):
            found[text] = None
    return list(found)
