"""The result of an attempt: its score and what its rules let one see of it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.pages.access import me, signed_in
from quizapp.pages.language import today
from quizapp.quiz import attempts, contests
from quizapp.reports import attempts as reports

bp = Blueprint("results", __name__)


@bp.get("/attempts/<public_id>/result")
@signed_in
def result(public_id: str) -> ResponseReturnValue:
    """The score and the review of each item."""
    session = db.session()
    found = attempts.own(session, current_user.id, public_id)
    review = reports.review(session, found, today())
    if review is None:
        flash(gettext("This attempt is still open. Submit it to see the result."), "warning")
        return redirect(url_for("attempts.attempt", public_id=public_id), 303)
    return render_template(
        "quizzes/result.html",
        attempt=found,
        quiz=found.quiz,
        review=review,
        person=None,
        contestable=contests.of_attempt(session, me(), public_id, clock.now()),
    )
