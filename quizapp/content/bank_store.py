"""Storing a bank's new state, item by item; new items in a few statements for all."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from quizapp.content import banks, items, keys, search
from quizapp.content.arrivals import Arrival, place
from quizapp.content.citations import REFERENCE
from quizapp.content.matching import free_uid, match
from quizapp.content.models import (
    Bank,
    BankEntry,
    BankRevision,
    Item,
    ItemKey,
    ItemRevision,
    ItemSource,
)
from quizapp.evidence import chain
from quizapp.formats import model
from quizapp.formats.writer import write_markdown

# Formats whose own text is kept as it was written; of others the native text is kept.
TEXTS = frozenset({"native", "numbered", "lettered", "task-list"})


# Plain tables: the ORM's own way of inserting many rows costs more than the rows.
_SOURCES, _KEYS, _ENTRIES = (
    cast(Table, model_.__table__) for model_ in (ItemSource, ItemKey, BankEntry)
)


@dataclass
class Stored:
    """What storing a bank did: added, updated or unchanged, and what a person should know."""

    status: str
    problems: list[model.Problem] = field(default_factory=list)


def store(session: Session, document: model.Bank, arrival: Arrival) -> Stored:
    """Make this the bank's newest revision."""
    bank = session.execute(select(Bank).where(Bank.slug == document.id)).scalar_one_or_none()
    stored = Stored("added" if bank is None else "updated")
    before: list[banks.Place] = []
    number = 1
    if bank is None:
        bank = Bank(slug=document.id, path=arrival.path)
        session.add(bank)
        session.flush()
    else:
        before = banks.places(session, bank)
        number = banks.current(session, bank).number + 1
    known = {
        item.uid: item
        for item in session.execute(select(Item).where(Item.bank_id == bank.id)).scalars()
    }
    matched = match(document.items, before, known)
    document = _with_ids(document, matched, known)
    digest = hashlib.sha256(document.source.encode()).hexdigest()
    if number > 1:
        latest = banks.current(session, bank)
        if latest.source_hash == digest and bank.retired_at is None:
            place(bank, arrival)
            return Stored("unchanged")
    place(bank, arrival)
    bank.retired_at = None
    unknown = [d for d, m in zip(document.items, matched, strict=True) if m is None]
    new = iter(_add_items(session, bank, unknown, arrival))
    entries: list[dict[str, Any]] = []
    for source, item in zip(document.items, matched, strict=True):
        id_ = next(new) if item is None else _store_item(session, item, source, stored, arrival).id
        entries.append({"item_revision_id": id_, "label": source.number, "line": source.line})
    placed = {item.id for item in matched if item is not None}
    for kept in before:
        if kept.item.id not in placed and kept.item.retired_at is None:
            entries.append({"item_revision_id": kept.revision.id, "label": "", "line": 0})
            args: dict[str, str | int] = {"item": kept.item.uid}
            stored.problems.append(model.Problem(1, 1, "info", "item-kept", args))
    _add_revision(session, bank, document, number, digest, entries, arrival)
    return stored


def _with_ids(
    document: model.Bank, matched: Sequence[Item | None], known: dict[str, Item]
) -> model.Bank:
    """The bank with the ids that its items have here; foreign formats get their native text."""
    taken = set(known)
    found = []
    for source, item in zip(document.items, matched, strict=True):
        uid = item.uid if item else free_uid(source.id, taken)
        taken.add(uid)
        found.append(source if source.id == uid else replace(source, id=uid))
    if tuple(found) == document.items:
        return document
    document = replace(document, items=tuple(found))
    if document.format in TEXTS:
        return document
    return replace(document, source=write_markdown(document))


def _add_items(
    session: Session, bank: Bank, sources: Sequence[model.Item], arrival: Arrival
) -> list[int]:
    """Add new items with revision, citations, index and key; returns the revisions' ids."""
    if not sources:
        return []
    ids = _inserted(session, Item, [{"bank_id": bank.id, "uid": s.id} for s in sources])
    rows = [
        _revision(source, arrival) | {"item_id": id_, "number": 1}
        for source, id_ in zip(sources, ids, strict=True)
    ]
    revision_ids = _inserted(session, ItemRevision, rows)
    cited = [
        citation
        for source, id_ in zip(sources, revision_ids, strict=True)
        for citation in _citations(source, id_)
    ]
    if cited:
        session.execute(_SOURCES.insert(), cited)
    search.add_items(
        session, [(id_, row["stem"], row["content"]) for id_, row in zip(ids, rows, strict=True)]
    )
    given = [
        {
            "item_id": id_,
            "item_revision_id": revision_id,
            "version": 1,
            "state": state,
            "value": value,
            "origin": "file" if arrival.is_file else "page",
            "at": arrival.now,
            "by": arrival.by,
        }
        for source, id_, revision_id in zip(sources, ids, revision_ids, strict=True)
        for state, value in [items.key_state_of(source)]
        if value is not None
    ]
    if given:
        session.execute(_KEYS.insert(), given)
        values = [[row["item_id"], row["state"], row["value"]] for row in given]
        digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
        chain.append(
            session,
            "keys.came",
            by=arrival.by,
            about=bank.slug,
            at=arrival.now,
            data={"keys": len(given), "sha256": digest},
        )
    return revision_ids


