"""Files that somebody brought are read in a child process: five seconds and 256 MB each."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quizapp.content.resizing import unshowable
from quizapp.content.showing import Shown, shown
from quizapp.formats.model import Document, Image, Problem, Unreadable
from quizapp.formats.reader import read
from quizapp.sandbox import Child, TooLong, TooMuch

SECONDS = 5.0
MEGABYTES = 256

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Given:
    """A file to read: its name, its bytes, the pictures that it refers to."""

    name: str
    data: bytes
    beside: Mapping[str, bytes]


@dataclass(frozen=True)
class Seen:
    """What a file became, and its items or sections as a preview shows them."""

    document: Document
    shown: list[Shown]


class OutOfTime(Exception):
    """The files took longer than one wanted to wait."""


class _Time:
    """What is left of the time for all files, where that is limited."""

    def __init__(self, seconds: float | None) -> None:
        self._until = None if seconds is None else time.monotonic() + seconds

    def call(self, child: Child, *args: Any) -> Any:
        """The child's answer. Raises TooLong only for what had its full time, else OutOfTime."""
        left = SECONDS if self._until is None else min(SECONDS, self._until - time.monotonic())
        if left <= 0:
            raise OutOfTime
        try:
            return child.call(*args, seconds=left)
        except TooLong as error:
            if left < SECONDS:
                raise OutOfTime from error
            raise


def read_all(
    files: Sequence[Given],
    *,
    progress: Progress = lambda done, total: None,
    patience: float | None = None,
) -> list[Seen]:
    """Read the files, one after the other, and make their pictures ready to be kept.

    `progress` is told how many are read, before the first and after each. Raises OutOfTime when
    they take longer than `patience` seconds, and sandbox.NotStarted.
    """
    limit = _Time(patience)
    found = []
    with (
        Child("quizapp.content.reading:look", megabytes=MEGABYTES) as reader,
        Child("quizapp.content.resizing:ready", megabytes=MEGABYTES) as resizer,
    ):
        progress(0, len(files))
        for file in files:
            found.append(_with_pictures(limit, resizer, _read(limit, reader, file)))
            progress(len(found), len(files))
    return found


def _read(limit: _Time, child: Child, file: Given) -> Seen:
    try:
        seen: Seen = limit.call(child, file.name, file.data, dict(file.beside))
        return seen
    except TooLong:
        return _refused("read-too-long", seconds=int(SECONDS))
    except TooMuch:
        return _refused("read-too-much", megabytes=MEGABYTES)


def _refused(code: str, **args: str | int) -> Seen:
    return Seen(Unreadable((Problem(1, 1, "error", code, args),)), [])


def _with_pictures(limit: _Time, child: Child, seen: Seen) -> Seen:
    document = seen.document
    if isinstance(document, Unreadable) or not document.images:
        return seen
    images = tuple(_ready(limit, child, image) for image in document.images)
    return Seen(replace(document, images=images), seen.shown)


def _ready(limit: _Time, child: Child, image: Image) -> Image:
    """The picture as it is kept; one that takes too much cannot be shown."""
    try:
        made: Image = limit.call(child, image)
        return made
    except (TooLong, TooMuch):
        return unshowable(image)


def look(name: str, data: bytes, beside: Mapping[str, bytes]) -> Seen:
    """What a file holds. Its items are made into HTML here, because that may take long, too."""
    document = read(name, data, beside)
    return Seen(document, shown(document))


def in_turn(documents: Iterable[Document]) -> Callable[[str, bytes, Mapping[str, bytes]], Document]:
    """A reader for importer.import_files that gives documents which were read before."""
    left = iter(documents)
    return lambda name, data, beside: next(left)
