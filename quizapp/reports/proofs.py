"""The answers that a cell of the heatmap comes from."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.content.models import ItemRevision
from quizapp.errors import Missing
from quizapp.quiz.models import Attempt, Quiz
from quizapp.reports import answers
from quizapp.reports.heatmap import View
from quizapp.reports.places import Place, of_answers
from quizapp.reports.readers import Reader


@dataclass(frozen=True)
class Proof:
    """An answer that a cell comes from, or an item beside it that was not reached.

    `has_changed`: the section has since.
    """

    attempt: str
    position: int
    quiz: str
    submitted_at: datetime
    stem: str
    fraction: float | None
    is_reached: bool
    has_changed: bool

    @property
    def state(self) -> str:
        """right, partly, wrong, blank (it earned nothing, too) or unreached (it does not count)."""
        if not self.is_reached:
            return "unreached"
        if self.fraction is None:
            return "blank"
        return "right" if self.fraction >= 1 else "partly" if self.fraction > 0 else "wrong"


def of_cell(
    session: Session, reader: Reader, user_id: int, view: View, key: str, today: date, now: datetime
) -> tuple[Place, list[Proof]]:
    """The answers behind a cell of somebody whom the reader leads, what earned least first.

    What was not reached comes last. Raises Missing where there are none.
    """
    found = answers.of_person(
        session, user_id, reader.user_id, view.since(now), cited=view.by == "section"
    )
    places, _ = of_answers(session, found, view.by, view.procedure, today, reader.user_id)
    chosen = [
        (answer, place, has_changed)
        for answer, placed in zip(found, places, strict=True)
        for place, has_changed in placed
        if place.key == key
    ]
    if not chosen:
        raise Missing
    stems = dict(
        iter(
            session.execute(
                select(ItemRevision.id, ItemRevision.stem).where(
                    ItemRevision.id.in_([answer.revision_id for answer, *_ in chosen])
                )
            )
        )
    )
    titles = dict(
        iter(
            session.execute(
                select(Attempt.public_id, Quiz.title)
                .join(Quiz, Quiz.id == Attempt.quiz_id)
                .where(Attempt.public_id.in_([answer.attempt for answer, *_ in chosen]))
            )
        )
    )
    rows = [
        Proof(
            answer.attempt,
            answer.position,
            titles[answer.attempt],
            answer.submitted_at,
            stems[answer.revision_id],
            answer.fraction,
            answer.is_reached,
            has_changed,
        )
        for answer, _, has_changed in chosen
    ]
    newest_first = sorted(rows, key=lambda row: row.submitted_at, reverse=True)
    return chosen[0][1], sorted(newest_first, key=lambda r: (not r.is_reached, r.fraction or 0.0))
