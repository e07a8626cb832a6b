"""What certifications are worth today: computed from the award, the acts and the keys' reviews."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol, TypeVar

from sqlalchemy import ColumnElement, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from quizapp.certification import cycles, facts
from quizapp.certification.models import (
    Certification,
    CertificationAct,
    CertificationBasis,
    Program,
    ProgramRevision,
)
from quizapp.certification.rules import ProgramRules
from quizapp.content import keys
from quizapp.content.models import ItemKey
from quizapp.people import calendars
from quizapp.people.models import User
from quizapp.quiz import contests
from quizapp.quiz.models import Attempt, ItemScore, Score

State = Literal["valid", "provisional", "expiring", "expired", "revoked"]
READY: frozenset[State] = frozenset({"valid", "provisional", "expiring"})


@dataclass(frozen=True)
class Holding:
    """A certification of a person, and what it is worth today."""

    id: int
    user_id: int
    code: str
    program_id: int
    slug: str
    title: str
    cycle: int
    source: str
    awarded_on: date
    valid_until: date | None
    queues: tuple[str, ...]
    state: State

    @property
    def is_ready(self) -> bool:
        """Whether it makes its person ready for its queues today."""
        return self.state in READY

    @property
    def is_history(self) -> bool:
        """Whether it had ended already when it was recorded."""
        return self.cycle < cycles.FIRST


class Ending(Protocol):
    """What has a last valid day, or None for ever: a certification, or a row of one."""

    @property
    def valid_until(self) -> date | None:
        """The last day on which it is valid."""


def state(
    certification: Ending,
    last_act: str | None,
    today: date,
    in_review: bool,
    warn_days: Sequence[int],
) -> State:
    """The state of a certification on the person's day; its last valid day is one of them."""
    if last_act == "revoked":
        return "revoked"
    valid_until = certification.valid_until
    if valid_until is not None and today > valid_until:
        return "expired"
    if in_review:
        return "provisional"
    if valid_until is not None and valid_until - today <= timedelta(max(warn_days, default=0)):
        return "expiring"
    return "valid"


def state_of(session: Session, certification: Certification, now: datetime) -> State:
    """The state of one certification."""
    held = holdings(session, [certification.user_id], now)[certification.user_id]
    return next(one.state for one in held if one.id == certification.id)


def holdings(
    session: Session,
    user_ids: Collection[int],
    now: datetime,
    programs: Collection[int] | None = None,
) -> dict[int, list[Holding]]:
    """The certifications of each of these people, the newest first, what is history last.

    Of all programs, or of some.
    """
    wanted = _HELD
    if programs is not None:
        wanted = wanted.where(Certification.program_id.in_(programs))
    found: dict[int, list[Holding]] = {user_id: [] for user_id in user_ids}
    rows: list[Any] = []
    acts: dict[int, str] = {}
    for some in facts.chunks(sorted(found)):
        of_these = session.execute(wanted, {"people": some}).all()
        if of_these:
            acts.update(iter(session.execute(_ACTS, {"people": some})))
        rows += of_these
    rules = rules_of(session, {row.revision_id for row in rows})
    days = {zone: calendars.day_of(zone, now) for zone in {row.zone for row in rows}}
    # What is over stays so, whatever becomes of a key.
    running = [
        row.id
        for row in rows
        if acts.get(row.id) != "revoked"
        and (row.valid_until is None or row.valid_until >= days[row.zone])
    ]
    provisional = in_review(session, running, now)
    for row in rows:
        ruled = rules[row.revision_id]
        held = found[row.user_id]
        is_renewed = any(one.program_id == row.program_id and one.is_ready for one in held)
        held.append(
            Holding(  # type: ignore[misc]  # ten columns, then these two
                *row[:10],
                queues=ruled.queues,
                state=state(
                    row,
                    acts.get(row.id),
                    days[row.zone],
                    row.id in provisional,
                    # Nobody has to see to the end of what is renewed already.
                    () if is_renewed else ruled.warn_days,
                ),
            )
        )
    return found


class Counted(Protocol):
    """What counts for a program or does not: a certification, or what is read of one."""

    @property
    def program_id(self) -> int:
        """The program, by its id."""

    @property
    def is_ready(self) -> bool:
        """Whether it makes its person ready today."""


One = TypeVar("One", bound=Counted)


