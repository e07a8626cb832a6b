"""Pictures of a question: files written into it, and addresses that hold a picture themselves."""

import base64
import binascii
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from quizapp.formats.images import image_of, refusal
from quizapp.formats.model import Image
from quizapp.formats.moodle.findings import Findings
from quizapp.formats.safe_xml import line_of

PLUGIN_FILE = "@@PLUGINFILE@@/"


class Files:
    """The files of one question, by path; what is no picture is said."""

    def __init__(self, question: Element, found: Findings) -> None:
        self.found = found
        self.images: dict[str, Image] = {}
        self.names: dict[tuple[int, str], str] = {}
        self.everywhere: dict[str, str] = {}
        holders = question.iter() if next(question.iter("file"), None) is not None else ()
        for holder in holders:
            for path, name in self._read(holder):
                self.names[id(holder), path] = name
                self.everywhere.setdefault(path, name)

    def _read(self, holder: Element) -> Iterator[tuple[str, str]]:
        for file in holder.findall("file"):
            path = (file.get("path", "/") + file.get("name", "")).lstrip("/")
            name = self._keep(file.text or "", path, line_of(file))
            yield path, name or ""

    def _keep(self, text: str, path: str, line: int) -> str | None:
        """The name of the picture in base64, or nothing where it is none."""
        try:
            data = base64.b64decode(text)
        except (binascii.Error, ValueError):
            data = b""
        image = image_of(data)
        code = refusal(data)
        if code or not image:
            self.found.say(line, code or "image-refused", name=path or "–")
            return None
        self.images[image.name] = image
        return image.name

    def own_picture(self, question: Element) -> str:
        """The picture that stands beside the text, as Moodle had it before version 2."""
        element = question.find("image_base64")
        if element is None or not (element.text or "").strip():
            return ""
        name = self._used(self._keep(element.text or "", element.tag, line_of(element)))
        return f"![]({name})" if name else ""

    def place(self, address: str, holder: Element) -> str | None:
        """What a picture's address is in our text; nothing leaves its description alone."""
        line = line_of(holder)
        if address.startswith("data:"):
            kind, _, text = address.partition(",")
            return self._used(self._keep(unquote(text), kind[:40], line))
        if address.startswith(("http://", "https://")):
            return address
        path = unquote(address.removeprefix(PLUGIN_FILE).partition("?")[0]).lstrip("/")
        name = self.names.get((id(holder), path)) or self.everywhere.get(path)
        if name is None:
            self.found.say(line, "image-missing", name=path[:80] or "–")
        return self._used(name)

    def _used(self, name: str | None) -> str | None:
        """The name of a picture that a text refers to: the others are not kept."""
        if name:
            self.found.images[name] = self.images[name]
        return name or None
