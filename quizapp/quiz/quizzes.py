"""Quizzes: which items a bank can ask, publishing it and withdrawing it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from quizapp.content import banks, keys
from quizapp.content.items import kind_with
from quizapp.content.models import Bank, Item, ItemKey, ItemRevision, KeyAct
from quizapp.errors import Invalid, Missing
from quizapp.evidence import chain
from quizapp.items.kinds import CHOICE, SCORABLE
from quizapp.quiz.models import Quiz

DEFAULT_CUT_SCORE = 80.0


@dataclass(frozen=True)
class Ready:
    """An item that can be asked: its newest revision with a confirmed key, and that key."""

    item: Item
    revision: ItemRevision
    key: dict[str, Any]

    @property
    def kind(self) -> str:
        """The kind it is asked as."""
        kind = self.revision.kind
        return kind_with(kind, self.key) if kind in CHOICE else kind


def pool(session: Session, bank: Bank, use: str = "exam", *, published: bool = True) -> list[Ready]:
    """The items that a quiz on this bank asks, in the bank's order.

    Drafts, keys that are not published, items of the other use and kinds that are not
    scored stay out. Where a newer text waits for its key, the last published one is asked.
    With `published` off, what could be asked once its keys are published.
    """
    places = banks.places(session, bank)
    wanted = [p.item.id for p in places if p.revision.kind in SCORABLE and p.revision.use == use]
    is_published = and_(KeyAct.item_key_id == keys.publication_id(), KeyAct.act == "published")
    rows = session.execute(
        select(ItemRevision, ItemKey.value)
        .join(ItemKey, ItemKey.item_revision_id == ItemRevision.id)
        .where(
            ItemRevision.item_id.in_(wanted),
            ItemKey.state == "confirmed",
            *([exists().where(is_published)] if published else []),
        )
        .order_by(ItemRevision.number, ItemKey.version)
    )
    # Later rows overwrite earlier ones: the newest revision's newest confirmed key is left.
    newest = {revision.item_id: (revision, value) for revision, value in rows}
    return [
        Ready(place.item, *newest[place.item.id]) for place in places if place.item.id in newest
    ]


def publish(
    session: Session,
    bank: Bank,
    cut_score: float | None,
    *,
    by: str,
    now: datetime,
    review_days: int = 0,
    second: bool = False,
) -> Quiz | None:
    """Publish a bank's keys and the bank as a quiz, or again with another cut score.

    The cut score is in per cent; None takes the last one. `review_days` and `second` are
    those of keys.publish; the answer is None where all keys wait for a second trainer.
    Raises Invalid for a score outside 0..100 and for a bank without a keyed exam item.
    """
    revision = banks.current(session, bank)
    if cut_score is None:
        cut_score = last_cut_score(session, bank)
    if not 0 <= cut_score <= 100:
        raise Invalid(gettext("The cut score is a percentage from 0 to 100."))
    revisions = [place.revision.id for place in banks.places(session, bank)]
    keys.publish(
        session, bank.slug, revisions, by=by, now=now, review_days=review_days, second=second
    )
    items = len(pool(session, bank))
    if not items:
        if second and banks.keyed_labels(session, bank):
            return None
        raise Invalid(gettext("No item of this bank has a key yet: there is nothing to ask."))
    quiz = session.execute(select(Quiz).where(Quiz.bank_id == bank.id)).scalar_one_or_none()
    if quiz is None:
        quiz = Quiz(slug=bank.slug, bank_id=bank.id, published_at=now)
        session.add(quiz)
    elif quiz.withdrawn_at is not None:
        quiz.published_at = now
    quiz.title, quiz.cut_score, quiz.withdrawn_at = revision.title, cut_score, None
    session.flush()
    chain.append(
        session,
        "quiz.published",
        by=by,
        about=quiz.slug,
        at=now,
        data={"cut_score": cut_score, "bank_revision": revision.number, "items": items},
    )
    return quiz


def withdraw(session: Session, quiz: Quiz, *, by: str, now: datetime) -> None:
    """Take a quiz off the list; open attempts may still be finished."""
    quiz.withdrawn_at = now
    session.flush()
    chain.append(session, "quiz.withdrawn", by=by, about=quiz.slug, at=now, data={})


def of_bank(session: Session, bank: Bank) -> Quiz | None:
    """The bank's quiz, if it is published."""
    return session.execute(
        select(Quiz).where(Quiz.bank_id == bank.id, Quiz.withdrawn_at.is_(None))
    ).scalar_one_or_none()


def last_cut_score(session: Session, bank: Bank) -> float:
    """The cut score of the bank's quiz, also of one taken off the list; else the bank's own."""
    given = session.execute(select(Quiz.cut_score).where(Quiz.bank_id == bank.id)).scalar()
    if given is None:
        given = banks.current(session, bank).cut_score
    return DEFAULT_CUT_SCORE if given is None else given


def find(session: Session, slug: str) -> Quiz:
    """The published quiz of this slug. Raises Missing."""
    quiz = session.execute(
        select(Quiz)
        .join(Bank, Bank.id == Quiz.bank_id)
        .where(Quiz.slug == slug, Quiz.withdrawn_at.is_(None), Bank.retired_at.is_(None))
    ).scalar_one_or_none()
    if quiz is None:
        raise Missing
    return quiz


def published(session: Session) -> list[Quiz]:
    """All published quizzes, by title."""
    return list(
        session.execute(
            select(Quiz)
            .join(Bank, Bank.id == Quiz.bank_id)
            .where(Quiz.withdrawn_at.is_(None), Bank.retired_at.is_(None))
            .order_by(func.lower(Quiz.title))
        ).scalars()
    )
