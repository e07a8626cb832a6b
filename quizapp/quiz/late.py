"""What came after the end of an attempt: a trainer takes it in or not, and says why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.content.models import ItemRevision
from quizapp.errors import Closed, Invalid, Missing, Refused
from quizapp.evidence import chain
from quizapp.notices import outbox
from quizapp.people.models import User
from quizapp.quiz import attempts, forms, grading, regrade
from quizapp.quiz.models import Attempt, AttemptItem, LateResponse, Quiz, Response

SHORTEST = 5


@dataclass(frozen=True)
class LateAnswer:
    """An answer that came too late, beside the one that was saved in time; no key is near."""

    id: int
    position: int
    arrived_at: datetime
    after: timedelta
    saved: forms.ShownItem
    late: forms.ShownItem


@dataclass(frozen=True)
class Waiting:
    """An attempt with late answers to decide about; whose it is, is not said."""

    public_id: str
    quiz: str
    number: int
    deadline_at: datetime
    answers: tuple[LateAnswer, ...]


def count(session: Session) -> int:
    """How many attempts wait for a decision."""
    return session.execute(
        select(func.count(LateResponse.attempt_id.distinct())).where(
            LateResponse.accepted.is_(None)
        )
    ).scalar_one()


def waiting(session: Session) -> list[Waiting]:
    """The attempts whose late answers wait, the oldest first."""
    rows = session.execute(
        select(
            Attempt.id,
            Attempt.public_id,
            Quiz.title,
            Attempt.number,
            Attempt.deadline_at,
            LateResponse.id.label("late_id"),
            LateResponse.position,
            LateResponse.arrived_at,
            LateResponse.value.label("late"),
            Response.value.label("saved"),
            AttemptItem.kind,
            AttemptItem.shown,
            ItemRevision.content,
        )
        .join(Attempt, Attempt.id == LateResponse.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(
            AttemptItem,
            (AttemptItem.attempt_id == LateResponse.attempt_id)
            & (AttemptItem.position == LateResponse.position),
        )
        .join(ItemRevision, ItemRevision.id == AttemptItem.item_revision_id)
        .outerjoin(
            Response,
            (Response.attempt_id == LateResponse.attempt_id)
            & (Response.position == LateResponse.position),
        )
        .where(LateResponse.accepted.is_(None), Attempt.deadline_at.is_not(None))
        .order_by(Attempt.deadline_at, Attempt.id, LateResponse.position, LateResponse.id)
    )
    found = []
    for _, group in groupby(rows, key=lambda row: row.id):
        given = list(group)
        first = given[0]
        answers = tuple(
            LateAnswer(
                row.late_id,
                row.position,
                row.arrived_at,
                row.arrived_at - row.deadline_at,
                forms.show(row.position, row.kind, row.content, row.shown, row.saved),
                forms.show(row.position, row.kind, row.content, row.shown, row.late),
            )
            for row in given
        )
        found.append(
            Waiting(first.public_id, first.title, first.number, first.deadline_at, answers)
        )
    return found


def decide(
    session: Session,
    public_id: str,
    taken: Collection[int],
    reason: str,
    *,
    by: str,
    now: datetime,
) -> int:
    """Take in these late answers of an attempt and no others of it; returns how many were.

    A score is added by what was given in time and what was taken in; a pass that there is stays.
    Raises Missing, Closed when it was decided before, Refused while the attempt is open, Invalid
    without a reason.
    """
    attempt = session.execute(
        select(Attempt).where(Attempt.public_id == public_id).with_for_update()
    ).scalar_one_or_none()
    if attempt is None:
        raise Missing
    rows = (
        session.execute(
            select(LateResponse).where(
                LateResponse.attempt_id == attempt.id, LateResponse.accepted.is_(None)
            )
        )
        .scalars()
        .all()
    )
    if not rows:
        raise Closed(gettext("This was decided already."))
    if len(reason.strip()) < SHORTEST:
        raise Invalid(gettext("Say why: the person reads it."))
    attempts.close_if_over(session, attempt, now)
    if attempt.state != "submitted":
        raise Refused(gettext("This attempt is still open."))
    for row in rows:
        row.accepted, row.decided_at, row.decided_by = row.id in taken, now, by
        row.reason = reason.strip()
    session.flush()
    accepted = [row.id for row in rows if row.accepted]
    moved: dict[str, float] = {}
    if accepted:
        moved = _score(session, attempt, reason.strip(), by=by, now=now)
    outbox.tell(
        session,
        session.get_one(User, attempt.user_id).public_id,
        "late-decided",
        {
            "quiz": attempt.quiz.title,
            "number": attempt.number,
            "accepted": len(accepted),
            "kept": len(rows) - len(accepted),
            "reason": reason.strip(),
            **moved,
        },
        about=f"/attempts/{public_id}/result",
        now=now,
    )
    chain.append(
        session,
        "late.decided",
        by=by,
        about=public_id,
        at=now,
        data={
            "accepted": accepted,
            "refused": [row.id for row in rows if not row.accepted],
            "reason": reason.strip(),
        },
    )
    if accepted:
        for tell in regrade.rescored:
            tell(session, [attempt.user_id], now)
    return len(accepted)


def _score(
    session: Session, attempt: Attempt, reason: str, *, by: str, now: datetime
) -> dict[str, float]:
    """Add the score that takes all in; from what to what it went, per cent."""
    last = attempts.latest_score(session, attempt)
    (paper,) = grading.papers(session, [attempt.id])
    keys = grading.keys_of(session, [given.revision_id for given in paper.items])
    graded = grading.grade(paper, keys)
    # Taken away it is by a decision about the person alone.
    passed = last.passed or graded.result.passed
    score = grading.NewScore(paper, keys, graded, last.number + 1, passed)
    grading.add_scores(session, [score], reason=reason, at=now, by=by)
    return {"was": last.percent, "is": float(graded.result.percent)}
