"""Putting a quiz together: what the banks offer, saving a state, its twin for practice."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.content import banks
from quizapp.content.models import Bank, BankEntry, Item, ItemRevision
from quizapp.errors import Invalid
from quizapp.formats.text import alphabetical, slug
from quizapp.people import audience
from quizapp.quiz import advice, quizzes, starting
from quizapp.quiz.advice import Advice
from quizapp.quiz.blueprints import Blueprint, Candidate, Drawn, Part, Shortage
from quizapp.quiz.models import Quiz, QuizRevision
from quizapp.quiz.quizzes import Ready
from quizapp.quiz.rules import OPEN_REVIEW, Rules

LONGEST_TITLE = 200


@dataclass(frozen=True)
class Offer:
    """What a bank has ready for one use: its items, and how many of each kind of part."""

    slug: str
    title: str
    items: list[Ready]
    competencies: Counter[str]
    tags: Counter[str]
    difficulties: Counter[str]


def offers(session: Session, use: str, slugs: tuple[str, ...]) -> dict[str, Offer]:
    """What these banks have to ask; a bank that is gone is left out."""
    found = {}
    for bank, revision in banks.live(session):
        if bank.slug in slugs:
            items = quizzes.pool(session, bank, use)
            found[bank.slug] = Offer(
                bank.slug,
                revision.title,
                items,
                Counter(c for one in items for c in one.revision.competencies),
                Counter(t for one in items for t in one.revision.tags),
                Counter(one.revision.difficulty for one in items if one.revision.difficulty),
            )
    return found


@dataclass(frozen=True)
class Draft:
    """A form drawn from a blueprint that need not be saved, and what is to be said of it."""

    ready: list[Ready]
    candidates: list[Candidate]
    drawn: list[Drawn]
    shortages: list[Shortage]

    @property
    def points(self) -> int:
        """What the form is worth."""
        return sum(place.points for place in self.drawn)


def draft(session: Session, use: str, blueprint: Blueprint, seed: int) -> Draft:
    """A form for nobody in particular."""
    ready, drawn, shortages = starting.form_of(session, Quiz(use=use), blueprint, seed)
    used = starting.uses(session, [one.item.id for one in ready])
    return Draft(ready, quizzes.candidates(ready, used=used), drawn, shortages)


def remarks(
    session: Session, use: str, blueprint: Blueprint, rules: Rules, drafted: Draft
) -> list[Advice]:
    """What deserves a second look in a quiz of which this is a form."""
    wrong = misplaced(session, use, blueprint)
    return advice.advise(use, blueprint, rules, drafted.candidates, wrong)


def misplaced(session: Session, use: str, blueprint: Blueprint) -> set[str]:
    """The fixed items ("bank#id") that are of the other use, in their banks' newest texts."""
    fixed = {f"{part.bank}#{uid}" for part in blueprint.parts for uid in part.items}
    if not fixed:
        return set()
    rows = session.execute(
        select(Bank.slug, Item.uid)
        .join(Item, Item.bank_id == Bank.id)
        .join(ItemRevision, ItemRevision.item_id == Item.id)
        .join(BankEntry, BankEntry.item_revision_id == ItemRevision.id)
        .where(
            Bank.slug.in_(blueprint.banks),
            BankEntry.bank_revision_id == Bank.current_revision_id,
            ItemRevision.use != use,
        )
    )
    return fixed & {f"{bank}#{uid}" for bank, uid in rows}


def create(
    session: Session,
    title: str,
    use: str,
    blueprint: Blueprint,
    rules: Rules,
    *,
    by: str,
    now: datetime,
) -> Quiz:
    """A new quiz, as a draft: nobody may take it before it is published. Raises Invalid."""
    _check(session, title, use, blueprint, rules)
    quiz = Quiz(
        slug=quizzes.free_slug(session, slug(title) or "prova"),
        title=title.strip(),
        use=use,
        cut_score=rules.cut_score,
    )
    session.add(quiz)
    session.flush()
    quizzes.revise(session, quiz, title.strip(), blueprint, rules, reason="", by=by, now=now)
    return quiz


