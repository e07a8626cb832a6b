"""Explanations and feedback that still speak for a key that a decision replaced."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.content.models import ItemKey, ItemRevision
from quizapp.items.keys import right_options
from quizapp.quiz.models import ItemDecision

Value = dict[str, Any]


@dataclass(frozen=True)
class Outdated:
    """What was written beside another key: the explanation, and the feedback of these options."""

    explanation: bool
    options: tuple[int, ...]


def of_items(session: Session, item_ids: Iterable[int]) -> dict[int, Outdated]:
    """Those of these items whose key was replaced, or another accepted, and whose texts were
    not mended since."""
    decided = set(
        session.execute(
            select(ItemDecision.item_id).where(
                ItemDecision.item_id.in_(list(item_ids)),
                ItemDecision.kind.in_(("replaced", "both")),
            )
        ).scalars()
    )
    found = {item_id: _look_at(session, item_id) for item_id in sorted(decided)}
    return {item_id: one for item_id, one in found.items() if one.explanation or one.options}


def _look_at(session: Session, item_id: int) -> Outdated:
    revisions = session.execute(
        select(ItemRevision.id, ItemRevision.remarks)
        .where(ItemRevision.item_id == item_id)
        .order_by(ItemRevision.number.desc())
    ).all()
    keys = [
        (revision_id, dict(value))
        for revision_id, value in session.execute(
            select(ItemKey.item_revision_id, ItemKey.value)
            .where(ItemKey.item_id == item_id, ItemKey.state == "confirmed")
            .order_by(ItemKey.version)
        )
    ]
    newest = revisions[0]
    present = next((value for one, value in reversed(keys) if one == newest.id), None)
    if present is None:  # a changed text whose key waits: it is looked at when that is confirmed
        return Outdated(False, ())

    def written_beside(part: Callable[[Value], object]) -> Value:
        """The key that there was when a part of the remarks got its present text."""
        same = _since(revisions, part)
        return next(value for one, value in keys if one in same)

    explanation = bool(newest.remarks["explanation_html"]) and (
        written_beside(lambda remarks: remarks["explanation_html"]) != present
    )
    options = []
    for index, said in enumerate(newest.remarks["feedback"]):
        if said:
            before = written_beside(partial(_feedback, index))
            if (index in right_options(before)) != (index in right_options(present)):
                options.append(index)
    return Outdated(explanation, tuple(options))


def _feedback(index: int, remarks: Value) -> object:
    return remarks["feedback"][index : index + 1]


def _since(revisions: Sequence[Any], part: Callable[[Value], object]) -> set[int]:
    """The ids of the newest revisions, back to the one that a part of the remarks came with."""
    same = set()
    for revision in revisions:
        if part(revision.remarks) != part(revisions[0].remarks):
            break
        same.add(revision.id)
    return same
