"""Pictures of documents: made smaller where they are large, kept once, shown by their name."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO

from PIL import Image as Pillow
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from quizapp.content.models import Picture
from quizapp.errors import Missing
from quizapp.formats.model import Document, Image, Problem, Unreadable

WIDEST = 1600  # px; a screenshot stays readable, a photograph gets a tenth of its size
MOST_PIXELS = 40_000_000
MIMES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


@dataclass(frozen=True)
class Ready(Image):
    """A picture as it is kept: to be put in without more work."""

    mime: str = ""
    width: int = 0
    height: int = 0


def prepared(document: Document) -> Document:
    """The document with its pictures made ready: that takes long, so do it before writing."""
    if isinstance(document, Unreadable) or not document.images:
        return document
    return replace(document, images=tuple(_made(image) or image for image in document.images))


def keep(session: Session, images: Iterable[Image], *, by: str, now: datetime) -> list[Problem]:
    """Keep the pictures that are not there yet; says which cannot be shown."""
    wanted = {image.name: image for image in images}
    there = set(
        session.execute(select(Picture.name).where(Picture.name.in_(list(wanted)))).scalars()
    )
    problems = []
    for name, image in wanted.items():
        if name in there:
            continue
        made = _made(image)
        if made is None:
            problems.append(Problem(1, 1, "warning", "image-unreadable", {"name": name}))
            continue
        session.add(
            Picture(
                name=name,
                mime=made.mime,
                width=made.width,
                height=made.height,
                data=made.data,
                added_at=now,
                added_by=by,
            )
        )
    session.flush()
    return problems


def _made(image: Image) -> Ready | None:
    """The picture as it is kept: no wider than a page shows it, and without what it says of
    its maker (place, camera). None for one that cannot be decoded or is a bomb.
    """
    if isinstance(image, Ready):
        return image
    try:
        with Pillow.open(BytesIO(image.data), formats=tuple(MIMES)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return None
            kind = opened.format or "PNG"
            opened.load()
            picture = opened.copy()
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError):
        return None
    picture.thumbnail((WIDEST, WIDEST * 4))
    if kind == "JPEG" and picture.mode not in ("RGB", "L"):
        picture = picture.convert("RGB")
    out = BytesIO()
    picture.save(out, kind, **({"quality": 85} if kind != "PNG" else {"optimize": True}))
    return Ready(image.name, out.getvalue(), MIMES[kind], picture.width, picture.height)


def find(session: Session, name: str) -> Picture:
    """The picture of this name, with its bytes. Raises Missing."""
    found = session.execute(
        select(Picture).where(Picture.name == name).options(undefer(Picture.data))
    ).scalar_one_or_none()
    if found is None:
        raise Missing
    return found


def images_in(session: Session, text: str) -> list[Image]:
    """The pictures that a text refers to, for a file that is written out."""
    rows = session.execute(select(Picture.name)).scalars()
    names = [name for name in rows if name in text]
    return [Image(name, find(session, name).data) for name in names]
