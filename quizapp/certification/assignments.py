"""Who must hold a program's certification, and by when; whom that concerns is enrolled.

An assignment speaks of people who are there today: of whoever works in a team, also of those who
join it later. Whom none concerns any more is released; what they did counts if they come again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from flask_babel import gettext
from sqlalchemy import bindparam, exists, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from quizapp.certification import awarding, cycles
from quizapp.certification.concerns import Concern, Pair, concerns
from quizapp.certification.models import (
    Assignment,
    Certification,
    CertificationAct,
    Cohort,
    Enrolment,
    Program,
)
from quizapp.errors import Invalid
from quizapp.evidence import chain
from quizapp.people.models import ROLES, Team, User

Whose = Literal["everybody", "role", "team", "cohort", "person"]
MOST_DAYS = 3650


@dataclass(frozen=True)
class Wanted:
    """Who must hold it: a role, or a team, cohort or person by public id; "" is everybody.

    Due on a day, or so many days after it first concerns a person, or some time.
    """

    whose: Whose
    target: str
    due_on: date | None = None
    due_days: int | None = None


def assign(
    session: Session,
    program: Program,
    wanted: Wanted,
    *,
    origin: str = "page",
    by: str,
    now: datetime,
) -> Assignment:
    """Let these people hold a program's certification by then; twice is once.

    Raises Invalid for whom nobody knows, and for two ways of being due.
    """
    row = _add(session, program, wanted, origin=origin, by=by, now=now)
    enrol_due(session, now, program)
    return row


def end(session: Session, assignment: Assignment, *, by: str, now: datetime) -> None:
    """These people no longer have to, unless another assignment concerns them."""
    _end(session, assignment, by=by, now=now)
    enrol_due(session, now, session.get_one(Program, assignment.program_id))


def sync(
    session: Session, program: Program, wanted: Sequence[Wanted], *, by: str, now: datetime
) -> None:
    """Make these the assignments that the program's text names; those by hand stay.

    Raises Invalid as `assign` does.
    """
    for row in in_force(session, program):
        if row.origin == "file" and _wanted(row) not in wanted:
            _end(session, row, by=by, now=now)
    for one in wanted:
        _add(session, program, one, origin="file", by=by, now=now)
    enrol_due(session, now, program)


def in_force(session: Session, program: Program) -> list[Assignment]:
    """The assignments of a program that stand, the oldest first."""
    return list(
        session.execute(
            select(Assignment)
            .where(Assignment.program_id == program.id, Assignment.ended_at.is_(None))
            .order_by(Assignment.id)
        ).scalars()
    )


def _wanted(row: Assignment) -> Wanted:
    whose: Any = row.whose
    return Wanted(whose, row.target, row.due_on, row.due_days)


def _add(
    session: Session, program: Program, wanted: Wanted, *, origin: str, by: str, now: datetime
) -> Assignment:
    _check(session, wanted)
    for row in in_force(session, program):
        if row.origin == origin and _wanted(row) == wanted:
            return row
    row = Assignment(
        program_id=program.id,
        whose=wanted.whose,
        target=wanted.target,
        due_on=wanted.due_on,
        due_days=wanted.due_days,
        origin=origin,
        at=now,
        by=by,
    )
    session.add(row)
    session.flush()
    data = {
        "assignment": row.id,
        "whose": row.whose,
        "target": row.target,
        "due_on": row.due_on and row.due_on.isoformat(),
        "due_days": row.due_days,
        "origin": origin,
    }
    chain.append(session, "program.assigned", by=by, about=program.slug, at=now, data=data)
    return row


def _check(session: Session, wanted: Wanted) -> None:
    if wanted.due_on is not None and wanted.due_days is not None:
        raise Invalid(gettext("Give a day or a number of days, not both."))
    if wanted.due_days is not None and not 1 <= wanted.due_days <= MOST_DAYS:
        raise Invalid(gettext("Give 1 to %(most)s days.", most=MOST_DAYS))
    match wanted.whose:
        case "everybody":
            is_known = wanted.target == ""
        case "role":
            is_known = wanted.target in ROLES
        case "team":
            is_known = _is_there(session, Team.public_id, wanted.target)
        case "cohort":
            is_known = _is_there(session, Cohort.public_id, wanted.target)
        case "person":
            is_known = _is_there(session, User.public_id, wanted.target)
    if not is_known:
        raise Invalid(gettext("Say who has to hold it."))


def _is_there(session: Session, column: Any, public_id: str) -> bool:
    return session.execute(select(column).where(column == public_id)).first() is not None


def _end(session: Session, row: Assignment, *, by: str, now: datetime) -> None:
    if row.ended_at is not None:
        return
    row.ended_at = now
    session.flush()
    slug = session.get_one(Program, row.program_id).slug
    data = {"assignment": row.id}
    chain.append(session, "program.unassigned", by=by, about=slug, at=now, data=data)


def enrol_due(session: Session, now: datetime, program: Program | None = None) -> None:
    """Enrol whomever an assignment concerns, see to the due days, and release whom none does.

    Of one program or all; again changes nothing. Who is certified waits for the renewal.
    """
    session.flush()
    wanted = concerns(session, program.id if program else None)
    open_ = _open(session, program)
    released = [
        row
        for row in open_
        if (row.assignment_id is not None and (row.program_id, row.user_id) not in wanted)
        or row.is_over
    ]
    _release(session, released, now)
    _set_due(session, open_, wanted, now)
    under_way = {(row.program_id, row.user_id) for row in open_}
    _enrol(session, {pair: one for pair, one in wanted.items() if pair not in under_way}, now)


def _open(session: Session, program: Program | None) -> list[Any]:
    query = (
        select(
            Enrolment.id,
            Enrolment.public_id,
            Enrolment.program_id,
            Enrolment.user_id,
            Enrolment.cycle,
            Enrolment.assignment_id,
            Enrolment.due_on,
            Program.slug,
            User.public_id.label("person"),
            or_(
                User.left_at.is_not(None),
                Program.retired_at.is_not(None),
                Program.published_at.is_(None),
            ).label("is_over"),
        )
        .join(Program, Program.id == Enrolment.program_id)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.ended_at.is_(None))
        .order_by(Enrolment.id)
    )
    if program is not None:
        query = query.where(Enrolment.program_id == program.id)
    return list(session.execute(query))


def _release(session: Session, rows: Sequence[Any], now: datetime) -> None:
    if not rows:
        return
    session.execute(_RELEASE, [{"one": row.id, "now": now} for row in rows])
    _forget(session)
    people = _by_program((row.slug, row.person) for row in rows)
    _enter(session, "program.released", people, now)


def _set_due(
    session: Session, rows: Sequence[Any], wanted: Mapping[Pair, Concern], now: datetime
) -> None:
    """A first cycle is due when its assignment says; a renewal when the award before it ends."""
    changed = [
        (row, one)
        for row in rows
        if row.cycle == 1
        and not row.is_over
        and (one := wanted.get((row.program_id, row.user_id)))
        and (one.assignment_id, one.due_on) != (row.assignment_id, row.due_on)
    ]
    if not changed:
        return
    session.execute(
        _DUE,
        [{"one": row.id, "new": one.assignment_id, "due": one.due_on} for row, one in changed],
    )
    _forget(session)
    days = _by_program(
        (row.slug, [row.public_id, one.due_on and one.due_on.isoformat()]) for row, one in changed
    )
    _enter(session, "program.due", days, now)


# By the tables: many rows at a time, each by its key.
_ENROLMENT: Any = Enrolment.__table__
_RELEASE = (
    update(_ENROLMENT)
    .where(_ENROLMENT.c.id == bindparam("one"))
    .values(ended_at=bindparam("now"), ended="released")
)
_DUE = (
    update(_ENROLMENT)
    .where(_ENROLMENT.c.id == bindparam("one"))
    .values(assignment_id=bindparam("new"), due_on=bindparam("due"))
)


def _forget(session: Session) -> None:
    """What the session holds of enrolments is read anew: the tables were written past it."""
    for held in session.identity_map.values():
        if isinstance(held, Enrolment):
            session.expire(held)


def _enrol(session: Session, missing: Mapping[Pair, Concern], now: datetime) -> None:
    if not missing:
        return
    programs = {
        row.id: row
        for row in session.execute(
            select(Program).where(Program.id.in_({program for program, _ in missing}))
        ).scalars()
    }
    been = _been(session, programs)
    pairs = [pair for pair in missing if been.get(pair) != "certified"]
    fresh = [pair for pair in pairs if pair not in been]
    if fresh:
        session.execute(
            insert(Enrolment),
            [
                {
                    "program_id": program_id,
                    "program_revision_id": programs[program_id].current_revision_id,
                    "user_id": user_id,
                    "cycle": 1,
                    "since": now,
                    "assignment_id": missing[program_id, user_id].assignment_id,
                    "due_on": missing[program_id, user_id].due_on,
                }
                for program_id, user_id in fresh
            ],
        )
    for program_id, user_id in pairs:
        if (program_id, user_id) in been:
            one = missing[program_id, user_id]
            cycles.opened(
                session,
                programs[program_id],
                user_id,
                now=now,
                assignment_id=one.assignment_id,
                due_on=one.due_on,
            )
    people = _by_program((programs[pair[0]].slug, missing[pair].person) for pair in pairs)
    _enter(session, "program.enrolled", people, now)
    awarding.settle_all(session, {user_id for _, user_id in pairs}, now=now)


def _been(session: Session, program_ids: Collection[int]) -> dict[Pair, str]:
    """How the last cycle of each person in these programs ended: certified, or otherwise."""
    last, act, later_act = aliased(Enrolment), CertificationAct, aliased(CertificationAct)
    is_revoked = exists().where(
        act.certification_id == Certification.id,
        act.act == "revoked",
        ~exists().where(later_act.certification_id == act.certification_id, later_act.id > act.id),
    )
    rows = session.execute(
        select(Enrolment.program_id, Enrolment.user_id, Certification.id, is_revoked)
        .outerjoin(Certification, Certification.enrolment_id == Enrolment.id)
        .where(
            Enrolment.program_id.in_(list(program_ids)),
            ~exists().where(
                last.program_id == Enrolment.program_id,
                last.user_id == Enrolment.user_id,
                last.cycle > Enrolment.cycle,
            ),
        )
    )
    return {
        (program_id, user_id): "certified" if certified and not revoked else "ended"
        for program_id, user_id, certified, revoked in rows
    }


def _by_program(facts: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for slug, fact in facts:
        found[slug].append(fact)
    return found


def _enter(session: Session, kind: str, by_program: Mapping[str, Any], now: datetime) -> None:
    """One entry a program, however many people."""
    for slug in sorted(by_program):
        data = {"of": by_program[slug]}
        chain.append(session, kind, by=chain.SYSTEM, about=slug, at=now, data=data)
