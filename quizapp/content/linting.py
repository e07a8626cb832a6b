"""The lint, beside what the library holds."""

from datetime import date

from sqlalchemy.orm import Session

from quizapp.formats import model


def problems_of(
    session: Session, document: model.Document, today: date
) -> tuple[model.Problem, ...]:
    """What the lint finds in a document, with its severities."""
    return ()
