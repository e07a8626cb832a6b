"""Pictures in the texts of a GIFT file: those written into them are there, all others are not."""

import base64
import binascii
import re

from quizapp.formats.images import image_of, refusal
from quizapp.formats.model import Image

_FILE = re.compile(r"@@PLUGINFILE@@/([^\s\"'<>()?]*)")
_MARKDOWN_FILE = re.compile(r"!?\[([^\[\]\n]*)\]\(@@PLUGINFILE@@/[^()\s]*\)")
_DATA = re.compile(r"data:image/[a-z+.-]{1,20};base64,", re.IGNORECASE)


class Files:
    """The pictures found, by their names, and the names of what is missing, each with a code."""

    def __init__(self) -> None:
        self.images: dict[str, Image] = {}
        self.lost: dict[str, str] = {}

    def note(self, text: str) -> None:
        """Note the files that a text refers to, which were left behind in Moodle."""
        if "@@" in text:
            self.lost.update((name or "–", "image-missing") for name in _FILE.findall(text))

    def place(self, address: str) -> str | None:
        """What a picture's address is in our text; nothing leaves its description alone."""
        data = _DATA.match(address)
        if not data:
            return None if _FILE.match(address) else address
        try:
            picture = base64.b64decode(address[data.end() :])
        except (binascii.Error, ValueError):
            picture = b""
        code, image = refusal(picture), image_of(picture)
        if code or not image:
            self.lost[address[:40] + "…"] = code
            return None
        self.images[image.name] = image
        return image.name


def without_files(markdown: str) -> str:
    """Markdown with the descriptions of pictures that were left behind in Moodle in their place."""
    return _MARKDOWN_FILE.sub(r"\1", markdown) if "@@" in markdown else markdown
