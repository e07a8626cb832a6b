"""Blueprints: which items a form is drawn from, and the draw. Pure, and repeatable by its seed.

A blueprint is JSON: `{"parts": [part, …], "eliminatory": ["bank#id", …], "shuffle": false}`. A part
is `{"bank": slug}` with either `"items": [ids]` (fixed) or `"by"` (competency, tag, difficulty)
and `"value"`, and `"n"` (all of them without it); `"points"` are those of each of its items.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

By = Literal["any", "competency", "tag", "difficulty"]


@dataclass(frozen=True)
class Part:
    """So many items of one bank: named ones, or those of a competency, tag or difficulty."""

    bank: str
    items: tuple[str, ...] = ()
    by: By = "any"
    value: str = ""
    n: int | None = None
    points: int = 1


@dataclass(frozen=True)
class Blueprint:
    """What a form is made of; `eliminatory` names items as "bank#id"."""

    parts: tuple[Part, ...]
    eliminatory: frozenset[str] = frozenset()
    shuffle: bool = False

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values, without what is as by default."""
        return {
            "parts": [
                {
                    name: list(value) if isinstance(value, tuple) else value
                    for name, value in vars(part).items()
                    if name == "bank" or value != getattr(Part, name, ())
                }
                for part in self.parts
            ],
            "eliminatory": sorted(self.eliminatory),
            "shuffle": self.shuffle,
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Blueprint":
        """The blueprint of a revision."""
        return cls(
            tuple(
                Part(**{**part, "items": tuple(part.get("items", ()))}) for part in given["parts"]
            ),
            frozenset(given.get("eliminatory", ())),
            bool(given.get("shuffle", False)),
        )

    @property
    def banks(self) -> tuple[str, ...]:
        """The banks drawn from, each once."""
        return tuple(dict.fromkeys(part.bank for part in self.parts))


@dataclass(frozen=True)
class Candidate:
    """An item that can be asked, with what the draw looks at.

    `seen` is whether this person had it before, `used` in how many forms it was.
    """

    bank: str
    uid: str
    competencies: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    difficulty: str | None = None
    seen: bool = False
    used: int = 0

    @property
    def name(self) -> str:
        """As a blueprint names it."""
        return f"{self.bank}#{self.uid}"


@dataclass(frozen=True)
class Drawn:
    """A place of a form: the candidate's index, and what it is worth."""

    candidate: int
    points: int
    eliminatory: bool


@dataclass(frozen=True)
class Shortage:
    """A part that cannot have as many items as it asks for."""

    part: int
    wanted: int
    found: int


def draw(
    blueprint: Blueprint, candidates: Sequence[Candidate], seed: int
) -> tuple[list[Drawn], list[Shortage]]:
    """The places of a form, in order, and what the pool lacks.

    Unseen items come first, then those least used, then by chance. No item is in a form
    twice; where parts compete for one, places are exchanged until as many as can be are
    filled (augmenting paths: Kuhn 1955, "The Hungarian method").
    """
    chance = random.Random(f"form:{seed}")  # noqa: S311 - a draw, not a secret
    luck = [chance.random() for _ in candidates]
    order = sorted(
        range(len(candidates)), key=lambda i: (candidates[i].seen, candidates[i].used, luck[i])
    )
    slots = list(_slots(blueprint, candidates, order))
    held: dict[int, int] = {}  # candidate -> slot
    for slot in range(len(slots)):
        _fill(slot, slots, held, set())
    taken = {slot: candidate for candidate, slot in held.items()}
    shortages = list(_shortages(blueprint, [owner for owner, _ in slots], taken))
    drawn = [
        Drawn(
            taken[slot],
            blueprint.parts[owner].points,
            candidates[taken[slot]].name in blueprint.eliminatory,
        )
        for slot, (owner, _) in enumerate(slots)
        if slot in taken
    ]
    if blueprint.shuffle:
        chance.shuffle(drawn)
    return drawn, shortages


def _slots(
    blueprint: Blueprint, candidates: Sequence[Candidate], order: Sequence[int]
) -> Iterator[tuple[int, list[int]]]:
    """The places to fill: the part each belongs to, and whom it may take, best first."""
    for number, part in enumerate(blueprint.parts):
        if part.items:
            by_uid = {c.uid: i for i, c in enumerate(candidates) if c.bank == part.bank}
            for uid in part.items:
                yield number, [by_uid[uid]] if uid in by_uid else []
            continue
        if part.n is None:
            # All of them: each has its place, in the bank's own order.
            for index, candidate in enumerate(candidates):
                if _fits(part, candidate):
                    yield number, [index]
            continue
        fitting = [i for i in order if _fits(part, candidates[i])]
        for _ in range(part.n):
            yield number, fitting


def _shortages(
    blueprint: Blueprint, owners: Sequence[int], taken: Mapping[int, int]
) -> Iterator[Shortage]:
    for number, part in enumerate(blueprint.parts):
        places = [slot for slot, owner in enumerate(owners) if owner == number]
        found = sum(slot in taken for slot in places)
        # A part that takes all there is lacks nothing when another part has some of it.
        all_there_is = part.n is None and not part.items
        if not places or (found < len(places) and not all_there_is):
            yield Shortage(number, len(places) or 1, found)


def _fits(part: Part, candidate: Candidate) -> bool:
    if candidate.bank != part.bank:
        return False
    match part.by:
        case "competency":
            return part.value in candidate.competencies
        case "tag":
            return part.value in candidate.tags
        case "difficulty":
            return part.value == candidate.difficulty
        case _:
            return True


def _fill(
    slot: int, slots: Sequence[tuple[int, list[int]]], held: dict[int, int], tried: set[int]
) -> bool:
    """Give the slot a candidate, moving others to where they fit as well."""
    wanted = slots[slot][1]
    for candidate in wanted:
        if candidate not in held and candidate not in tried:
            held[candidate] = slot
            return True
    for candidate in wanted:
        if candidate in tried:
            continue
        tried.add(candidate)
        if _fill(held[candidate], slots, held, tried):
            held[candidate] = slot
            return True
    return False
