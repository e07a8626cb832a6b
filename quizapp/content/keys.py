"""Keys as versions: carried, changed, proposed, confirmed. Every change adds a row.

A key that somebody was scored by is not replaced here: the change is kept as proposed,
for the regrade that decides it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from flask_babel import gettext
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from quizapp.content.items import choice_key
from quizapp.content.models import Item, ItemKey, ItemRevision, KeyAct
from quizapp.errors import Invalid
from quizapp.evidence import chain
from quizapp.items.keys import accepts, alternatives, right_options
from quizapp.items.kinds import CHOICE

Value = dict[str, Any]
Outcome = Literal["same", "confirmed", "unconfirmed", "proposed", "doubtful"]

# Filled by create_app: does an attempt rest on this item? (attempts live above content)
in_use: list[Callable[[Session, int], bool]] = []


@dataclass(frozen=True)
class KeyStatus:
    """Where an item's newest revision stands: its confirmed key, and what waits for a word.

    `key_id` is the version that its publication belongs to.
    """

    confirmed: Value | None = None
    waiting: Value | None = None
    waiting_state: str | None = None
    key_id: int | None = None

    @property
    def state(self) -> str:
        """missing, confirmed, unconfirmed, proposed or doubtful."""
        return self.waiting_state or ("confirmed" if self.confirmed else "missing")

    @property
    def value(self) -> Value | None:
        """The key to show a trainer: what counts, else what waits to."""
        return self.waiting if self.waiting_state == "unconfirmed" else self.confirmed

    @property
    def right(self) -> frozenset[int]:
        """The options of a choice item that this key has right."""
        return right_options(self.value or {})

    @property
    def several(self) -> bool:
        """Whether several keys are accepted, each by itself."""
        return len(alternatives(self.value or {})) > 1

    @property
    def proposed(self) -> Value | None:
        """The key that would move scores, until that is decided."""
        return self.waiting if self.waiting_state == "proposed" else None

    @property
    def proposed_right(self) -> frozenset[int]:
        """The options that the proposed key has right."""
        return right_options(self.proposed or {})

    @property
    def hints(self) -> list[int]:
        """The options that a doubtful key points at."""
        doubtful = self.waiting_state == "doubtful" and self.waiting
        return list(self.waiting["hints"]) if doubtful and self.waiting else []


def statuses(session: Session, revision_ids: Iterable[int]) -> dict[int, KeyStatus]:
    """The key status of each of these item revisions."""
    ids = list(revision_ids)
    found: dict[int, KeyStatus] = dict.fromkeys(ids, KeyStatus())
    rows = session.execute(
        select(ItemKey.item_revision_id, ItemKey.state, ItemKey.value, publication_id())
        .where(ItemKey.item_revision_id.in_(ids))
        .order_by(ItemKey.version)
    )
    for revision_id, state, value, key_id in rows:
        before = found[revision_id]
        found[revision_id] = (
            KeyStatus(confirmed=value, key_id=key_id)
            if state == "confirmed"
            else KeyStatus(before.confirmed, value, state, before.key_id)
        )
    return found


def publication_id() -> Any:
    """The SQL of the key version that holds a key's acts: a carried one repeats another."""
    return func.coalesce(ItemKey.root_id, ItemKey.id)


def is_in_use(session: Session, item: Item) -> bool:
    """Whether somebody has been asked this item."""
    return any(asks(session, item.id) for asks in in_use)


