"""Appending to the chain and checking it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from quizapp.db import keep_in_line
from quizapp.evidence.models import EvidenceEntry

GENESIS = "0" * 64
SYSTEM = "system"


@dataclass(frozen=True)
class Fact:
    """What becomes an entry: its kind, whose act, about what, when, and what there is to say."""

    kind: str
    by: str
    about: str
    at: datetime
    data: Mapping[str, Any]


def append(
    session: Session, kind: str, *, by: str, about: str, at: datetime, data: Mapping[str, Any]
) -> str:
    """Add one entry at the end of the chain and return its hash.

    Call it last before the commit: until then no other writer can extend the chain.
    """
    return extend(session, [Fact(kind, by, about, at, data)])


def extend(session: Session, facts: Iterable[Fact]) -> str:
    """Add entries in this order, as `append` does; the hash of the last one."""
    keep_in_line(session)
    seq, previous = head(session)
    rows = []
    for fact in facts:
        seq += 1
        data = json.dumps(fact.data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = digest_of(seq, fact.at, fact.kind, fact.by, fact.about, data, previous)
        rows.append(
            {
                "seq": seq,
                "at": fact.at,
                "kind": fact.kind,
                "by": fact.by,
                "about": fact.about,
                "data": data,
                "previous": previous,
                "hash": digest,
            }
        )
        previous = digest
    if rows:
        session.connection().execute(_ADD, rows)
    return previous


_ADD = insert(EvidenceEntry)


def digest_of(
    seq: int, at: datetime, kind: str, by: str, about: str, data: str, previous: str
) -> str:
    """SHA-256, in hex, over an entry's fields and the hash of the entry before it."""
    fields = json.dumps([seq, at.isoformat(), kind, by, about, data, previous], ensure_ascii=False)
    return hashlib.sha256(fields.encode()).hexdigest()


def first_break(session: Session) -> int | None:
    """The number of the first entry that does not follow from the one before, or None.

    Entries cut off at the end leave no trace in the chain itself: compare `head` with a
    copy kept elsewhere.
    """
    previous, expected = GENESIS, 1
    for entry in session.execute(select(EvidenceEntry).order_by(EvidenceEntry.seq)).scalars():
        digest = digest_of(
            entry.seq, entry.at, entry.kind, entry.by, entry.about, entry.data, previous
        )
        if entry.seq != expected or entry.previous != previous or entry.hash != digest:
            return expected
        previous, expected = entry.hash, expected + 1
    return None


def head(session: Session) -> tuple[int, str]:
    """The number and hash of the last entry; (0, zeros) for an empty chain."""
    row = session.connection().execute(_HEAD).first()
    return (row.seq, row.hash) if row else (0, GENESIS)


_HEAD = text("SELECT seq, hash FROM evidence_entry ORDER BY seq DESC LIMIT 1")
