"""How an item did lately: what its latest answers earned, of everybody and without names.

Of each item so many answers are read, and no more however many there are.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Integer, TextClause, bindparam, text
from sqlalchemy.orm import Session

from quizapp.reports.answers import void_revisions

LATEST = 50


@dataclass(frozen=True, slots=True)
class Given:
    """One answer to an item: what it earned, 0..1, and for how long the item was in sight (ms)."""

    item_id: int
    fraction: float
    spent: int | None


# Each item's latest answers are picked for themselves, by the index: PostgreSQL would read all that
# there ever were, as it cannot know how few are asked for.
_PICKED = """
    SELECT * FROM (
        SELECT item_id, attempt_id, position, item_revision_id FROM attempt_item
        WHERE item_id = :item{n} ORDER BY attempt_id DESC LIMIT {most}) AS latest{n}
"""
_GIVEN = """
    WITH shown AS MATERIALIZED ({picked})
    SELECT shown.item_id, coalesce(item_score.fraction, 0), {spent}
    FROM shown
    JOIN attempt ON attempt.id = shown.attempt_id AND attempt.state = 'submitted'
    JOIN quiz ON quiz.id = attempt.quiz_id AND quiz.use = 'exam'
    JOIN score ON score.attempt_id = attempt.id AND score.number = (
        SELECT max(other.number) FROM score AS other WHERE other.attempt_id = score.attempt_id)
    JOIN item_score ON item_score.score_id = score.id
      AND item_score.position = shown.position AND item_score.treatment = 'scored'
    {joined}
    WHERE shown.item_revision_id NOT IN :void
"""
_RESPONSE = """LEFT JOIN response
    ON response.attempt_id = attempt.id AND response.position = shown.position"""
# Databases put a limit to how many selections make one.
AT_ONCE = 200


def latest(session: Session, item_ids: Collection[int], *, timed: bool = False) -> list[Given]:
    """The latest answers to each of these items in exams, those of void ones left out.

    How long an item was in sight is there where it is asked for.
    """
    void, wanted, found = sorted(void_revisions(session)), sorted(item_ids), []
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        given = {f"item{n}": item_id for n, item_id in enumerate(some)}
        rows = session.connection().execute(_statement(len(some), timed), given | {"void": void})
        found += [Given(*row) for row in rows]
    return found


@lru_cache(maxsize=2 * AT_ONCE)
def _statement(items: int, timed: bool) -> TextClause:
    picked = " UNION ALL ".join(_PICKED.format(n=n, most=LATEST) for n in range(items))
    spent, joined = ("response.spent", _RESPONSE) if timed else ("NULL", "")
    return text(_GIVEN.format(picked=picked, spent=spent, joined=joined)).bindparams(
        bindparam("void", expanding=True, type_=Integer)
    )
