"""The sheets of an XLSX file as rows of text, read as a stream and within limits.

Our own, because a library that lays out the rectangle of all cells asks for 500 GB where one cell
stands in the last row and column, and for a copy of a shared text in each cell that refers to it.
"""

from posixpath import normpath
from xml.etree.ElementTree import Element

from quizapp.formats.archive import Archive
from quizapp.formats.model import Problem
from quizapp.formats.safe_xml import local_name, parse_xml
from quizapp.formats.tables.numbers import BUILT_IN
from quizapp.formats.tables.rows import Faulty, Sheet
from quizapp.formats.tables.sheet_xml import MAX_TEXT, SheetReader, TextsReader, invalid, stream
from quizapp.formats.text import normalise, unique

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


def read_sheets(archive: Archive) -> list[Sheet] | Problem:
    """The visible sheets of a workbook, or why it is not read."""
    try:
        return _Workbook(archive).sheets()
    except Faulty as fault:
        return fault.problem


class _Workbook:
    """The parts of a workbook, found by what they are to each other."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.root = self._tree(_WORKBOOK)
        self.parts: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        for element in self._tree(_RELATIONS):
            part = _path(element.get("Target", ""))
            self.parts[element.get("Id", "")] = part
            self.kinds[element.get("Type", "").rpartition("/")[2]] = part
        self.room = MAX_TEXT

    def sheets(self) -> list[Sheet]:
        is_1904 = any(
            local_name(element) == "workbookPr" and element.get("date1904") in ("1", "true")
            for element in self.root
        )
        shared = self._shared()
        formats = self._formats()
        found: list[Sheet] = []
        taken: set[str] = set()
        for element in self.root.iter():
            if local_name(element) != "sheet" or element.get("state", "visible") != "visible":
                continue
            name = unique(normalise(element.get("name", "")).strip() or "?", taken)
            taken.add(name)
            part = self.parts.get(_relation(element), "")
            reader = SheetReader(shared, formats, self.room, is_1904=is_1904)
            found.append(reader.read(name, self._bytes(part)))
            self.room = reader.room
        return found

    def _shared(self) -> list[str]:
        """The texts that cells refer to by number."""
        if "sharedStrings" not in self.kinds:
            return []
        reader = TextsReader(self.room)
        stream(self._bytes(self.kinds["sharedStrings"]), reader)
        return reader.texts

    def _formats(self) -> list[str]:
        """The number format of each style, by the style's number."""
        if "styles" not in self.kinds:
            return []
        codes = dict(BUILT_IN)
        styles: list[str] = []
        for group in self._tree(self.kinds["styles"]):
            for element in group:
                number = element.get("numFmtId", "")
                if not number.isdecimal():
                    continue
                if local_name(group) == "numFmts":
                    codes[int(number[:9])] = element.get("formatCode", "")
                elif local_name(group) == "cellXfs":
                    styles.append(codes.get(int(number[:9]), ""))
        return styles

    def _tree(self, part: str) -> Element:
        root = parse_xml(self._bytes(part))
        if isinstance(root, Problem):
            raise Faulty(root)
        return root

    def _bytes(self, part: str) -> bytes:
        data = self.archive.read(part) if part in self.archive.names else None
        if isinstance(data, Problem):
            raise Faulty(data)
        return data if data is not None else invalid()


def _path(target: str) -> str:
    """A part's path in the archive; targets are relative to the workbook."""
    return normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")


def _relation(sheet: Element) -> str:
    return next((value for key, value in sheet.items() if key.endswith("}id")), "")
