"""Contests: while a key is in review, who was asked the item may object; a trainer answers.

A published key is in review for a number of days after each person's own result, and until
the days after its first result are over. With no objection open it is confirmed then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from flask_babel import gettext
from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from quizapp.content import keys
from quizapp.content.models import Item, ItemKey, ItemRevision, KeyAct
from quizapp.errors import Closed, Invalid, Missing, Refused
from quizapp.evidence import chain
from quizapp.notices import outbox
from quizapp.people.models import User
from quizapp.quiz.models import Attempt, AttemptItem, Contest, ItemScore, Score

SHORTEST, LONGEST = 10, 2000

ReviewState = Literal["draft", "submitted", "in-review", "contested", "confirmed"]


@dataclass(frozen=True)
class Review:
    """Where a key stands between its publication and its confirmation."""

    state: ReviewState
    publication: keys.Publication
    ends_at: datetime | None = None
    contests: int = 0


def reviews(session: Session, key_ids: Iterable[int], now: datetime) -> dict[int, Review]:
    """The review of each of these key versions (`KeyStatus.key_id`).

    It has no end before the first result that rests on the key.
    """
    ids = list(key_ids)
    acts = keys.publications(session, ids)
    # Most keys were never in review or no longer are: nothing more is asked about those.
    in_review = [key_id for key_id, act in acts.items() if act.review_days and not act.confirmed_at]
    first = dict(iter(session.execute(_first_results(in_review)))) if in_review else {}
    open_ = dict(iter(session.execute(_open_contests(in_review)))) if in_review else {}
    return {
        key_id: _review(acts[key_id], first.get(key_id), open_.get(key_id, 0), now)
        for key_id in ids
    }


def undecided(session: Session, now: datetime) -> set[int]:
    """The key versions (`KeyStatus.key_id`) that may still change: in review, or contested."""
    ids = session.scalars(_REVIEWED).all()
    return {
        key_id
        for key_id, review in reviews(session, ids, now).items()
        if review.state in ("in-review", "contested")
    }


_CONFIRMED = aliased(KeyAct)
_REVIEWED = (
    select(KeyAct.item_key_id)
    .where(
        KeyAct.act == "published",
        KeyAct.review_days > 0,
        ~exists().where(
            _CONFIRMED.item_key_id == KeyAct.item_key_id, _CONFIRMED.act == "confirmed"
        ),
    )
    .distinct()
)


def _review(
    act: keys.Publication, first_result: datetime | None, contests: int, now: datetime
) -> Review:
    if not act.published_at:
        return Review("submitted" if act.submitted_at else "draft", act)
    ends = first_result + timedelta(days=act.review_days) if first_result else None
    if act.confirmed_at or not act.review_days:
        return Review("confirmed", act, act.confirmed_at)
    if contests:
        return Review("contested", act, ends, contests)
    return Review("confirmed" if ends and ends <= now else "in-review", act, ends)


def _first_results(key_ids: list[int]) -> Any:
    # By the index, one look a key version: there may be a hundred thousand results on each.
    first = (
        select(func.min(ItemScore.score_id))
        .where(ItemScore.item_key_id == ItemKey.id)
        .correlate(ItemKey)
        .scalar_subquery()
    )
    return (
        select(keys.publication_id(), func.min(Score.at))
        .select_from(ItemKey)
        .join(Score, Score.id == first)
        .where(keys.publication_id().in_(key_ids))
        .group_by(keys.publication_id())
    )


def _open_contests(key_ids: list[int]) -> Any:
    return (
        select(keys.publication_id(), func.count(Contest.id))
        .select_from(Contest)
        .join(ItemKey, ItemKey.id == Contest.item_key_id)
        .where(keys.publication_id().in_(key_ids), Contest.accepted.is_(None))
        .group_by(keys.publication_id())
    )


@dataclass(frozen=True)
class Contestable:
    """An item of a submitted attempt, as its agent may see it to contest it: never the key."""

    attempt: Attempt
    position: int
    kind: str
    revision: ItemRevision
    shown: list[int]
    item_key_id: int
    until: datetime | None
    contest: Contest | None

    @property
    def is_open(self) -> bool:
        """Whether an objection may still be made."""
        return self.until is not None and self.contest is None

    @property
    def is_undecided(self) -> bool:
        """Whether the key may still turn out wrong: it is in review, or an objection waits."""
        waits = self.contest is not None and self.contest.accepted is None
        return self.until is not None or waits


def contestable(
    session: Session, user: User, attempt_id: str, position: int, now: datetime
) -> Contestable:
    """An item of this person's own attempt. Raises Missing; `until` is None when it is too late."""
    found = next(
        (o for o in _of_attempt(session, user.id, attempt_id, now) if o.position == position), None
    )
    if found is None:
        raise Missing
    return found


