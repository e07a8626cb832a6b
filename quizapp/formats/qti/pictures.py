"""Pictures that QTI refers to: found in the package, or in the text itself."""

import base64
import binascii
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import unquote

from quizapp.formats.archive import Archive
from quizapp.formats.images import image_of, refusal
from quizapp.formats.model import Image, Problem

_IMG = re.compile(r"<img\b((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([A-Za-z]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
# Canvas and Common Cartridge call their folder of files so.
_BASE = re.compile(r"\$IMS[-_]CC[-_]FILE[-_]?BASE\$/?")
_FOLDERS = ("", "web_resources")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_DATA = re.compile(r"data:image/[a-z+.-]{1,20};base64,", re.IGNORECASE)


class Pictures:
    """The pictures of a file or package; `used` are those that its texts refer to."""

    def __init__(self, archive: Archive | None = None) -> None:
        self.archive = archive
        self.used: dict[str, Image] = {}
        self.folder = ""
        self._all = frozenset(archive.names if archive else ())
        # Where each source leads from its folder, and what came of each file.
        self._places: dict[tuple[str, str], str] = {}
        self._results: dict[str, tuple[str, str]] = {}
        self._by_end: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted(self._all):
            self._by_end[posixpath.basename(name)].append(name)

    def place(self, html: str) -> tuple[str, list[tuple[str, str]]]:
        """The HTML with our names of its pictures; what could not be found, with a code.

        Such a picture is replaced by its alternative text in brackets.
        """
        faults: list[tuple[str, str]] = []

        def replaced(match: re.Match[str]) -> str:
            attributes = {
                key.lower(): unescape(double or single or bare)
                for key, double, single, bare in _ATTRIBUTE.findall(match[1])
            }
            source, words = attributes.get("src", ""), attributes.get("alt", "")
            name, code = self._found(source)
            if name:
                return f'<img src="{name}" alt="{escape(words)}">'
            faults.append((source if len(source) < 200 else source[:80] + "…", code))
            return f"[{escape(words, quote=False)}]" if words else ""

        return _IMG.sub(replaced, html) if "<" in html else html, faults

    def _found(self, source: str) -> tuple[str, str]:
        """A picture's name, or the code of what is wrong with it."""
        if inline := _DATA.match(source):
            try:
                return self._checked(base64.b64decode(source[inline.end() :]))
            except (binascii.Error, ValueError):
                return "", "image-refused"
        key = (self.folder, source)
        if key not in self._places:
            self._places[key] = next(self._candidates(source), "")
        name = self._places[key]
        if not self.archive or not name:
            return "", "image-missing"
        if name not in self._results:
            data = self.archive.read(name)
            damaged = "", "image-missing"
            self._results[name] = damaged if isinstance(data, Problem) else self._checked(data)
        return self._results[name]

    def _checked(self, data: bytes) -> tuple[str, str]:
        code = refusal(data)
        image = image_of(data) if not code else None
        if not image:
            return "", code or "image-refused"
        self.used[image.name] = image
        return image.name, ""

    def _candidates(self, source: str) -> Iterator[str]:
        """Where in the package a picture may lie: beside the item, at the root, anywhere once."""
        if not self.archive or _ELSEWHERE.match(source):
            return
        path = unquote(_BASE.sub("", unquote(source))).partition("?")[0].replace("\\", "/")
        for folder in (self.folder, *_FOLDERS):
            name = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
            if name in self._all:
                yield name
        alike = self._by_end.get(posixpath.basename(path), [])
        if len(alike) == 1:
            yield alike[0]
