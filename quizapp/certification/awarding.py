"""Awards: given the moment the last condition holds, recorded, revoked and reinstated.

Whoever fulfils something calls `settle` in the same transaction. It takes the turn at the chain
before it looks, so that of two who fulfil the last two steps at once one sees the other's; the
unique enrolment keeps an award from being given twice.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import JSON, Date, Integer, bindparam, exists, insert, or_, select, text, update
from sqlalchemy.orm import Session

from quizapp.certification import certificates, cycles, facts, progress, signing, status
from quizapp.certification.models import (
    Certification,
    CertificationAct,
    CertificationBasis,
    Enrolment,
    Program,
    certificate_code,
)
from quizapp.certification.progress import Proof, StepState
from quizapp.certification.rules import ProgramRules
from quizapp.db import UtcDateTime, keep_in_line
from quizapp.errors import Invalid, Refused
from quizapp.evidence import chain
from quizapp.people import calendars
from quizapp.people.models import User

LONGEST_REASON = 1000


def settle(session: Session, user_id: int, now: datetime) -> list[Certification]:
    """Award every open enrolment of a person whose last condition holds; twice is once."""
    return settle_all(session, [user_id], now=now)


def settle_all(session: Session, user_ids: Collection[int], now: datetime) -> list[Certification]:
    """The same for many people, by few statements for those who are in no program."""
    people = sorted(
        {
            user_id
            for some in facts.chunks(sorted(set(user_ids)))
            for user_id in session.execute(_UNDER_WAY, {"people": some}).scalars()
        }
    )
    if not people:
        return []
    session.flush()
    keep_in_line(session)
    given = []
    for enrolment, steps in _fulfilled(session, people, now):
        if row := _award(session, enrolment, steps, now):
            given.append(row)
    return given


_OPEN = select(Enrolment.user_id).where(Enrolment.ended_at.is_(None))
_UNDER_WAY = _OPEN.where(Enrolment.user_id.in_(bindparam("people", expanding=True)))


def to_settle(session: Session, now: datetime) -> set[int]:
    """Who has fulfilled a program without an act of theirs: a section to be read is no more."""
    people = session.scalars(_OPEN.distinct()).all()
    return {enrolment.user_id for enrolment, _ in _fulfilled(session, people, now)}


def _fulfilled(
    session: Session, user_ids: Collection[int], now: datetime
) -> list[tuple[Enrolment, tuple[StepState, ...]]]:
    enrolments = progress.open_enrolments(session, user_ids)
    states = progress.states(session, enrolments, now)
    return [
        (enrolment, steps)
        for enrolment, steps in zip(enrolments, states, strict=True)
        if progress.is_fulfilled(steps)
    ]


def _award(
    session: Session, enrolment: Enrolment, steps: Sequence[StepState], now: datetime
) -> Certification | None:
    """Certify what these steps prove; None where it was done already."""
    proofs = [(n, proof) for n, step in enumerate(steps, start=1) for proof in step.proofs]
    # A deadline that is noticed late lies before what was read since.
    at = max(now, *(proof.at for _, proof in proofs))
    user = session.get_one(User, enrolment.user_id)
    day = calendars.day_of(user.zone, at)
    rules = ProgramRules.from_json(enrolment.revision.rules)
    row = _add(
        session,
        enrolment,
        user,
        [proof for _, proof in proofs],
        source="earned",
        at=at,
        awarded_on=day,
        valid_until=rules.valid_until(day),
        reason="",
        by=chain.SYSTEM,
    )
    if row is None:
        return None
    session.execute(
        insert(CertificationBasis),
        [
            {
                "certification_id": row.id,
                "position": position,
                "step": n,
                "kind": proof.kind,
                "slug": proof.step.slug,
                "anchor": proof.anchor,
                "heading": proof.heading,
                "hash": proof.hash,
                "ref": proof.ref,
                "at": proof.at,
            }
            for position, (n, proof) in enumerate(proofs, start=1)
        ],
    )
    _enter(session, "certification.awarded", row, enrolment, user, at)
    return row


def _add(
    session: Session,
    enrolment: Enrolment,
    user: User,
    proofs: Sequence[Proof],
    *,
    source: Any,
    at: datetime,
    awarded_on: date,
    valid_until: date | None,
    reason: str,
    by: str,
) -> Certification | None:
    """End an enrolment by a sealed certification; None where it has one."""
    code, revision = certificate_code(), enrolment.revision
    printed = certificates.printed(
        code=code,
        name=user.name,
        program=revision.title,
        language=revision.language,
        minutes=ProgramRules.from_json(revision.rules).minutes,
        awarded_on=awarded_on,
        valid_until=valid_until,
        source=source,
        **_covered(user, proofs),
    )
    key_id, signature = signing.seal(session, printed, at)
    row_id = session.execute(
        _ADD,
        {
            "code": code,
            "enrolment": enrolment.id,
            "program": enrolment.program_id,
            "revision": enrolment.program_revision_id,
            "user": user.id,
            "cycle": enrolment.cycle,
            "source": source,
            "awarded_at": at,
            "awarded_on": awarded_on,
            "valid_until": valid_until,
            "printed": printed,
            "key": key_id,
            "signature": signature,
            "reason": reason,
            "by": by,
        },
    ).scalar_one_or_none()
    enrolment.ended_at, enrolment.ended = at, "awarded" if source == "earned" else "recorded"
    session.flush()
    return session.get_one(Certification, row_id) if row_id else None


def _covered(user: User, proofs: Sequence[Proof]) -> dict[str, Any]:
    """What a certificate lists, with the person's days."""

    def on(proof: Proof) -> date:
        return calendars.day_of(user.zone, proof.at)

    return {
        "read": [
            certificates.Read(one.title, one.heading, on(one))
            for one in proofs
            if one.kind == "read"
        ],
        "passed": [certificates.Passed(one.title, on(one)) for one in proofs if one.kind == "quiz"],
        "waived": [one.title for one in proofs if one.kind == "waiver"],
    }


