"""One attempt in full: what was asked, given and right, and what to read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from quizapp.content.citations import Citation, cited_by
from quizapp.content.models import ItemKey, ItemRevision
from quizapp.items.keys import alternatives, partners, right_options
from quizapp.items.kinds import CHOICE
from quizapp.quiz import forms
from quizapp.quiz.models import Attempt, AttemptItem, ItemScore, Response, Score
from quizapp.reports.progress import latest_score


@dataclass(frozen=True)
class ReviewedOption:
    """An option with what is known after the fact; `right` is the correct place or partner."""

    shown: forms.ShownOption
    correct: bool
    feedback: Markup
    right: str | Markup


@dataclass(frozen=True)
class ReviewedItem:
    """An item after the fact. `fraction` is null when it was left unanswered.

    `several` says that more than one key was accepted.
    """

    shown: forms.ShownItem
    options: tuple[ReviewedOption, ...]
    accepted: tuple[str, ...]
    fraction: float | None
    explanation: Markup
    sources: tuple[Citation, ...]
    competencies: tuple[str, ...]
    several: bool = False

    @property
    def state(self) -> str:
        """right, partly, wrong or blank."""
        if self.fraction is None:
            return "blank"
        if self.fraction >= 1:
            return "right"
        return "partly" if self.fraction > 0 else "wrong"


@dataclass(frozen=True)
class Review:
    """A submitted attempt with its last scoring."""

    percent: float
    points: float
    max_points: int
    passed: bool
    items: tuple[ReviewedItem, ...]

    @property
    def to_read(self) -> list[Citation]:
        """The places behind the items that were not right, each once."""
        found = {
            c.reference: c
            for item in self.items
            if item.state != "right"
            for c in item.sources
            if c.title
        }
        return list(found.values())


def review(session: Session, attempt: Attempt, today: date) -> Review | None:
    """The review of an attempt; None while it is not submitted: no key leaves before."""
    if attempt.state != "submitted":
        return None
    score = session.execute(
        select(Score).where(Score.attempt_id == attempt.id, latest_score())
    ).scalar_one()
    rows = session.execute(
        select(
            AttemptItem.position,
            AttemptItem.kind,
            AttemptItem.shown,
            ItemRevision,
            Response.value.label("given"),
            ItemKey.value.label("key"),
            ItemScore.fraction,
        )
        .join(ItemRevision, ItemRevision.id == AttemptItem.item_revision_id)
        .join(
            ItemScore,
            and_(ItemScore.score_id == score.id, ItemScore.position == AttemptItem.position),
        )
        .join(ItemKey, ItemKey.id == ItemScore.item_key_id)
        .outerjoin(
            Response,
            and_(
                Response.attempt_id == AttemptItem.attempt_id,
                Response.position == AttemptItem.position,
            ),
        )
        .where(AttemptItem.attempt_id == attempt.id)
        .order_by(AttemptItem.position)
    ).all()
    sources = cited_by(session, [row.ItemRevision.id for row in rows], today)
    items = []
    for row in rows:
        revision: ItemRevision = row.ItemRevision
        shown = forms.show(row.position, row.kind, revision.content, row.shown, row.given)
        items.append(
            ReviewedItem(
                shown,
                tuple(_options(row.kind, row.shown, revision, row.key, shown)),
                tuple(accepted(row.kind, row.key)),
                row.fraction,
                Markup(revision.remarks["explanation_html"]),
                tuple(sources.get(revision.id, ())),
                tuple(revision.competencies),
                len(alternatives(row.key)) > 1,
            )
        )
    return Review(score.percent, score.points, score.max_points, score.passed, tuple(items))


def _options(
    kind: str,
    order: list[int],
    revision: ItemRevision,
    key: dict[str, Any],
    shown: forms.ShownItem,
) -> list[ReviewedOption]:
    if kind == "matching":
        rights = revision.content["rights"]
        return [
            ReviewedOption(
                option,
                option.given is not None and order[option.given - 1] in accepted_rights,
                Markup(""),
                Markup(" · ").join(Markup(rights[right]["html"]) for right in accepted_rights),
            )
            for left, option in enumerate(shown.options)
            for accepted_rights in [partners(key, left)]
        ]
    feedback = revision.remarks["feedback"]
    found = []
    keyed = right_options(key)
    for option, source in zip(shown.options, order, strict=True):
        if kind in CHOICE:
            correct, right = source in keyed, ""
        else:
            correct, right = option.given == source + 1, str(source + 1)
        said = feedback[source] if source < len(feedback) else ""
        found.append(ReviewedOption(option, correct, Markup(said), right))
    # An ordering is read in its right order.
    return found if kind in CHOICE else sorted(found, key=lambda option: int(option.right))


def accepted(kind: str, key: dict[str, Any]) -> list[str]:
    """The accepted answers of a written item as text; numbers with a decimal comma.

    An answer that earns nothing is there for its feedback.
    """
    answers = [
        answer
        for one in alternatives(key)
        for answer in one.get("answers", ())
        if answer["fraction"] > 0
    ]
    found: list[str] = []
    if kind == "short_answer":
        found = [str(answer["text"]) for answer in answers]
    elif kind == "numeric":
        found = [_range(float(a["low"]), float(a["high"])) for a in answers]
    return list(dict.fromkeys(found))


def _range(low: float, high: float) -> str:
    ends = [f"{end:.9g}".replace(".", ",") for end in (low, high)]
    return ends[0] if low == high else f"{ends[0]} – {ends[1]}"
