"""Our Markdown beside the HTML that was made of it, where HTML alone does not bring it back.

It stands in a comment at the end, which Moodle keeps and never shows, with a digest of the HTML:
where somebody changed that, the comment is out of date and the HTML counts.
"""

import base64
import binascii
import hashlib
import re

from quizapp.formats.text import normalise

_COMMENT = re.compile(r"<!-- quizapp:([0-9a-f]{16}) ([A-Za-z0-9+/=]+) -->\s*$")


def with_source(fragment: str, markdown: str) -> str:
    """The HTML with the Markdown that it was made of."""
    encoded = base64.b64encode(markdown.encode()).decode()
    return f"{fragment}<!-- quizapp:{_digest(fragment)} {encoded} -->"


def source_of(text: str) -> str:
    """The Markdown that a text was made of; "" where none stands there, or an outdated one."""
    start = text.rfind("<!-- quizapp:")
    comment = _COMMENT.match(text, start) if start >= 0 else None
    if not comment or _digest(text[:start]) != comment[1]:
        return ""
    try:
        return normalise(base64.b64decode(comment[2]).decode()).strip()
    except (binascii.Error, ValueError):
        return ""


def _digest(fragment: str) -> str:
    return hashlib.sha256(" ".join(fragment.split()).encode()).hexdigest()[:16]