def change(
    session: Session,
    quiz: Quiz,
    title: str,
    blueprint: Blueprint,
    rules: Rules,
    *,
    number: int,
    reason: str,
    by: str,
    now: datetime,
) -> QuizRevision:
    """Save another state of a quiz; attempts that are open keep their own terms.

    `number` is the state it was made from. Raises Invalid for what cannot be, without a
    reason, and when somebody else has saved one since.
    """
    _check(session, title, quiz.use, blueprint, rules)
    present = quizzes.revision_of(session, quiz)
    if present.number != number:
        raise Invalid(
            gettext("Somebody has saved another version meanwhile. Look at it in the history.")
        )
    unchanged = (title.strip(), blueprint.to_json(), rules.to_json())
    if unchanged == (present.title, present.blueprint, present.rules):
        return present
    if not reason.strip():
        raise Invalid(gettext("Say why: it is kept with this version."))
    return quizzes.revise(
        session, quiz, title.strip(), blueprint, rules, reason=reason.strip(), by=by, now=now
    )


def _check(session: Session, title: str, use: str, blueprint: Blueprint, rules: Rules) -> None:
    if not title.strip() or len(title) > LONGEST_TITLE:
        raise Invalid(gettext("Give the quiz a title."))
    if not blueprint.parts:
        raise Invalid(gettext("Add a part: the quiz has nothing to ask yet."))
    if wrong := misplaced(session, use, blueprint):
        items = ", ".join(sorted(wrong))
        if use == "exam":
            raise Invalid(gettext("An exam shows no practice question: %(items)s.", items=items))
        raise Invalid(gettext("Practice shows no exam question: %(items)s.", items=items))
    if any(remark.is_error for remark in advice.advise(use, blueprint, rules, [])):
        raise Invalid(gettext("These rules contradict each other."))


def practice_parts(session: Session, blueprint: Blueprint) -> tuple[Part, ...]:
    """All practice items of the banks that a blueprint draws from, a part a bank."""
    found = offers(session, "practice", blueprint.banks)
    return tuple(Part(bank) for bank in blueprint.banks if bank in found and found[bank].items)


def practice_of(session: Session, blueprint: Blueprint) -> Quiz | None:
    """A practice quiz on the list that draws from one of these banks."""
    for quiz in quizzes.published(session):
        if quiz.use == "practice":
            drawn_from = quizzes.blueprint_of(session, quiz).banks
            if set(drawn_from) & set(blueprint.banks):
                return quiz
    return None


def add_practice(session: Session, quiz: Quiz, *, by: str, now: datetime) -> Quiz:
    """Publish a practice quiz of the same banks, for the same teams.

    Raises Invalid when they have no such item.
    """
    parts = practice_parts(session, quizzes.blueprint_of(session, quiz))
    rules = replace(Rules(cut_score=quiz.cut_score), review=OPEN_REVIEW, exposure_limit=None)
    made = create(
        session,
        gettext("%(title)s: practice", title=quiz.title)[:LONGEST_TITLE],
        "practice",
        Blueprint(parts),
        rules,
        by=by,
        now=now,
    )
    if teams := audience.of(session, "quiz", quiz.slug):
        audience.limit(session, "quiz", made.slug, teams, by=by, now=now)
    quizzes.open_quiz(session, made, by=by, now=now)
    return made


def every(session: Session) -> list[Quiz]:
    """All quizzes, also drafts and withdrawn ones, by title."""
    found = session.execute(select(Quiz)).scalars()
    return sorted(found, key=lambda quiz: alphabetical(quiz.title))


def drawing_from(session: Session, bank: Bank) -> list[Quiz]:
    """The quizzes besides a bank's own that draw from it, by title."""
    return [
        quiz
        for quiz in every(session)
        if quiz.bank_id != bank.id
        and quiz.withdrawn_at is None
        and bank.slug in quizzes.blueprint_of(session, quiz).banks
    ]


def history(session: Session, quiz: Quiz) -> list[QuizRevision]:
    """All states of a quiz, the newest first."""
    return list(
        session.execute(
            select(QuizRevision)
            .where(QuizRevision.quiz_id == quiz.id)
            .order_by(QuizRevision.number.desc())
        ).scalars()
    )
