"""Blueprints: which items a form is drawn from, and the draw. Pure, and repeatable by its seed.

A blueprint is JSON: `{"parts": [part, …], "eliminatory": ["bank#id", …], "shuffle": false}`. A part
is `{"bank": slug}` with either `"items": [ids]` (fixed) or `"by"` (competency, tag, difficulty)
and `"value"`, and `"n"` (all of them without it); `"points"` are those of each of its items.
"""

import hashlib
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
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

    @property
    def is_certain(self) -> bool:
        """Whether it names its items, or takes all there are."""
        return bool(self.items) or self.n is None


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

    What a part names, or takes all of, comes first; then unseen items, then those least used,
    then by chance. No item is in a form twice. Where parts compete, as many places are filled
    as can be, by the best items that can fill them: best first, an item is in when those that
    are in can make room for it (greedy on a transversal matroid: Edmonds and Fulkerson 1965).
    """
    return draws(blueprint, candidates)(seed)


def draws(
    blueprint: Blueprint, candidates: Sequence[Candidate]
) -> Callable[[int], tuple[list[Drawn], list[Shortage]]]:
    """The draw by its seed: what does not depend on it is found out once for many forms."""
    fitting = [fits(part, candidates) for part in blueprint.parts]
    wanted = [_wanted(part, len(fit)) for part, fit in zip(blueprint.parts, fitting, strict=True)]
    # Parts that are certain of their items come first, so that these stand there.
    parts_of: dict[int, list[int]] = {}
    for number in sorted(range(len(fitting)), key=lambda n: not blueprint.parts[n].is_certain):
        for index in fitting[number]:
            parts_of.setdefault(index, []).append(number)
    before = {
        i: (
            not blueprint.parts[parts[0]].is_certain,
            candidates[i].seen,
            candidates[i].used,
            candidates[i].name,
        )
        for i, parts in parts_of.items()
    }

    def drawn_by(seed: int) -> tuple[list[Drawn], list[Shortage]]:
        luck = {i: (*sooner, _luck(seed, name)) for i, (*sooner, name) in before.items()}
        order = sorted(parts_of, key=luck.__getitem__)
        held = _place(order, parts_of, wanted)
        rank = {index: place for place, index in enumerate(order)}
        drawn = []
        for number, part in enumerate(blueprint.parts):
            # As named, or in the bank's own order; what was drawn, in the order of the draw.
            inside = [i for i in fitting[number] if i in held[number]]
            if not part.is_certain:
                inside.sort(key=rank.__getitem__)
            drawn += [
                Drawn(i, part.points, candidates[i].name in blueprint.eliminatory) for i in inside
            ]
        if blueprint.shuffle:
            random.Random(f"form:{seed}").shuffle(drawn)  # noqa: S311 - a draw, not a secret
        return drawn, list(_shortages(blueprint, wanted, [len(some) for some in held]))

    return drawn_by


def fits(part: Part, candidates: Sequence[Candidate]) -> list[int]:
    """The candidates that a part may have: as it names them, else in the order given."""
    here = [i for i, candidate in enumerate(candidates) if candidate.bank == part.bank]
    if part.items:
        by_uid = {candidates[i].uid: i for i in here}
        return [by_uid[uid] for uid in dict.fromkeys(part.items) if uid in by_uid]
    match part.by:
        case "competency":
            return [i for i in here if part.value in candidates[i].competencies]
        case "tag":
            return [i for i in here if part.value in candidates[i].tags]
        case "difficulty":
            return [i for i in here if part.value == candidates[i].difficulty]
        case _:
            return here


def variety(blueprint: Blueprint, candidates: Sequence[Candidate]) -> int:
    """About how many different forms there are; parts that share items make it an estimate."""
    forms = 1
    for part in blueprint.parts:
        found = len(fits(part, candidates))
        forms *= math.comb(found, min(found, _wanted(part, found)))
    return forms


def certain(blueprint: Blueprint, candidates: Sequence[Candidate], among: frozenset[int]) -> int:
    """How many of these candidates are in every form at least, part by part."""
    least = 0
    for part in blueprint.parts:
        fit = fits(part, candidates)
        others = sum(index not in among for index in fit)
        least += max(0, min(len(fit), _wanted(part, len(fit))) - others)
    return least


def _wanted(part: Part, found: int) -> int:
    if part.items:
        return len(set(part.items))
    return found if part.n is None else part.n


def _luck(seed: int, name: str) -> bytes:
    # By name: an item that is added to a bank moves no other one.
    return hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=8).digest()


def _place(
    order: Sequence[int], parts_of: Mapping[int, Sequence[int]], wanted: Sequence[int]
) -> list[set[int]]:
    """Who is in which part, when everybody in this order gets in if the others can make room."""
    held: list[dict[int, None]] = [{} for _ in wanted]
    part_of: dict[int, int] = {}
    # Parts that were found full, and all that could be moved from them: so they stay.
    shut: set[int] = set()
    for newcomer in order:
        entering: dict[int, int] = {}  # into a part looked at: who would enter it
        waiting, open_part = [newcomer], None
        for index in waiting:
            for part in parts_of[index]:
                if part in shut or part in entering:
                    continue
                entering[part] = index
                if len(held[part]) < wanted[part]:
                    open_part = part
                    break
                waiting += held[part]
            if open_part is not None:
                break
        if open_part is None:
            shut |= entering.keys()
        while open_part is not None:
            index = entering[open_part]
            left = part_of.get(index)
            held[open_part][index] = None
            part_of[index] = open_part
            if left is not None:
                del held[left][index]
            open_part = left
    return [set(some) for some in held]


def _shortages(
    blueprint: Blueprint, wanted: Sequence[int], found: Sequence[int]
) -> Iterator[Shortage]:
    for number, part in enumerate(blueprint.parts):
        # A part that takes all there is lacks nothing when another part has some of it.
        takes_all = part.n is None and not part.items
        if not wanted[number] or (found[number] < wanted[number] and not takes_all):
            yield Shortage(number, wanted[number] or 1, found[number])