def _inserted(session: Session, model_: Any, rows: list[dict[str, Any]]) -> list[int]:
    statement = insert(model_).returning(model_.id, sort_by_parameter_order=True)
    return list(session.execute(statement, rows).scalars())


def _revision(source: model.Item, arrival: Arrival) -> dict[str, Any]:
    """An item revision's columns, save the item and number."""
    return {
        "kind": source.kind,
        "use": source.use,
        "difficulty": source.difficulty,
        "competencies": list(source.competencies),
        "tags": list(source.tags),
        "stem": source.stem,
        "content": items.content_of(source),
        "remarks": items.remarks_of(source),
        "asked_hash": items.asked_hash(source),
        "whole_hash": items.whole_hash(source),
        "name": source.name,
        "category": source.category,
        "accepted": list(source.accepted),
        "created_at": arrival.now,
        "created_by": arrival.by,
    }


def _citations(source: model.Item, revision_id: int) -> list[dict[str, Any]]:
    return [
        {
            "item_revision_id": revision_id,
            "position": position,
            "procedure_slug": found["slug"],
            "anchor": found["anchor"] or "",
            "step": found["step"],
        }
        for position, reference in enumerate(source.sources)
        if (found := REFERENCE.fullmatch(reference))
    ]


def _store_item(
    session: Session, item: Item, source: model.Item, stored: Stored, arrival: Arrival
) -> ItemRevision:
    """Bring an item that is there already to its new state."""
    item.retired_at = None
    latest = session.execute(
        select(ItemRevision)
        .where(ItemRevision.item_id == item.id)
        .order_by(ItemRevision.number.desc())
        .limit(1)
    ).scalar_one()
    state, value = items.key_state_of(source)
    if latest.whole_hash == items.whole_hash(source):
        outcome = keys.from_file(session, latest, state, value, by=arrival.by, now=arrival.now)
        _tell(stored, outcome, item, source)
        return latest
    revision = ItemRevision(
        item_id=item.id, item=item, number=latest.number + 1, **_revision(source, arrival)
    )
    session.add(revision)
    session.flush()
    if cited := _citations(source, revision.id):
        session.execute(_SOURCES.insert(), cited)
    search.index_item(session, revision)
    outcome = keys.onto_revision(
        session,
        latest,
        revision,
        state,
        value,
        by=arrival.by,
        now=arrival.now,
        spelling=arrival.spelling,
    )
    _tell(stored, outcome, item, source)
    return revision


def _tell(stored: Stored, outcome: keys.Outcome, item: Item, source: model.Item) -> None:
    code = {"proposed": "key-change-proposed", "unconfirmed": "key-to-confirm"}.get(outcome)
    if code:
        stored.problems.append(model.Problem(source.line, 1, "warning", code, {"item": item.uid}))


def _add_revision(
    session: Session,
    bank: Bank,
    document: model.Bank,
    number: int,
    digest: str,
    entries: list[dict[str, Any]],
    arrival: Arrival,
) -> None:
    revision = BankRevision(
        bank_id=bank.id,
        number=number,
        title=document.title,
        language=document.language,
        format=document.format,
        cut_score=document.cut_score,
        source=document.source,
        source_hash=digest,
        imported_at=arrival.now,
        imported_by=arrival.by,
        origin=arrival.origin,
        reason=arrival.reason,
        lint=dict(document.lint),
    )
    session.add(revision)
    session.flush()
    if entries:
        session.execute(
            _ENTRIES.insert(),
            [
                {"bank_revision_id": revision.id, "position": position, **entry}
                for position, entry in enumerate(entries, start=1)
            ],
        )
    bank.current_revision_id = revision.id
    session.flush()
    chain.append(
        session,
        "bank.imported" if arrival.is_file else "bank.edited",
        by=arrival.by,
        about=bank.slug,
        at=arrival.now,
        data={"revision": number, "source": digest, "items": len(entries)}
        | ({"reason": arrival.reason} if arrival.reason else {}),
    )
