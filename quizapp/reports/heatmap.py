"""Who knows what: the people of a team by competency, or by the sections that items cite.

A cell is points of distinct items (reports.answers). Below a few items it says nothing yet; items
that the person did not get to are counted beside it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from flask import current_app
from sqlalchemy.orm import Session

from quizapp.evidence import chain
from quizapp.formats.text import alphabetical
from quizapp.people import teams
from quizapp.reports import answers, people, progress
from quizapp.reports.answers import Answer
from quizapp.reports.places import By, Place, Placed, of_answers
from quizapp.reports.progress import Tried
from quizapp.reports.readers import Reader

PERIODS = {"30": 30, "90": 90, "365": 365, "all": None}
YEAR = "365"
# Per cent from which on a cell has the next colour; five colours in all.
STEPS = (50, 70, 80, 90)


@dataclass(frozen=True)
class View:
    """What of a heatmap somebody wants to see, as its address has it.

    `procedure` is the slug whose sections are the columns; without one the columns are
    procedures. `sort` is name, total or a column's key, with "-" before it the other way round.
    """

    by: By = "competency"
    procedure: str = ""
    period: str = YEAR
    sort: str = "name"

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "View":
        """The view of an address; what it does not know is left at its default."""
        by: By = "section" if args.get("by") == "section" else "competency"
        period = args.get("period", "")
        return cls(
            by,
            args.get("procedure", "") if by == "section" else "",
            period if period in PERIODS else YEAR,
            args.get("sort") or "name",
        )

    def since(self, now: datetime) -> datetime | None:
        """From when on answers count: the beginning of a day, of which there is one map."""
        days = PERIODS[self.period]
        if days is None:
            return None
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight - timedelta(days=days)


@dataclass(slots=True)
class Cell:
    """Points of so many answers; `changed` of them are older than the text of their section.

    `unreached` items are beside them: nothing is known of these. `is_few` where the answers are of
    fewer items than say anything.
    """

    points: float = 0.0
    answers: int = 0
    changed: int = 0
    unreached: int = 0
    is_few: bool = True

    def add(self, answer: Answer, has_changed: bool, least: int) -> None:
        """Count one more answer, a blank as nothing, or an item that was not reached."""
        if not answer.is_reached:
            self.unreached += 1
            return
        self.points += answer.fraction or 0.0
        self.answers += 1
        self.changed += has_changed
        self.is_few = self.answers < least

    @property
    def percent(self) -> float | None:
        """Points for each answer, in per cent; None without any."""
        return 100 * self.points / self.answers if self.answers else None

    @property
    def step(self) -> int:
        """Which colour, from 0 for little to 4."""
        return sum((self.percent or 0.0) >= step - 1e-9 for step in STEPS)


NOTHING = Cell()


@dataclass(frozen=True)
class Column:
    """A place with what all the people got; `items` are the distinct ones that were reached."""

    place: Place
    total: Cell
    items: set[int]


@dataclass(frozen=True)
class Row:
    """A person with a cell for each column; the total counts each item once."""

    public_id: str
    name: str
    employee_number: str | None
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True)
class Heatmap:
    """A team by name, or as its reader sorted it; `procedures` can be chosen, by slug and title."""

    view: View
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Cell
    procedures: tuple[tuple[str, str], ...] = ()

    @cached_property
    def weakest(self) -> list[Column]:
        """The three columns in which least was right, where anything was wrong at all."""
        found = [c for c in self.columns if not c.total.is_few and c.total.points < c.total.answers]
        return sorted(found, key=lambda c: (c.total.percent or 0.0, c.place.order))[:3]


def few() -> int:
    """Of how many distinct items a cell has to be to say anything."""
    return int(current_app.config["FEW_ITEMS"])


Key = tuple[str, int, int, View, date, datetime | None]
KEPT = 64
_kept: dict[Key, tuple[str, Heatmap]] = {}


def of_team(
    session: Session, reader: Reader, team: teams.Led, view: View, today: date, now: datetime
) -> Heatmap:
    """The people who work in a team that the reader leads.

    It is kept until the evidence grows, as `reports.teams` does.
    """
    where = str(session.get_bind().engine.url)
    key = where, team.id, reader.user_id, view, today, view.since(now)
    state = chain.head(session)[1]
    kept = _kept.pop(key, None)
    if kept is None or kept[0] != state:
        kept = state, _read(session, reader, team, view, today, now)
    _kept[key] = kept  # at the end: the first is the one that was asked for longest ago
    while len(_kept) > KEPT:
        _kept.pop(next(iter(_kept)), None)
    return kept[1]


def _read(
    session: Session, reader: Reader, team: teams.Led, view: View, today: date, now: datetime
) -> Heatmap:
    cited = view.by == "section"
    found = answers.of_team(session, team.id, reader.user_id, view.since(now), cited=cited)
    places, procedures = of_answers(session, found, view.by, view.procedure, today, reader.user_id)
    sums = _add_up(found, places)
    columns = sorted(sums.columns.values(), key=lambda column: column.place.order)
    rows = [
        Row(
            person.public_id,
            person.name,
            person.employee_number,
            tuple(sums.cells.get((person.id, c.place.key), NOTHING) for c in columns),
            sums.people.get(person.id, NOTHING),
        )
        for person in people.of_teams(session, [team.id], now)
    ]
    return Heatmap(view, tuple(columns), _sorted(rows, columns, view.sort), sums.all, procedures)


@dataclass
class _Sums:
    """Cells by person and column key, by person and by column key; and all answers."""

    cells: dict[tuple[int, str], Cell] = field(default_factory=dict)
    people: dict[int, Cell] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    all: Cell = field(default_factory=Cell)


def _add_up(found: Sequence[Answer], places: Sequence[Placed]) -> _Sums:
    """The answers as cells and totals."""
    sums, least = _Sums(), few()
    items: dict[str, set[int]] = defaultdict(set)
    for answer, placed in zip(found, places, strict=True):
        user_id = answer.user_id
        for place, has_changed in placed:
            key = place.key
            cell = sums.cells.get((user_id, key))
            if cell is None:
                cell = sums.cells[user_id, key] = Cell()
            cell.add(answer, has_changed, least)
            column = sums.columns.get(key)
            if column is None:
                column = sums.columns[key] = Column(place, Cell(), items[key])
            column.total.add(answer, has_changed, least)
            if answer.is_reached:
                column.items.add(answer.item_id)
        if placed:
            changed = any(has_changed for _, has_changed in placed)
            sums.people.setdefault(user_id, Cell()).add(answer, changed, least)
            sums.all.add(answer, changed, least)
    # Of several people: many answers to one item say nothing yet of a place.
    for column in sums.columns.values():
        column.total.is_few = len(column.items) < least
    sums.all.is_few = len(set().union(*items.values())) < least
    return sums


def _sorted(rows: list[Row], columns: Sequence[Column], sort: str) -> tuple[Row, ...]:
    """By name, or by what a column says, the least first; who has nothing there comes last."""
    rows.sort(key=lambda row: alphabetical(row.name))
    backwards, key = sort.startswith("-"), sort.removeprefix("-")
    if key == "name":
        return tuple(reversed(rows) if backwards else rows)
    place = next((i for i, column in enumerate(columns) if column.place.key == key), None)
    if key != "total" and place is None:
        return tuple(rows)

    def shares(row: Row) -> tuple[bool, float]:
        percent = (row.total if place is None else row.cells[place]).percent
        return percent is None, (-1 if backwards else 1) * (percent or 0.0)

    return tuple(sorted(rows, key=shares))


@dataclass(frozen=True)
class Line:
    """A person in one column of the map, beside the cut score, in per cent, of those exams."""

    place: Place
    cell: Cell
    cut_score: float

    @property
    def word(self) -> str:
        """few, strength (the cut score is reached) or gap."""
        if self.cell.is_few:
            return "few"
        return "strength" if (self.cell.percent or 0.0) >= self.cut_score - 1e-9 else "gap"


def of_person(
    session: Session,
    reader: Reader,
    user_id: int,
    by: By,
    today: date,
    now: datetime,
    attempts: Sequence[Tried] | None = None,
) -> list[Line]:
    """One person's last twelve months, for themselves or for who leads them, whom the caller
    found to do so: the weakest first, of few items last.

    The mark to compare with is the highest cut score of the exams that the answers come from.
    To oneself only what is shown counts: where a score tells no more than points, one answer
    alone would say whether it was right, and is left out. `attempts` are those that the reader
    sees, where they are known already.
    """
    leader = None if reader.user_id == user_id else reader.user_id
    since = View(by).since(now)
    if attempts is None:
        attempts = progress.attempts_of(session, user_id, now, leader=leader)
    tried = {
        one.public_id: one
        for one in attempts
        if one.use == "exam" and one.percent is not None and one.submitted_at is not None
        if since is None or one.submitted_at >= since
    }
    found = answers.of_attempts(session, tried, cited=by == "section")
    places, _ = of_answers(session, found, by, None, today, reader.user_id)
    # What was left blank earned nothing, as its person knows: the others tell of themselves.
    told = Counter(
        place.key
        for answer, placed in zip(found, places, strict=True)
        if answer.fraction is not None and not tried[answer.attempt].itemised
        for place, _ in placed
    )
    lines: dict[str, Line] = {}
    least = few()
    for answer, placed in zip(found, places, strict=True):
        for place, has_changed in placed:
            if told[place.key] == 1 and not tried[answer.attempt].itemised:
                continue
            line = lines.get(place.key) or Line(place, Cell(), 0.0)
            line.cell.add(answer, has_changed, least)
            cut = max(line.cut_score, answer.cut_score)
            lines[place.key] = Line(place, line.cell, cut)
    ordered = sorted(lines.values(), key=lambda line: line.place.order)
    return sorted(ordered, key=lambda line: (line.cell.is_few, line.cell.percent or 0.0))
