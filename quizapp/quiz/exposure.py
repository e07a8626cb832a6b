"""Exposure: in how many forms an item was shown, and which have reached their quiz's limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.content.models import Bank, BankEntry, Item, ItemRevision
from quizapp.quiz import quizzes
from quizapp.quiz.blueprints import Blueprint, Candidate, fits
from quizapp.quiz.models import ItemExposure, Quiz, QuizRevision
from quizapp.quiz.rules import Rules


@dataclass(frozen=True)
class Exposed:
    """An item that a quiz can ask, in how many forms it was, and whether that is enough."""

    bank: str
    uid: str
    stem: str
    forms: int
    last_at: datetime | None
    worn: bool


def of_quiz(session: Session, quiz: Quiz) -> list[Exposed]:
    """The items that this quiz can ask, those shown most first."""
    blueprint, limit = quizzes.blueprint_of(session, quiz), quizzes.rules_of(session, quiz)
    ready = quizzes.askable(session, quiz, blueprint)
    candidates = quizzes.candidates(ready)
    wanted = sorted({index for part in blueprint.parts for index in fits(part, candidates)})
    counts = of_items(session, [ready[index].item.id for index in wanted])
    most = limit.exposure_limit
    found = []
    for index in wanted:
        forms, last_at = counts.get(ready[index].item.id, (0, None))
        found.append(
            Exposed(
                candidates[index].bank,
                candidates[index].uid,
                ready[index].revision.stem,
                forms,
                last_at,
                most is not None and forms >= most,
            )
        )
    return sorted(found, key=lambda one: -one.forms)


def of_items(session: Session, item_ids: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    """In how many forms each was, and when last; those in none are left out."""
    rows = session.execute(
        select(ItemExposure.item_id, ItemExposure.forms, ItemExposure.last_at).where(
            ItemExposure.item_id.in_(item_ids)
        )
    )
    return {item_id: (forms, last_at) for item_id, forms, last_at in rows}


def worn(session: Session) -> dict[int, int]:
    """How many items have reached the limit, by the id of each published quiz that has some."""
    states = [
        (quiz, Rules.from_json(revision.rules), Blueprint.from_json(revision.blueprint))
        for quiz, revision in session.execute(
            select(Quiz, QuizRevision)
            .join(QuizRevision, QuizRevision.id == Quiz.current_revision_id)
            .where(Quiz.published_at.is_not(None), Quiz.withdrawn_at.is_(None))
        )
    ]
    limits = [rules.exposure_limit for _, rules, _ in states if rules.exposure_limit is not None]
    if not limits:
        return {}
    rows = session.execute(
        select(Bank.slug, Item.uid, ItemRevision, ItemExposure.forms)
        .join(Item, Item.id == ItemExposure.item_id)
        .join(Bank, Bank.id == Item.bank_id)
        .join(ItemRevision, ItemRevision.item_id == Item.id)
        .join(BankEntry, BankEntry.item_revision_id == ItemRevision.id)
        .where(
            BankEntry.bank_revision_id == Bank.current_revision_id,
            Bank.retired_at.is_(None),
            ItemExposure.forms >= min(limits),
        )
    ).all()
    counts = {}
    for quiz, rules, blueprint in states:
        if rules.exposure_limit is None:
            continue
        over = [
            Candidate(slug, uid, tuple(of.competencies), tuple(of.tags), of.difficulty)
            for slug, uid, of, forms in rows
            if forms >= rules.exposure_limit and of.use == quiz.use
        ]
        count = len({index for part in blueprint.parts for index in fits(part, over)})
        if count:
            counts[quiz.id] = count
    return counts
