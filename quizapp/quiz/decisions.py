"""Decisions about an item that was asked already: another key, both keys, void, or as it was.

A decision is about the item's revisions that ask the same: those with the options and the key
of the one that is looked at, so that a mended typo does not split it. It adds key versions and
a row; what it does to scores is in quiz.regrade.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.content import keys
from quizapp.content.items import kind_with
from quizapp.content.models import Item, ItemKey, ItemRevision
from quizapp.errors import Invalid, Missing, Refused
from quizapp.evidence import chain
from quizapp.items.keys import accepting, accepts, alternatives
from quizapp.items.kinds import CHOICE
from quizapp.items.scoring import plain
from quizapp.notices import outbox
from quizapp.people.models import User
from quizapp.quiz.grading import Keys
from quizapp.quiz.models import Attempt, AttemptItem, Contest, ItemDecision, Quiz, Response

Value = dict[str, Any]
Kind = Literal["replaced", "both", "void", "kept"]
VoidPolicy = Literal["", "better", "everyone"]

KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST_REASON = 2000
# An ordering's key is the order of its own text: another order is another text.
VOID_ONLY = frozenset({"ordering"})


@dataclass(frozen=True)
class Subject:
    """What a decision about an item would be about.

    `asked_as` is the kind it is asked as. `covered` are the revisions with the same options
    and key, `waiting` those with the options whose key still has to be confirmed, `proposing`
    those for which another key is proposed, `others` the rest that somebody may have been
    asked. `latest` is the decision that stands so far.
    """

    item: Item
    revision: ItemRevision
    asked_as: str
    key: Value
    key_ids: dict[int, int]
    covered: tuple[ItemRevision, ...]
    waiting: tuple[ItemRevision, ...]
    proposing: tuple[ItemRevision, ...]
    others: tuple[ItemRevision, ...]
    proposal: Value | None
    latest: ItemDecision | None

    @property
    def is_void(self) -> bool:
        """Whether the item is void at present."""
        return self.latest is not None and self.latest.kind == "void"


@dataclass(frozen=True)
class Ruling:
    """An outcome that was chosen; `key` is the one that counts from then on."""

    kind: Kind
    policy: VoidPolicy
    key: Value
    revisions: frozenset[int]

    def on(self, present: Keys) -> Keys:
        """The keys as they would be under this ruling."""
        mine = self.revisions
        if self.kind == "kept":
            return present
        changed = dict.fromkeys(mine.intersection(present.values), self.key)
        voided, granted = present.voided - mine, present.granted - mine
        if self.policy == "better":
            voided |= mine
        elif self.policy == "everyone":
            granted |= mine
        return replace(
            present, values={**present.values, **changed}, voided=voided, granted=granted
        )


def subject(session: Session, item: Item, number: int | None = None) -> Subject:
    """What there is to decide about an item, seen from its newest keyed revision or that number.

    Raises Missing for an item without a confirmed key.
    """
    revisions = list(
        session.execute(
            select(ItemRevision)
            .where(ItemRevision.item_id == item.id)
            .order_by(ItemRevision.number.desc())
        ).scalars()
    )
    status = keys.statuses(session, [revision.id for revision in revisions])
    keyed = [revision for revision in revisions if status[revision.id].confirmed is not None]
    base = next((one for one in keyed if number in (None, one.number)), None)
    if base is None:
        raise Missing
    key = dict(status[base.id].confirmed or {})
    alike = [one for one in revisions if options_of(one) == options_of(base)]
    covered = tuple(one for one in alike if status[one.id].confirmed == key)
    waiting = [one for one in alike if status[one.id].confirmed is None]
    proposing = tuple(one for one in covered if status[one.id].proposed is not None)
    return Subject(
        item,
        base,
        kind_with(base.kind, key) if base.kind in CHOICE else base.kind,
        key,
        _newest_keys(session, [one.id for one in covered]),
        covered,
        tuple(one for one in waiting if status[one.id].waiting == key),
        proposing,
        tuple(one for one in keyed if one not in covered),
        dict(status[proposing[0].id].proposed or {}) if proposing else None,
        latest(session, item.id),
    )


def options_of(revision: ItemRevision) -> tuple[object, ...]:
    """What there is to choose from, in order; the stem may differ by a mended typo."""
    content = revision.content
    kind = "choice" if revision.kind in {"single", "multiple"} else revision.kind
    sides = (content["options"], content.get("rights", ()))
    return (kind, *([" ".join(one["text"].split()) for one in side] for side in sides))


def _newest_keys(session: Session, revision_ids: list[int]) -> dict[int, int]:
    rows = session.execute(
        select(ItemKey.item_revision_id, ItemKey.id)
        .where(ItemKey.item_revision_id.in_(revision_ids), ItemKey.state == "confirmed")
        .order_by(ItemKey.version)
    )
    return dict(iter(rows))


def latest(session: Session, item_id: int) -> ItemDecision | None:
    """The decision about an item that stands; a key that was kept changes none before it."""
    return session.execute(
        select(ItemDecision)
        .where(ItemDecision.item_id == item_id, ItemDecision.kind != "kept")
        .order_by(ItemDecision.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def of_items(session: Session, item_ids: Iterable[int]) -> dict[int, list[ItemDecision]]:
    """The decisions about each of these items, the newest first."""
    found: dict[int, list[ItemDecision]] = {item_id: [] for item_id in item_ids}
    rows = session.execute(
        select(ItemDecision)
        .where(ItemDecision.item_id.in_(list(found)))
        .order_by(ItemDecision.id.desc())
    ).scalars()
    for row in rows:
        found[row.item_id].append(row)
    return found


def find(session: Session, public_id: str) -> ItemDecision:
    """The decision of this id. Raises Missing."""
    row = session.execute(
        select(ItemDecision).where(ItemDecision.public_id == public_id)
    ).scalar_one_or_none()
    if row is None:
        raise Missing
    return row


def rule(about: Subject, kind: str, policy: str = "better", value: Value | None = None) -> Ruling:
    """Read an outcome; `value` is the other key, of the form that items.scoring reads.

    Raises Invalid for what does not fit the item, Refused for what changes nothing.
    """
    covered = frozenset(one.id for one in about.covered)
    if kind == "void":
        if policy not in ("better", "everyone"):
            raise Invalid(gettext("Choose what becomes of the points of the void question."))
        if about.latest is not None and about.is_void and about.latest.policy == policy:
            raise Refused(gettext("This question is void already."))
        return Ruling("void", policy, about.key, covered)  # type: ignore[arg-type]
    if kind == "kept":
        if about.proposal is None:
            raise Refused(gettext("No other key is proposed: there is nothing to refuse."))
        return Ruling("kept", "", about.key, covered)
    if kind not in ("replaced", "both"):
        raise Invalid(gettext("Choose what is decided."))
    if about.asked_as in VOID_ONLY:
        raise Invalid(gettext("The key of an ordering is its own text: it can be void, or edited."))
    if value is None:
        raise Invalid(gettext("Give the other key."))
    _check(about, value)
    key = accepting((about.key, value)) if kind == "both" else value
    if key == about.key and not (about.is_void and kind == "replaced"):
        raise Refused(gettext("This is the key already: nothing would change."))
    if kind == "both" and accepts(about.key, value):
        raise Refused(gettext("This key is accepted already: nothing would change."))
    return Ruling(kind, "", key, covered)  # type: ignore[arg-type]


def _check(about: Subject, value: Value) -> None:
    """That a key is one for this item, as it was asked."""
    content = about.revision.content
    for one in alternatives(value):
        if about.asked_as in CHOICE:
            fractions = one.get("fractions", ())
            right = sum(fraction > 0 for fraction in fractions)
            if len(fractions) != len(content["options"]) or not right:
                raise Invalid(gettext("Choose the correct option."))
            if about.asked_as != "multiple" and right > 1:
                raise Invalid(
                    gettext(
                        "This question was asked with one option to choose. Where either of two"
                        " is right, decide that both are accepted."
                    )
                )
        elif about.asked_as == "matching":
            matches = one.get("matches", ())
            rights = range(len(content["rights"]))
            if len(matches) != len(content["options"]) or not all(m in rights for m in matches):
                raise Invalid(gettext("Choose a partner for each entry."))
        elif not any(answer["fraction"] > 0 for answer in one.get("answers", ())):
            raise Invalid(gettext("Write at least one accepted answer."))


def decide(
    session: Session, about: Subject, ruling: Ruling, *, reason: str, by: str, now: datetime
) -> ItemDecision:
    """Record a decision: from now on whoever submits is scored by it. Raises Invalid."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(gettext("Say why: whoever was asked may read it."))
    key_ids = dict(about.key_ids)
    changed: tuple[ItemRevision, ...] = ()
    match ruling.kind:
        case "replaced" | "both":
            changed = about.covered + about.waiting
        case _:  # whatever was proposed is settled by it too
            changed = about.proposing
    for revision in changed:
        key_ids[revision.id] = keys.settle(session, revision, ruling.key, by=by, now=now)
    row = ItemDecision(
        item_id=about.item.id,
        kind=ruling.kind,
        policy=ruling.policy,
        revisions=sorted(ruling.revisions),
        keys={str(one): key_ids[one] for one in sorted(ruling.revisions)},
        reason=reason[:LONGEST_REASON],
        at=now,
        by=by,
    )
    session.add(row)
    session.flush()
    _tell_objectors(session, about, row)
    chain.append(
        session,
        "item.decided",
        by=by,
        about=row.public_id,
        at=now,
        data={
            "item": f"{about.item.bank.slug}#{about.item.uid}",
            "revisions": sorted(one.number for one in about.covered),
            "kind": row.kind,
            "policy": row.policy,
            "before": about.key,
            "key": ruling.key,
            "keys": row.keys,
            "reason": row.reason,
        },
    )
    return row


