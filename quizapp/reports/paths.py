"""What people are asked by programs, as those who lead them may see it.

What somebody holds is theirs, and told of them wherever its program belongs. What is asked of them
is told as far as the program is there for the leader; a step of it that is not has no name.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from quizapp.certification import facts, progress
from quizapp.certification.models import Enrolment, Program
from quizapp.certification.progress import Path
from quizapp.people import audience


def programs_for(session: Session, viewer: int) -> set[int]:
    """The programs, by id, that are there for a person, also drafts and retired ones."""
    return set(session.scalars(_THERE, {"viewer": viewer}))


_THERE = select(Program.id).where(text(audience.visible("program", "program.slug")))


def of_person(session: Session, user_id: int, leader: int, now: datetime) -> list[Path]:
    """The programs that a person is under way in: what is due first comes first."""
    there = programs_for(session, leader)
    found = progress.paths_of(session, user_id, now)
    return _seen(session, [path for path in found if path.enrolment.program_id in there], leader)


def of_enrolments(
    session: Session, enrolment_ids: Collection[int], leader: int, now: datetime
) -> list[Path]:
    """The ways of many people, whom the caller found to be led."""
    enrolments = [
        enrolment
        for some in facts.chunks(sorted(enrolment_ids))
        for enrolment in session.scalars(select(Enrolment).where(Enrolment.id.in_(some)))
    ]
    return _seen(session, progress.paths(session, enrolments, now), leader)


def _seen(session: Session, paths: Sequence[Path], leader: int) -> list[Path]:
    slugs = sorted({one.step.slug for path in paths for one in path.steps})
    hidden = facts.hidden(session, slugs, [leader]) if slugs else facts.Hidden({}, {})
    return [
        replace(
            path,
            steps=tuple(
                replace(one, title=gettext("Something for other teams"))
                if hidden.is_from(leader, one.step)
                else one
                for one in path.steps
            ),
        )
        for path in paths
    ]