def counting(held: Iterable[One]) -> dict[int, One]:
    """Of each program (by its id) the certification by which its person stands today.

    Of these, the newest first, one that makes ready: the newest may be revoked, and one before it
    be valid still.
    """
    found: dict[int, One] = {}
    for one in held:
        before = found.setdefault(one.program_id, one)
        if one.is_ready and not before.is_ready:
            found[one.program_id] = one
    return found


def rules_of(session: Session, revision_ids: Collection[int]) -> dict[int, ProgramRules]:
    """The rules of these revisions: not read with each award, as they are few, and long."""
    if not revision_ids:
        return {}
    rows = session.execute(_RULES, {"ids": sorted(revision_ids)})
    return {revision_id: ProgramRules.from_json(rules) for revision_id, rules in rows}


_RULES = select(ProgramRevision.id, ProgramRevision.rules).where(
    ProgramRevision.id.in_(bindparam("ids", expanding=True))
)


_HELD = (
    select(
        Certification.id,
        Certification.user_id,
        Certification.code,
        Certification.program_id,
        Program.slug,
        ProgramRevision.title,
        Certification.cycle,
        Certification.source,
        Certification.awarded_on,
        Certification.valid_until,
        Certification.program_revision_id.label("revision_id"),
        User.zone,
    )
    .join(Program, Program.id == Certification.program_id)
    .join(ProgramRevision, ProgramRevision.id == Certification.program_revision_id)
    .join(User, User.id == Certification.user_id)
    .where(Certification.user_id.in_(bindparam("people", expanding=True)))
    .order_by(
        Certification.cycle < cycles.FIRST,
        Certification.awarded_on.desc(),
        Certification.id.desc(),
    )
)


def is_revoked(of: type[Certification] = Certification) -> ColumnElement[bool]:
    """The condition that the last act about a certification of the query revoked it."""
    act, later = aliased(CertificationAct), aliased(CertificationAct)
    return exists().where(
        act.certification_id == of.id,
        act.act == "revoked",
        ~exists().where(later.certification_id == act.certification_id, later.id > act.id),
    )


_LATER_ACT = aliased(CertificationAct)
_ACTS = (
    select(CertificationAct.certification_id, CertificationAct.act)
    .join(Certification, Certification.id == CertificationAct.certification_id)
    .where(
        Certification.user_id.in_(bindparam("people", expanding=True)),
        ~exists().where(
            _LATER_ACT.certification_id == CertificationAct.certification_id,
            _LATER_ACT.id > CertificationAct.id,
        ),
    )
)


def in_review(session: Session, certification_ids: Sequence[int], now: datetime) -> set[int]:
    """Those of these certifications that rest on an attempt of which a key may still change."""
    # From the keys: few are in review at a time, and awards rest on all there are.
    undecided = contests.undecided(session, now) if certification_ids else set()
    if not undecided:
        return set()
    given: dict[str, Any] = {
        "keys": session.scalars(_VERSIONS, {"keys": sorted(undecided)}).all(),
        "ids": certification_ids,
    }
    if len(certification_ids) <= facts.AT_ONCE:
        return set(session.scalars(_RESTING, given))
    # Of so many it is less to look at all that rests on the keys.
    return set(session.scalars(_RESTING_ON, given)).intersection(certification_ids)


_ON_KEYS = (
    select(CertificationBasis.certification_id)
    .join(Attempt, Attempt.public_id == CertificationBasis.ref)
    .join(Score, Score.attempt_id == Attempt.id)
    .join(ItemScore, ItemScore.score_id == Score.id)
    .where(ItemScore.item_key_id.in_(bindparam("keys", expanding=True)))
    .distinct()
)
# Both by the latest score of an attempt, said so that the databases begin where it is least: with
# these certifications, or with the keys. Only attempts have such a ref.
_OTHER = aliased(Score)
_RESTING = _ON_KEYS.where(
    CertificationBasis.certification_id.in_(bindparam("ids", expanding=True)),
    Score.number
    == select(func.max(_OTHER.number))
    .where(_OTHER.attempt_id == Attempt.id)
    .correlate(Attempt)
    .scalar_subquery(),
)
_RESTING_ON = _ON_KEYS.where(
    CertificationBasis.kind == "quiz",
    ~exists().where(_OTHER.attempt_id == Score.attempt_id, _OTHER.number > Score.number),
)
_VERSIONS = select(ItemKey.id).where(keys.publication_id().in_(bindparam("keys", expanding=True)))
