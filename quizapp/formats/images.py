"""Pictures by their first bytes: PNG, JPEG and WebP, and the name that their bytes give them."""

import hashlib

from quizapp.formats.model import Image

FOLDER = "imagens"


def image_of(data: bytes) -> Image | None:
    """The picture that these bytes are, under its canonical name; None for anything else."""
    ending = _ending(data)
    if not ending:
        return None
    return Image(f"{FOLDER}/{hashlib.sha256(data).hexdigest()[:16]}.{ending}", data)


def _ending(data: bytes) -> str:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    return "webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""
