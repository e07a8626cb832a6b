"""What a decision about an item moves: an attempt's per cent or pass, planned or done, recorded."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, and_, exists, select
from sqlalchemy.orm import Session, aliased

from quizapp.evidence import chain
from quizapp.evidence.models import EvidenceEntry
from quizapp.quiz.models import Attempt, ItemDecision, Quiz, Score

# The columns of a score that the keys decide.
FACTS = ("percent", "points", "max_points", "passed", "kept", "missed", "short")

_SCORE = cast(Table, Score.__table__)


@dataclass(frozen=True)
class Mark:
    """A score in short; `percent` in per cent."""

    percent: float
    points: float
    max_points: int
    passed: bool


@dataclass(frozen=True)
class Move:
    """An attempt whose per cent or pass changes; `kept` is a pass that stays by itself.

    Without a pass by its keys: `below` is whether the score is under the cut score, `missed` how
    many eliminatory items were not right, `short` the competencies under their minimum.
    """

    attempt: str
    number: int
    quiz: str
    team_id: int | None
    user_id: int
    before: Mark
    after: Mark
    kept: bool
    below: bool
    missed: int
    short: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """What becomes of the pass: gained, kept, lost or an empty text."""
        if self.before.passed != self.after.passed:
            return "gained" if self.after.passed else "lost"
        return "kept" if self.kept else ""


@dataclass(frozen=True)
class Plan:
    """What a decision moves: of `asked` submitted attempts, these; `open` ones come later."""

    asked: int
    open: int
    moves: tuple[Move, ...]

    @property
    def untouched(self) -> int:
        """How many were asked the item and keep their score."""
        return self.asked - len(self.moves)

    def count(self, what: str) -> int:
        """How many gain, keep or lose a pass, or go up or down."""
        if what in ("up", "down"):
            sign = 1 if what == "up" else -1
            return sum((move.after.percent - move.before.percent) * sign > 0 for move in self.moves)
        return sum(move.verdict == what for move in self.moves)

    def by_team(self) -> dict[int | None, Counter[str]]:
        """For each team of the day: how many moved, gained a pass, kept one."""
        found: dict[int | None, Counter[str]] = {}
        for move in self.moves:
            counts = found.setdefault(move.team_id, Counter())
            counts["moved"] += 1
            if move.verdict:
                counts[move.verdict] += 1
        return found


def between(
    whose: tuple[str, int, str, int | None, int],
    cut_score: float,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
) -> Move | None:
    """What people notice between two states of a score, each by its FACTS."""
    if all(old[name] == new[name] for name in ("percent", "passed", "kept")):
        return None
    before, after = (
        Mark(*(facts[name] for name in ("percent", "points", "max_points", "passed")))
        for facts in (old, new)
    )
    below = after.percent < cut_score
    missed, short = len(new["missed"]), tuple(new["short"])
    return Move(*whose, before, after, new["kept"], below, missed, short)


def moves_of(session: Session, decision_id: int) -> list[Move]:
    """What a decision moved so far, by the rows that it added."""
    old = aliased(_SCORE)
    rows = session.execute(
        select(
            Attempt.public_id,
            Attempt.number,
            Quiz.title,
            Attempt.team_id,
            Attempt.user_id,
            Attempt.cut_score,
            *(old.c[name].label(f"old_{name}") for name in FACTS),
            *(_SCORE.c[name] for name in FACTS),
        )
        .select_from(_SCORE)
        .join(Attempt, Attempt.id == _SCORE.c.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(
            old,
            and_(old.c.attempt_id == _SCORE.c.attempt_id, old.c.number == _SCORE.c.number - 1),
        )
        .where(_SCORE.c.decision_id == decision_id)
        .order_by(Attempt.id)
    )
    found = []
    for attempt, number, quiz, team_id, user_id, cut_score, *facts in rows:
        half = len(FACTS)
        before, after = (
            dict(zip(FACTS, part, strict=True)) for part in (facts[:half], facts[half:])
        )
        whose = (attempt, number, quiz, team_id, user_id)
        if move := between(whose, cut_score, before, after):
            found.append(move)
    return found


def record(session: Session, decision_id: int) -> None:
    """Append what a regrade did to the evidence: counts, and a hash over the scores it added.

    Once: where the last entry says the same, nothing is added.
    """
    decision = session.get_one(ItemDecision, decision_id)
    digest, rows = hashlib.sha256(), 0
    for row in session.execute(
        select(Attempt.public_id, Score.number, Score.percent, Score.points, Score.passed)
        .join(Attempt, Attempt.id == Score.attempt_id)
        .where(Score.decision_id == decision.id)
        .order_by(Attempt.public_id)
    ):
        digest.update(json.dumps(list(row)).encode() + b"\n")
        rows += 1
    last = session.execute(
        select(EvidenceEntry.data)
        .where(EvidenceEntry.about == decision.public_id, EvidenceEntry.kind == "item.regraded")
        .order_by(EvidenceEntry.seq.desc())
        .limit(1)
    ).scalar_one_or_none()
    if last is not None and json.loads(last)["scores"] == digest.hexdigest():
        return
    moves = moves_of(session, decision.id)
    changes = Counter(move.verdict for move in moves)
    chain.append(
        session,
        "item.regraded",
        by=decision.by,
        about=decision.public_id,
        at=decision.at,
        data={
            "rows": rows,
            "moved": len(moves),
            "gained": changes["gained"],
            "kept": changes["kept"],
            "scores": digest.hexdigest(),
        },
    )


def is_recorded(session: Session, decision: ItemDecision) -> bool:
    """Whether all scores of a decision were made."""
    return bool(
        session.execute(
            select(
                exists().where(
                    EvidenceEntry.about == decision.public_id,
                    EvidenceEntry.kind == "item.regraded",
                )
            )
        ).scalar()
    )
