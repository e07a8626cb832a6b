"""What keeps people from finishing a program: steps not all of them see, steps that are gone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.certification import facts, programs, stopped
from quizapp.certification.concerns import concerns
from quizapp.certification.models import Program
from quizapp.certification.progress import Why
from quizapp.certification.rules import Step
from quizapp.formats.text import alphabetical
from quizapp.people import audience
from quizapp.people.models import User


@dataclass(frozen=True)
class Waiting:
    """A person who cannot go on, by company number: at which step, and why.

    `can_move` is whether the newest version does not ask for that step.
    """

    public_id: str
    number: str
    version: int
    step: str
    why: Why
    can_move: bool


def waiting(session: Session, program: Program, now: datetime) -> list[Waiting]:
    """Who is stopped in a program until a trainer decides, by company number."""
    found = stopped.everybody(session, now, program.id)
    if not found:
        return []
    newest = programs.revision_of(session, program)
    asked = programs.steps(session, newest.id)
    people = {user.id: user for user in _users(session, [one.enrolment.user_id for one in found])}
    lines = [
        Waiting(
            people[one.enrolment.user_id].public_id,
            people[one.enrolment.user_id].employee_number or "–",
            one.enrolment.revision.number,
            stopped.name_of(one.step),
            one.step.why,
            one.enrolment.program_revision_id != newest.id and one.step.step not in asked,
        )
        for one in found
    ]
    return sorted(lines, key=lambda one: one.number)


def _users(session: Session, ids: list[int]) -> list[User]:
    return [
        user
        for some in facts.chunks(ids)
        for user in session.execute(select(User).where(User.id.in_(some))).scalars()
    ]


@dataclass(frozen=True)
class Unseen:
    """A step that is for some teams alone, and not for all that the program is for.

    `others` are the program's teams that do not see it, None where the program is for everybody;
    `people` is how many of those who must hold it do not.
    """

    step: str
    teams: list[str]
    others: list[str] | None
    people: int


def unseen(session: Session, program: Program, now: datetime) -> list[Unseen]:
    """The steps of a program that not everybody sees whom it is for or assigned to."""
    asked = programs.steps(session, programs.revision_of(session, program).id)
    meant = {"read": audience.names(session, "procedure"), "quiz": audience.names(session, "quiz")}
    limited = {step: meant[step.kind][step.slug] for step in asked if step.slug in meant[step.kind]}
    if not limited:
        return []
    mine = audience.names(session, "program").get(program.slug)
    concerned = [user_id for _, user_id in concerns(session, now, program.id)]
    hidden = facts.hidden(session, [step.slug for step in limited], concerned)
    found = []
    for step, teams in limited.items():
        others = None if mine is None else sorted({*mine} - {*teams}, key=alphabetical)
        people = sum(hidden.is_from(user_id, step) for user_id in concerned)
        if others != [] or people:
            found.append(Unseen(_name(step), teams, others, people))
    return found


def _name(step: Step) -> str:
    return f"{step.slug}#{step.anchor}" if step.anchor else step.slug
