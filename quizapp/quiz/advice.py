"""What deserves a trainer's second look in a quiz: codes and figures, no words. Pure.

An error keeps the quiz from being saved; a warning is the trainer's to weigh.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quizapp.items.scoring import MINIMUM_ITEMS
from quizapp.quiz.blueprints import Blueprint, Candidate, certain, draw, fits, variety
from quizapp.quiz.rules import FEWEST_ITEMS, REVIEWED, Rules

# Reading a question and its options takes longer than this.
SHORTEST_PER_ITEM = 20


@dataclass(frozen=True)
class Advice:
    """One remark: its code, its figures, whether it forbids."""

    code: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    is_error: bool = False


def advise(
    use: str,
    blueprint: Blueprint,
    rules: Rules,
    candidates: Sequence[Candidate],
    other_use: Collection[str] = (),
) -> list[Advice]:
    """All remarks, errors first. `other_use` has the items ("bank#id") of the other use."""
    drawn, shortages = draw(blueprint, candidates, 0)
    found = [
        *_times(rules, len(drawn)),
        *_items(blueprint, candidates, other_use),
        *(
            Advice("pool-too-small", {"part": s.part + 1, "wanted": s.wanted, "found": s.found})
            for s in shortages
        ),
        *_minima(blueprint, rules, candidates),
    ]
    if use == "exam":
        found += _exam(blueprint, rules, candidates, len(drawn))
    if rules.policy.multiple == "capped":
        found.append(Advice("capped"))
    return sorted(found, key=lambda advice: not advice.is_error)


def _times(rules: Rules, items: int) -> Iterator[Advice]:
    if rules.opens_at and rules.closes_at and rules.closes_at <= rules.opens_at:
        yield Advice("closes-before-opens", is_error=True)
    if rules.navigation == "sequential" and rules.layout == "all":
        yield Advice("sequential-on-one-page", is_error=True)
    if rules.closes_at is None:
        waiting = [what for what in REVIEWED if getattr(rules.review, what) == "close"]
        if waiting:
            yield Advice("never-closes", {"what": waiting})
    if rules.minutes is not None and items and rules.minutes * 60 < SHORTEST_PER_ITEM * items:
        yield Advice("short-time", {"seconds": rules.minutes * 60 // items})


def _items(
    blueprint: Blueprint, candidates: Sequence[Candidate], other_use: Collection[str]
) -> Iterator[Advice]:
    """Items that are named but cannot be asked, or not by everybody."""
    here = {candidate.name: index for index, candidate in enumerate(candidates)}
    fixed = [f"{part.bank}#{uid}" for part in blueprint.parts for uid in part.items]
    if misplaced := [name for name in fixed if name in other_use]:
        yield Advice("other-use", {"items": misplaced})
    if gone := [name for name in fixed if name not in here and name not in other_use]:
        yield Advice("not-ready", {"items": gone})
    eliminatory = sorted(blueprint.eliminatory)
    if by_chance := [
        name
        for name in eliminatory
        if not (name in here and certain(blueprint, candidates, frozenset({here[name]})))
    ]:
        yield Advice("eliminatory-by-chance", {"items": by_chance})


def _minima(
    blueprint: Blueprint, rules: Rules, candidates: Sequence[Candidate]
) -> Iterator[Advice]:
    for competency in sorted(rules.minima):
        among = frozenset(i for i, one in enumerate(candidates) if competency in one.competencies)
        least = certain(blueprint, candidates, among)
        if least < MINIMUM_ITEMS:
            yield Advice(
                "minimum-of-few",
                {"competency": competency, "items": least, "fewest": MINIMUM_ITEMS},
            )


def _exam(
    blueprint: Blueprint, rules: Rules, candidates: Sequence[Candidate], items: int
) -> Iterator[Advice]:
    if items < FEWEST_ITEMS:
        yield Advice("few-items", {"items": items, "fewest": FEWEST_ITEMS})
    if not rules.cut_reason.strip():
        yield Advice("cut-unjustified")
    if rules.attempts != 1:
        if items and variety(blueprint, candidates) == 1:
            yield Advice("one-form")
        if "submit" in (rules.review.key, rules.review.explanations):
            yield Advice("key-before-retake")
    if rules.exposure_limit is not None:
        asked = {index for part in blueprint.parts for index in fits(part, candidates)}
        worn = sum(candidates[index].used >= rules.exposure_limit for index in asked)
        if worn:
            yield Advice("exposed", {"items": worn, "limit": rules.exposure_limit})
