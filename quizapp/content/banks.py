"""Banks as rows: storing a revision, matching items to those already there."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.content import items, keys, search
from quizapp.content.models import Bank, BankEntry, BankRevision, Item, ItemRevision, ItemSource
from quizapp.errors import Missing
from quizapp.evidence import chain
from quizapp.formats import model
from quizapp.items.kinds import SCORABLE

ALIKE = 0.75  # of stem and options: above it, an item without an id is taken for the same
CITATION = re.compile(r"(?P<slug>[^#\s]+)(?:#(?P<anchor>[^.\s]+)(?:\.(?P<step>\S+))?)?")


@dataclass(frozen=True)
class Place:
    """An item revision at its place in a bank's newest revision."""

    item: Item
    revision: ItemRevision
    label: str
    line: int


@dataclass
class Stored:
    """What storing a bank did: added, updated or unchanged, and what a person should know."""

    status: str
    problems: list[model.Problem] = field(default_factory=list)


def find(session: Session, slug: str) -> Bank:
    """The live bank of this slug. Raises Missing."""
    bank = session.execute(
        select(Bank).where(Bank.slug == slug, Bank.retired_at.is_(None))
    ).scalar_one_or_none()
    if bank is None:
        raise Missing
    return bank


def live(session: Session) -> list[tuple[Bank, BankRevision]]:
    """All live banks with their newest revision, by title."""
    rows = session.execute(
        select(Bank, BankRevision)
        .join(BankRevision, BankRevision.id == Bank.current_revision_id)
        .where(Bank.retired_at.is_(None))
        .order_by(func.lower(BankRevision.title))
    )
    return [(bank, revision) for bank, revision in rows]


def current(session: Session, bank: Bank) -> BankRevision:
    """The bank's newest revision."""
    return session.get_one(BankRevision, bank.current_revision_id)


def places(session: Session, bank: Bank) -> list[Place]:
    """The items of the bank's newest revision, in order."""
    rows = session.execute(
        select(Item, ItemRevision, BankEntry.label, BankEntry.line)
        .join(ItemRevision, ItemRevision.item_id == Item.id)
        .join(BankEntry, BankEntry.item_revision_id == ItemRevision.id)
        .where(BankEntry.bank_revision_id == bank.current_revision_id)
        .order_by(BankEntry.position)
    )
    return [Place(*row) for row in rows]


def unkeyed(session: Session, bank: Bank) -> int:
    """How many scorable items of the bank have no confirmed key."""
    here = [place for place in places(session, bank) if place.revision.kind in SCORABLE]
    found = keys.statuses(session, [place.revision.id for place in here])
    return sum(status.confirmed is None for status in found.values())


def keyed_labels(session: Session, bank: Bank) -> set[str]:
    """The numbers of the items that have a confirmed key, wherever it came from."""
    here = places(session, bank)
    found = keys.statuses(session, [place.revision.id for place in here])
    return {place.label for place in here if found[place.revision.id].confirmed is not None}


def store(session: Session, document: model.Bank, path: str, *, by: str, now: datetime) -> Stored:
    """Make this the bank's newest revision, item by item."""
    digest = hashlib.sha256(document.source.encode()).hexdigest()
    bank = session.execute(select(Bank).where(Bank.slug == document.id)).scalar_one_or_none()
    stored = Stored("added" if bank is None else "updated")
    before: list[Place] = []
    number = 1
    if bank is None:
        bank = Bank(slug=document.id, path=path)
        session.add(bank)
        session.flush()
    else:
        latest = current(session, bank)
        if latest.source_hash == digest and bank.retired_at is None:
            if bank.path != path:
                bank.path = path
            return Stored("unchanged")
        number = latest.number + 1
        before = places(session, bank)
        bank.path, bank.retired_at = path, None
    known = {
        item.uid: item
        for item in session.execute(select(Item).where(Item.bank_id == bank.id)).scalars()
    }
    matched = _match(document.items, before, known)
    entries: list[BankEntry] = []
    for source, item in zip(document.items, matched, strict=True):
        if item is None:
            item = Item(bank_id=bank.id, bank=bank, uid=_free_uid(source.id, known))
            known[item.uid] = item
            session.add(item)
            session.flush()
        revision = _store_item(session, item, source, stored, by, now)
        entries.append(
            BankEntry(item_revision_id=revision.id, label=source.number, line=source.line)
        )
    placed = {item.id for item in matched if item is not None}
    for place in before:
        if place.item.id not in placed and place.item.retired_at is None:
            entries.append(BankEntry(item_revision_id=place.revision.id, label="", line=0))
            stored.problems.append(
                model.Problem(1, 1, "info", "item-kept", {"item": place.item.uid})
            )
    _add_revision(session, bank, document, number, digest, entries, by, now)
    return stored


