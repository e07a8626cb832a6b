"""The fields with which more time or attempts are given, the same for trainers and managers."""

from flask import request
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.quiz import allowances
from quizapp.quiz.models import Quiz


def give(
    session: Session, quiz: Quiz, *, user_id: int | None = None, team_id: int | None = None
) -> None:
    """Give a person or team what the fields say. Raises Invalid."""
    allowances.give(
        session,
        quiz,
        user_id=user_id,
        team_id=team_id,
        extra_minutes=request.form.get("minutes", type=int) or 0,
        extra_attempts=request.form.get("attempts", type=int) or 0,
        reason=request.form.get("reason", ""),
        by=current_user.public_id,
        now=clock.now(),
    )
