"""What the styles of a Word document say: headings, quotes, code, bold, lists, indents."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from quizapp.formats.office.word.names import attribute, child, local, number, switch, value
from quizapp.formats.text import fold

# Word keeps the English names of its own styles; other programs, and old files, translate them.
_HEADING = re.compile(
    r"(?:heading|titulo|ttulo|cabecalho|uberschrift|titre|kop|encabezado) ?([1-9])"
)
_TITLE = {"title", "titulo", "titel", "titre", "ttulo"}
_CONTENTS = re.compile(r"(?:toc|sumario|indice|table of contents) ?\d|(?:toc|contents) heading")
_QUOTE = re.compile(r"(?:intense |block )?(?:quote|quotation|text)$|citacao(?: intensa)?$")
_CODE = re.compile(
    r"(?:source |html )?(?:code|codigo|preformatted)(?: text| block)?$|pre-?formatado"
)
_MAX_CHAIN = 20
# Twentieths of a point.
TWIPS = 20


@dataclass(frozen=True)
class Style:
    """A style by its id, without what it takes from the one that it is based on."""

    name: str = ""
    base: str = ""
    bold: bool | None = None
    italic: bool | None = None
    outline: int | None = None
    list_id: str = ""
    rank: int = 0
    indent: float | None = None


@dataclass
class Styles:
    """The styles of a document; `default` is that of paragraphs which name none."""

    known: dict[str, Style] = field(default_factory=dict)
    default: str = ""
    bold: bool = False

    def chain(self, style: str) -> list[Style]:
        """The style and those that it is based on."""
        found: list[Style] = []
        while style in self.known and len(found) < _MAX_CHAIN:
            found.append(self.known[style])
            style = found[-1].base
        return found

    def is_bold(self, *styles: str) -> bool:
        """Whether the first of the styles that says something about bold says yes."""
        said = (style.bold for name in styles for style in self.chain(name))
        return next((bold for bold in said if bold is not None), self.bold)

    def is_italic(self, *styles: str) -> bool:
        """The same for italics."""
        said = (style.italic for name in styles for style in self.chain(name))
        return next((italic for italic in said if italic is not None), False)

    def level(self, style: str) -> int:
        """The level of headings of this style, from 1; 0 is the title's, -1 no heading's."""
        for found in self.chain(style):
            if match := _HEADING.fullmatch(fold(found.name)):
                return int(match[1])
            if fold(found.name) in _TITLE:
                return 0
            if found.outline is not None:
                return found.outline + 1 if found.outline < 9 else -1
        return -1

    def list_of(self, style: str) -> tuple[str, int]:
        """The list that paragraphs of this style are entries of, and their level in it."""
        chain = self.chain(style)
        return next(((s.list_id, s.rank) for s in chain if s.list_id), ("", 0))

    def indent(self, style: str) -> float | None:
        """Where paragraphs of this style begin, in points."""
        chain = self.chain(style)
        return next((s.indent for s in chain if s.indent is not None), None)

    def is_contents(self, style: str) -> bool:
        """Whether it is a style of the table of contents."""
        return self._is_named(style, _CONTENTS)

    def is_quote(self, style: str) -> bool:
        """Whether it is a style of quotes."""
        return self._is_named(style, _QUOTE)

    def is_code(self, style: str) -> bool:
        """Whether it is a style of code."""
        return self._is_named(style, _CODE)

    def _is_named(self, style: str, pattern: re.Pattern[str]) -> bool:
        return style in self.known and bool(pattern.match(fold(self.known[style].name)))


def read_styles(root: Element | None) -> Styles:
    """The styles of a document, from the root of their part."""
    styles = Styles()
    if root is None:
        return styles
    styles.bold = switch(child(root, "docDefaults", "rPrDefault", "rPr"), "b") or False
    for element in root:
        if local(element.tag) != "style":
            continue
        name = attribute(element, "styleId")
        styles.known[name] = _style(element)
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in (
            "1",
            "true",
        ):
            styles.default = name
    return styles


def _style(element: Element) -> Style:
    paragraph, run = child(element, "pPr"), child(element, "rPr")
    outline = value(paragraph, "outlineLvl")
    return Style(
        name=value(element, "name"),
        base=value(element, "basedOn"),
        bold=switch(run, "b"),
        italic=switch(run, "i"),
        outline=number(outline, 9) if outline else None,
        list_id=value(paragraph, "numPr", "numId"),
        rank=number(value(paragraph, "numPr", "ilvl")),
        indent=indent_of(paragraph),
    )


def indent_of(properties: Element | None) -> float | None:
    """Where a paragraph with these properties begins, in points; None where they do not say."""
    found = child(properties, "ind")
    said = attribute(found, "left") or attribute(found, "start")
    return number(said) / TWIPS if said else None
