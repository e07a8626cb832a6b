"""Banks as rows: what they hold and how it stands."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, defer

from quizapp.content.models import Bank, BankEntry, BankRevision, Item, ItemKey, ItemRevision
from quizapp.errors import Missing
from quizapp.evidence import chain
from quizapp.formats.text import alphabetical
from quizapp.items.kinds import SCORABLE


@dataclass(frozen=True)
class Place:
    """An item revision at its place in a bank's newest revision."""

    item: Item
    revision: ItemRevision
    label: str
    line: int


def find(session: Session, slug: str) -> Bank:
    """The live bank of this slug. Raises Missing."""
    bank = session.execute(
        select(Bank).where(Bank.slug == slug, Bank.retired_at.is_(None))
    ).scalar_one_or_none()
    if bank is None:
        raise Missing
    return bank


def item(session: Session, bank: Bank, uid: str) -> Item:
    """An item of a bank, also a retired one. Raises Missing."""
    found = session.execute(
        select(Item).where(Item.bank_id == bank.id, Item.uid == uid)
    ).scalar_one_or_none()
    if found is None:
        raise Missing
    return found


def live(session: Session) -> list[tuple[Bank, BankRevision]]:
    """All live banks with their newest revision, by title."""
    rows = session.execute(
        select(Bank, BankRevision)
        .join(BankRevision, BankRevision.id == Bank.current_revision_id)
        .where(Bank.retired_at.is_(None))
    )
    found = [(bank, revision) for bank, revision in rows]
    return sorted(found, key=lambda one: alphabetical(one[1].title))


def titles(session: Session) -> dict[str, str]:
    """The titles of the banks that are not retired, by slug."""
    return {bank.slug: revision.title for bank, revision in live(session)}


def current(session: Session, bank: Bank) -> BankRevision:
    """The bank's newest revision."""
    return session.get_one(BankRevision, bank.current_revision_id)


# What is long in an item: who draws from hundreds reads it of the drawn ones alone.
LONG = (defer(ItemRevision.content), defer(ItemRevision.remarks))
_PLACES = (
    select(Item, ItemRevision, BankEntry.label, BankEntry.line)
    .join(ItemRevision, ItemRevision.item_id == Item.id)
    .join(BankEntry, BankEntry.item_revision_id == ItemRevision.id)
    .where(BankEntry.bank_revision_id == bindparam("revision"))
    .order_by(BankEntry.position)
)
_PLACES_WITHOUT_TEXT = _PLACES.options(*LONG)


def places(session: Session, bank: Bank, *, text: bool = True) -> list[Place]:
    """The items of the bank's newest revision, in order; without text that is read later."""
    rows = session.execute(
        _PLACES if text else _PLACES_WITHOUT_TEXT, {"revision": bank.current_revision_id}
    )
    return [Place(*row) for row in rows]


@dataclass(frozen=True)
class Standing:
    """How an item of a bank's newest revision stands, without its text."""

    uid: str
    label: str
    line: int
    kind: str
    revision_id: int
    keyed: bool


def standings(session: Session, bank: Bank) -> list[Standing]:
    """The items of the bank's newest revision, in order, and whether their key is confirmed."""
    rows = session.execute(
        select(Item.uid, BankEntry.label, BankEntry.line, ItemRevision.kind, ItemRevision.id)
        .join(ItemRevision, ItemRevision.item_id == Item.id)
        .join(BankEntry, BankEntry.item_revision_id == ItemRevision.id)
        .where(BankEntry.bank_revision_id == bank.current_revision_id)
        .order_by(BankEntry.position)
    ).all()
    keyed = set(
        session.execute(
            select(ItemKey.item_revision_id)
            .join(BankEntry, BankEntry.item_revision_id == ItemKey.item_revision_id)
            .where(
                BankEntry.bank_revision_id == bank.current_revision_id,
                ItemKey.state == "confirmed",
            )
        ).scalars()
    )
    return [Standing(*row, keyed=row.id in keyed) for row in rows]


def unkeyed(session: Session, bank: Bank) -> int:
    """How many scorable items of the bank have no confirmed key."""
    return sum(not one.keyed and one.kind in SCORABLE for one in standings(session, bank))


def keyed_labels(session: Session, bank: Bank) -> set[str]:
    """The numbers of the items that have a confirmed key, wherever it came from."""
    return {one.label for one in standings(session, bank) if one.keyed}


def retire_missing_items(session: Session, bank: Bank, *, by: str, now: datetime) -> int:
    """Retire the items that the bank keeps though its file no longer has them."""
    gone = [place for place in places(session, bank) if not place.label]
    if not gone:
        return 0
    latest = current(session, bank)
    kept = [place for place in places(session, bank) if place.label]
    for place in gone:
        place.item.retired_at = now
    revision = BankRevision(
        **{
            column: getattr(latest, column)
            for column in (
                "bank_id",
                "title",
                "language",
                "format",
                "cut_score",
                "source",
                "source_hash",
                "lint",
            )
        },
        number=latest.number + 1,
        imported_at=now,
        imported_by=by,
    )
    session.add(revision)
    session.flush()
    for position, place in enumerate(kept, start=1):
        session.add(
            BankEntry(
                bank_revision_id=revision.id,
                position=position,
                item_revision_id=place.revision.id,
                label=place.label,
                line=place.line,
            )
        )
    bank.current_revision_id = revision.id
    session.flush()
    chain.append(
        session,
        "items.retired",
        by=by,
        about=bank.slug,
        at=now,
        data={"items": sorted(place.item.uid for place in gone)},
    )
    return len(gone)
