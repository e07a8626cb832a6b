"""Keys as versions: carried, changed, proposed, confirmed. Every change adds a row.

A key that somebody was scored by is not replaced here: the change is kept as proposed,
for the regrade that decides it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.content.items import choice_key
from quizapp.content.models import Item, ItemKey, ItemRevision
from quizapp.errors import Invalid
from quizapp.evidence import chain
from quizapp.items.kinds import CHOICE

Value = dict[str, Any]
Outcome = Literal["same", "confirmed", "unconfirmed", "proposed"]

# Filled by create_app: does an attempt rest on this item? (attempts live above content)
in_use: list[Callable[[Session, int], bool]] = []


@dataclass(frozen=True)
class KeyStatus:
    """Where an item's newest revision stands: its confirmed key, and what waits for a word."""

    confirmed: Value | None = None
    waiting: Value | None = None
    waiting_state: str | None = None

    @property
    def state(self) -> str:
        """missing, confirmed, unconfirmed or proposed."""
        return self.waiting_state or ("confirmed" if self.confirmed else "missing")

    @property
    def value(self) -> Value | None:
        """The key to show a trainer: what counts, else what waits to."""
        return self.waiting if self.waiting_state == "unconfirmed" else self.confirmed

    @property
    def proposed(self) -> Value | None:
        """The key that would move scores, until that is decided."""
        return self.waiting if self.waiting_state == "proposed" else None


def statuses(session: Session, revision_ids: Iterable[int]) -> dict[int, KeyStatus]:
    """The key status of each of these item revisions."""
    ids = list(revision_ids)
    found: dict[int, KeyStatus] = dict.fromkeys(ids, KeyStatus())
    rows = session.execute(
        select(ItemKey.item_revision_id, ItemKey.state, ItemKey.value)
        .where(ItemKey.item_revision_id.in_(ids))
        .order_by(ItemKey.version)
    )
    for revision_id, state, value in rows:
        before = found[revision_id]
        found[revision_id] = (
            KeyStatus(confirmed=value)
            if state == "confirmed"
            else KeyStatus(before.confirmed, value, state)
        )
    return found


def is_in_use(session: Session, item: Item) -> bool:
    """Whether somebody has been asked this item."""
    return any(asks(session, item.id) for asks in in_use)


def from_file(
    session: Session, revision: ItemRevision, value: Value | None, *, by: str, now: datetime
) -> Outcome:
    """What a file's key does to an item whose text it did not change."""
    if value is None:
        return "same"
    status = statuses(session, [revision.id])[revision.id]
    if value in (status.confirmed, status.waiting):
        return "same"
    state: Outcome = "confirmed"
    if status.waiting_state == "unconfirmed":
        state = "unconfirmed"
    elif is_in_use(session, revision.item):
        state = "proposed"
    _add(session, revision, state, value, "file", by, now)
    return state


def onto_revision(
    session: Session,
    before: ItemRevision,
    after: ItemRevision,
    value: Value | None,
    *,
    by: str,
    now: datetime,
) -> Outcome:
    """Bring a key onto an item's new revision; `value` is the file's key, if it has one.

    The same question keeps its key. A changed stem or option asks for it to be confirmed.
    """
    status = statuses(session, [before.id])[before.id]
    if before.asked_hash == after.asked_hash:
        if status.confirmed:
            _add(session, after, "confirmed", status.confirmed, "carried", by, now)
        if status.waiting and status.waiting_state:
            _add(session, after, status.waiting_state, status.waiting, "carried", by, now)
        return from_file(session, after, value, by=by, now=now)
    if status.value is None:
        if value is not None:
            _add(session, after, "confirmed", value, "file", by, now)
            return "confirmed"
        return "same"
    carried = value if value is not None else _still_fitting(before, after, status.value)
    if carried is None:
        return "same"
    _add(
        session,
        after,
        "unconfirmed",
        carried,
        "file" if value is not None else "carried",
        by,
        now,
    )
    return "unconfirmed"


def _still_fitting(before: ItemRevision, after: ItemRevision, value: Value) -> Value | None:
    alike = before.kind in CHOICE and after.kind in CHOICE
    same_count = len(before.content["options"]) == len(after.content["options"])
    return value if alike and same_count else None


def first(
    session: Session, revision: ItemRevision, value: Value, origin: str, *, by: str, now: datetime
) -> None:
    """Give a new item the key that came with it."""
    _add(session, revision, "confirmed", value, origin, by, now)


def give(
    session: Session,
    revision: ItemRevision,
    selected: tuple[int, ...],
    origin: str,
    *,
    by: str,
    now: datetime,
) -> Outcome:
    """Key a choice item by the options that are right, in source order.

    Confirms a key that waited. Proposes, and applies nothing, where somebody was already
    asked the item and the key differs. Raises Invalid where the kind takes no such key.
    """
    if revision.kind not in CHOICE:
        raise Invalid(gettext("Only choice items are keyed by their options."))
    count = len(revision.content["options"])
    if not selected or not set(selected) <= set(range(count)):
        raise Invalid(gettext("Choose the correct option."))
    if revision.kind == "true_false" and len(selected) > 1:
        raise Invalid(gettext("A true or false item has one correct option."))
    value = choice_key(count, selected)
    status = statuses(session, [revision.id])[revision.id]
    if value == status.confirmed and status.waiting is None:
        return "same"
    # A key that waits on a changed text has not been used on it yet: it can be settled here.
    fresh = status.confirmed is None
    changes_scores = not fresh and value != status.confirmed and is_in_use(session, revision.item)
    if changes_scores:
        if value == status.waiting:
            return "same"
        _add(session, revision, "proposed", value, origin, by, now)
        return "proposed"
    _add(session, revision, "confirmed", value, origin, by, now)
    return "confirmed"


def confirm(session: Session, revision: ItemRevision, *, by: str, now: datetime) -> None:
    """Confirm the key that was carried over a changed item. Raises Invalid if none waits."""
    status = statuses(session, [revision.id])[revision.id]
    if status.waiting is None or status.waiting_state != "unconfirmed":
        raise Invalid(gettext("No key waits for confirmation here."))
    _add(session, revision, "confirmed", status.waiting, "page", by, now)


def _add(
    session: Session,
    revision: ItemRevision,
    state: str,
    value: Value,
    origin: str,
    by: str,
    now: datetime,
) -> None:
    version = session.execute(
        select(func.coalesce(func.max(ItemKey.version), 0)).where(
            ItemKey.item_id == revision.item_id
        )
    ).scalar_one()
    session.add(
        ItemKey(
            item_id=revision.item_id,
            item_revision_id=revision.id,
            version=version + 1,
            state=state,
            value=value,
            origin=origin,
            at=now,
            by=by,
        )
    )
    session.flush()
    chain.append(
        session,
        f"key.{state}",
        by=by,
        about=f"{revision.item.bank.slug}#{revision.item.uid}",
        at=now,
        data={"revision": revision.number, "version": version + 1, "value": value},
    )
