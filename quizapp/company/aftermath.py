"""What people decided about the company's results, through the functions that clicks call."""

import random
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.certification import assignments, awarding
from quizapp.certification.models import Certification, Enrolment, Program
from quizapp.content.models import Bank, Item
from quizapp.people import calendars
from quizapp.people.models import User
from quizapp.quiz import contests, decisions, regrade
from quizapp.quiz.models import Attempt, ItemExposure, Quiz

# So many of a hundred certifications were revoked, or of open enrolments recorded.
REVOKED, RECORDED = 0.3, 0.3
OBJECTION = "O procedimento mudou: a alternativa que o gabarito traz não vale mais."
OBJECTIONS = 2


def follow(session: Session, chance: random.Random, until: datetime) -> None:
    """An objection that waits, a void item, certifications revoked and recorded by a trainer."""
    trainer = session.scalars(select(User).where(User.role == "trainer").order_by(User.id)).first()
    assert trainer is not None  # noqa: S101 - people.hire made some
    _object(session)
    _void(session, trainer.public_id, until)
    _decide(session, chance, trainer.public_id, until)
    # Whoever lost what they have to hold begins anew.
    assignments.enrol_due(session, until)


def _object(session: Session) -> None:
    """People object to keys that are in review; nobody has answered."""
    asked = (
        select(Attempt)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Quiz.slug == "certificacao-retencao", Attempt.submitted_at.is_not(None))
        .order_by(Attempt.id)
        .limit(OBJECTIONS)
    )
    for attempt in session.scalars(asked).all():
        assert attempt.submitted_at is not None  # noqa: S101 - asked above
        at = attempt.submitted_at + timedelta(hours=5)
        user = session.get_one(User, attempt.user_id)
        contests.contest(session, user, attempt.public_id, 1, OBJECTION, now=at)


def _void(session: Session, by: str, until: datetime) -> None:
    """An item that was asked less than others turned out to be wrong."""
    item = session.scalars(
        select(Item)
        .join(Bank, Bank.id == Item.bank_id)
        .join(ItemExposure, ItemExposure.item_id == Item.id)
        .where(Bank.slug == "suporte-n2")
        .order_by(ItemExposure.forms, Item.id)
    ).first()
    if item is None:
        return
    about = decisions.subject(session, item)
    ruling = decisions.rule(about, "void", "better")
    reason = "A questão descreve um painel que não existe mais."
    decision = decisions.decide(session, about, ruling, reason=reason, by=by, now=until)
    regrade.apply(session, decision)


def _decide(session: Session, chance: random.Random, by: str, until: datetime) -> None:
    today = calendars.day_of(None, until)
    valid = session.scalars(
        select(Certification)
        .join(User, User.id == Certification.user_id)
        .where(Certification.valid_until >= today, User.left_at.is_(None))
        .order_by(Certification.id)
    ).all()
    for row in chance.sample(valid, _share(len(valid), REVOKED)):
        reason = "Auditoria: outra pessoa fez a prova."
        awarding.revoke(session, row, reason=reason, by=by, now=until)
    begun = session.execute(
        select(User, Program)
        .join(Enrolment, Enrolment.user_id == User.id)
        .join(Program, Program.id == Enrolment.program_id)
        .where(Enrolment.ended_at.is_(None), Enrolment.cycle == 1)
        .order_by(Enrolment.id)
    ).all()
    for user, program in chance.sample(begun, _share(len(begun), RECORDED)):
        awarding.record(
            session,
            user,
            program,
            awarded_on=today - timedelta(days=30),
            valid_until=today + timedelta(days=335),
            reason="Certificada no emprego anterior; conferido com o RH.",
            by=by,
            now=until,
        )


def _share(count: int, percent: float) -> int:
    """So many of a hundred, one at least where there is any."""
    return min(count, max(1, round(count * percent / 100)))
