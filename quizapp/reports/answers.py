"""The answers that say what a person knows today: of each item the latest one in an exam.

Those of void attempts, of practice and of voided items are none. A blank earned nothing; what was
not reached is no answer, and told apart. Who leads a team sees them in quizzes that they see, one's
own follow what is shown.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    Integer,
    String,
    TextualSelect,
    bindparam,
    select,
    text,
)
from sqlalchemy.orm import Session

from quizapp.db import UtcDateTime
from quizapp.people import audience
from quizapp.quiz.models import ItemDecision
from quizapp.reports.scorings import IS_LATEST


@dataclass(frozen=True, slots=True)
class Answer:
    """What an item earned a person, 0..1, None for a blank.

    Without `is_reached` there is none: in no exam did the person get to the item, the latest one
    stands for that. `sections` is the JSON of what it cited that day.
    """

    user_id: int
    item_id: int
    revision_id: int
    attempt: str
    position: int
    fraction: float | None
    is_reached: bool
    cut_score: float
    submitted_at: datetime
    sections: str


# Whether an item of an attempt was reached: answered or shown itself, or one that stands behind it.
# An answer that was taken back has a row: the item was in sight.
REACHED = """(item_score.fraction IS NOT NULL OR shown.position <= attempt.reached OR EXISTS (
    SELECT 1 FROM response AS later
    WHERE later.attempt_id = shown.attempt_id AND later.position >= shown.position))"""
# Plain SQL, built once: a team has tens of thousands of answers, of which the latest are picked.
_LATEST = """
    SELECT user_id, item_id, item_revision_id, public_id, position, fraction, is_reached, cut_score,
           submitted_at, sections
    FROM (
        SELECT asked.*, row_number() OVER (
            PARTITION BY user_id, item_id
            ORDER BY is_reached DESC, submitted_at DESC, attempt_id DESC) AS place
        FROM (
            SELECT attempt.id AS attempt_id, attempt.user_id, shown.item_id,
                   shown.item_revision_id, attempt.public_id, shown.position, item_score.fraction,
                   CASE WHEN {reached} THEN 1 ELSE 0 END AS is_reached, attempt.cut_score,
                   attempt.submitted_at, {sections} AS sections
            FROM attempt
            JOIN score ON score.attempt_id = attempt.id AND {is_latest}
            JOIN item_score
              ON item_score.score_id = score.id AND item_score.treatment = 'scored'
            JOIN attempt_item AS shown
              ON shown.attempt_id = attempt.id AND shown.position = item_score.position
            WHERE attempt.state = 'submitted' AND shown.item_revision_id NOT IN :void AND {whose}
        ) AS asked
    ) AS answered
    WHERE place = 1
"""
# Practice is no exam, and what is for others' teams is not there for who leads.
_LED = f"""
    {{who}} AND attempt.submitted_at >= :since AND attempt.quiz_id IN (
        SELECT quiz.id FROM quiz
        WHERE quiz.use = 'exam' AND {audience.visible("quiz", "quiz.slug")})
"""  # noqa: S608
_WHOSE = {
    "team": _LED.format(
        who="""attempt.user_id IN (
        SELECT user_id FROM membership
        WHERE team_id = :team AND ended_at IS NULL AND NOT leads)"""
    ),
    "person": _LED.format(who="attempt.user_id = :person"),
    "attempts": "attempt.public_id IN :attempts",
}


def _statement(whose: str, sections: str) -> TextualSelect:
    # With their types: PostgreSQL compares an empty list by them.
    given: dict[str, BindParameter[Any]] = {
        "void": bindparam("void", expanding=True, type_=Integer),
        "attempts": bindparam("attempts", expanding=True, type_=String),
        "since": bindparam("since", type_=UtcDateTime),
    }
    del given["since" if whose == "attempts" else "attempts"]
    return (
        text(
            _LATEST.format(
                whose=_WHOSE[whose], sections=sections, reached=REACHED, is_latest=IS_LATEST
            )
        )
        .bindparams(*given.values())
        .columns(is_reached=Boolean, submitted_at=UtcDateTime)
    )


# What an item cited is long: it is read where it is asked for.
_STATEMENTS = {
    (whose, cited): _statement(whose, "CAST(shown.sections AS TEXT)" if cited else "''")
    for whose in _WHOSE
    for cited in (False, True)
}
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def of_team(
    session: Session, team_id: int, leader: int, since: datetime | None, *, cited: bool
) -> list[Answer]:
    """The answers of the people who work in a team today, as far as its leader sees the quizzes."""
    given = {"team": team_id, "viewer": leader, "since": since or BEGINNING}
    return _answers(session, "team", cited, given)


def of_person(
    session: Session, user_id: int, leader: int, since: datetime | None, *, cited: bool
) -> list[Answer]:
    """The same of one person."""
    given = {"person": user_id, "viewer": leader, "since": since or BEGINNING}
    return _answers(session, "person", cited, given)


def of_attempts(session: Session, public_ids: Collection[str], *, cited: bool) -> list[Answer]:
    """The answers in these exams alone, for whom they are shown to."""
    return _answers(session, "attempts", cited, {"attempts": list(public_ids)})


def _answers(session: Session, whose: str, cited: bool, given: dict[str, Any]) -> list[Answer]:
    given["void"] = sorted(void_revisions(session))
    rows = session.connection().execute(_STATEMENTS[whose, cited], given)
    return [Answer(*row) for row in rows]


def void_revisions(session: Session) -> set[int]:
    """The item revisions whose key was voided: whoever had them right knows no more by it.

    Where a void item is left out of those scores alone that it would lower, it still stands in
    the others.
    """
    ruled: dict[int, bool] = {}
    for kind, revisions in session.execute(_RULED):
        ruled |= dict.fromkeys(revisions, kind == "void")
    return {revision for revision, is_void in ruled.items() if is_void}


_RULED = (
    select(ItemDecision.kind, ItemDecision.revisions)
    .where(ItemDecision.kind != "kept")
    .order_by(ItemDecision.id)
)
