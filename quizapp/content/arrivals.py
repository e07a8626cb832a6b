"""How a document's new state came: as a file, or by an edit on a page."""

from dataclasses import dataclass
from datetime import datetime

from quizapp.content.models import Bank, Procedure


@dataclass(frozen=True)
class Arrival:
    """Who brought a new state, when and why; of a file its place and the hash of its bytes."""

    by: str
    now: datetime
    origin: str = "file"
    path: str = ""
    file_hash: str | None = None
    reason: str = ""


def place(row: Bank | Procedure, arrival: Arrival) -> None:
    """Note on a bank or procedure where its file stands and what it holds."""
    if arrival.origin != "file":
        return
    if arrival.path and row.path != arrival.path:
        row.path = arrival.path
    if arrival.file_hash and row.file_hash != arrival.file_hash:
        row.file_hash = arrival.file_hash
