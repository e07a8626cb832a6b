"""Who cannot go on in a program: the step whose turn it is is not there, or is for other teams.

Nobody but a trainer can end that: by waiving the step, or moving the person to a newer version.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.certification import facts, progress
from quizapp.certification.models import Enrolment, Program, ProgramRevision
from quizapp.certification.progress import StepState
from quizapp.certification.rules import Step
from quizapp.notices.outbox import Once
from quizapp.people.models import User


@dataclass(frozen=True)
class Stopped:
    """A person under way, and the step at which they are stopped."""

    enrolment: Enrolment
    step: StepState


def everybody(session: Session, now: datetime, program_id: int | None = None) -> list[Stopped]:
    """Who is stopped today, in one program that is on the list or in all of them.

    Mostly nobody: then it is known from the steps alone, whoever is under way.
    """
    under_way = (
        select(Enrolment)
        .join(Program, Program.id == Enrolment.program_id)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.ended_at.is_(None), Program.retired_at.is_(None), User.left_at.is_(None))
    )
    if program_id is not None:
        under_way = under_way.where(Enrolment.program_id == program_id)
    revisions = session.scalars(
        under_way.with_only_columns(Enrolment.program_revision_id).distinct()
    ).all()
    asked = facts.steps_of(session, revisions)
    doubtful = progress.doubtful(session, {step for steps in asked.values() for step in steps}, now)
    concerned = [revision for revision, steps in asked.items() if doubtful.intersection(steps)]
    if not concerned:
        return []
    enrolments = session.scalars(
        under_way.where(Enrolment.program_revision_id.in_(concerned)).order_by(Enrolment.id)
    ).all()
    found = []
    for one, steps in zip(enrolments, progress.states(session, enrolments, now), strict=True):
        if (step := progress.stopped_by(steps)) is not None:
            found.append(Stopped(one, step))
    return found


def to_tell(session: Session, now: datetime) -> list[Once]:
    """Of each step at which somebody is stopped, each trainer once; reads only."""
    found: dict[tuple[int, Step], StepState] = {}
    for one in everybody(session, now):
        found.setdefault((one.enrolment.program_revision_id, one.step.step), one.step)
    if not found:
        return []
    trainers = session.scalars(
        select(User.public_id)
        .where(User.role == "trainer", User.left_at.is_(None))
        .order_by(User.id)
    ).all()
    messages = []
    for (revision_id, step), state in found.items():
        revision = session.get_one(ProgramRevision, revision_id)
        slug, name = revision.program.slug, f"{step.kind}:{step.slug}#{step.anchor}"
        args = {"program": revision.title, "step": name_of(state)}
        for trainer in trainers:
            once = f"stopped:{slug}:{revision.number}:{name}:{trainer}"
            messages.append(Once(trainer, "stopped", args, f"/trainer/programs/{slug}", once))
    return messages


def name_of(state: StepState) -> str:
    """What a trainer reads of a step, also where its person must not know the title."""
    return state.step.slug if state.why == "not-yours" else state.title
