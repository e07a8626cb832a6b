"""What people decided about the company's results, through the functions that clicks call."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from quizapp.certification import assignments, awarding, cohorts, enrolments, progress
from quizapp.certification.assignments import Wanted
from quizapp.certification.models import Certification, Cohort, Enrolment, Program
from quizapp.company import exams
from quizapp.content.models import Bank, Item, ItemRevision
from quizapp.people import calendars, teams
from quizapp.people.models import Membership, Team, User
from quizapp.quiz import allowances, attempts, contests, decisions, late, passes, regrade, saving
from quizapp.quiz.models import Attempt, AttemptItem, ItemExposure, Quiz, Response, Score

T = TypeVar("T")

# So many of a hundred certifications were revoked; of open enrolments recorded, or with a waiver.
REVOKED, RECORDED, WAIVED = 0.3, 0.3, 0.6
MOVED = 1.0  # of a hundred people
OBJECTION = "O procedimento mudou: a alternativa que o gabarito traz não vale mais."
LATE = 3
# Where items turn out to be wrong: few are asked them.
VOID, REKEYED = "suporte-n2", "suporte-n1"


def follow(session: Session, chance: random.Random, until: datetime) -> None:
    """Late answers, objections, items that were wrong, certifications, people who change."""
    trainer = session.scalars(select(User).where(User.role == "trainer").order_by(User.id)).first()
    assert trainer is not None  # noqa: S101 - people.hire made some
    told = _Told(session, chance, trainer.public_id, until)
    told.come_late()
    told.object()
    told.rule()
    told.certify()
    told.waive()
    told.allow()
    told.move()
    told.ask()
    # Whoever lost what they have to hold begins anew.
    assignments.enrol_due(session, until)


@dataclass(frozen=True)
class _Told:
    """What a trainer (by public id) does, on the evening before the company is looked at."""

    session: Session
    chance: random.Random
    by: str
    until: datetime

    @property
    def _said(self) -> dict[str, Any]:
        return {"by": self.by, "now": self.until}

    def come_late(self) -> None:
        """Answers that came after the end: one waits, the others were taken in or not."""
        ended = (
            select(Attempt)
            .where(Attempt.ended == "deadline", Attempt.reached == 1)
            .order_by(Attempt.submitted_at.desc())
            .limit(LATE)
        )
        for n, attempt in enumerate(self.session.scalars(ended).all()):
            position = self._unanswered(attempt.id)
            if position is None or attempt.deadline_at is None:
                continue
            at = attempt.deadline_at + timedelta(minutes=2)
            saving.save(
                self.session,
                attempt.user_id,
                attempt.public_id,
                position,
                MultiDict({"option": "1"}).getlist,
                at,
            )
            if n:
                some = [one for w in late.waiting(self.session) for one in w.answers]
                taken = [one.id for one in some] if n == 1 else []
                reason = "A internet do andar caiu." if n == 1 else "Não houve queda nesse horário."
                late.decide(self.session, attempt.public_id, taken, reason, **self._said)

    def _unanswered(self, attempt_id: int) -> int | None:
        """The first item with one option to choose that has no answer."""
        given = select(Response.position).where(Response.attempt_id == attempt_id)
        return self.session.scalars(
            select(AttemptItem.position)
            .where(
                AttemptItem.attempt_id == attempt_id,
                AttemptItem.kind.in_(("single", "true_false")),
                AttemptItem.position.not_in(given),
            )
            .order_by(AttemptItem.position)
        ).first()

    def object(self) -> None:
        """People object to keys that are in review: one is answered no, one yes, one waits."""
        new = [f"{exams.ENLARGED}-{n:03}" for n in range(41, 41 + exams.MORE)]
        asked = self.session.execute(
            select(Attempt, AttemptItem.position)
            .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
            .join(Item, Item.id == AttemptItem.item_id)
            .where(Item.uid.in_(new), Attempt.submitted_at.is_not(None))
            .order_by(Attempt.id, AttemptItem.position)
        ).all()
        answers = ((False, "O procedimento diz o mesmo desde março."), (True, "Você tem razão."))
        for n, (attempt, position) in enumerate(_one_each(asked)[:3]):
            assert attempt.submitted_at is not None  # noqa: S101 - asked above
            at = min(attempt.submitted_at + timedelta(hours=5), self.until)
            user = self.session.get_one(User, attempt.user_id)
            made = contests.contest(
                self.session, user, attempt.public_id, position, OBJECTION, now=at
            )
            if n < len(answers):
                contests.answer(self.session, made.public_id, *answers[n], **self._said)

    def rule(self) -> None:
        """One item turns out to be void, one to have another key; one pass is taken away."""
        item = self._seldom(VOID)
        if item is not None:
            ruling = decisions.rule(decisions.subject(self.session, item), "void", "better")
            self._apply(item, ruling, "A questão descreve um painel que não existe mais.")
        item = self._seldom(REKEYED)
        if item is not None:
            about = decisions.subject(self.session, item)
            fractions = about.key["fractions"]
            value = {**about.key, "fractions": [*fractions[1:], fractions[0]]}
            reason = "O gabarito estava trocado: o procedimento pede a outra conduta."
            self._apply(item, decisions.rule(about, "replaced", value=value), reason)
        kept = select(Attempt.public_id).join(Score).where(Score.kept).order_by(Score.id)
        if attempt := self.session.scalars(kept).first():
            reason = "A prova foi feita com o gabarito à vista."
            passes.take(self.session, attempt, reason=reason, **self._said)

    def _seldom(self, bank: str) -> Item | None:
        """The single-choice item of a bank that was asked less than others."""
        return self.session.scalars(
            select(Item)
            .join(Bank, Bank.id == Item.bank_id)
            .join(ItemExposure, ItemExposure.item_id == Item.id)
            .join(ItemRevision, ItemRevision.item_id == Item.id)
            .where(
                Bank.slug == bank,
                ItemRevision.kind == "single",
                Item.uid.not_in([name.partition("#")[2] for name in exams.MISKEYED]),
            )
            .order_by(ItemExposure.forms, Item.id)
        ).first()

    def _apply(self, item: Item, ruling: decisions.Ruling, reason: str) -> None:
        about = decisions.subject(self.session, item)
        decision = decisions.decide(self.session, about, ruling, reason=reason, **self._said)
        regrade.apply(self.session, decision)

    def certify(self) -> None:
        """Certifications are revoked, one of them reinstated, and recorded."""
        today = calendars.day_of(None, self.until)
        valid = self.session.scalars(
            select(Certification)
            .join(User, User.id == Certification.user_id)
            .where(Certification.valid_until >= today, User.left_at.is_(None))
            .order_by(Certification.id)
        ).all()
        valid = [row for row in valid if not awarding.is_revoked(self.session, row.id)]
        for n, row in enumerate(self._some(valid, REVOKED, 2)):
            reason = "Auditoria: outra pessoa fez a prova."
            awarding.revoke(self.session, row, reason=reason, **self._said)
            if n == 0:
                reason = "A gravação mostra que foi a própria pessoa."
                awarding.reinstate(self.session, row, reason=reason, **self._said)
        for user, program in self._some(self._begun(), RECORDED, 1):
            awarding.record(
                self.session,
                user,
                program,
                awarded_on=today - timedelta(days=30),
                valid_until=today + timedelta(days=335),
                reason="Certificação do emprego anterior; conferida com o RH.",
                **self._said,
            )

    def _begun(self) -> Sequence[Any]:
        return self.session.execute(
            select(User, Program)
            .join(Enrolment, Enrolment.user_id == User.id)
            .join(Program, Program.id == Enrolment.program_id)
            .where(Enrolment.ended_at.is_(None), Enrolment.cycle == 1)
            .order_by(Enrolment.id)
        ).all()

    def waive(self) -> None:
        """Steps are waived, also one that is asked again."""
        under_way = self.session.scalars(
            select(Enrolment).where(Enrolment.ended_at.is_(None)).order_by(Enrolment.id)
        ).all()
        some = self._some(under_way, WAIVED, 2)
        stands = progress.states(self.session, some, self.until)
        for n, (one, steps) in enumerate(zip(some, stands, strict=True)):
            step = self.chance.choice([stand.step for stand in steps if not stand.is_over])
            reason = "Trabalhou dois anos nessa área; dispensa aprovada pela gerência."
            enrolments.waive(self.session, one, step, reason=reason, **self._said)
            if n == 0 and one.ended_at is None:
                enrolments.end_waiver(self.session, one, step, **self._said)

    def allow(self) -> None:
        """More time for somebody, and a mark in an attempt that is open."""
        agent = self._agents()[0]
        quiz = self.session.scalars(select(Quiz).where(Quiz.slug == "certificacao-n1")).one()
        allowances.give(
            self.session,
            quiz,
            user_id=agent.id,
            extra_minutes=4,
            extra_attempts=0,
            reason="Laudo: leitor de tela.",
            **self._said,
        )
        for attempt in self.session.scalars(select(Attempt).where(Attempt.state == "open")).all():
            attempts.flag(self.session, attempt.user_id, attempt.public_id, 2, on=True)

    def move(self) -> None:
        """People go to another team, leave and come back; one lives in another zone."""
        there = self.session.scalars(select(Team).order_by(Team.id)).all()
        for user in self._some(self._agents(), MOVED, 2):
            teams.set_teams(self.session, user, [self.chance.choice(there)], **self._said)
        *_, gone, back, far = self._agents()
        teams.leave(self.session, gone, **self._said)
        teams.leave(self.session, back, **self._said)
        teams.come_back(self.session, back, **self._said)
        teams.set_teams(self.session, back, [there[-1]], **self._said)
        calendars.set_zone(self.session, far, "America/Manaus", now=self.until)
        # The third of those who lead left: teams of theirs are led by one person alone.
        managers = self.session.scalars(
            select(User).where(User.role == "manager").order_by(User.id)
        )
        for manager in managers.all()[2:3]:
            teams.leave(self.session, manager, **self._said)

    def ask(self) -> None:
        """A cohort by a day, a person, and who leads teams have to hold something as well."""
        today = calendars.day_of(None, self.until)
        running = select(Cohort).where(Cohort.closed_at.is_(None)).order_by(Cohort.starts_on)
        if cohort := self.session.scalars(running).first():
            cohorts.ask(self.session, cohort, today + timedelta(days=20), **self._said)
        programs = {one.slug: one for one in self.session.scalars(select(Program))}
        person = Wanted("person", self._agents()[1].public_id, today + timedelta(days=60))
        assignments.assign(self.session, programs["suporte-n2"], person, **self._said)
        leads = Wanted("role", "manager", due_days=90)
        assignments.assign(self.session, programs["integracao"], leads, **self._said)

    def _agents(self) -> Sequence[User]:
        return self.session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(User.role == "agent", User.left_at.is_(None), Membership.ended_at.is_(None))
            .order_by(User.id)
        ).all()

    def _some(self, rows: Sequence[T], percent: float, least: int) -> list[T]:
        """So many of a hundred, at least so many where there are."""
        return self.chance.sample(
            rows, min(len(rows), max(least, round(len(rows) * percent / 100)))
        )


def _one_each(asked: Iterable[Any]) -> list[tuple[Attempt, int]]:
    """One position of each attempt."""
    return list({attempt.id: (attempt, position) for attempt, position in asked}.values())
