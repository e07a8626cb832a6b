"""The file of a backup: a zip with its manifest, sealed by a checksum over every byte of it.

Any zip tool opens it. The seal stands at its very end, as the zip's comment, and shows damage
by accident; it is no signature: whoever can write the file can seal it anew.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from flask_babel import gettext

from quizapp.backups.facts import Facts
from quizapp.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
MEMBERS = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
MARK = b"quizapp backup sha256:"
SEAL = len(MARK) + 64
LONGEST_MANIFEST = 2**20
CHUNK = 2**20
# What reading a zip, and a manifest that is not as it should be, may raise.
UNSOUND = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)

# What is being done, how much of it, of how much.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; `version` is quizapp's, `tool` what wrote the member."""

    at: datetime
    version: str
    kind: str
    tool: str
    facts: Facts
    size: int
    sha256: str

    @property
    def member(self) -> str:
        """The name of the database within the zip."""
        return MEMBERS[self.kind]


def pack(path: Path, database: Path, manifest: Manifest, progress: Progress) -> None:
    """Write the sealed file, for its owner's eyes only, and see that it is on the disk."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w+b") as file:
        # PostgreSQL's dump is compressed already.
        method = zipfile.ZIP_DEFLATED if manifest.kind == "sqlite" else zipfile.ZIP_STORED
        with zipfile.ZipFile(file, "w", method, compresslevel=6) as archive:
            archive.comment = MARK + b"0" * 64
            archive.writestr(MANIFEST, _text_of(manifest))
            with archive.open(manifest.member, "w", force_zip64=True) as inner:
                done = 0
                for chunk in chunks(database):
                    inner.write(chunk)
                    done += len(chunk)
                    progress(gettext("Packing"), done, manifest.size)
        digest = _digest(file, file.seek(0, os.SEEK_END) - 64)
        file.seek(-64, os.SEEK_END)
        file.write(digest.encode())
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Manifest:
    """The manifest, once every byte of the file was checked against the seal.

    Raises Refused for what is no backup, is damaged or cut off, or is of a later format.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - SEAL))
            tail = file.read()
            if not tail.startswith(MARK):
                raise Refused(
                    gettext("%(path)s is no backup made by quizapp, or it is cut off.", path=path)
                )
            if _digest(file, size - 64) != tail[len(MARK) :].decode("ascii", "replace"):
                raise _damaged(path, gettext("its checksum does not match"))
            return _manifest(path, file)
    except OSError as error:
        raise Refused(
            gettext("%(path)s cannot be read: %(reason)s.", path=path, reason=error.strerror)
        ) from error
    except UNSOUND as error:
        raise _damaged(path, gettext("its contents cannot be read")) from error


def unpack(path: Path, manifest: Manifest, target: Path, progress: Progress) -> None:
    """Write the database within to `target`. Raises Refused unless it is what the manifest says."""
    digest, done = hashlib.sha256(), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with (
            open(handle, "wb") as out,
            zipfile.ZipFile(path) as archive,
            archive.open(manifest.member) as inner,
        ):
            # No header is believed: what unpacks to more than it says is stopped there.
            while done <= manifest.size and (chunk := inner.read(CHUNK)):
                done += len(chunk)
                digest.update(chunk)
                out.write(chunk)
                progress(gettext("Unpacking"), min(done, manifest.size), manifest.size)
            out.flush()
            os.fsync(out.fileno())
    except UNSOUND as error:
        raise _damaged(path, gettext("its contents cannot be read")) from error
    if done != manifest.size or digest.hexdigest() != manifest.sha256:
        raise _damaged(path, gettext("the database in it is not the one that was packed"))


def is_ours(path: Path, first: str) -> bool:
    """Whether a file is a backup of the installation whose evidence begins with `first`.

    Reads little of it: enough not to remove what is not ours.
    """
    try:
        with path.open("rb") as file:
            file.seek(-SEAL, os.SEEK_END)
            return file.read(len(MARK)) == MARK and _manifest(path, file).facts.first == first
    except (OSError, Refused, *UNSOUND):
        return False


def chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a megabyte at a time."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def sha256(path: Path) -> str:
    """The checksum of a file, in hex."""
    with path.open("rb") as file:
        return _digest(file, path.stat().st_size)


def _digest(file: IO[bytes], length: int) -> str:
    """SHA-256, in hex, over the first `length` bytes."""
    digest = hashlib.sha256()
    file.seek(0)
    while length > 0 and (chunk := file.read(min(CHUNK, length))):
        digest.update(chunk)
        length -= len(chunk)
    return digest.hexdigest()


def _text_of(manifest: Manifest) -> str:
    facts = asdict(manifest.facts)
    value = {
        "format": FORMAT,
        "quizapp": manifest.version,
        "at": manifest.at.isoformat(),
        "kind": manifest.kind,
        "tool": manifest.tool,
        "revision": facts["revision"],
        "evidence": {key: facts[key] for key in ("first", "seq", "head")},
        "counts": facts["counts"],
        "members": {manifest.member: {"size": manifest.size, "sha256": manifest.sha256}},
    }
    return json.dumps(value, indent=2) + "\n"


def _manifest(path: Path, file: IO[bytes]) -> Manifest:
    """Raises ValueError, KeyError or TypeError for a manifest that does not hold together."""
    with zipfile.ZipFile(file) as archive:
        if archive.getinfo(MANIFEST).file_size > LONGEST_MANIFEST:
            raise ValueError("the manifest is too long")
        with archive.open(MANIFEST) as inner:
            value: Any = json.loads(inner.read(LONGEST_MANIFEST))
        if value["format"] != FORMAT:
            raise Refused(
                gettext(
                    "%(path)s was made by quizapp %(version)s, in a form that this version does "
                    "not know. Install that version or a newer one.",
                    path=path,
                    version=value["quizapp"],
                )
            )
        name = MEMBERS[value["kind"]]
        if sorted(archive.namelist()) != sorted([MANIFEST, name]):
            raise ValueError("it holds other files than a backup does")
        (told,) = (value["members"][key] for key in value["members"] if key == name)
        if archive.getinfo(name).file_size != told["size"]:
            raise ValueError("sizes differ")
    evidence = value["evidence"]
    return Manifest(
        at=datetime.fromisoformat(value["at"]),
        version=str(value["quizapp"]),
        kind=value["kind"],
        tool=str(value["tool"]),
        facts=Facts(
            revision=str(value["revision"]),
            counts={str(table): int(count) for table, count in value["counts"].items()},
            first=str(evidence["first"]),
            seq=int(evidence["seq"]),
            head=str(evidence["head"]),
        ),
        size=int(told["size"]),
        sha256=str(told["sha256"]),
    )


def _damaged(path: Path, reason: str) -> Refused:
    return Refused(
        gettext(
            "%(path)s is damaged (%(reason)s). Nothing was changed; take another backup.",
            path=path,
            reason=reason,
        )
    )
