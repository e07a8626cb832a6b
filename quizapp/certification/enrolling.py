"""Enrolling whomever an assignment concerns, seeing to the due days, releasing whom none does.

First it is read what there is to do: others may write meanwhile. Mostly it is nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, exists, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from quizapp.certification import awarding, cycles
from quizapp.certification.concerns import Concern, Pair, concerns
from quizapp.certification.models import Certification, Enrolment, Program
from quizapp.certification.status import is_revoked
from quizapp.evidence import chain
from quizapp.people.models import User


@dataclass(frozen=True)
class _Plan:
    """What is to be done; `anew` are those who were in the program before."""

    released: list[Any]
    due: list[tuple[Any, Concern]]
    fresh: dict[Pair, Concern]
    anew: dict[Pair, Concern]


def is_due(session: Session, now: datetime) -> bool:
    """Whether `enrol_due` has something to do; it only reads."""
    plan = _plan(session, None, now)
    return bool(plan.released or plan.due or plan.fresh or plan.anew)


def enrol_due(session: Session, now: datetime, program: Program | None = None) -> None:
    """Enrol whomever an assignment concerns, see to the due days, and release whom none does.

    Of one program or all; again changes nothing. Who is certified waits for the renewal.
    """
    session.flush()
    plan = _plan(session, program, now)
    _release(session, plan.released, now)
    _set_due(session, plan.due, now)
    _enrol(session, plan.fresh, plan.anew, now)


def _plan(session: Session, program: Program | None, now: datetime) -> _Plan:
    wanted = concerns(session, now, program.id if program else None)
    open_ = _open(session, program)
    under_way = {(row.program_id, row.user_id) for row in open_}
    missing = {pair: one for pair, one in wanted.items() if pair not in under_way}
    been = _been(session, {program_id for program_id, _ in missing}) if missing else {}
    return _Plan(
        released=[
            row
            for row in open_
            if (row.assignment_id is not None and (row.program_id, row.user_id) not in wanted)
            or row.is_over
        ],
        due=[
            (row, one)
            for row in open_
            if (row.cycle == 1 or row.renews_until)
            and not row.is_over
            and (asked := wanted.get((row.program_id, row.user_id)))
            and (one := _until(asked, row.renews_until))
            and (one.assignment_id, one.due_on) != (row.assignment_id, row.due_on)
        ],
        fresh={pair: one for pair, one in missing.items() if pair not in been},
        anew={
            pair: _until(one, been[pair].renews_until)
            for pair, one in missing.items()
            if pair in been and not been[pair].is_certified
        },
    )


def _until(one: Concern, renews_until: date | None) -> Concern:
    """A first cycle is due when its assignment says, a renewal when the award before it ends."""
    return replace(one, due_on=renews_until) if renews_until else one


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
            _RENEWS_UNTIL,
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


def _been(session: Session, program_ids: Collection[int]) -> dict[Pair, Any]:
    """The last cycle of each person in these programs: whether it ended certified, as it stands
    today, and until when the award before it is valid.
    """
    last = aliased(Enrolment)
    is_certified = exists().where(Certification.enrolment_id == Enrolment.id, ~is_revoked())
    rows = session.execute(
        select(
            Enrolment.program_id,
            Enrolment.user_id,
            is_certified.label("is_certified"),
            _RENEWS_UNTIL,
        ).where(
            Enrolment.program_id.in_(list(program_ids)),
            Enrolment.cycle >= cycles.FIRST,
            ~exists().where(
                last.program_id == Enrolment.program_id,
                last.user_id == Enrolment.user_id,
                last.cycle > Enrolment.cycle,
            ),
        )
    )
    return {(row.program_id, row.user_id): row for row in rows}


# The last valid day of the certification that a cycle continues, where that stands.
_BEFORE = aliased(Certification)
_RENEWS_UNTIL = (
    select(_BEFORE.valid_until)
    .where(
        _BEFORE.program_id == Enrolment.program_id,
        _BEFORE.user_id == Enrolment.user_id,
        _BEFORE.cycle == Enrolment.cycle - 1,
        _BEFORE.cycle >= cycles.FIRST,
        ~is_revoked(_BEFORE),
    )
    .scalar_subquery()
    .label("renews_until")
)


def _release(session: Session, rows: Sequence[Any], now: datetime) -> None:
    if not rows:
        return
    session.execute(_RELEASE, [{"one": row.id, "now": now} for row in rows])
    _forget(session)
    people = _by_program((row.slug, row.person) for row in rows)
    _enter(session, "program.released", people, now)


def _set_due(session: Session, changed: Sequence[tuple[Any, Concern]], now: datetime) -> None:
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


def _enrol(
    session: Session, fresh: Mapping[Pair, Concern], anew: Mapping[Pair, Concern], now: datetime
) -> None:
    everyone = {**fresh, **anew}
    if not everyone:
        return
    ids = {program_id for program_id, _ in everyone}
    found = session.execute(select(Program).where(Program.id.in_(ids))).scalars()
    programs = {program.id: program for program in found}
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
                    "assignment_id": one.assignment_id,
                    "due_on": one.due_on,
                }
                for (program_id, user_id), one in fresh.items()
            ],
        )
    for (program_id, user_id), one in anew.items():
        cycles.opened(
            session,
            programs[program_id],
            user_id,
            now=now,
            assignment_id=one.assignment_id,
            due_on=one.due_on,
        )
    people = _by_program(
        (programs[program_id].slug, one.person) for (program_id, _), one in everyone.items()
    )
    _enter(session, "program.enrolled", people, now)
    awarding.settle_all(session, {user_id for _, user_id in everyone}, now)


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