def from_file(
    session: Session,
    revision: ItemRevision,
    said: str,
    value: Value | None,
    *,
    by: str,
    now: datetime,
) -> Outcome:
    """What a file's key does to an item whose text it did not change.

    `said` is confirmed, or doubtful: doubt adds nothing where a person has decided. Where several
    keys are accepted a file holds one of them, so that one is no change.
    """
    if value is None:
        return "same"
    status = statuses(session, [revision.id])[revision.id]
    if any(known and accepts(known, value) for known in (status.confirmed, status.waiting)):
        return "same"
    if said == "doubtful":
        if status.confirmed or status.waiting_state not in (None, "doubtful"):
            return "same"
        _add(session, revision, "doubtful", value, "file", by, now)
        return "doubtful"
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
    said: str,
    value: Value | None,
    *,
    by: str,
    now: datetime,
    spelling: bool = False,
) -> Outcome:
    """Bring a key onto an item's new revision; `value` is the file's key, if it has one.

    The same question keeps its key. A changed stem or option asks for it to be confirmed,
    unless somebody says that only its `spelling` changed and the options stand as they stood.
    """
    status = statuses(session, [before.id])[before.id]
    if before.asked_hash == after.asked_hash:
        if status.confirmed:
            _add(session, after, "confirmed", status.confirmed, "carried", by, now, status.key_id)
        if status.waiting and status.waiting_state:
            _add(session, after, status.waiting_state, status.waiting, "carried", by, now)
        return from_file(session, after, said, value, by=by, now=now)
    if status.value is None:
        if value is not None:
            state: Outcome = "doubtful" if said == "doubtful" else "confirmed"
            _add(session, after, state, value, "file", by, now)
            return state
        return "same"
    if spelling and status.confirmed and _only_spelled(before, after):
        return _keep(session, before, after, status, said, value, by=by, now=now)
    given = value if said == "confirmed" else None
    if given is not None and accepts(status.value, given):
        given = status.value
    carried = given if given is not None else _still_fitting(before, after, status.value)
    if carried is None:
        return "same"
    # The same key on a mended text stays published once it is confirmed.
    root = status.key_id if carried == status.value else None
    origin = "file" if given is not None else "carried"
    _add(session, after, "unconfirmed", carried, origin, by, now, root)
    return "unconfirmed"


def _keep(
    session: Session,
    before: ItemRevision,
    after: ItemRevision,
    status: KeyStatus,
    said: str,
    value: Value | None,
    *,
    by: str,
    now: datetime,
) -> Outcome:
    """Let a mended text keep its key, and what was proposed; the evidence says by whose word."""
    key = dict(status.confirmed or {})
    row = _row(session, after, "confirmed", key, "spelling", by, now, status.key_id)
    chain.append(
        session,
        "key.kept",
        by=by,
        about=f"{after.item.bank.slug}#{after.item.uid}",
        at=now,
        data={
            "only": "spelling",
            "before": before.number,
            "revision": after.number,
            "version": row.version,
            "value": key,
        },
    )
    if status.proposed is not None:
        _add(session, after, "proposed", status.proposed, "carried", by, now)
    return from_file(session, after, said, value, by=by, now=now)


def _only_spelled(before: ItemRevision, after: ItemRevision) -> bool:
    """Whether what there is to choose from is the same: as many, and none at another place."""
    if before.kind != after.kind and {before.kind, after.kind} != {"single", "multiple"}:
        return False
    for side in ("options", "rights"):
        old, new = (
            [" ".join(one["text"].split()) for one in revision.content.get(side, ())]
            for revision in (before, after)
        )
        if len(old) != len(new):
            return False
        if any(text in old and old[place] != text for place, text in enumerate(new)):
            return False
    return True


def _still_fitting(before: ItemRevision, after: ItemRevision, value: Value) -> Value | None:
    alike = before.kind in CHOICE and after.kind in CHOICE
    same_count = len(before.content["options"]) == len(after.content["options"])
    return value if alike and same_count else None


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
    if status.several and status.right == set(selected):
        # Several keys are accepted, and the page was left as it showed them.
        value = dict(status.value or {})
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
    root = None
    if value == status.confirmed:
        root = status.key_id
    elif fresh and value == status.waiting:
        root = _root_of_waiting(session, revision)
    _add(session, revision, "confirmed", value, origin, by, now, root)
    return "confirmed"


def confirm(session: Session, revision: ItemRevision, *, by: str, now: datetime) -> None:
    """Confirm the key that was carried over a changed item. Raises Invalid if none waits."""
    status = statuses(session, [revision.id])[revision.id]
    if status.waiting is None or status.waiting_state != "unconfirmed":
        raise Invalid(gettext("No key waits for confirmation here."))
    root = _root_of_waiting(session, revision)
    _add(session, revision, "confirmed", status.waiting, "page", by, now, root)


def settle(
    session: Session, revision: ItemRevision, value: Value, *, by: str, now: datetime
) -> int:
    """Add the key that was decided for a revision whose key somebody was scored by; its id.

    It counts as published as the one before it does, and settles what was proposed. A key that
    waits to be confirmed on it changes likewise, and goes on waiting. The evidence is the
    decision's.
    """
    status = statuses(session, [revision.id])[revision.id]
    state, root = "confirmed", status.key_id
    if status.confirmed is None:
        state, root = "unconfirmed", _root_of_waiting(session, revision)
    return _row(session, revision, state, value, "decision", by, now, root).id


