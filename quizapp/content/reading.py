"""Files that somebody brought are read in a child process: five seconds and 256 MB each."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizapp.content.showing import Shown, shown
from quizapp.formats.model import Document, Problem, Unreadable
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


def read_all(
    files: Sequence[Given],
    *,
    progress: Progress = lambda done, total: None,
    patience: float | None = None,
) -> list[Seen] | None:
    """Read the files, one after the other; None when they take longer than `patience` seconds.

    `progress` is told how many are read, before the first and after each. Raises
    sandbox.NotStarted.
    """
    until = None if patience is None else time.monotonic() + patience
    found = []
    with Child("quizapp.content.reading:look", megabytes=MEGABYTES) as child:
        progress(0, len(files))
        for file in files:
            left = SECONDS if until is None else min(SECONDS, until - time.monotonic())
            seen = _read(child, file, left) if left > 0 else None
            if seen is None:
                return None
            found.append(seen)
            progress(len(found), len(files))
    return found


def _read(child: Child, file: Given, seconds: float) -> Seen | None:
    """What the file became; None where it would have deserved more time than there was."""
    try:
        seen: Seen = child.call(file.name, file.data, dict(file.beside), seconds=seconds)
        return seen
    except TooLong:
        return _refused("read-too-long", seconds=int(SECONDS)) if seconds >= SECONDS else None
    except TooMuch:
        return _refused("read-too-much", megabytes=MEGABYTES)


def _refused(code: str, **args: str | int) -> Seen:
    return Seen(Unreadable((Problem(1, 1, "error", code, args),)), [])


def look(name: str, data: bytes, beside: Mapping[str, bytes]) -> Seen:
    """What a file holds. Its items are made into HTML here, because that may take long, too."""
    document = read(name, data, beside)
    return Seen(document, shown(document))


def in_turn(documents: Iterable[Document]) -> Callable[[str, bytes, Mapping[str, bytes]], Document]:
    """A reader for importer.import_files that gives documents which were read before."""
    left = iter(documents)
    return lambda name, data, beside: next(left)