def of_attempt(
    session: Session, user_id: int, attempt_id: str, now: datetime
) -> dict[int, Contestable]:
    """The items of a submitted attempt that may be contested or were, by position."""
    found = _of_attempt(session, user_id, attempt_id, now)
    return {one.position: one for one in found if one.until or one.contest}


def _of_attempt(
    session: Session, user_id: int, attempt_id: str, now: datetime
) -> list[Contestable]:
    rows = session.execute(_CONTESTABLE, {"attempt": attempt_id, "user": user_id}).all()
    found = reviews(session, {row.published for row in rows}, now)
    return [_contestable(row, found[row.published], now) for row in rows]


# Built once: every result asks it.
_CONTESTABLE = (
    select(
        Attempt,
        AttemptItem,
        ItemRevision,
        ItemScore.item_key_id,
        keys.publication_id().label("published"),
        Contest,
    )
    .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
    .join(ItemRevision, ItemRevision.id == AttemptItem.item_revision_id)
    .join(
        ItemScore,
        and_(
            ItemScore.score_id
            == select(func.min(Score.id)).where(Score.attempt_id == Attempt.id).scalar_subquery(),
            ItemScore.position == AttemptItem.position,
        ),
    )
    .join(ItemKey, ItemKey.id == ItemScore.item_key_id)
    .outerjoin(
        Contest,
        and_(Contest.attempt_id == Attempt.id, Contest.position == AttemptItem.position),
    )
    .where(
        Attempt.public_id == bindparam("attempt"),
        Attempt.user_id == bindparam("user"),
        Attempt.state == "submitted",
    )
    .order_by(AttemptItem.position)
)


def _contestable(row: Any, review: Review, now: datetime) -> Contestable:
    attempt: Attempt = row.Attempt
    until = None
    if review.state in ("in-review", "contested") and attempt.submitted_at:
        mine = attempt.submitted_at + timedelta(days=review.publication.review_days)
        until = mine if mine > now else None
    item: AttemptItem = row.AttemptItem
    return Contestable(
        attempt,
        item.position,
        item.kind,
        row.ItemRevision,
        item.shown,
        row.item_key_id,
        until,
        row.Contest,
    )


def contest(
    session: Session,
    user: User,
    attempt_id: str,
    position: int,
    reason: str,
    *,
    now: datetime,
) -> Contest:
    """Object to an item's key. Raises Closed when it is too late, Invalid for a reason that
    says nothing, Refused for a second objection."""
    found = contestable(session, user, attempt_id, position, now)
    if found.contest is not None:
        raise Refused(gettext("You have contested this question already."))
    if found.until is None:
        raise Closed(gettext("The time for contesting this question is over."))
    reason = reason.strip()
    if not SHORTEST <= len(reason) <= LONGEST:
        raise Invalid(
            gettext("Say in %(low)s to %(high)s characters why.", low=SHORTEST, high=LONGEST)
        )
    row = Contest(
        attempt_id=found.attempt.id,
        position=position,
        item_id=found.revision.item_id,
        item_key_id=found.item_key_id,
        reason=reason,
        at=now,
    )
    session.add(row)
    session.flush()
    chain.append(
        session,
        "item.contested",
        by=user.public_id,
        about=row.public_id,
        at=now,
        data={"attempt": attempt_id, "position": position, "key": found.item_key_id},
    )
    return row


@dataclass(frozen=True)
class Objection:
    """A contest as a trainer sees it: the item and the reason, and no name."""

    contest: Contest
    item: Item
    revision: ItemRevision
    key_id: int