# Portable to both databases; an award that is there already adds nothing.
_ADD = (
    text(
        """
        INSERT INTO certification (code, enrolment_id, program_id, program_revision_id, user_id,
            cycle, source, awarded_at, awarded_on, valid_until, printed, signing_key_id,
            signature, reason, "by")
        VALUES (:code, :enrolment, :program, :revision, :user, :cycle, :source, :awarded_at,
            :awarded_on, :valid_until, :printed, :key, :signature, :reason, :by)
        ON CONFLICT (enrolment_id) DO NOTHING RETURNING id
        """
    )
    .bindparams(
        bindparam("awarded_at", type_=UtcDateTime),
        bindparam("awarded_on", type_=Date),
        bindparam("valid_until", type_=Date),
        bindparam("printed", type_=JSON),
    )
    .columns(id=Integer)
)


def _enter(
    session: Session,
    kind: str,
    row: Certification,
    enrolment: Enrolment,
    user: User,
    at: datetime,
) -> None:
    program = session.get_one(Program, row.program_id)
    chain.append(
        session,
        kind,
        by=row.by,
        about=row.code,
        at=at,
        data={
            "person": user.public_id,
            "program": program.slug,
            "revision": enrolment.revision.number,
            "cycle": row.cycle,
            "enrolment": enrolment.public_id,
            "awarded_on": row.awarded_on.isoformat(),
            "valid_until": row.valid_until and row.valid_until.isoformat(),
            "printed": signing.digest(row.printed),
            "key": row.signing_key_id,
        }
        | ({"reason": row.reason} if row.reason else {}),
    )


def record(
    session: Session,
    user: User,
    program: Program,
    *,
    awarded_on: date,
    valid_until: date | None,
    reason: str,
    by: str,
    now: datetime,
) -> Certification:
    """Certify what somebody earned elsewhere or before, by a trainer's word.

    What has ended already stands in the history: it touches no cycle and begins none. Raises
    Invalid without a reason, for days that cannot be, and for one's own; Refused for what was
    recorded with these days already, or would end before what is held.
    """
    reason = _reason(reason)
    _somebody_else(user, by)
    today = calendars.day_of(user.zone, now)
    if awarded_on > today:
        raise Invalid(gettext("The day on which it was earned has not come yet."))
    if valid_until is not None and valid_until < awarded_on:
        raise Invalid(gettext("It ends before it was earned."))
    if _is_recorded(session, user.id, program.id, awarded_on, valid_until):
        raise Refused(gettext("This was recorded already, with the same days."))
    if valid_until is not None and valid_until < today:
        enrolment = cycles.before_all(session, program, user.id, now=now)
    elif valid_until is not None and _lasts_beyond(session, user.id, program.id, valid_until):
        # The newest cycle says when the renewal is due: it must not be the one that ends first.
        raise Refused(gettext("The person holds a certification that is valid for longer."))
    else:
        enrolment, _ = cycles.opened(session, program, user.id, now=now)
    row = _add(
        session,
        enrolment,
        user,
        [],
        source="recorded",
        at=now,
        awarded_on=awarded_on,
        valid_until=valid_until,
        reason=reason,
        by=by,
    )
    assert row is not None  # noqa: S101 - an open enrolment has no certification
    _enter(session, "certification.recorded", row, enrolment, user, now)
    return row