def _match(
    sources: Sequence[model.Item], before: Sequence[Place], known: dict[str, Item]
) -> list[Item | None]:
    """For each item of a file the item it is a state of, or None for a new one.

    An id in the text decides. Without one, the same question is the same item, then the
    most alike of those left: so a mended typo or a new order makes no second item.
    """
    found: list[Item | None] = [known.get(s.id) if s.id_given else None for s in sources]
    taken = {item.id for item in found if item}
    free = [place for place in before if place.item.id not in taken]
    open_ = [i for i, s in enumerate(sources) if not s.id_given]
    for i in list(open_):
        asked = items.asked_hash(sources[i])
        same = next((place for place in free if place.revision.asked_hash == asked), None)
        if same:
            found[i] = same.item
            free.remove(same)
            open_.remove(i)
    for i in open_:
        text = _asked_text(sources[i])
        best = max(free, key=lambda place: _alike(text, _shown_text(place)), default=None)
        if best and _alike(text, _shown_text(best)) >= ALIKE:
            found[i] = best.item
            free.remove(best)
    return found


def _asked_text(item: model.Item) -> str:
    return "\n".join([item.stem, *(option.text for option in item.options)])


def _shown_text(place: Place) -> str:
    options = place.revision.content["options"]
    return "\n".join([place.revision.stem, *(option["text"] for option in options)])


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()


def _free_uid(wanted: str, known: dict[str, Item]) -> str:
    if wanted not in known:
        return wanted
    prefix = re.sub(r"\d+$", "", wanted)
    numbers = [
        int(match[1]) for uid in known if (match := re.fullmatch(re.escape(prefix) + r"(\d+)", uid))
    ]
    return f"{prefix}{max(numbers, default=0) + 1:03d}"


def _store_item(
    session: Session, item: Item, source: model.Item, stored: Stored, by: str, now: datetime
) -> ItemRevision:
    item.retired_at = None
    latest = session.execute(
        select(ItemRevision)
        .where(ItemRevision.item_id == item.id)
        .order_by(ItemRevision.number.desc())
        .limit(1)
    ).scalar_one_or_none()
    whole, value = items.whole_hash(source), items.key_of(source)
    if latest and latest.whole_hash == whole:
        outcome = keys.from_file(session, latest, value, by=by, now=now)
        _tell(stored, outcome, item, source)
        return latest
    revision = ItemRevision(
        item_id=item.id,
        item=item,
        number=latest.number + 1 if latest else 1,
        kind=source.kind,
        use=source.use,
        difficulty=source.difficulty,
        competencies=list(source.competencies),
        tags=list(source.tags),
        stem=source.stem,
        content=items.content_of(source),
        remarks=items.remarks_of(source),
        asked_hash=items.asked_hash(source),
        whole_hash=whole,
        created_at=now,
        created_by=by,
    )
    session.add(revision)
    session.flush()
    for position, reference in enumerate(source.sources):
        if match := CITATION.fullmatch(reference):
            session.add(
                ItemSource(
                    item_revision_id=revision.id,
                    position=position,
                    procedure_slug=match["slug"],
                    anchor=match["anchor"] or "",
                    step=match["step"],
                )
            )
    search.index_item(session, revision)
    if latest:
        outcome = keys.onto_revision(session, latest, revision, value, by=by, now=now)
        _tell(stored, outcome, item, source)
    elif value is not None:
        keys.first(session, revision, value, "file", by=by, now=now)
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
    entries: Sequence[BankEntry],
    by: str,
    now: datetime,
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
        imported_at=now,
        imported_by=by,
    )
    session.add(revision)
    session.flush()
    for position, entry in enumerate(entries, start=1):
        entry.bank_revision_id, entry.position = revision.id, position
        session.add(entry)
    bank.current_revision_id = revision.id
    session.flush()
    chain.append(
        session,
        "bank.imported",
        by=by,
        about=bank.slug,
        at=now,
        data={"revision": number, "source": digest, "items": len(entries)},
    )


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