def objections(session: Session, *, waiting: bool, bank_id: int | None = None) -> list[Objection]:
    """The contests that wait for an answer, oldest first, or those answered, newest first."""
    query = (
        select(Contest, Item, ItemRevision, keys.publication_id())
        .join(Item, Item.id == Contest.item_id)
        .join(ItemKey, ItemKey.id == Contest.item_key_id)
        .join(ItemRevision, ItemRevision.id == ItemKey.item_revision_id)
        .where(Contest.accepted.is_(None) if waiting else Contest.accepted.is_not(None))
        .order_by(Contest.id if waiting else Contest.answered_at.desc())
    )
    if bank_id is not None:
        query = query.where(Item.bank_id == bank_id)
    return [Objection(*row) for row in session.execute(query)]


def value_of(session: Session, objection: Objection) -> dict[str, Any]:
    """The key that is contested."""
    value: dict[str, Any] = session.get_one(ItemKey, objection.contest.item_key_id).value
    return value


def place_of(session: Session, row: Contest) -> tuple[str, str]:
    """The bank's slug and the item's uid of a contest."""
    item = session.get_one(Item, row.item_id)
    return item.bank.slug, item.uid


@dataclass(frozen=True)
class Mine:
    """One's own objection, with the question's beginning and the answer."""

    contest: Contest
    attempt: Attempt
    revision: ItemRevision


def mine(session: Session, user_id: int) -> list[Mine]:
    """What this person has contested, newest first."""
    rows = session.execute(
        select(Contest, Attempt, ItemRevision)
        .join(Attempt, Attempt.id == Contest.attempt_id)
        .join(
            AttemptItem,
            and_(AttemptItem.attempt_id == Attempt.id, AttemptItem.position == Contest.position),
        )
        .join(ItemRevision, ItemRevision.id == AttemptItem.item_revision_id)
        .where(Attempt.user_id == user_id)
        .order_by(Contest.id.desc())
    )
    return [Mine(*row) for row in rows]


def answer(
    session: Session, public_id: str, accepted: bool, text: str, *, by: str, now: datetime
) -> Contest:
    """Accept a contest or not, with an answer for the person. Raises Missing, Closed, Invalid."""
    row = session.execute(
        select(Contest).where(Contest.public_id == public_id)
    ).scalar_one_or_none()
    if row is None:
        raise Missing
    if row.accepted is not None:
        raise Closed(gettext("This contest was answered already."))
    text = text.strip()
    if not SHORTEST <= len(text) <= LONGEST:
        raise Invalid(
            gettext(
                "Answer in %(low)s to %(high)s characters: the person reads it.",
                low=SHORTEST,
                high=LONGEST,
            )
        )
    row.accepted, row.answer, row.answered_at, row.answered_by = accepted, text, now, by
    session.flush()
    _tell(session, row, now)
    chain.append(
        session,
        "contest.answered",
        by=by,
        about=public_id,
        at=now,
        data={"accepted": accepted, "answer": text},
    )
    return row


def _tell(session: Session, row: Contest, now: datetime) -> None:
    attempt = session.get_one(Attempt, row.attempt_id)
    outbox.tell(
        session,
        session.get_one(User, attempt.user_id).public_id,
        "contest-answered",
        {"quiz": attempt.quiz.title, "position": row.position, "accepted": row.accepted},
        about="/my-contests",
        now=now,
    )


@dataclass(frozen=True)
class Touched:
    """Whom a change of an item's key touches: counts, no names."""

    attempts: int
    people: int
    passed: int


def touched(session: Session, item_id: int) -> Touched:
    """How many submitted attempts were asked this item, by how many people, how many passed."""
    latest = (
        select(func.max(Score.id))
        .where(Score.attempt_id == Attempt.id)
        .correlate(Attempt)
        .scalar_subquery()
    )
    row = session.execute(
        select(
            func.count(Attempt.id),
            func.count(Attempt.user_id.distinct()),
            func.count(Attempt.id).filter(Score.passed),
        )
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(Score, Score.id == latest)
        .where(AttemptItem.item_id == item_id, Attempt.state == "submitted")
    ).one()
    return Touched(*row)
