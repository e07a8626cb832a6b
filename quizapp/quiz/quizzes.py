"""Quizzes: which items they can ask, how they are put together, published and withdrawn."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import and_, bindparam, exists, func, or_, select, text
from sqlalchemy.orm import Session

from quizapp.content import banks, keys
from quizapp.content.items import kind_with
from quizapp.content.models import Bank, Item, ItemKey, ItemRevision, KeyAct
from quizapp.errors import Invalid, Missing
from quizapp.evidence import chain
from quizapp.formats.text import alphabetical
from quizapp.formats.titles import RESERVED
from quizapp.items.kinds import CHOICE, SCORABLE
from quizapp.people import audience
from quizapp.quiz.blueprints import Blueprint, Candidate, Part
from quizapp.quiz.models import Attempt, ItemDecision, Quiz, QuizRevision
from quizapp.quiz.rules import OPEN_REVIEW, Rules

DEFAULT_CUT_SCORE = 80.0


@dataclass(frozen=True)
class Ready:
    """An item of a bank that can be asked: its newest revision with a confirmed key, and that."""

    bank: str
    item: Item
    revision: ItemRevision
    key: dict[str, Any]

    @property
    def name(self) -> str:
        """As a blueprint names it."""
        return f"{self.bank}#{self.item.uid}"

    @property
    def kind(self) -> str:
        """The kind it is asked as."""
        kind = self.revision.kind
        return kind_with(kind, self.key) if kind in CHOICE else kind


# Built once, for every start asks them: the confirmed keys of items, newer ones later.
_KEYED = (
    select(ItemRevision, ItemKey.value, keys.publication_id())
    .join(ItemKey, ItemKey.item_revision_id == ItemRevision.id)
    .where(
        ItemRevision.item_id.in_(bindparam("items", expanding=True)),
        ItemKey.state == "confirmed",
    )
    .order_by(ItemRevision.number, ItemKey.version)
    .options(*banks.LONG)
)
_IS_PUBLISHED = exists().where(
    KeyAct.item_key_id == keys.publication_id(), KeyAct.act == "published"
)
_PUBLISHED = _KEYED.where(_IS_PUBLISHED)


_RULED = (
    select(ItemDecision.item_id, ItemDecision.kind, ItemDecision.keys)
    .where(
        ItemDecision.item_id.in_(bindparam("items", expanding=True)), ItemDecision.kind != "kept"
    )
    .order_by(ItemDecision.id)
)


def pool(session: Session, bank: Bank, use: str = "exam", *, published: bool = True) -> list[Ready]:
    """The items that a quiz may ask of this bank, in the bank's order.

    Drafts, keys that are not published, items of the other use and kinds that are not
    scored stay out, and void items until a new key is given or decided. Where a newer text
    waits for its key, the last published one is asked.
    With `published` off, what could be asked once its keys are published.
    """
    places = banks.places(session, bank, text=False)
    wanted = [p.item.id for p in places if p.revision.kind in SCORABLE and p.revision.use == use]
    rows = session.execute(_PUBLISHED if published else _KEYED, {"items": wanted})
    # Later rows overwrite earlier ones: the newest revision's newest confirmed key is left.
    void = _void_before(session, wanted)
    newest = {
        revision.item_id: (revision, value)
        for revision, value, key_id in rows
        if key_id > void.get(revision.item_id, 0)
    }
    return [
        Ready(bank.slug, place.item, *newest[place.item.id])
        for place in places
        if place.item.id in newest
    ]


def with_key(session: Session, item_ids: Collection[int]) -> set[int]:
    """Those of these items that have a key to be asked by, as `pool` goes by it."""
    wanted = list(item_ids)
    void = _void_before(session, wanted)
    rows = session.execute(_WITH_KEY, {"items": wanted})
    return {item_id for item_id, key_id in rows if key_id > void.get(item_id, 0)}


_WITH_KEY = (
    select(ItemRevision.item_id, keys.publication_id())
    .join(ItemKey, ItemKey.item_revision_id == ItemRevision.id)
    .where(
        ItemRevision.item_id.in_(bindparam("items", expanding=True)),
        ItemRevision.kind.in_(SCORABLE),
        ItemKey.state == "confirmed",
        _IS_PUBLISHED,
    )
)


def _void_before(session: Session, item_ids: list[int]) -> dict[int, int]:
    """Of void items the last key at that time: they are not asked by it, nor by any before."""
    rows = session.execute(_RULED, {"items": item_ids})
    latest = {item_id: (kind, key_ids) for item_id, kind, key_ids in rows}
    return {
        item_id: max(key_ids.values())
        for item_id, (kind, key_ids) in latest.items()
        if kind == "void"
    }


def askable(session: Session, quiz: Quiz, blueprint: Blueprint) -> list[Ready]:
    """What the banks of a blueprint have to ask, bank by bank; a bank that is gone has nothing."""
    found = session.execute(_BANKS, {"slugs": blueprint.banks}).scalars()
    by_slug = {bank.slug: bank for bank in found}
    return [
        ready
        for slug in blueprint.banks
        if slug in by_slug
        for ready in pool(session, by_slug[slug], quiz.use)
    ]


_BANKS = select(Bank).where(
    Bank.slug.in_(bindparam("slugs", expanding=True)), Bank.retired_at.is_(None)
)


def texts(session: Session, chosen: Sequence[Ready]) -> dict[int, dict[str, Any]]:
    """What each of these asks (ItemRevision.content), by revision: the pool does not read it."""
    wanted = [one.revision.id for one in chosen]
    return dict(iter(session.execute(_TEXTS, {"revisions": wanted})))


_TEXTS = select(ItemRevision.id, ItemRevision.content).where(
    ItemRevision.id.in_(bindparam("revisions", expanding=True))
)


def candidates(
    ready: Sequence[Ready],
    seen: Collection[int] = (),
    used: Mapping[int, int] | None = None,
) -> list[Candidate]:
    """What the draw looks at; `seen` and `used` go by the items' ids."""
    counts = used or {}
    return [
        Candidate(
            one.bank,
            one.item.uid,
            tuple(one.revision.competencies),
            tuple(one.revision.tags),
            one.revision.difficulty,
            one.item.id in seen,
            counts.get(one.item.id, 0),
        )
        for one in ready
    ]


