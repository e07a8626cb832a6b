"""What certifications are worth today: computed from the award, the acts and the keys' reviews."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from quizapp.certification import facts
from quizapp.certification.models import (
    Certification,
    CertificationAct,
    CertificationBasis,
    Program,
    ProgramRevision,
)
from quizapp.certification.rules import ProgramRules
from quizapp.content import keys
from quizapp.content.models import ItemKey, KeyAct
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
    session: Session, user_ids: Collection[int], now: datetime
) -> dict[int, list[Holding]]:
    """The certifications of each of these people, the newest first; all cycles are there."""
    found: dict[int, list[Holding]] = {user_id: [] for user_id in user_ids}
    for some in facts.chunks(sorted(found)):
        rows = session.execute(_HELD, {"people": some}).all()
        ids = [row.id for row in rows]
        acts = dict(iter(session.execute(_ACTS, {"ids": ids}))) if ids else {}
        provisional = in_review(session, ids, now)
        for row in rows:
            rules = ProgramRules.from_json(row.rules)
            found[row.user_id].append(
                Holding(
                    *row[:10],
                    queues=rules.queues,
                    state=state(
                        row,
                        acts.get(row.id),
                        calendars.day_of(row.zone, now),
                        row.id in provisional,
                        rules.warn_days,
                    ),
                )
            )
    return found


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
        ProgramRevision.rules,
        User.zone,
    )
    .join(Program, Program.id == Certification.program_id)
    .join(ProgramRevision, ProgramRevision.id == Certification.program_revision_id)
    .join(User, User.id == Certification.user_id)
    .where(Certification.user_id.in_(bindparam("people", expanding=True)))
    .order_by(Certification.awarded_on.desc(), Certification.id.desc())
)
_LATER_ACT = aliased(CertificationAct)
_ACTS = select(CertificationAct.certification_id, CertificationAct.act).where(
    CertificationAct.certification_id.in_(bindparam("ids", expanding=True)),
    ~exists().where(
        _LATER_ACT.certification_id == CertificationAct.certification_id,
        _LATER_ACT.id > CertificationAct.id,
    ),
)


def in_review(session: Session, certification_ids: Sequence[int], now: datetime) -> set[int]:
    """Those of these certifications that rest on an attempt of which a key may still change."""
    found: dict[int, set[int]] = {}
    for some in facts.chunks(certification_ids):
        for certification_id, key_id in session.execute(_KEYS, {"ids": some}):
            found.setdefault(certification_id, set()).add(key_id)
    if not found:
        return set()
    reviews = contests.reviews(session, set().union(*found.values()), now)
    undecided = {
        key_id for key_id, one in reviews.items() if one.state in ("in-review", "contested")
    }
    return {one for one, key_ids in found.items() if key_ids & undecided}


# Of the latest score; only keys that have a review at all, by the act that began it.
_LATEST = (
    select(func.max(Score.number))
    .where(Score.attempt_id == Attempt.id)
    .correlate(Attempt)
    .scalar_subquery()
)
_KEYS = (
    select(CertificationBasis.certification_id, keys.publication_id())
    .join(Attempt, Attempt.public_id == CertificationBasis.ref)
    .join(Score, (Score.attempt_id == Attempt.id) & (Score.number == _LATEST))
    .join(ItemScore, ItemScore.score_id == Score.id)
    .join(ItemKey, ItemKey.id == ItemScore.item_key_id)
    .where(
        CertificationBasis.certification_id.in_(bindparam("ids", expanding=True)),
        CertificationBasis.kind == "quiz",
        exists().where(
            KeyAct.item_key_id == keys.publication_id(),
            KeyAct.act == "published",
            KeyAct.review_days > 0,
        ),
    )
    .distinct()
)