def _root_of_waiting(session: Session, revision: ItemRevision) -> int | None:
    return session.execute(
        select(ItemKey.root_id)
        .where(ItemKey.item_revision_id == revision.id, ItemKey.state == "unconfirmed")
        .order_by(ItemKey.version.desc())
        .limit(1)
    ).scalar_one_or_none()


def _add(
    session: Session,
    revision: ItemRevision,
    state: str,
    value: Value,
    origin: str,
    by: str,
    now: datetime,
    root: int | None = None,
) -> None:
    """Add a version and its evidence."""
    row = _row(session, revision, state, value, origin, by, now, root)
    chain.append(
        session,
        f"key.{state}",
        by=by,
        about=f"{revision.item.bank.slug}#{revision.item.uid}",
        at=now,
        data={"revision": revision.number, "version": row.version, "value": value},
    )


def _row(
    session: Session,
    revision: ItemRevision,
    state: str,
    value: Value,
    origin: str,
    by: str,
    now: datetime,
    root: int | None,
) -> ItemKey:
    version = session.execute(
        select(func.coalesce(func.max(ItemKey.version), 0)).where(
            ItemKey.item_id == revision.item_id
        )
    ).scalar_one()
    row = ItemKey(
        item_id=revision.item_id,
        item_revision_id=revision.id,
        version=version + 1,
        state=state,
        value=value,
        origin=origin,
        at=now,
        by=by,
        root_id=root,
    )
    session.add(row)
    session.flush()
    return row


# Publishing: an act with a name and a time. Only a published key is asked with.


@dataclass(frozen=True)
class Publication:
    """What was done about a key version; without `published_at` it is not in use."""

    submitted_by: str | None = None
    submitted_at: datetime | None = None
    published_by: str | None = None
    published_at: datetime | None = None
    review_days: int = 0
    confirmed_at: datetime | None = None


def publications(session: Session, key_ids: Iterable[int]) -> dict[int, Publication]:
    """The acts about these key versions (`KeyStatus.key_id`); later ones speak."""
    found: dict[int, dict[str, Any]] = {key_id: {} for key_id in key_ids}
    rows = session.execute(
        select(KeyAct).where(KeyAct.item_key_id.in_(list(found))).order_by(KeyAct.id)
    ).scalars()
    for row in rows:
        facts = found[row.item_key_id]
        facts[f"{row.act}_at"] = row.at
        if row.act != "confirmed":
            facts[f"{row.act}_by"] = row.by
            facts["review_days"] = row.review_days
    return {key_id: Publication(**facts) for key_id, facts in found.items()}


def publish(
    session: Session,
    slug: str,
    revision_ids: Sequence[int],
    *,
    by: str,
    now: datetime,
    review_days: int = 0,
    second: bool = False,
) -> int:
    """Publish the confirmed keys of these item revisions that are not yet; returns how many.

    Where a `second` trainer is required, the first one's act is kept as submitted and
    another person's publishes; a person who gave a key cannot second it either.
    """
    status = statuses(session, revision_ids)
    ids = [s.key_id for s in status.values() if s.key_id is not None and s.confirmed]
    acts = publications(session, ids)
    rows = session.execute(select(ItemKey.id, ItemKey.by).where(ItemKey.id.in_(ids)))
    givers: dict[int, str] = dict(iter(rows))
    done = []
    for key_id in ids:
        act = acts[key_id]
        if act.published_at:
            continue
        seconded = act.submitted_by not in (None, by) and givers.get(key_id) != by
        if second and not seconded:
            if act.submitted_by is None:
                done.append((key_id, "submitted"))
            continue
        done.append((key_id, "published"))
    if not done:
        return 0
    session.execute(
        insert(KeyAct),
        [
            {"item_key_id": key_id, "act": act, "review_days": review_days, "at": now, "by": by}
            for key_id, act in done
        ],
    )
    chain.append(
        session,
        "keys.published",
        by=by,
        about=slug,
        at=now,
        data={
            "review_days": review_days,
            "submitted": [key_id for key_id, act in done if act == "submitted"],
            "published": [key_id for key_id, act in done if act == "published"],
        },
    )
    return sum(act == "published" for _, act in done)


def close_review(session: Session, slug: str, key_id: int, *, by: str, now: datetime) -> None:
    """End a published key's review: it is confirmed and cannot be contested any more."""
    session.add(KeyAct(item_key_id=key_id, act="confirmed", review_days=0, at=now, by=by))
    session.flush()
    chain.append(session, "key.reviewed", by=by, about=slug, at=now, data={"key": key_id})
