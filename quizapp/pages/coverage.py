"""What the exams test of the procedures and what not, for trainers."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from quizapp import clock
from quizapp.db import db
from quizapp.pages.access import for_roles, reader
from quizapp.pages.language import today
from quizapp.reports import analysis, coverage

bp = Blueprint("coverage", __name__)

WEAKEST = 10


@bp.get("/coverage")
@for_roles("trainer")
def index() -> ResponseReturnValue:
    """Both sides: sections without questions, questions without sections, what all get wrong."""
    found = coverage.of_all(db.session(), reader(), today(), clock.now())
    return render_template(
        "coverage/index.html",
        coverage=found,
        weakest=found.weakest(WEAKEST),
        enough=analysis.limits()[0],
    )
