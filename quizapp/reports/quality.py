"""Item analysis as its pages and files show it: the items of a quiz with what they are about."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from quizapp.content import citations
from quizapp.content.citations import Citation
from quizapp.content.models import Bank, Item, ItemRevision
from quizapp.errors import Missing
from quizapp.quiz import decisions
from quizapp.quiz.models import Contest, ItemDecision, Quiz
from quizapp.reports import analysis
from quizapp.reports.analysis import Worked
from quizapp.reports.readers import Reader
from quizapp.reports.statistics.model import ItemFigures, Level, Look


@dataclass(frozen=True)
class Asked:
    """An item of a quiz; `place` is its number there, for whom texts are not shown to.

    `older` answers were given to another wording, `contests` is how many objected.
    """

    place: int
    bank: str
    uid: str
    stem: str
    figures: ItemFigures
    looks: tuple[Look, ...]
    older: int
    contests: int

    @property
    def level(self) -> Level | None:
        """How pressing it is, by the most pressing of what was found."""
        return self.looks[0].level if self.looks else None


@dataclass(frozen=True)
class Void:
    """An item that is left out of all figures."""

    bank: str
    uid: str


@dataclass(frozen=True)
class Quality:
    """The items of a quiz, those to look at (the most pressing first), and which are void."""

    items: tuple[Asked, ...]
    striking: tuple[Asked, ...]
    void: tuple[Void, ...]

    def by(self, sort: str) -> list[Asked]:
        """The items by a figure, with "-" before it the other way round; unknown ones last."""
        key = _SORTS.get(sort.removeprefix("-"))
        if key is None:
            return list(self.items)
        known = [(key(item), item) for item in self.items]
        ranked = sorted(
            ((value, item) for value, item in known if value is not None),
            key=lambda pair: pair[0],
            reverse=sort.startswith("-"),
        )
        return [item for _, item in ranked] + [item for value, item in known if value is None]


_SORTS: dict[str, Callable[[Asked], float | None]] = {
    "n": lambda item: item.figures.n,
    "facility": lambda item: item.figures.facility,
    "discrimination": lambda item: item.figures.discrimination,
    "efficiency": lambda item: item.figures.efficiency,
    "weight": lambda item: item.figures.effective_weight,
    "time": lambda item: item.figures.spent.median if item.figures.spent else None,
    "looks": lambda item: len(item.looks),
}


def of_quiz(session: Session, worked: Worked) -> Quality:
    """The items of an analysis with their texts, in the order of their banks."""
    figures = worked.figures
    wanted = [*figures.items, *worked.left_out]
    contests: dict[int, int] = dict(iter(session.execute(_CONTESTS, {"items": wanted})))
    rows = session.execute(_ITEMS, {"items": wanted}).all()
    found = {
        row.id: Asked(
            place,
            row.slug,
            row.uid,
            row.stem,
            figures.items[row.id],
            tuple(look for look in figures.looks if look.item == row.id),
            worked.older.get(row.id, 0),
            contests.get(row.id, 0),
        )
        for place, row in enumerate((row for row in rows if row.id in figures.items), start=1)
    }
    return Quality(
        tuple(found.values()),
        tuple(found[item] for item in dict.fromkeys(look.item for look in figures.looks)),
        tuple(Void(row.slug, row.uid) for row in rows if row.id not in figures.items),
    )


# With the text of the newest revision.
_NEWEST = (
    select(func.max(ItemRevision.number))
    .where(ItemRevision.item_id == Item.id)
    .correlate(Item)
    .scalar_subquery()
)
_ITEMS = (
    select(Item.id, Bank.slug, Item.uid, ItemRevision.stem)
    .join(Bank, Bank.id == Item.bank_id)
    .join(ItemRevision, (ItemRevision.item_id == Item.id) & (ItemRevision.number == _NEWEST))
    .where(Item.id.in_(bindparam("items", expanding=True)))
    .order_by(Bank.slug, Item.id)
)
_CONTESTS = (
    select(Contest.item_id, func.count())
    .where(Contest.item_id.in_(bindparam("items", expanding=True)))
    .group_by(Contest.item_id)
)


@dataclass(frozen=True)
class ToLookAt:
    """A quiz with items that wait for a trainer: so many most likely a mistake, worth a look."""

    quiz: Quiz
    act: int
    look: int


def to_look_at(session: Session, reader: Reader, now: datetime) -> list[ToLookAt]:
    """The quizzes that can be taken and have items to look at, most likely mistakes first.

    What was retired is left out, and what was decided about since the analysis; what is good to
    know is nothing to do.
    """
    worked = [
        (line.quiz, line.worked)
        for line in analysis.of_all(session, reader, now)
        if line.worked and line.quiz.published_at and not line.quiz.withdrawn_at
    ]
    wanted = {item for _, one in worked for item in one.levels()}
    if not wanted:
        return []
    retired = set(session.execute(_RETIRED, {"items": list(wanted)}).scalars())
    decided = analysis.newest_decisions(session)
    found = []
    for quiz, one in worked:
        counts = Counter(
            level
            for item, level in one.levels().items()
            if item not in retired and decided.get(item, 0) <= one.decision
        )
        if counts["act"] or counts["look"]:
            found.append(ToLookAt(quiz, counts["act"], counts["look"]))
    return sorted(found, key=lambda one: (-one.act, -one.look))


# Also with all of their bank.
_RETIRED = (
    select(Item.id)
    .join(Bank, Bank.id == Item.bank_id)
    .where(
        Item.id.in_(bindparam("items", expanding=True)),
        or_(Item.retired_at.is_not(None), Bank.retired_at.is_not(None)),
    )
)


@dataclass(frozen=True)
class Told:
    """One item with all that speaks for or against it.

    `wording` is the revision whose options were counted, `versions` how many it has had;
    `objections` are waiting, accepted and refused ones.
    """

    item: Asked
    wording: ItemRevision | None
    versions: int
    objections: tuple[int, int, int]
    decisions: Sequence[ItemDecision]
    cited: Sequence[Citation]


def of_item(session: Session, worked: Worked, bank: str, uid: str, today: date) -> Told:
    """An item of an analysis. Raises Missing."""
    quality = of_quiz(session, worked)
    item = next((one for one in quality.items if (one.bank, one.uid) == (bank, uid)), None)
    if item is None:
        raise Missing
    number = item.figures.item
    wording = session.get(ItemRevision, worked.wordings.get(number, 0))
    newest = session.execute(
        select(ItemRevision.id, ItemRevision.number)
        .where(ItemRevision.item_id == number)
        .order_by(ItemRevision.number.desc())
        .limit(1)
    ).one()
    accepted = session.scalars(select(Contest.accepted).where(Contest.item_id == number)).all()
    return Told(
        item,
        wording,
        newest.number,
        (accepted.count(None), accepted.count(True), accepted.count(False)),
        decisions.of_items(session, [number])[number],
        citations.cited_by(session, [newest.id], today).get(newest.id, []),
    )
