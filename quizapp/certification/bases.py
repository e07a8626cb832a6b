"""What an award rests on, as the steps of its program."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.certification.models import Certification, CertificationBasis
from quizapp.certification.progress import StepState, preview


def steps(session: Session, certification_id: int, now: datetime) -> tuple[StepState, ...]:
    """The steps that a certification was earned by, with when; none of one that was recorded."""
    one = session.get_one(Certification, certification_id)
    proofs = defaultdict(list)
    for row in session.execute(
        select(CertificationBasis.step, CertificationBasis.kind, CertificationBasis.at).where(
            CertificationBasis.certification_id == one.id
        )
    ):
        proofs[row.step].append(row)
    if not proofs:
        return ()
    # What a step is called today; how it stands was settled by the award.
    return tuple(
        replace(
            named,
            state="waived" if any(row.kind == "waiver" for row in proofs[n]) else "done",
            why="",
            done=named.total,
            at=max((row.at for row in proofs[n]), default=one.awarded_at),
        )
        for n, named in enumerate(preview(session, one.revision, one.user_id, now), start=1)
    )
