"""How a document's new state came: as a file, from a folder or by page, or by an edit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Row(Protocol):
    """A document as a row, of whatever kind."""

    id: int
    slug: str
    path: str
    file_hash: str | None
    retired_at: datetime | None
    __tablename__: str


@dataclass(frozen=True)
class Arrival:
    """Who brought a new state, when and why; of a file its place and the hash of its bytes.

    `origin` is file (from a folder), upload (a file without a folder here), page (an edit) or
    settled. `spelling` is its word that only the spelling of questions was mended.
    """

    by: str
    now: datetime
    origin: str = "file"
    path: str = ""
    file_hash: str | None = None
    reason: str = ""
    spelling: bool = False

    @property
    def is_file(self) -> bool:
        """Whether a whole file came, wherever from."""
        return self.origin in ("file", "upload")


def place(row: Row, arrival: Arrival) -> None:
    """Note on a document where its file stands and what it holds.

    An upload leaves a folder's file as it was taken: until that changes it says nothing new.
    """
    if not arrival.is_file or (arrival.origin == "upload" and row.path):
        return
    if arrival.path and row.path != arrival.path:
        row.path = arrival.path
    if arrival.file_hash and row.file_hash != arrival.file_hash:
        row.file_hash = arrival.file_hash
