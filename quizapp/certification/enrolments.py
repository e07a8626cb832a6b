"""Enrolments: who is under way in which program; moved to its newest revision, steps waived."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.certification import awarding, cycles, facts
from quizapp.certification.concerns import concerns
from quizapp.certification.models import Assignment, Enrolment, Program, Waiver
from quizapp.certification.rules import Step
from quizapp.errors import Closed, Invalid, Missing, Refused
from quizapp.evidence import chain
from quizapp.people.models import User

LONGEST_REASON = 1000


def begin(
    session: Session,
    program: Program,
    user: User,
    *,
    now: datetime,
    by: str,
    assignment: Assignment | None = None,
    due_on: date | None = None,
) -> Enrolment:
    """Put a person under way in a program, or return the open enrolment.

    What was read and passed before counts in a first cycle: it may be fulfilled at once.
    Raises Refused for a program that nobody can begin.
    """
    if program.published_at is None or program.retired_at is not None:
        raise Refused(gettext("This program is not open at present."))
    enrolment, is_new = cycles.opened(
        session,
        program,
        user.id,
        now=now,
        assignment_id=assignment.id if assignment else None,
        due_on=due_on,
    )
    if not is_new:
        return enrolment
    chain.append(
        session,
        "program.begun",
        by=by,
        about=enrolment.public_id,
        at=now,
        data={
            "person": user.public_id,
            "program": program.slug,
            "revision": enrolment.revision.number,
            "cycle": enrolment.cycle,
            "due_on": due_on and due_on.isoformat(),
        },
    )
    awarding.settle(session, user.id, now=now)
    return enrolment


def leave(session: Session, enrolment: Enrolment, *, by: str, now: datetime) -> None:
    """Let a person out of a program that nobody asks of them; what they did counts if they return.

    Raises Refused where they have to hold it, Closed where the cycle has ended.
    """
    _check_open(enrolment)
    # As the assignments stand now: what is kept in the enrolment may be a little older.
    if (enrolment.program_id, enrolment.user_id) in concerns(session, now, enrolment.program_id):
        raise Refused(gettext("You have to complete this program: it was assigned to you."))
    enrolment.ended_at, enrolment.ended = now, "left"
    session.flush()
    data = {"program": enrolment.program.slug, "cycle": enrolment.cycle}
    chain.append(session, "program.left", by=by, about=enrolment.public_id, at=now, data=data)


def under_way(
    session: Session, program: Program, public_ids: Collection[str]
) -> Sequence[Enrolment]:
    """Those of these enrolments that are in a program and have not ended."""
    query = select(Enrolment).where(
        Enrolment.program_id == program.id,
        Enrolment.ended_at.is_(None),
        Enrolment.public_id.in_(public_ids),
    )
    return session.execute(query.order_by(Enrolment.id)).scalars().all()


def move(session: Session, enrolment: Enrolment, *, by: str, now: datetime) -> None:
    """Let somebody finish on the program's newest revision instead of the one they began with.

    Raises Closed where the cycle has ended.
    """
    _check_open(enrolment)
    program, before = enrolment.program, enrolment.revision
    if program.current_revision_id in (None, enrolment.program_revision_id):
        return
    enrolment.program_revision_id = program.current_revision_id
    session.flush()
    session.refresh(enrolment, ["revision"])
    chain.append(
        session,
        "program.moved",
        by=by,
        about=enrolment.public_id,
        at=now,
        data={"from": before.number, "to": enrolment.revision.number},
    )
    awarding.settle(session, enrolment.user_id, now=now)


def waive(
    session: Session, enrolment: Enrolment, step: Step, *, reason: str, by: str, now: datetime
) -> Waiver:
    """Say that a person need not do a step in this cycle; twice is once.

    Raises Missing for a step that the program does not have, Closed where the cycle has ended,
    Invalid without a reason and for one's own.
    """
    _check_open(enrolment)
    user = session.get_one(User, enrolment.user_id)
    if user.public_id == by:
        raise Invalid(gettext("Somebody else has to decide about you."))
    asked = facts.steps_of(session, [enrolment.program_revision_id])
    if step not in asked.get(enrolment.program_revision_id, ()):
        raise Missing
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise Invalid(gettext("Say why: it is kept with the decision."))
    if (found := _waiver(session, enrolment, step)) is not None:
        return found
    waiver = Waiver(
        enrolment_id=enrolment.id,
        kind=step.kind,
        slug=step.slug,
        anchor=step.anchor,
        reason=reason,
        at=now,
        by=by,
    )
    session.add(waiver)
    session.flush()
    _enter(session, "step.waived", enrolment, step, waiver, by, now)
    awarding.settle(session, enrolment.user_id, now=now)
    return waiver


def end_waiver(
    session: Session, enrolment: Enrolment, step: Step, *, by: str, now: datetime
) -> None:
    """Ask for a waived step after all. Raises Missing where none was waived, Closed as above."""
    _check_open(enrolment)
    waiver = _waiver(session, enrolment, step)
    if waiver is None:
        raise Missing
    waiver.ended_at = now
    session.flush()
    _enter(session, "step.asked-again", enrolment, step, waiver, by, now)


def _waiver(session: Session, enrolment: Enrolment, step: Step) -> Waiver | None:
    return session.execute(
        select(Waiver).where(
            Waiver.enrolment_id == enrolment.id,
            Waiver.kind == step.kind,
            Waiver.slug == step.slug,
            Waiver.anchor == step.anchor,
            Waiver.ended_at.is_(None),
        )
    ).scalar_one_or_none()


def _check_open(enrolment: Enrolment) -> None:
    if enrolment.ended_at is not None:
        raise Closed(gettext("This cycle of the program has ended."))


def _enter(
    session: Session,
    kind: str,
    enrolment: Enrolment,
    step: Step,
    waiver: Waiver,
    by: str,
    now: datetime,
) -> None:
    target = f"{step.slug}#{step.anchor}" if step.anchor else step.slug
    chain.append(
        session,
        kind,
        by=by,
        about=enrolment.public_id,
        at=now,
        data={"waiver": waiver.id, "step": f"{step.kind} {target}", "reason": waiver.reason},
    )
