"""What the exams test of the procedures and what not, for trainers."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from quizapp.db import db
from quizapp.pages.access import for_roles
from quizapp.pages.language import today
from quizapp.reports import coverage, facility

bp = Blueprint("coverage", __name__)

WEAKEST = 10


@bp.get("/coverage")
@for_roles("trainer")
def index() -> ResponseReturnValue:
    """Both sides: sections without questions, questions without sections, what all get wrong."""
    found = coverage.of_all(db.session(), today())
    return render_template(
        "coverage/index.html",
        coverage=found,
        weakest=found.weakest(WEAKEST),
        latest=facility.LATEST,
        enough=coverage.ENOUGH,
    )
