"""What a panel of judges says together, and what becomes of it.

The sums are those of items.judging (Angoff 1971). Taken over, the estimates become part of the
quiz's rules: each form begun from then on has the cut score of the items it holds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.content import banks
from quizapp.content.models import Bank, Item, ItemRevision
from quizapp.errors import Invalid
from quizapp.evidence import chain
from quizapp.items import judging
from quizapp.items.judging import CutScore, Estimate, Judged
from quizapp.notices import outbox
from quizapp.quiz import panels, quizzes
from quizapp.quiz.blueprints import Blueprint, Candidate, draws, fits
from quizapp.quiz.models import CutEstimate, CutJudge, CutPanel, Quiz, QuizRevision
from quizapp.quiz.panels import Asked
from quizapp.quiz.rules import CutBy, Rules

LONGEST_REASON = 500
# So many forms are drawn to say what cut scores forms get.
FORMS = 100


@dataclass(frozen=True)
class Forms:
    """The cut scores of forms drawn from the pool, in per cent."""

    cuts: tuple[float, ...]

    @property
    def drawn(self) -> int:
        """How many forms."""
        return len(self.cuts)

    @property
    def lowest(self) -> float:
        """The lowest cut score of a form."""
        return min(self.cuts)

    @property
    def mean(self) -> float:
        """Their mean."""
        return sum(self.cuts) / len(self.cuts)

    @property
    def highest(self) -> float:
        """The highest cut score of a form."""
        return max(self.cuts)


@dataclass(frozen=True)
class Outcome:
    """What the judges who handed in say together.

    `cut` is that of the mean form, exact; `by` what the quiz's rules would hold, and `percent`
    the cut score that they would have with it. `forms` is None where everybody gets the same
    questions. `points` are those of a form. `missing` are the items that fewer than three
    judged, `stale` those whose text changed after somebody did.
    """

    asked: tuple[Asked, ...]
    judged: Mapping[int, Judged]
    said: Mapping[int, Mapping[int, int]]
    cut: CutScore
    by: CutBy
    percent: float | None
    points: int
    forms: Forms | None
    missing: tuple[Asked, ...]
    stale: tuple[Asked, ...]


def outcome(session: Session, panel: CutPanel, quiz: Quiz) -> Outcome:
    """What the judges who handed in say; of a closed panel what they said then."""
    numbers = {judge.public_id: judge.user_id for judge in panels.judges_of(session, panel)}
    if panel.closed_at is None:
        asked = panels.of_pool(session, quiz)
        revision = quizzes.revision_of(session, quiz)
    else:
        revision = session.get_one(QuizRevision, panel.quiz_revision_id)
        asked = _as_judged(session, panel, revision)
    present = {one.item_id: one for one in asked}
    found = [row for row in panels.handed_in(session, panel) if row[1] in present]
    estimates = [Estimate(numbers[user], item, of_ten) for user, item, _, of_ten in found]
    stale = {item for _, item, shown, _ in found if shown != present[item].revision_id}
    return _outcome(panel, Blueprint.from_json(revision.blueprint), asked, estimates, stale)


def _as_judged(session: Session, panel: CutPanel, revision: QuizRevision) -> list[Asked]:
    """The items that were judged, in the newest text that somebody judged.

    Of those taken over, what the quiz could ask then.
    """
    taken = _taken(panel, revision)
    newest = (
        select(func.max(CutEstimate.item_revision_id))
        .join(CutJudge, panels.OF_JUDGE)
        .where(CutEstimate.panel_id == panel.id, CutJudge.done_at.is_not(None))
        .group_by(CutEstimate.item_id)
    )
    rows = session.execute(
        select(Bank.slug, Item.id, Item.uid, ItemRevision)
        .join(Item, Item.bank_id == Bank.id)
        .join(ItemRevision, ItemRevision.item_id == Item.id)
        .where(ItemRevision.id.in_(newest))
        .order_by(Bank.slug, Item.id)
        .options(*banks.LONG)
    )
    return [
        Asked(
            f"{slug}#{uid}",
            item_id,
            revision.id,
            revision.kind,
            revision.stem,
            Candidate(
                slug,
                uid,
                tuple(revision.competencies),
                tuple(revision.tags),
                revision.difficulty,
            ),
        )
        for slug, item_id, uid, revision in rows
        if taken is None or f"{slug}#{uid}" in taken.said
    ]


def _outcome(
    panel: CutPanel,
    blueprint: Blueprint,
    asked: Sequence[Asked],
    estimates: Sequence[Estimate],
    stale: Collection[int],
) -> Outcome:
    mean = mean_form(blueprint, [one.candidate for one in asked])
    weights = {asked[index].item_id: float(share) for index, share in mean.items()}
    cut = judging.cut_score(weights, estimates)
    said: dict[int, dict[int, int]] = {}
    for user, item, of_ten in estimates:
        said.setdefault(item, {})[user] = int(of_ten)
    by = CutBy(
        panel.public_id,
        {
            one.name: (sum(said[one.item_id].values()), len(said[one.item_id]))
            for one in asked
            if one.item_id in said
        },
    )
    percent = None
    if cut.percent is not None:
        percent = by.of(((asked[index].name, share) for index, share in mean.items()), 0)
    return Outcome(
        tuple(asked),
        judging.judged(estimates),
        said,
        cut,
        by,
        percent,
        int(sum(mean.values())),
        None if percent is None else _forms(blueprint, asked, by, percent),
        tuple(one for one in asked if one.item_id in cut.missing),
        tuple(one for one in asked if one.item_id in stale),
    )


def mean_form(blueprint: Blueprint, pool: Sequence[Candidate]) -> dict[int, Fraction]:
    """Points times the chance of being drawn, for each candidate of a part, by its index.

    Where parts share items this is an estimate: the draw gives such an item to one of them.
    """
    mean: dict[int, Fraction] = {}
    for part in blueprint.parts:
        fitting = fits(part, pool)
        wanted = len(fitting) if part.is_certain else min(part.n or 0, len(fitting))
        for index in fitting:
            share = Fraction(part.points * wanted, len(fitting))
            mean[index] = mean.get(index, Fraction()) + share
    return mean


def _forms(blueprint: Blueprint, asked: Sequence[Asked], by: CutBy, default: float) -> Forms | None:
    """What forms drawn from the pool get, or None where there is one form only."""
    if all(part.is_certain for part in blueprint.parts):
        return None
    drawn_by = draws(blueprint, [one.candidate for one in asked])
    cuts = []
    for seed in range(FORMS):
        drawn, _ = drawn_by(seed)
        form = ((asked[place.candidate].name, place.points) for place in drawn)
        cuts.append(by.of(form, default))
    return Forms(tuple(cuts))


def take(
    session: Session,
    panel: CutPanel,
    quiz: Quiz,
    reason: str,
    *,
    seen: float | None = None,
    by: str,
    now: datetime,
) -> QuizRevision:
    """Close a panel and take over what it says: from now on each new form has its cut score.

    `seen` is the one that whoever decides has looked at. Raises Invalid where it is another one
    by now or an item has fewer than three estimates, Refused for a closed panel.
    """
    panels.need_open(panel)
    found = outcome(session, panel, quiz)
    if found.percent is None:
        raise Invalid(_why_not(found))
    if seen is not None and seen != found.percent:
        raise Invalid(gettext("What the judges say has just changed: look at it again."))
    why = _in_words(found)
    if reason.strip():
        why += " " + _short(reason)
    rules = replace(
        quizzes.rules_of(session, quiz), cut_score=found.percent, cut_reason=why, cut_by=found.by
    )
    _tell_closed(session, panel, quiz, now)
    revision = quizzes.revise(
        session,
        quiz,
        quiz.title,
        quizzes.blueprint_of(session, quiz),
        rules,
        reason=gettext("Cut score by judges"),
        by=by,
        now=now,
    )
    _close(session, panel, revision, found, _short(reason), by=by, now=now)
    return revision


def _why_not(found: Outcome) -> str:
    if found.cut.reason == "no_items":
        return str(gettext("This quiz has no question to ask at present."))
    few = [one.candidate.uid for one in found.missing]
    shown = ", ".join(few[:5]) + (" …" if len(few) > 5 else "")
    return str(
        gettext(
            "Too few judges: fewer than three have handed in an estimate of %(items)s. Ask more "
            "people, or give the form back to those who handed in before the question was there.",
            items=shown,
        )
    )


def _in_words(found: Outcome) -> str:
    judges = len({user for said in found.said.values() for user in said})
    words = gettext(
        "Set by judges (Angoff): %(judges)s judges, %(items)s questions.",
        judges=judges,
        items=len(found.asked),
    )
    return str(words)


def _short(reason: str) -> str:
    if len(reason) > LONGEST_REASON:
        raise Invalid(gettext("Write at most %(n)s characters.", n=LONGEST_REASON))
    return reason.strip()


def drop(
    session: Session, panel: CutPanel, quiz: Quiz, reason: str, *, by: str, now: datetime
) -> None:
    """Close a panel and leave the cut score as it is. Raises Invalid without a reason."""
    panels.need_open(panel)
    if not reason.strip():
        raise Invalid(gettext("Say why the judges' estimates are not taken over."))
    found = outcome(session, panel, quiz)
    _tell_closed(session, panel, quiz, now)
    present = quizzes.revision_of(session, quiz)
    _close(session, panel, present, found, _short(reason), by=by, now=now)


def _tell_closed(session: Session, panel: CutPanel, quiz: Quiz, now: datetime) -> None:
    about = f"/panels/{panel.public_id}"
    judges = panels.judges_of(session, panel)
    outbox.tell_all(
        session,
        [(one.public_id, "judges-closed", {"quiz": quiz.title}, about) for one in judges],
        now=now,
    )


def _close(
    session: Session,
    panel: CutPanel,
    revision: QuizRevision,
    found: Outcome,
    reason: str,
    *,
    by: str,
    now: datetime,
) -> None:
    panel.quiz_revision_id = revision.id
    panel.closed_at, panel.closed_by, panel.reason = now, by, reason
    session.flush()
    chain.append(
        session,
        "panel.closed",
        by=by,
        about=panel.public_id,
        at=now,
        data={
            "revision": revision.number,
            "taken": _taken(panel, revision) is not None,
            "cut_score": found.percent,
            "judges": [one.public_id for one in panels.judges_of(session, panel) if one.done_at],
            "estimates": panels.digest(panels.handed_in(session, panel)),
            "reason": panel.reason,
        },
    )


def _taken(panel: CutPanel, revision: QuizRevision) -> CutBy | None:
    by = Rules.from_json(revision.rules).cut_by
    return by if by is not None and by.panel == panel.public_id else None


def was_taken(session: Session, panel: CutPanel) -> bool:
    """Whether a closed panel's cut score was taken over."""
    if panel.closed_at is None:
        return False
    return _taken(panel, session.get_one(QuizRevision, panel.quiz_revision_id)) is not None


def unjudged(session: Session, quiz: Quiz, by: CutBy) -> list[str]:
    """The items that the quiz can ask and of which its judges said nothing: they came later."""
    return [one.candidate.uid for one in panels.of_pool(session, quiz) if one.name not in by.said]