def state_of(quiz: Quiz) -> str:
    """Whether a quiz is a draft, published or withdrawn."""
    if quiz.withdrawn_at is not None:
        return "withdrawn"
    return "draft" if quiz.published_at is None else "published"


def revision_of(session: Session, quiz: Quiz) -> QuizRevision:
    """The state of a quiz that a new attempt begins with."""
    return session.get_one(QuizRevision, quiz.current_revision_id)


def rules_of(session: Session, quiz: Quiz) -> Rules:
    """The rules that a new attempt begins with, before anybody's allowance."""
    return Rules.from_json(revision_of(session, quiz).rules)


def blueprint_of(session: Session, quiz: Quiz) -> Blueprint:
    """What a new form is drawn from."""
    return Blueprint.from_json(revision_of(session, quiz).blueprint)


def revise(
    session: Session,
    quiz: Quiz,
    title: str,
    blueprint: Blueprint,
    rules: Rules,
    *,
    reason: str,
    by: str,
    now: datetime,
) -> QuizRevision:
    """Add a state to a quiz; attempts that are open go on by their own terms.

    Raises Invalid for a cut score outside 0..100. The same again adds nothing.
    """
    _check_cut_score(rules.cut_score)
    facts = {"title": title, "blueprint": blueprint.to_json(), "rules": rules.to_json()}
    if quiz.current_revision_id is not None:
        present = revision_of(session, quiz)
        if facts == {name: getattr(present, name) for name in facts}:
            return present
    number = session.execute(
        select(func.count()).where(QuizRevision.quiz_id == quiz.id)
    ).scalar_one()
    revision = QuizRevision(
        quiz_id=quiz.id, number=number + 1, reason=reason, at=now, by=by, **facts
    )
    session.add(revision)
    session.flush()
    quiz.title, quiz.cut_score, quiz.counts = title, rules.cut_score, rules.counts
    quiz.current_revision_id = revision.id
    session.flush()
    chain.append(
        session,
        "quiz.revised",
        by=by,
        about=quiz.slug,
        at=now,
        data={
            "number": revision.number,
            "reason": reason,
            "blueprint": facts["blueprint"],
            # A code that opens an exam does not belong into what is handed to auditors.
            "rules": {k: v for k, v in rules.to_json().items() if k != "access_code"},
        },
    )
    return revision


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
    those of keys.publish; the answer is None where all keys wait for a second trainer. A
    bank of practice items alone becomes a practice quiz.
    Raises Invalid for a score outside 0..100 and for a bank without a keyed item.
    """
    revision = banks.current(session, bank)
    if cut_score is None:
        cut_score = last_cut_score(session, bank)
    _check_cut_score(cut_score)
    revisions = [place.revision.id for place in banks.places(session, bank)]
    keys.publish(
        session, bank.slug, revisions, by=by, now=now, review_days=review_days, second=second
    )
    use = next((use for use in ("exam", "practice") if pool(session, bank, use)), None)
    if use is None:
        if second and banks.keyed_labels(session, bank):
            return None
        raise Invalid(gettext("No item of this bank has a key yet: there is nothing to ask."))
    quiz = session.execute(select(Quiz).where(Quiz.bank_id == bank.id)).scalar_one_or_none()
    if quiz is None:
        quiz = Quiz(
            slug=free_slug(session, bank.slug),
            bank_id=bank.id,
            title=revision.title,
            use=use,
            cut_score=cut_score,
        )
        session.add(quiz)
        session.flush()
        blueprint, rules = Blueprint((Part(bank.slug),)), Rules(cut_score=cut_score)
        if use == "practice":
            rules = replace(rules, review=OPEN_REVIEW, exposure_limit=None)
    else:
        blueprint = blueprint_of(session, quiz)
        rules = rules_of(session, quiz).with_cut(cut_score)
    # What is the bank and no more bears its name; what was put together has one of its own.
    title = revision.title if blueprint == Blueprint((Part(bank.slug),)) else quiz.title
    revise(session, quiz, title, blueprint, rules, reason="", by=by, now=now)
    open_quiz(session, quiz, by=by, now=now)
    return quiz


def _check_cut_score(cut_score: float) -> None:
    if not 0 <= cut_score <= 100:
        raise Invalid(gettext("The cut score is a percentage from 0 to 100."))


def open_quiz(session: Session, quiz: Quiz, *, by: str, now: datetime) -> None:
    """Put a quiz on the list. Raises Invalid when it has nothing to ask."""
    items = len(askable(session, quiz, blueprint_of(session, quiz)))
    if not items:
        raise Invalid(gettext("This quiz has no question to ask at present."))
    if quiz.published_at is None or quiz.withdrawn_at is not None:
        quiz.published_at = now
    quiz.withdrawn_at = None
    session.flush()
    chain.append(
        session,
        "quiz.published",
        by=by,
        about=quiz.slug,
        at=now,
        data={"cut_score": quiz.cut_score, "revision": revision_of(session, quiz).number},
    )


def withdraw(session: Session, quiz: Quiz, *, by: str, now: datetime) -> None:
    """Take a quiz off the list; open attempts may still be finished."""
    quiz.withdrawn_at = now
    session.flush()
    chain.append(session, "quiz.withdrawn", by=by, about=quiz.slug, at=now, data={})


def free_slug(session: Session, wanted: str) -> str:
    """This slug, or the next one like it that no quiz has, and no page of its own."""
    taken = set(session.execute(select(Quiz.slug).where(Quiz.slug.startswith(wanted))).scalars())
    slug, n = wanted, 1
    while slug in taken or slug in RESERVED:
        n += 1
        slug = f"{wanted}-{n}"
    return slug


def of_bank(session: Session, bank: Bank) -> Quiz | None:
    """The bank's quiz, if it is published."""
    return session.execute(
        select(Quiz).where(Quiz.bank_id == bank.id, _listed())
    ).scalar_one_or_none()


