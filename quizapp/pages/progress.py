"""One's own progress."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.pages.access import signed_in
from quizapp.pages.language import today
from quizapp.reports import progress

bp = Blueprint("progress", __name__)


@bp.get("/progress")
@signed_in
def index() -> ResponseReturnValue:
    """What I read, tried and passed."""
    own = progress.of_person(db.session(), current_user.id, today(), clock.now())
    return render_template("progress/index.html", progress=own, person=None)
