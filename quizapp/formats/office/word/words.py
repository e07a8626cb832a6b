"""The runs of a paragraph: its words with their looks, its pictures, links and notes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from quizapp.formats.office.pieces import Lines, Note
from quizapp.formats.office.word.names import attribute, child, local, relation, switch, value
from quizapp.formats.office.word.parts import Parts
from quizapp.formats.runs import BOLD, ITALIC, STRIKE, Run

_CONTAINERS = {"hyperlink", "ins", "moveTo", "smartTag", "customXml", "fldSimple", "bdo", "dir"}
_ADDRESS = re.compile(r'\s*HYPERLINK\s+"?([^"\s]+)', re.IGNORECASE)
_WEB = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_PLAIN_COLOURS = {"", "auto", "none", "clear", "white", "black", "000000", "ffffff"}
_SYMBOLS = {
    "f0fc": "✓",
    "f0fe": "☑",
    "f0fd": "☒",
    "f0a8": "☐",
    "f06f": "☐",
    "f0e0": "→",
    "f0e8": "→",
    "f0b7": "•",
    "f0a7": "▪",
}
_PRIVATE = str.maketrans({chr(int(code, 16)): sign for code, sign in _SYMBOLS.items()})
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BLANKS = re.compile(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+")


@dataclass
class Words:
    """What a paragraph holds; `boxes` are the text boxes that hang on it."""

    lines: Lines = field(default_factory=lambda: [[]])
    looks: list[frozenset[str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


@dataclass
class Reader:
    """Reads paragraph after paragraph; a field may go on from one to the next.

    `fields` are the open ones: the instruction of each, and the address it links to.
    `cited` are the notes that wait to be written below.
    """

    parts: Parts
    fields: list[list[str]] = field(default_factory=list)
    cited: list[tuple[int, Element]] = field(default_factory=list)
    count: int = 0

    def read(self, paragraph: Element, style: str) -> Words:
        """The words of a paragraph of this style."""
        words = Words()
        for element, href in _inline(paragraph, self.parts):
            match local(element.tag):
                case "r":
                    self._run(element, style, href, words)
                case "oMath":
                    text = "".join(e.text or "" for e in element.iter() if local(e.tag) == "t")
                    words.lines[-1].append(Run(_clean(text)))
                    words.notes.append(Note("warning", "docx-equation-plain", {"text": text[:60]}))
        return words

    def _run(self, run: Element, style: str, href: str, words: Words) -> None:
        properties = child(run, "rPr")
        if switch(properties, "vanish"):
            self.parts.counts["hidden"] += 1
            return
        emphasis, looks = self._looks(properties, style)
        for element in _unwrapped(run):
            name = local(element.tag)
            text = self._text(name, element)
            if name in ("br", "cr") and attribute(element, "type") in ("", "textWrapping"):
                words.lines.append([])
            elif name in ("drawing", "pict", "object"):
                self._drawing(element, words)
            elif text:
                link = href or next((f[1] for f in reversed(self.fields) if f[1]), "")
                kept = link if _WEB.match(link) else ""
                words.lines[-1].append(Run(_clean(text), emphasis=emphasis, href=kept))
                if any(character.isalnum() for character in text):
                    words.looks.append(looks)

    def _looks(self, properties: Element | None, style: str) -> tuple[int, frozenset[str]]:
        """The emphasis of a run, and all the looks that might mean something."""
        styles, own = self.parts.styles, value(properties, "rStyle")
        bold, italic = switch(properties, "b"), switch(properties, "i")
        bold = styles.is_bold(own, style) if bold is None else bold
        italic = styles.is_italic(own, style) if italic is None else italic
        struck = switch(properties, "strike") or switch(properties, "dstrike")
        shade = attribute(child(properties, "shd"), "fill").lower()
        found = {
            "bold": "yes" if bold else "",
            "underline": value(properties, "u").replace("none", ""),
            "highlight": value(properties, "highlight").lower() or shade,
            "colour": value(properties, "color").lower(),
        }
        looks = {f"{look} {what}" for look, what in found.items() if what not in _PLAIN_COLOURS}
        marked = bold or found["highlight"] not in _PLAIN_COLOURS
        emphasis = BOLD * bool(marked) + ITALIC * italic + STRIKE * bool(struck)
        return emphasis, frozenset(looks)

    def _text(self, name: str, element: Element) -> str:
        """The characters that an element of a run stands for."""
        match name:
            case "t":
                return (element.text or "").translate(_PRIVATE)
            case "tab" | "ptab":
                return " "
            case "noBreakHyphen":
                return "-"
            case "sym":
                return _SYMBOLS.get(attribute(element, "char").lower(), "")
            case "footnoteReference" | "endnoteReference":
                return self._cite(f"{name.removesuffix('Reference')} {attribute(element, 'id')}")
            case "fldChar":
                return self._field(element)
            case "instrText" if self.fields:
                self.fields[-1][0] += (element.text or "")[:2000]
        return ""

    def _field(self, element: Element) -> str:
        """A field begins, shows its result, or ends; one that is a box shows it."""
        match attribute(element, "fldCharType"):
            case "begin":
                self.fields.append(["", ""])
                box = child(element, "ffData", "checkBox")
                if box is not None:
                    ticked = switch(box, "checked")
                    return "☒" if (switch(box, "default") if ticked is None else ticked) else "☐"
            case "separate" if self.fields:
                address = _ADDRESS.match(self.fields[-1][0])
                self.fields[-1][1] = address[1] if address else ""
            case "end" if self.fields:
                self.fields.pop()
        return ""

    def _cite(self, known: str) -> str:
        note = self.parts.footnotes.get(known)
        if note is None:
            return ""
        self.count += 1
        self.cited.append((self.count, note))
        return superscript(self.count)

    def _drawing(self, drawing: Element, words: Words) -> None:
        """The pictures of a drawing with their descriptions; its text boxes wait."""
        alt = ""
        is_object = local(drawing.tag) == "object"
        for element in _walk(drawing, words.boxes):
            match local(element.tag):
                case "docPr" | "cNvPr":
                    alt = element.get("descr", "") or element.get("title", "") or alt
                case "shape" | "rect":
                    alt = element.get("alt", "") or alt
                case "blip":
                    self._picture(
                        relation(element, "embed") or relation(element, "link"), alt, words
                    )
                case "imagedata" if not is_object:
                    self._picture(relation(element, "id"), alt, words)
                case "OLEObject":
                    kind = element.get("ProgID", "OLE")
                    words.notes.append(Note("warning", "docx-object-lost", {"kind": kind[:60]}))
                case "chart" | "relIds":
                    kind = "chart" if local(element.tag) == "chart" else "SmartArt"
                    words.notes.append(Note("warning", "docx-object-lost", {"kind": kind}))

    def _picture(self, known: str, alt: str, words: Words) -> None:
        if not known:
            return
        image, note = self.parts.picture(known)
        alt = " ".join(_clean(alt).split())
        if note:
            words.notes.append(note)
            words.lines[-1].append(Run(f" {alt} "))
        if image:
            words.lines[-1].append(Run(alt, "image", source=image.name))
            if not alt:
                args: dict[str, str | int] = {
                    "name": self.parts.targets[known][0].rpartition("/")[2]
                }
                words.notes.append(Note("warning", "image-alt-missing", args))


def superscript(count: int) -> str:
    """The number of a note."""
    return str(count).translate(_SUPERSCRIPT)


def _clean(text: str) -> str:
    return _BLANKS.sub(" ", text)


def _inline(paragraph: Element, parts: Parts) -> Iterator[tuple[Element, str]]:
    """The runs and formulas of a paragraph, with the address that each links to."""
    stack: list[tuple[Iterator[Element], str]] = [(iter(paragraph), "")]
    while stack:
        element = next(stack[-1][0], None)
        href = stack[-1][1]
        if element is None:
            stack.pop()
            continue
        name = local(element.tag)
        if name in ("r", "oMath"):
            yield element, href
        elif name == "oMathPara":
            stack.append((iter(element), href))
        elif name in ("del", "moveFrom"):
            parts.counts["deletions"] += 1
        elif name == "sdt":
            stack.append((iter(child(element, "sdtContent") or ()), href))
        elif name == "AlternateContent":
            stack.append((iter(_choice(element)), href))
        elif name in _CONTAINERS:
            if name == "ins":
                parts.counts["insertions"] += 1
            if name == "hyperlink":
                href = parts.address(relation(element, "id"))
            stack.append((iter(element), href))


def _unwrapped(run: Element) -> Iterator[Element]:
    """What a run holds, of alternatives the first."""
    for element in run:
        if local(element.tag) == "AlternateContent":
            yield from _choice(element)
        else:
            yield element


def _choice(element: Element) -> list[Element]:
    return list(next(iter(element), ()))


def _walk(drawing: Element, boxes: list[Element]) -> Iterator[Element]:
    """All that a drawing holds, but not what is in its text boxes; these are put aside."""
    stack = [drawing]
    while stack:
        element = stack.pop()
        yield element
        if local(element.tag) == "txbxContent":
            boxes.append(element)
        elif local(element.tag) == "AlternateContent":
            stack += reversed(_choice(element))
        else:
            stack += reversed(element)
