"""The scorings of an attempt, each with reason, author and time; none is overwritten."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from quizapp.people.models import User
from quizapp.quiz.models import Attempt, AttemptItem, ItemDecision, LateResponse, Score

# The condition on a `score` of the query that it is its attempt's last one: by the attempt of the
# score itself, so that the databases look it up by the index.
IS_LATEST = """score.number = (
    SELECT max(other.number) FROM score AS other WHERE other.attempt_id = score.attempt_id)"""


@dataclass(frozen=True)
class Scoring:
    """One scoring beside the one before; scores are per cent, `was` is None for the first.

    `why` is submit; replaced, both or void for a decision about an item; late for answers that
    were taken in; person for a decision about the person. `name` is None where the reader is
    not told, `role` where no person did it. `position` is that of the item decided about,
    `decision` the decision's id.
    """

    number: int
    at: datetime
    why: str
    reason: str
    position: int | None
    was: float | None
    percent: float
    passed_before: bool | None
    passed: bool
    kept: bool
    name: str | None
    role: str | None
    decision: str | None


def of_attempt(session: Session, attempt: Attempt, *, names: bool) -> list[Scoring]:
    """The scorings of an attempt, the oldest first; `names` is whether authors are named."""
    rows = session.execute(_SCORINGS, {"attempt": attempt.id}).all()
    late = set(
        session.execute(
            select(LateResponse.decided_at).where(
                LateResponse.attempt_id == attempt.id, LateResponse.accepted.is_(True)
            )
        ).scalars()
        if len(rows) > 1
        else ()
    )
    found: list[Scoring] = []
    for score, kind, position, name, role, decision in rows:
        before = found[-1] if found else None
        why = "submit"
        if before is not None:
            why = kind or ("late" if score.at in late else "person")
        found.append(
            Scoring(
                score.number,
                score.at,
                why,
                "" if before is None else score.reason,
                position,
                before.percent if before else None,
                score.percent,
                before.passed if before else None,
                score.passed,
                score.kept,
                name if names else None,
                role,
                decision,
            )
        )
    return found


_SCORINGS = (
    select(
        Score,
        ItemDecision.kind,
        AttemptItem.position,
        User.name,
        User.role,
        ItemDecision.public_id,
    )
    .outerjoin(ItemDecision, ItemDecision.id == Score.decision_id)
    .outerjoin(
        AttemptItem,
        and_(
            AttemptItem.attempt_id == Score.attempt_id,
            AttemptItem.item_id == ItemDecision.item_id,
        ),
    )
    .outerjoin(User, User.public_id == Score.by)
    .where(Score.attempt_id == bindparam("attempt"))
    .order_by(Score.number)
)
