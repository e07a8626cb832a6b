"""Files as somebody brings them by page: their names, limits, and the pictures among them."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from flask_babel import gettext

from quizapp.content.importer import DOCUMENTS, MARKDOWN, TEXT, File, references
from quizapp.errors import Invalid
from quizapp.formats.decoding import repaired_bytes
from quizapp.formats.images import image_of

MEGABYTE = 2**20
MOST_FILES = 50
MOST_BYTES = 25 * MEGABYTE  # of a file
MOST_TOTAL = 100 * MEGABYTE
# What is read at once, while the page waits; more becomes a job.
SMALL_FILES = 10
SMALL_BYTES = MEGABYTE

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp"})

LONGEST_NAME = 200  # characters; the end counts, it has the ending
# Controls, marks without width, changes of direction, halves of characters.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True)
class Brought:
    """A file as it was brought; `position` is its place among the others, from 1."""

    position: int
    name: str
    data: bytes

    @property
    def is_picture(self) -> bool:
        """Whether it is there for other files to show."""
        return image_of(self.data) is not None


def bring(named: Sequence[tuple[str, bytes]]) -> list[Brought]:
    """The files under names that can be shown. Raises Invalid for none, too many or too large."""
    if not named:
        raise Invalid(gettext("Choose at least one file, or paste a text."))
    if len(named) > MOST_FILES:
        raise Invalid(
            gettext(
                "%(n)s files are too many at once: at most %(most)s. Send them in parts.",
                n=len(named),
                most=MOST_FILES,
            )
        )
    found = [
        Brought(position, clean_name(name), data)
        for position, (name, data) in enumerate(named, start=1)
    ]
    for file in found:
        if len(file.data) > MOST_BYTES:
            raise Invalid(
                gettext(
                    "%(name)s is larger than %(most)s MB. Split it.",
                    name=file.name,
                    most=MOST_BYTES // MEGABYTE,
                )
            )
    return found


def clean_name(name: str) -> str:
    """A file's name, with its folders, as it can be shown and stored anywhere."""
    parts = [" ".join(_HIDDEN.sub("", part).split()) for part in re.split(r"[/\\]", name)]
    kept = "/".join(part for part in parts if part not in ("", ".", ".."))
    return kept[-LONGEST_NAME:].lstrip("/") or "documento"


def is_welcome(name: str) -> bool:
    """Whether a file of a folder is brought with it: hidden ones and other programs' are not."""
    path = PurePosixPath(name.replace("\\", "/"))
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and path.suffix.lower() in TEXT | DOCUMENTS | MARKDOWN | PICTURES


def repaired(file: Brought) -> Brought:
    """The file with the accents mended that were read as another encoding once too often."""
    return replace(file, data=repaired_bytes(file.data))


def is_small(files: Sequence[Brought]) -> bool:
    """Whether the files can be read while the page waits."""
    return len(files) <= SMALL_FILES and sum(len(file.data) for file in files) <= SMALL_BYTES


def to_import(files: Sequence[Brought]) -> list[File]:
    """The files to import; those of Markdown have the pictures that they refer to beside them."""
    images = {file.name: file.data for file in files if file.is_picture}
    return [
        File(file.name, str(file.position), file.data, _beside(file, images))
        for file in files
        if not file.is_picture
    ]


def used_pictures(files: Sequence[Brought]) -> set[str]:
    """The names of the pictures that some file refers to."""
    images = {file.name: file.data for file in files if file.is_picture}
    return {
        found
        for file in files
        if _is_markdown(file.name)
        for reference in references(file.data)
        if (found := _picture(file.name, unquote(reference), images))
    }


def _beside(file: Brought, images: Mapping[str, bytes]) -> dict[str, bytes]:
    if not images or not _is_markdown(file.name):
        return {}
    found = {}
    for reference in references(file.data):
        name = _picture(file.name, unquote(reference), images)
        if name:
            found[reference] = found[unquote(reference)] = images[name]
    return found


def _picture(file_name: str, reference: str, images: Mapping[str, bytes]) -> str | None:
    """The picture that a file means: by the path from it, or, where folders did not come along,
    by its bare name if only one has it."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file_name), reference))
    if path in images:
        return path
    bare = [name for name in images if posixpath.basename(name) == posixpath.basename(path)]
    return bare[0] if len(bare) == 1 else None


def _is_markdown(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in MARKDOWN
