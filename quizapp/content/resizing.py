"""A picture made as it is kept and shown: no wider than a page, and saying nothing of its maker.

Apart from the rows (content.pictures), so that a child process with little memory can do it.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image as Pillow
from PIL import ImageOps

from quizapp.formats.model import Image

WIDEST = 1600  # px; a screenshot stays readable, a photograph gets a tenth of its size
MOST_PIXELS = 40_000_000
# Of what a picture says of itself, that which changes how it looks.
_NEEDED = ("transparency", "icc_profile")
MIMES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


@dataclass(frozen=True)
class Ready(Image):
    """A picture as it is kept; without a `mime` it is one that cannot be shown."""

    mime: str = ""
    width: int = 0
    height: int = 0


def ready(image: Image) -> Ready:
    """The picture made smaller where it is large, without what it says of place and camera.

    One that cannot be decoded, or is a bomb, cannot be shown.
    """
    if isinstance(image, Ready):
        return image
    try:
        with Pillow.open(BytesIO(image.data), formats=tuple(MIMES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return unshowable(image)
            kind = picture.format or "PNG"
            # In place: a copy would take as much memory again.
            picture.thumbnail((WIDEST, WIDEST * 4))
            ImageOps.exif_transpose(picture, in_place=True)  # a phone held upright
            return _written(image.name, kind, picture)
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError):
        return unshowable(image)


def unshowable(image: Image) -> Ready:
    """What is left of a picture that cannot be shown: its name."""
    return Ready(image.name, b"")


def _written(name: str, kind: str, picture: Pillow.Image) -> Ready:
    if kind == "JPEG" and picture.mode not in ("RGB", "L"):
        picture = picture.convert("RGB")
    picture.info = {key: picture.info[key] for key in _NEEDED if key in picture.info}
    out = BytesIO()
    picture.save(out, kind, **({"quality": 85} if kind != "PNG" else {}))
    return Ready(name, out.getvalue(), MIMES[kind], picture.width, picture.height)