def _tell_objectors(session: Session, about: Subject, row: ItemDecision) -> None:
    """Those whose objection was accepted since the decision before hear what came of it."""
    rows = session.execute(
        select(User.public_id, Attempt.public_id, Attempt.number, Quiz.title, Contest.position)
        .join(Attempt, Attempt.id == Contest.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(User, User.id == Attempt.user_id)
        .where(
            Contest.item_id == row.item_id,
            Contest.accepted.is_(True),
            *([Contest.answered_at > about.latest.at] if about.latest else []),
        )
        .order_by(Contest.id)
    ).all()
    for person, attempt, number, title, position in rows:
        outbox.tell(
            session,
            person,
            "objection-decided",
            {"quiz": title, "number": number, "position": position, "outcome": row.kind},
            about=f"/attempts/{attempt}/result",
            now=row.at,
        )


def chosen(session: Session, about: Subject) -> dict[str, int]:
    """How many submitted answers took each option (its index in the source), or gave each text.

    Texts are counted as they are compared by default; the most frequent come first.
    """
    counts: Counter[str] = Counter()
    rows = session.execute(
        select(Response.value)
        .join(
            AttemptItem,
            (AttemptItem.attempt_id == Response.attempt_id)
            & (AttemptItem.position == Response.position),
        )
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(
            AttemptItem.item_revision_id.in_([one.id for one in about.covered]),
            Attempt.state == "submitted",
        )
    ).scalars()
    for value in rows:
        if value is None:
            continue
        if "selected" in value:
            counts.update(str(index) for index in value["selected"])
        elif "text" in value:
            counts[plain(value["text"])] += 1
    return dict(counts.most_common())


def asked(session: Session, about: Subject) -> tuple[int, int]:
    """In how many submitted attempts, and in how many open ones, these revisions are."""
    rows = session.execute(
        select(Attempt.state, func.count())
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .where(AttemptItem.item_revision_id.in_([one.id for one in about.covered]))
        .group_by(Attempt.state)
    )
    counts = dict(iter(rows))
    return counts.get("submitted", 0), counts.get("open", 0)


def asked_of(session: Session, item_ids: Sequence[int]) -> set[int]:
    """Those of these items that somebody was asked."""
    return set(
        session.execute(
            select(AttemptItem.item_id).where(AttemptItem.item_id.in_(item_ids)).distinct()
        ).scalars()
    )
