"""Regrades of more attempts than a page waits for."""

from typing import Any

from sqlalchemy.orm import Session

from quizapp.jobs import Progress
from quizapp.quiz import regrade


def carry_out(session: Session, args: dict[str, Any], progress: Progress) -> None:
    """Score anew whom a decision concerns; a job that comes twice goes on where it was."""
    regrade.work(session, args["decision"], progress)