def last_cut_score(session: Session, bank: Bank) -> float:
    """The cut score of the bank's quiz, also of one taken off the list; else the bank's own."""
    given = session.execute(select(Quiz.cut_score).where(Quiz.bank_id == bank.id)).scalar()
    if given is None:
        given = banks.current(session, bank).cut_score
    return DEFAULT_CUT_SCORE if given is None else given


def find(session: Session, slug: str, viewer: int | None = None) -> Quiz:
    """The published quiz of this slug, if it is there for a person. Raises Missing."""
    if viewer is None:
        quiz = session.execute(_FIND, {"slug": slug}).scalar_one_or_none()
    else:
        asked = {"slug": slug, "viewer": viewer}
        quiz = session.execute(_FIND_VISIBLE, asked).scalar_one_or_none()
    if quiz is None:
        raise Missing
    return quiz


def find_any(session: Session, slug: str) -> Quiz:
    """The quiz of this slug, also a draft or a withdrawn one, for a trainer. Raises Missing."""
    quiz = session.execute(select(Quiz).where(Quiz.slug == slug)).scalar_one_or_none()
    if quiz is None:
        raise Missing
    return quiz


def use_of(session: Session, slug: str | None, attempt_id: str | None, viewer: int) -> str | None:
    """The use of the quiz of this slug, or of this attempt's: exam or practice.

    None for none, and for a quiz that is not for this person.
    """
    query = select(Quiz.use)
    if slug is None:
        query = query.join(Attempt, Attempt.quiz_id == Quiz.id)
        query = query.where(Attempt.public_id == attempt_id)
    else:
        query = query.where(Quiz.slug == slug, VISIBLE.bindparams(viewer=viewer))
    return session.execute(query).scalar_one_or_none()


