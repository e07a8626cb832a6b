"""What renewals ask to be read again."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from quizapp.content import moves
from quizapp.db import UtcDateTime
from quizapp.study.reading import Text

# Plain SQL, built once: the reader asks it of whoever has read something.
_SINCE = text(
    """
    SELECT step.anchor, max(enrolment.since) AS since
    FROM enrolment
    JOIN program_step AS step ON step.program_revision_id = enrolment.program_revision_id
    WHERE enrolment.user_id = :user AND enrolment.ended_at IS NULL AND enrolment.cycle > 1
      AND step.kind = 'read' AND step.slug = :slug
      AND NOT EXISTS (
          SELECT 1 FROM waiver
          WHERE waiver.enrolment_id = enrolment.id AND waiver.ended_at IS NULL
            AND waiver.kind = 'read' AND waiver.slug = step.slug
            AND waiver.anchor = step.anchor)
    GROUP BY step.anchor
    """
).columns(since=UtcDateTime)


def asked_anew(session: Session, user_id: int, shown: Text) -> Mapping[str, datetime]:
    """Since when a person's open renewals ask for sections of a text, by anchor.

    "" is the whole procedure. A first cycle counts what was read before, and asks nothing anew.
    """
    since: dict[str, datetime] = dict(
        iter(session.connection().execute(_SINCE, {"user": user_id, "slug": shown.slug}))
    )
    there = {"", *(part.anchor for part in shown.parts)}
    if there.issuperset(since):
        return since
    followed = moves.follow(session, [shown.slug])
    found: dict[str, datetime] = {}
    for anchor, at in since.items():
        if now := followed.now(shown.slug, anchor, there):
            found[now] = max(at, found.get(now, at))
    return found
