"""Pictures that stand in a page's own text, and the names of those that do not."""

import base64
import binascii
import re
from urllib.parse import urlsplit

from quizapp.formats.images import MAX_BYTES

_DATA = re.compile(r"data:[^,;]{0,100}(?:;[^,;]{0,100}){0,5};base64,", re.IGNORECASE)


def embedded(source: str) -> bytes | None:
    """The bytes that an address holds itself; none where it leads elsewhere."""
    head = _DATA.match(source)
    if not head:
        return b"" if source[:5].lower() == "data:" else None
    if len(source) > 2 * MAX_BYTES:
        return b""
    try:
        return base64.b64decode("".join(source[head.end() :].split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def file_name(source: str) -> str:
    """What a picture's file is called, for those who look for it."""
    if source[:5].lower() == "data:":
        return source[:40].partition(",")[0]
    try:
        path = urlsplit(source).path
    except ValueError:
        path = source
    return path.rstrip("/").rpartition("/")[2][:80] or source[:80]