def published(session: Session, viewer: int | None = None) -> list[Quiz]:
    """The published quizzes that are there for a person, by title; without a person all."""
    query = select(Quiz).where(_listed())
    if viewer is not None:
        query = query.where(VISIBLE.bindparams(viewer=viewer))
    found = session.execute(query).scalars()
    return sorted(found, key=lambda quiz: alphabetical(quiz.title))


def asking(session: Session, viewer: int) -> list[tuple[str, Blueprint]]:
    """The use and the blueprint of each published quiz that is there for a person."""
    rows = session.connection().execute(_ASKING, {"viewer": viewer})
    return [(use, Blueprint.from_json(blueprint)) for use, blueprint in rows]


def _listed() -> Any:
    """A quiz is on the list while it is published and its bank, if it has one, is there."""
    return and_(
        Quiz.published_at.is_not(None),
        Quiz.withdrawn_at.is_(None),
        or_(
            Quiz.bank_id.is_(None),
            exists().where(Bank.id == Quiz.bank_id, Bank.retired_at.is_(None)),
        ),
    )


# On Quiz: whether it is there for the bound `viewer`.
VISIBLE = text(audience.visible("quiz", "quiz.slug"))
_FIND = select(Quiz).where(Quiz.slug == bindparam("slug"), _listed())
_FIND_VISIBLE = _FIND.where(VISIBLE)
_ASKING = (
    select(Quiz.use, QuizRevision.blueprint)
    .join(QuizRevision, QuizRevision.id == Quiz.current_revision_id)
    .where(VISIBLE, _listed())
)