def _is_recorded(
    session: Session, user_id: int, program_id: int, awarded_on: date, valid_until: date | None
) -> bool:
    """Whether the same stands there already: a form that was sent twice, or two trainers."""
    query = select(Certification.id).where(
        Certification.user_id == user_id,
        Certification.program_id == program_id,
        Certification.source == "recorded",
        Certification.awarded_on == awarded_on,
        Certification.valid_until.is_not_distinct_from(valid_until),
        ~status.is_revoked(),
    )
    return session.execute(query.limit(1)).first() is not None


def _lasts_beyond(session: Session, user_id: int, program_id: int, end: date) -> bool:
    """Whether a certification that stands is valid after a day."""
    query = select(Certification.id).where(
        Certification.user_id == user_id,
        Certification.program_id == program_id,
        or_(Certification.valid_until.is_(None), Certification.valid_until > end),
        ~status.is_revoked(),
    )
    return session.execute(query.limit(1)).first() is not None


def revoke(
    session: Session, certification: Certification, *, reason: str, by: str, now: datetime
) -> None:
    """Take a certification back. Raises Refused where it is, Invalid without a reason."""
    _somebody_else(session.get_one(User, certification.user_id), by)
    if is_revoked(session, certification.id):
        raise Refused(gettext("This certification was revoked already."))
    _act(session, certification, "revoked", reason, by, now)


def reinstate(
    session: Session, certification: Certification, *, reason: str, by: str, now: datetime
) -> None:
    """Let a revoked certification count again. Raises Refused where it does, Invalid as above.

    A cycle that was opened since is that of the renewal: it is due when the certification ends.
    """
    _somebody_else(session.get_one(User, certification.user_id), by)
    if not is_revoked(session, certification.id):
        raise Refused(gettext("This certification is not revoked."))
    if certification.cycle >= cycles.FIRST:
        session.execute(
            update(Enrolment)
            .where(
                Enrolment.program_id == certification.program_id,
                Enrolment.user_id == certification.user_id,
                Enrolment.cycle > certification.cycle,
                Enrolment.ended_at.is_(None),
                Enrolment.due_on.is_not(None),
            )
            .values(due_on=certification.valid_until)
        )
    _act(session, certification, "reinstated", reason, by, now)


def revoke_resting_on(session: Session, attempt: str, reason: str, by: str, now: datetime) -> None:
    """Revoke what rests on an attempt (by its public id) whose pass was taken away."""
    resting = select(Certification).where(
        exists().where(
            CertificationBasis.certification_id == Certification.id,
            CertificationBasis.kind == "quiz",
            CertificationBasis.ref == attempt,
        ),
        ~status.is_revoked(),
    )
    for row in session.scalars(resting).all():
        _act(session, row, "revoked", reason, by, now)


def is_revoked(session: Session, certification_id: int) -> bool:
    """Whether the last act about a certification revoked it."""
    query = select(Certification.id).where(
        Certification.id == certification_id, status.is_revoked()
    )
    return session.execute(query).first() is not None


def _act(
    session: Session, row: Certification, act: str, reason: str, by: str, now: datetime
) -> None:
    reason = _reason(reason)
    user = session.get_one(User, row.user_id)
    session.add(CertificationAct(certification_id=row.id, act=act, reason=reason, at=now, by=by))
    session.flush()
    chain.append(
        session,
        f"certification.{act}",
        by=by,
        about=row.code,
        at=now,
        data={"person": user.public_id, "reason": reason},
    )


def _reason(given: str) -> str:
    reason = " ".join(given.split())[:LONGEST_REASON]
    if not reason:
        raise Invalid(gettext("Say why: it is kept with the decision."))
    return reason


def _somebody_else(user: User, by: str) -> None:
    if user.public_id == by:
        raise Invalid(gettext("Somebody else has to decide about you."))
