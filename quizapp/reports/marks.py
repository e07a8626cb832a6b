"""What item analysis rests on: what each submitted attempt of a quiz got for each of its items."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, select, text
from sqlalchemy.orm import Session

from quizapp.certification.facts import chunks
from quizapp.content.items import kind_with
from quizapp.content.models import ItemKey, ItemRevision
from quizapp.items.keys import right_options
from quizapp.items.kinds import CHOICE
from quizapp.quiz.decisions import options_of
from quizapp.reports.answers import REACHED, void_revisions
from quizapp.reports.scorings import IS_LATEST
from quizapp.reports.statistics.model import Asked, Mark

# Of a larger quiz the newest are read: an answer takes some 500 bytes of memory meanwhile.
MOST_ATTEMPTS = 100_000
PORTION = 5_000


@dataclass(frozen=True)
class Marks:
    """The marks of `attempts` submitted attempts, the oldest first.

    `asked` has the choice items as they are asked today, `wordings` the revision that does.
    `older` is how many answers were given to another wording. `left_out` are the items all of
    whose answers were voided or granted. `last` was the newest scoring of any quiz, `scorings`
    is how many this one had.
    """

    marks: Sequence[Mark]
    attempts: int
    asked: dict[int, Asked]
    wordings: dict[int, int]
    older: dict[int, int]
    left_out: tuple[int, ...]
    last: int
    scorings: int


def of_quiz(session: Session, quiz_id: int) -> Marks:
    """All that was submitted in a quiz, by the latest scoring of each attempt."""
    last, scorings = session.connection().execute(SCORINGS, {"quiz": quiz_id}).one()
    void = void_revisions(session)
    asked, wordings, alike = _asked(session, quiz_id)
    marks: list[Mark] = []
    attempts: set[int] = set()
    older: Counter[int] = Counter()
    dropped: set[int] = set()
    chosen_by: dict[str | None, tuple[int, ...]] = {None: ()}
    rows = _rows(session, quiz_id, _beginning(session, quiz_id, scorings))
    for attempt, person, is_reached, place, item, revision, *given in rows:
        points, fraction, how, value, spent = given
        attempts.add(attempt)
        # Where a void item is left out of those scores alone that it would lower, it still
        # stands in the others.
        if revision in void or how != "scored":
            dropped.add(item)
            continue
        chosen = None
        if revision in alike:
            if value not in chosen_by:
                chosen_by[value] = tuple(json.loads(value).get("selected", ()))
            chosen = chosen_by[value]
        elif item in asked and fraction is not None:
            older[item] += 1
        seen = bool(is_reached)
        marks.append(
            Mark(person, item, attempt, place, points, fraction, seen, chosen, spent or None)
        )
    left_out = dropped.difference(mark.item for mark in marks)
    return Marks(
        marks,
        len(attempts),
        asked,
        wordings,
        dict(older),
        tuple(sorted(left_out)),
        last,
        scorings,
    )


# How far the scorings of all quizzes had come, and how many attempts of this one have.
SCORINGS = text(
    """
    SELECT coalesce((SELECT max(score.id) FROM score), 0), count(*)
    FROM attempt JOIN score ON score.attempt_id = attempt.id
    WHERE attempt.quiz_id = :quiz AND attempt.state = 'submitted'
    """
)


def _beginning(session: Session, quiz_id: int, scorings: int) -> int:
    """The id of the attempt after which the newest ones begin that are read."""
    if scorings <= MOST_ATTEMPTS:
        return 0
    given = {"quiz": quiz_id, "most": MOST_ATTEMPTS}
    return session.connection().execute(_BEGINNING, given).scalar() or 0


_BEGINNING = text(
    """
    SELECT id FROM attempt WHERE quiz_id = :quiz AND state = 'submitted'
    ORDER BY id DESC LIMIT 1 OFFSET :most
    """
)


def _rows(session: Session, quiz_id: int, after: int) -> Iterator[Any]:
    """The items of the attempts after this one, some attempts at a time: rows take memory."""
    while True:
        given = {"quiz": quiz_id, "after": after, "most": PORTION}
        rows = session.connection().execute(_MARKS, given).all()
        if not rows:
            return
        yield from rows
        after = rows[-1].id


# Plain SQL: of a large quiz these are hundreds of thousands of rows.
_MARKS = text(
    f"""
    SELECT attempt.id, attempt.user_id, {REACHED}, shown.position, shown.item_id,
           shown.item_revision_id, shown.points, item_score.fraction, item_score.treatment,
           CAST(response.value AS TEXT), response.spent
    FROM attempt
    JOIN score ON score.attempt_id = attempt.id AND {IS_LATEST}
    JOIN attempt_item AS shown ON shown.attempt_id = attempt.id
    JOIN item_score ON item_score.score_id = score.id AND item_score.position = shown.position
    LEFT JOIN response
      ON response.attempt_id = shown.attempt_id AND response.position = shown.position
    WHERE attempt.id IN (
        SELECT id FROM attempt
        WHERE quiz_id = :quiz AND state = 'submitted' AND id > :after
        ORDER BY id LIMIT :most)
    ORDER BY attempt.id
    """  # noqa: S608
)


def _asked(session: Session, quiz_id: int) -> tuple[dict[int, Asked], dict[int, int], set[int]]:
    """The choice items of a quiz as they are asked today, by which revisions, and those alike.

    An item's wording is that of its newest revision with a confirmed key; a revision with the
    same options asks the same, so that a mended typo does not part the answers.
    """
    found = session.connection().execute(_ITEMS, {"quiz": quiz_id}).scalars().all()
    by_item: dict[int, dict[int, Row[Any]]] = defaultdict(dict)
    for some in chunks(sorted(found)):
        for row in session.execute(_REVISIONS, {"items": some}):
            by_item[row.ItemRevision.item_id][row.ItemRevision.id] = row  # the newest key stays
    asked, wordings, alike = {}, {}, set()
    for item, revisions in by_item.items():
        keyed = [row for row in revisions.values() if row.value is not None]
        if not keyed:
            continue
        now, key = keyed[-1].ItemRevision, keyed[-1].value
        options = options_of(now)
        several = kind_with(now.kind, key) == "multiple"
        asked[item] = Asked(len(now.content["options"]), right_options(key), several)
        wordings[item] = now.id
        alike |= {
            revision
            for revision, row in revisions.items()
            if options_of(row.ItemRevision) == options
        }
    return asked, wordings, alike


_ITEMS = text(
    """
    SELECT DISTINCT shown.item_id
    FROM attempt JOIN attempt_item AS shown ON shown.attempt_id = attempt.id
    WHERE attempt.quiz_id = :quiz AND attempt.state = 'submitted'
    """
)
_REVISIONS = (
    select(ItemRevision, ItemKey.value)
    .outerjoin(
        ItemKey, (ItemKey.item_revision_id == ItemRevision.id) & (ItemKey.state == "confirmed")
    )
    .where(
        ItemRevision.item_id.in_(bindparam("items", expanding=True)),
        ItemRevision.kind.in_(CHOICE),
    )
    .order_by(ItemRevision.number, ItemKey.version)
)
