"""Markdown of ours as the HTML that Moodle shows, with its pictures as files beside it."""

import base64
import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement

from quizapp.formats.fragments import from_html, from_html_inline
from quizapp.formats.images import FOLDER
from quizapp.formats.links import PICTURES
from quizapp.formats.model import Image
from quizapp.formats.moodle.files import PLUGIN_FILE
from quizapp.formats.moodle.sources import with_source
from quizapp.formats.render import render, render_inline

_IMAGE = re.compile(rf'(<img\b[^>]*?\ssrc="){PICTURES}([^"/]+)("[^>]*>)')
_LAZY = ' loading="lazy"'
# Characters that XML does not know.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Pages:
    """Writes texts into elements; `images` are those that the bank has."""

    def __init__(self, images: Iterable[Image]) -> None:
        self.images = {image.name.removeprefix(f"{FOLDER}/"): image for image in images}

    def add(self, parent: Element, name: str, markdown: str, quotes: bool = True) -> Element:
        """An element with a text, in blocks."""
        element = SubElement(parent, name, format="html")
        self.fill(element, markdown, quotes)
        return element

    def fill(self, element: Element, markdown: str, quotes: bool = False) -> None:
        """Put a text, in blocks, into an element."""
        page = self._with_files(render(markdown)) if markdown else ""
        back = from_html(page, self._place, quotes=quotes)
        self._fill(element, page if back == markdown else with_source(page, markdown))

    def fill_line(self, element: Element, markdown: str) -> None:
        """Put a text of one line into an element."""
        page = self._with_files(render_inline(markdown)) if markdown else ""
        back = from_html_inline(page, self._place)
        self._fill(element, page if back == markdown else with_source(page, markdown))

    def _with_files(self, page: str) -> str:
        """The HTML with the addresses that Moodle gives to files of a question."""
        if PICTURES not in page:
            return page
        return _IMAGE.sub(
            lambda match: f"{match[1]}{PLUGIN_FILE}{match[2]}{match[3].replace(_LAZY, '')}", page
        )

    def _place(self, address: str) -> str | None:
        name = address.removeprefix(PLUGIN_FILE)
        return f"{FOLDER}/{name}" if name in self.images else None

    def _fill(self, element: Element, page: str) -> None:
        add_text(element, page)
        names = {match[2] for match in _IMAGE.finditer(page.replace(PLUGIN_FILE, PICTURES))}
        for name in sorted(names & self.images.keys()):
            file = SubElement(element, "file", name=name, path="/", encoding="base64")
            file.text = base64.b64encode(self.images[name].data).decode()


def add_text(parent: Element, text: str) -> None:
    """Put the element `<text>` into another."""
    SubElement(parent, "text").text = _NO_XML.sub("", text)
