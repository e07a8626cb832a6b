"""The result of an attempt: its score and what its rules let one see of it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from quizapp import clock
from quizapp.db import begin_writing, db
from quizapp.pages.access import signed_in
from quizapp.pages.language import today
from quizapp.quiz import attempts, rules
from quizapp.reports import attempts as reports
from quizapp.reports import programs, scorings

bp = Blueprint("results", __name__)


@bp.get("/attempts/<public_id>/result")
@signed_in
def result(public_id: str) -> ResponseReturnValue:
    """The score, and of each item what may be seen; an attempt whose time is over ends here."""
    session, now = db.session(), clock.now()
    found = attempts.own(session, current_user.id, public_id)
    if found.state == "open" and rules.is_over(found.deadline_at, now):
        begin_writing("shared")
        attempts.close_if_over(session, attempts.own(session, current_user.id, public_id), now)
        session.commit()
        return redirect(url_for("results.result", public_id=public_id), 303)
    review = reports.review(session, found, now, today())
    if review is None:
        flash(gettext("This attempt is still open. Submit it to see the result."), "warning")
        return redirect(url_for("attempts.attempt", public_id=public_id), 303)
    return render_template(
        "quizzes/result.html",
        attempt=found,
        quiz=found.quiz,
        review=review,
        history=scorings.of_attempt(session, found, names=False) if review.score else [],
        person=None,
        certified=programs.resting_on(session, current_user.id, public_id, now),
    )
